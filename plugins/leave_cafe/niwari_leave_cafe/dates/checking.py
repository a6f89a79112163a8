"""What is wrong with a pack of rules, in sentences that name the place and the mend."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from niwari.api import N_
from niwari_leave_cafe.dates.arithmetic import ONE_DAY, Span
from niwari_leave_cafe.dates.fields import ALLOWED, ALWAYS, LARGEST, NEEDED, OPTIONAL, TYPES
from niwari_leave_cafe.dates.packs import (
    AFTER,
    BEFORE,
    FOREVER,
    LAW,
    SAMPLE,
    TOWN,
    Pack,
    pack_of,
    read_document,
)
from niwari_leave_cafe.dates.schemes import (
    AFTER_BIRTH,
    BEFORE_BIRTH,
    EMPLOYMENT_LABELS,
    PARENT_LABELS,
    SCHEME_LABELS,
)

_NAME_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong: a msgid with its values."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.params


def problems_of(path: Path) -> list[Problem]:
    """Return everything that is wrong with the file at ``path``; nothing where it can be used."""
    try:
        document = read_document(path)
    except OSError:
        return [
            Problem(
                N_("ファイル%(path)sを開けません。場所と名前を確かめてください。"),
                {"path": path.name},
            )
        ]
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        text = N_(
            "ファイル%(path)sはTOMLとして読めません（%(why)s）。UTF-8で保存し、書き方を確かめてください。"
        )
        return [Problem(text, {"path": path.name, "why": str(error)})]
    return list(_of_pack(document))


def checked_pack(path: Path) -> Pack:
    """Return the pack of a file that has no problems."""
    return pack_of(read_document(path))


def _of_pack(document: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _of_text(document, "name", N_("この規程"))
    for key in ("label", "notice"):
        yield from _of_label(document, key, N_("この規程"))
    kind, town = document.get("kind"), document.get("municipality", "")
    if kind not in (LAW, SAMPLE, TOWN):
        yield Problem(N_("kindは law、sample、town のどれかにしてください。"))
    if (kind == TOWN) != bool(town) or not isinstance(town, str):
        text = N_("kindが town の規程にだけ、municipality に市町村コードを書いてください。")
        yield Problem(text)
    for key in document.keys() - {"name", "kind", "label", "notice", "municipality", "version"}:
        yield Problem(
            N_("この規程に、使えない項目%(key)sがあります。消すか、名前を直してください。"),
            {"key": key},
        )
    versions = document.get("version")
    if not isinstance(versions, list) or not versions:
        yield Problem(N_("[[version]] が一つもありません。施行日ごとに一つ書いてください。"))
        return
    if not all(isinstance(version, Mapping) for version in versions):
        yield Problem(N_("version は [[version]] の形で、施行日ごとに一つ書いてください。"))
        return
    for number, version in enumerate(versions, start=1):
        yield from _of_version(version, number)
    yield from _of_days(versions)


def _of_version(version: Mapping[str, Any], number: int) -> Iterator[Problem]:
    place = f"version {number}"
    yield from _of_text(version, "number", place)
    if not _is_day(version.get("from")):
        yield Problem(
            N_("%(place)s：from に施行日を 2025-10-01 の形で書いてください。"), {"place": place}
        )
    if "to" in version and not _is_day(version["to"]):
        text = N_("%(place)s：to に最後の日を 2027-03-31 の形で書くか、消してください。")
        yield Problem(text, {"place": place})
    for key in version.keys() - {"number", "from", "to", "rule"}:
        yield _unknown(place, key)
    rules = version.get("rule")
    if not isinstance(rules, list) or not rules or not all(isinstance(r, Mapping) for r in rules):
        yield Problem(N_("%(place)s：[[version.rule]] が一つもありません。"), {"place": place})
        return
    for index, rule in enumerate(rules, start=1):
        yield from _of_rule(rule, f"{place}, rule {index} ({rule.get('scheme', '?')})")
    yield from _of_doubles(rules, place)
    yield from _of_birth_day(rules, place)


def _of_days(versions: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """Say where versions leave days without rules, or give a day two."""
    dated = [v for v in versions if _is_day(v.get("from"))]
    ordered = sorted(dated, key=lambda version: version["from"])
    for version in ordered:
        last = version.get("to")
        if _is_day(last) and last < version["from"]:
            text = N_("版%(number)sは、to が from より前です。日付を直してください。")
            yield Problem(text, {"number": version.get("number")})
    for earlier, later in pairwise(ordered):
        last = earlier["to"] if _is_day(earlier.get("to")) else FOREVER
        names = {"earlier": earlier.get("number"), "later": later.get("number")}
        if last >= later["from"]:
            text = N_(
                "版%(earlier)sと版%(later)sの期間が、%(day)sに重なっています。to か from を直してください。"
            )
            yield Problem(text, {**names, "day": later["from"].isoformat()})
        elif last + ONE_DAY < later["from"]:
            gap = Span(last + ONE_DAY, later["from"] - ONE_DAY)
            text = N_(
                "版%(earlier)sと版%(later)sの間に、規程のない期間（%(first)sから%(last)sまで）があります。日付を直してください。"
            )
            yield Problem(
                text, {**names, "first": gap.first.isoformat(), "last": gap.last.isoformat()}
            )


def _of_rule(rule: Mapping[str, Any], place: str) -> Iterator[Problem]:
    scheme = rule.get("scheme")
    if scheme not in SCHEME_LABELS:
        yield Problem(N_("%(place)s：scheme が制度の一覧にありません。"), {"place": place})
        return
    for key, known in (("parents", PARENT_LABELS), ("employments", EMPLOYMENT_LABELS)):
        codes = rule.get(key)
        if not isinstance(codes, list) or not codes or not set(map(str, codes)) <= known.keys():
            text = N_("%(place)s：%(key)s に、一覧にある値（%(known)s）を一つ以上書いてください。")
            yield Problem(text, {"place": place, "key": key, "known": ", ".join(known)})
    needed, optional = NEEDED[scheme], OPTIONAL.get(scheme, frozenset())
    for key in sorted(needed - rule.keys()):
        yield Problem(
            N_("%(place)s：項目%(key)sがありません。書き足してください。"),
            {"place": place, "key": key},
        )
    for key in sorted(rule.keys() - needed - optional - ALWAYS - ALLOWED):
        yield _unknown(place, key)
    for key in (needed | optional) & rule.keys():
        if not _fits(key, rule[key]):
            yield _unfit(place, key)
    yield from _of_source(rule.get("source"), place)
    if "paper" in rule:
        yield from _of_label(rule, "paper", place)
    if not _is_number(rule.get("apply_days_before", 1), 1, 366):
        yield _unfit(place, "apply_days_before")
    conditions = rule.get("conditions", [])
    if not isinstance(conditions, list) or not all(map(_is_label, conditions)):
        yield _unfit(place, "conditions")


def _of_source(source: Any, place: str) -> Iterator[Problem]:
    if not isinstance(source, Mapping):
        text = N_("%(place)s：source（法令名、条、条文、読んだ日）がありません。")
        yield Problem(text, {"place": place})
        return
    for key in ("act", "article"):
        yield from _of_label(source, key, place)
    if not _is_day(source.get("read_on")):
        text = N_("%(place)s：read_on に条文を読んだ日を 2026-11-26 の形で書いてください。")
        yield Problem(text, {"place": place})
    words, without = source.get("words"), source.get("without_words")
    if not isinstance(words, str):
        yield _unfit(place, "words")
    elif bool(words.strip()) == _is_label(without):
        text = N_(
            "%(place)s：words に条文を写すか、空にして without_words に読めなかった理由を書いてください。"
        )
        yield Problem(text, {"place": place})
    for key in source.keys() - {"act", "article", "read_on", "words", "without_words"}:
        yield _unknown(place, key)


def _of_doubles(rules: list[Mapping[str, Any]], place: str) -> Iterator[Problem]:
    """Say where two rules of a scheme are about the same people."""
    seen: set[tuple[str, str, str]] = set()
    for rule in rules:
        told = False
        for parent in map(str, rule.get("parents", ())):
            for employment in map(str, rule.get("employments", ())):
                key = (str(rule.get("scheme")), parent, employment)
                if key in seen and not told:
                    told = True
                    text = N_(
                        "%(place)s：%(scheme)s の決まりが、%(parent)s・%(employment)s に二つあります。"
                    )
                    names = {"scheme": key[0], "parent": parent, "employment": employment}
                    yield Problem(text, {"place": place, **names})
                seen.add(key)


def _of_birth_day(rules: list[Mapping[str, Any]], place: str) -> Iterator[Problem]:
    """Say where the day of birth belongs to both leaves, or to none."""
    for before in (r for r in rules if r.get("scheme") == BEFORE_BIRTH):
        for after in (r for r in rules if r.get("scheme") == AFTER_BIRTH):
            first = 1 if before.get("birth_day") == BEFORE else 0
            if after.get("starts_after_days") != first and _common(before, after, "employments"):
                text = N_(
                    "%(place)s：出産の日が、産前と産後の両方に入るか、どちらにも入りません。"
                    "birth_day と starts_after_days を合わせてください。"
                )
                yield Problem(text, {"place": place})


def _common(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> bool:
    return bool(set(map(str, one.get(key, ()))) & set(map(str, other.get(key, ()))))


def _of_text(table: Mapping[str, Any], key: str, place: str) -> Iterator[Problem]:
    value = table.get(key)
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= _NAME_LIMIT:
        text = N_("%(place)s：%(key)s に、%(most)d文字以内の文字を書いてください。")
        yield Problem(text, {"place": place, "key": key, "most": _NAME_LIMIT})


def _of_label(table: Mapping[str, Any], key: str, place: str) -> Iterator[Problem]:
    if not _is_label(table.get(key)):
        text = N_(
            '%(place)s：%(key)s に、日本語と英語を { ja = "…", en = "…" } の形で書いてください。'
        )
        yield Problem(text, {"place": place, "key": key})


def _unknown(place: str, key: str) -> Problem:
    text = N_("%(place)s：使えない項目%(key)sがあります。消すか、名前を直してください。")
    return Problem(text, {"place": place, "key": key})


def _unfit(place: str, key: str) -> Problem:
    return Problem(N_("%(place)s：項目%(key)sの値が使えません。"), {"place": place, "key": key})


def _fits(key: str, value: Any) -> bool:
    if TYPES[key] is bool:
        return isinstance(value, bool)
    if TYPES[key] is list:
        return isinstance(value, list) and all(_is_number(one, 1, 240) for one in value)
    if key == "birth_day":
        return value in (BEFORE, AFTER)
    return _is_number(value, 0 if key == "starts_after_days" else 1, LARGEST[key])


def _is_number(value: Any, least: int, largest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= largest


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_label(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and value.keys() == {"ja", "en"}
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )
