"""Rules as data: what a file must have, how its days must fit, and who goes by which."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from niwari_leave_cafe.dates import packs
from niwari_leave_cafe.dates.checking import checked_pack, problems_of
from niwari_leave_cafe.dates.packs import SHIPPED, installed_packs
from niwari_leave_cafe.service import in_force

REGION = (SHIPPED / "region.toml").read_text(encoding="utf-8")
VERSION = "\n[[version]]\n"

Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a pack to a file."""

    def write(text: str) -> Path:
        path = tmp_path / "town.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def town(text: str = REGION, code: str = "072036") -> str:
    head = f'kind = "town"\nmunicipality = "{code}"'
    return text.replace('name = "region"', 'name = "town"').replace('kind = "sample"', head)


def with_versions(*days: tuple[str, str]) -> str:
    """Return a pack whose one version is there several times, from and to these days."""
    head, _mark, body = REGION.partition(VERSION)
    rules = body.partition("\n\n")[2]
    versions = [
        f'{VERSION}number = "{number}"\nfrom = {first}\n{f"to = {last}" if last else ""}\n\n{rules}'
        for number, (first, last) in enumerate(days, start=1)
    ]
    return head + "".join(versions)


def said(path: Path) -> list[str]:
    return [str(problem) for problem in problems_of(path)]


@pytest.mark.parametrize("name", ["law", "region"])
def test_what_is_shipped_is_sound_and_each_rule_has_its_source(name: str) -> None:
    path = SHIPPED / f"{name}.toml"
    assert said(path) == []
    for version in checked_pack(path).versions:
        for rule in version.rules:
            assert rule.source.read_on == date(2026, 11, 26)
            assert bool(rule.source.words) != bool(rule.source.without_words)


def test_versions_that_follow_each_other_are_fine(written: Written) -> None:
    path = written(with_versions(("2025-10-01", "2027-03-31"), ("2027-04-01", "")))
    assert said(path) == []
    pack = checked_pack(path)
    numbers = [
        (found := pack.version_on(day)) and found.number
        for day in (date(2025, 9, 30), date(2027, 3, 31), date(2027, 4, 1), date(2040, 1, 1))
    ]
    assert numbers == [None, "1", "2", "2"]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (
            (("2025-10-01", "2027-03-31"), ("2027-04-02", "")),
            "版1と版2の間に、規程のない期間（2027-04-01から2027-04-01まで）があります。日付を直してください。",
        ),
        (
            (("2025-10-01", "2027-04-01"), ("2027-04-01", "")),
            "版1と版2の期間が、2027-04-01に重なっています。to か from を直してください。",
        ),
        (
            (("2025-10-01", ""), ("2027-04-01", "")),
            "版1と版2の期間が、2027-04-01に重なっています。to か from を直してください。",
        ),
        (
            (("2025-10-01", "2025-09-30"),),
            "版1は、to が from より前です。日付を直してください。",
        ),
    ],
)
def test_days_with_no_rules_or_with_two_are_named(
    written: Written, days: tuple[tuple[str, str], ...], sentence: str
) -> None:
    assert said(written(with_versions(*days))) == [sentence]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("weeks = 8\nweeks_multiple", "weeks_multiple", "項目weeksがありません。"),
        ("weeks = 8", "weeks = 0", "項目weeksの値が使えません。"),
        ("weeks = 8", 'weeks = "8"', "項目weeksの値が使えません。"),
        ("times = 2", "times = true", "項目timesの値が使えません。"),
        ("counts_due_date = true", "counts_due = true", "使えない項目counts_dueがあります。"),
        ('birth_day = "before"', 'birth_day = "both"', "項目birth_dayの値が使えません。"),
        ('birth_day = "before"', 'birth_day = "after"', "両方に入るか、どちらにも入りません。"),
        ('scheme = "nursing"', 'scheme = "holiday"', "scheme が制度の一覧にありません。"),
        ('parents = ["bearing"]', "parents = []", "parents に、一覧にある値"),
        ("read_on = 2026-11-26", 'read_on = "soon"', "read_on に条文を読んだ日を"),
        (
            'article = { ja = "第65条第2項", en',
            'article = { ja = "", en',
            "article に、日本語と英語を",
        ),
        ("from = 2025-10-01", 'from = "2025"', "from に施行日を"),
        ('name = "region"', "", "この規程：name に、60文字以内の文字を"),
        ('kind = "sample"', 'kind = "guess"', "kindは law、sample、town のどれか"),
        ('kind = "sample"', 'kind = "town"', "municipality に市町村コードを"),
        ('words = ""', 'words = "条文"', "words に条文を写すか"),
        ('scheme = "spouse_childcare"', 'scheme = "spouse_birth"', "に二つあります。"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_with_its_place(
    written: Written, old: str, new: str, sentence: str
) -> None:
    assert old in REGION
    problems = said(written(REGION.replace(old, new, 1)))
    assert any(sentence in problem for problem in problems), problems


@pytest.mark.parametrize("text", ["version = 1", "version = [1]", "[[version]]\nrule = [1]", ""])
def test_what_is_no_pack_at_all_is_refused(written: Written, text: str) -> None:
    assert said(written(text)) != []


def test_what_cannot_be_read_is_said(written: Written, tmp_path: Path) -> None:
    assert "開けません。" in said(tmp_path / "nothing.toml")[0]
    assert "TOMLとして読めません" in said(written("[["))[0]
    path = tmp_path / "town.toml"
    path.write_bytes(b"\x82\xa0")
    assert "TOMLとして読めません" in said(path)[0]


def test_the_command_says_what_is_in_a_pack(world: Any, written: Written) -> None:
    path = written(town())
    printed = world.command("leave_cafe", "check", code="072036", args=[str(path)])
    assert printed == "「郡山広域圏の見本」2025.10版：決まり15件、2025-10-01から使えます。\n"


def test_the_command_ends_with_two_and_a_sentence(world: Any, written: Written) -> None:
    gap = written(with_versions(("2025-10-01", "2027-03-31"), ("2027-04-02", "")))
    with pytest.raises(click.ClickException, match="規程のない期間") as refused:
        world.command("leave_cafe", "check", code="072036", args=[str(gap)])
    assert refused.value.exit_code == 2
    with pytest.raises(click.ClickException, match="三春町のものではありません。"):
        path = written(town())
        world.command("leave_cafe", "check", code="075213", args=[str(path)])


def test_a_towns_own_pack_is_in_force_there_alone(
    written: Written, ctx_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(town())
    (path.parent / "broken.toml").write_text("[[", encoding="utf-8")
    monkeypatch.setenv(packs.FOLDER_VARIABLE, str(path.parent))
    installed_packs.cache_clear()
    try:
        names = [
            in_force.pack_of_town(ctx_for(login)).name
            for login in ("staff@koriyama", "staff@miharu")
        ]
    finally:
        installed_packs.cache_clear()
    assert names == ["town", "region"]
