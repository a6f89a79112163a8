"""Regions: which municipalities share one Niwari, and since when; and loading them from a file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.cells import municipality_of
from niwari.directory.codes import ReferenceMunicipality, reference
from niwari.directory.importing.columns import TOWNS, needed
from niwari.directory.models import Municipality, Region, RegionMembership, on_day
from niwari.directory.registered import refuse_former_codes
from niwari.errors import N_, Invalid
from niwari.tabular import Refusals, optional_day_of, read_table, text_of

COLUMNS = needed(TOWNS)

KORIYAMA_CODE, KORIYAMA_NAME = "koriyama", "こおりやま広域圏"
KORIYAMA_SINCE = date(2019, 1, 23)
"""When the first cooperation agreements of the Koriyama area were concluded; see SOURCE.md."""


class BadRegionCode(Invalid):
    """The region's code has other characters than small letters, digits, - and _."""

    text = N_(
        "広域圏のコード「%(code)s」は使えません。"
        "半角の英小文字、数字、-、_ だけで、30文字以内にしてください。"
    )


class NamedOtherwise(Invalid):
    """The region is there already, under another name."""

    text = N_(
        "広域圏 %(code)s は「%(known)s」の名前で登録されています。"
        "同じ名前か、別のコードにしてください。"
    )


_ELSEWHERE = N_(
    "%(name)sは広域圏「%(region)s」に入っています。この行を消してください。"
    "その広域圏が間違いなら、先に "
    "niwari directory remove-region %(code)s --with-members で取り消してください。"
)


def region_towns(ctx: Context) -> Any:
    """Return the query for the ids of the municipalities of the acting person's region today.

    Without a region it is the own municipality alone. Conditions on ``Municipality``, its order and
    other columns of it may be added.
    """
    towns = Municipality.select(Municipality.id)
    if ctx.municipality.region_id is None:
        return towns.where(Municipality.id == ctx.municipality.id)
    return towns.join(RegionMembership).where(
        (RegionMembership.region == ctx.municipality.region_id)
        & on_day(RegionMembership, ctx.today)
    )


def towns_of_region(ctx: Context) -> dict[int, str]:
    """Return the names of the municipalities of ``region_towns`` by id, in order of their codes."""
    columns = [Municipality.id, Municipality.name]
    return dict(rows(region_towns(ctx).select(*columns).order_by(Municipality.code)))


@dataclass(frozen=True, slots=True)
class RegionReport:
    """What loading a region did. ``joined`` and ``unchanged`` count its members in the file."""

    region_id: int
    joined: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Member:
    """A municipality of the file: its reference data, and the first day of its membership."""

    line: int
    known: ReferenceMunicipality
    since: date


def load_region(
    ctx: Context, code: str, name: str, members: bytes, *, default_since: date
) -> RegionReport:
    """Make or complete a region from a CSV file with the columns ``code,name,since``.

    Municipalities that are not there yet are made from the reference table. ``since`` is the first
    Tokyo day of the membership, ``default_since`` where it is empty. Loading the same file again
    changes nothing; members that the file does not name stay, and so does the first day of those
    that are in the region already. Each one that joins gets an audit row.

    Raises ``ImportRefused`` with all bad lines: a wrong or former code, another name than the reference table
    has, a municipality named twice or of another region. Raises ``BadRegionCode`` and
    ``NamedOtherwise``.
    """
    if not re.fullmatch(r"[a-z0-9_-]{1,30}", code):
        raise BadRegionCode(code=code)
    refusals = Refusals()
    found = _read_members(members, default_since, refusals)
    with transaction(ctx):
        region = _region(code, name)
        refuse_former_codes(
            ((member.line, "code", member.known.code) for member in found), refusals
        )
        ids = _municipality_ids(found)
        present = _present_regions(ids.values())
        joining = []
        for member in found:
            theirs = present.get(ids[member.known.code])
            if theirs is None:
                joining.append(member)
            elif theirs.id != region.id:
                refusals.add(
                    member.line,
                    "code",
                    _ELSEWHERE,
                    name=member.known.name,
                    region=theirs.name,
                    code=theirs.code,
                )
        refusals.raise_if_any()
        for member in joining:
            _join(ctx, region, ids[member.known.code], member.since)
    return RegionReport(region.id, len(joining), len(found) - len(joining))


def load_koriyama(ctx: Context) -> RegionReport:
    """Make the Koriyama wide area with its 17 municipalities, as of ``data/koriyama.csv``."""
    table = resources.files("niwari.directory").joinpath("data", "koriyama.csv")
    return load_region(
        ctx, KORIYAMA_CODE, KORIYAMA_NAME, table.read_bytes(), default_since=KORIYAMA_SINCE
    )


def _read_members(data: bytes, default_since: date, refusals: Refusals) -> list[Member]:
    readers = {"code": municipality_of, "name": text_of(50), "since": optional_day_of}
    found: dict[str, Member] = {}
    for row in read_table(data, COLUMNS, refusals):
        values = row.read(readers, refusals)
        if values is None:
            continue
        member = Member(row.line, reference()[values["code"]], values["since"] or default_since)
        if member.known.name != values["name"]:
            refusals.add(
                row.line,
                "name",
                N_("%(code)s は%(name)sのコードです。"),
                code=member.known.code,
                name=member.known.name,
            )
        first = found.setdefault(member.known.code, member)
        if first is not member:
            refusals.add(row.line, "code", N_("%(line)s行目と同じ市町村です。"), line=first.line)
    return list(found.values())


def _region(code: str, name: str) -> Any:
    Region.insert(code=code, name=name).on_conflict_ignore().execute()
    region: Any = Region.get(Region.code == code)
    if region.name != name:
        raise NamedOtherwise(code=code, known=region.name)
    return region


def _municipality_ids(members: list[Member]) -> dict[str, int]:
    """Return the ids by code, making the municipalities that are not there yet."""
    codes = [member.known.code for member in members]
    present = {row.code for row in Municipality.select().where(Municipality.code.in_(codes))}
    new = [
        {"code": m.known.code, "name": m.known.name, "kana": m.known.kana, "kind": m.known.kind}
        for m in members
        if m.known.code not in present
    ]
    if new:
        Municipality.insert_many(new).execute()
    return {row.code: row.id for row in Municipality.select().where(Municipality.code.in_(codes))}


def _present_regions(municipality_ids: Iterable[int]) -> dict[int, Any]:
    """Return the region by municipality, of those whose membership has no end."""
    rows: Any = (
        RegionMembership.select(RegionMembership, Region)
        .join(Region)
        .where(
            RegionMembership.municipality.in_(list(municipality_ids))
            & RegionMembership.ends_on.is_null()
        )
    )
    return {row.municipality_id: row.region for row in rows}


def _join(ctx: Context, region: Any, municipality_id: int, since: date) -> None:
    RegionMembership.insert(
        region=region.id, municipality=municipality_id, starts_on=since
    ).execute()
    audit.record(
        ctx,
        "region.join",
        "municipality",
        municipality_id,
        municipality_id=municipality_id,
        region=region.id,
        since=since.isoformat(),
    )
