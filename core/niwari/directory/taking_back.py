"""Taking back a municipality or a region that was made by mistake, while nothing uses it.

What refers to it is asked of the database itself, so rows of a plugin that is not installed any
more count too. The audit stays: the municipality's row is kept for it, without its code.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import database, locked, rows, transaction
from niwari.db.schema import columns, foreign_keys
from niwari.directory.models import Municipality, Region, RegionMembership
from niwari.directory.registered import unknown_municipality
from niwari.errors import N_, Invalid, NotFound
from niwari.specs.contributions import Label

_TOWN, _REGION = "directory_municipality", "directory_region"
_MEMBERSHIP = "directory_region_membership"
_NO_USE = frozenset({"audit_entry", "audit_seal", "jobs_run", "directory_person_text"})
"""Tables whose rows say that the thing was there, or that stand beside the posts of people."""

_WORDS: Mapping[str, Label] = MappingProxyType(
    {
        "digest_issue": Label("広域通信", "the regional digest"),
        "digest_rule": Label("広域通信", "the regional digest"),
        "directory_appointment": Label("職員の名簿", "posts of staff"),
        "directory_former_code": Label("以前の市町村コード", "former codes"),
        "directory_import_draft": Label("確認中の取込み", "imports that are looked at"),
        "directory_merger": Label("合併した市町村", "merged municipalities"),
        "directory_municipality": Label("合併した市町村", "merged municipalities"),
        "directory_sealed_transfer": Label("異動の予定", "planned transfers"),
        "directory_section": Label("所属", "sections"),
        "host_enablement": Label("機能の設定", "features"),
        "host_municipality_setting": Label("機能の設定", "features"),
        "identity_provider_municipality": Label("サインインの窓口", "sign-in providers"),
        "ledger_account": Label("20%ルールの台帳", "accounts of the ledger"),
        "ledger_rate": Label("20%ルールの率", "rates of the ledger"),
        "ledger_request": Label("20%ルールの申込み", "requests of the ledger"),
    }
)
_UNCOUNTED = frozenset({"directory_import_draft", "directory_sealed_transfer"})
"""Tables of which it is not told how many rows there are (docs/decisions/0022)."""
_MOST_NAMED = 5


class UnknownRegion(NotFound):
    """No region of this installation has the code."""

    text = N_("広域圏 %(code)s は登録されていません。登録されている広域圏：%(known)s")


class InUse(Invalid):
    """Something refers to the municipality or region; the sentence says what."""

    text = N_(
        "%(name)sは、次のもので使われているため、登録を取り消せません：%(by)s。コードの間違いなら "
        "niwari directory rename で直し、合併したのなら niwari directory merge を使ってください。"
    )


class RegionInUse(InUse):
    """Something refers to the region."""

    text = N_(
        "広域圏「%(name)s」は、次のもので使われているため、登録を取り消せません：%(by)s。"
        "使っているものを先に取り除くか、この広域圏をそのまま使ってください。"
    )


class HasMembers(Invalid):
    """Municipalities belong, or belonged, to the region."""

    text = N_(
        "「%(name)s」には%(count)s市町村が入っています（%(towns)s）。"
        "この広域圏から外してよければ、--with-members を付けてください。"
        "市町村と職員は残ります。"
    )


def take_back_municipality(ctx: Context, code: str) -> str:
    """Take back a municipality to which nothing refers but its region; returns its name.

    It leaves the region as if it had never joined, and gives up its code, so that the code can be
    registered anew. Its row stays for the audit. Raises ``UnknownMunicipality`` or ``InUse``.
    """
    with transaction(ctx):
        found: Any = next(
            iter(locked(Municipality.select().where(Municipality.code == code))), None
        )
        if found is None:
            raise unknown_municipality(code)
        _refuse_use(ctx, InUse, found.name, _uses(_TOWN, found.id, except_for={_MEMBERSHIP}))
        for region_id in _leave(RegionMembership.municipality == found.id):
            _record_leaving(ctx, found.id, region_id)
        Municipality.update(
            code=f"-{found.id}",
            ends_on=ctx.today - timedelta(days=1),
            revision=Municipality.revision + 1,
        ).where(Municipality.id == found.id).execute()
        audit.record(
            ctx,
            "directory.take_back",
            "municipality",
            found.id,
            municipality_id=found.id,
            code=code,
        )
    return str(found.name)


def take_back_region(ctx: Context, code: str, *, with_members: bool = False) -> tuple[str, int]:
    """Take back a region in which nothing was shared; returns its name and how many towns left it.

    Its municipalities and their people stay, in no region. Raises ``UnknownRegion``, ``InUse``, or
    ``HasMembers`` unless ``with_members``.
    """
    with transaction(ctx):
        region: Any = next(iter(locked(Region.select().where(Region.code == code))), None)
        if region is None:
            raise UnknownRegion(code=code, known="、".join(_known_regions()) or "-")
        members = _members(region.id)
        if members and not with_members:
            shown = "、".join(members[:_MOST_NAMED]) + ("…" if len(members) > _MOST_NAMED else "")
            raise HasMembers(name=region.name, count=len(members), towns=shown)
        _refuse_use(
            ctx, RegionInUse, region.name, _uses(_REGION, region.id, except_for={_MEMBERSHIP})
        )
        left = rows(
            RegionMembership.select(RegionMembership.municipality)
            .where(RegionMembership.region == region.id)
            .distinct()
        )
        _leave(RegionMembership.region == region.id)
        for (municipality_id,) in left:
            _record_leaving(ctx, municipality_id, region.id)
        Region.delete().where(Region.id == region.id).execute()
    return str(region.name), len(left)


def _leave(condition: Any) -> list[int]:
    """Remove memberships as if they had never been; returns the regions that were left."""
    left = rows(RegionMembership.select(RegionMembership.region).where(condition).distinct())
    RegionMembership.delete().where(condition).execute()
    return [region_id for (region_id,) in left]


def _record_leaving(ctx: Context, municipality_id: int, region_id: int) -> None:
    audit.record(
        ctx,
        "region.leave",
        "municipality",
        municipality_id,
        municipality_id=municipality_id,
        region=region_id,
    )


def _members(region_id: int) -> list[str]:
    query = (
        Municipality.select(Municipality.code, Municipality.name)
        .join(RegionMembership, on=(RegionMembership.municipality == Municipality.id))
        .where(RegionMembership.region == region_id)
        .distinct()
        .order_by(Municipality.code)
    )
    return [row.name for row in query]


def _known_regions() -> Sequence[str]:
    return [row.code for row in Region.select(Region.code).order_by(Region.code).limit(20)]


def _refuse_use(ctx: Context, error: type[InUse], name: str, uses: Mapping[str, int]) -> None:
    counts: Counter[str] = Counter()
    for table, count in uses.items():
        word = _WORDS.get(table)
        counts[word.text(ctx.locale) if word else table] += count * (table not in _UNCOUNTED)
    if counts:
        said = (f"{what} {count}" if count else what for what, count in counts.items())
        raise error(name=name, by=" / ".join(said))


def _uses(table: str, row_id: int, *, except_for: set[str]) -> dict[str, int]:
    """Return how many rows of which tables refer to a row."""
    found: Counter[str] = Counter()
    for other, condition in _referring(table):
        if other in _NO_USE or other in except_for:
            continue
        (count,) = database.execute_sql(
            f'SELECT COUNT(*) FROM "{other}" WHERE {condition} = {int(row_id)}'  # noqa: S608 - schema
        ).fetchone()
        if count:
            found[other] += count
    return found


def _referring(table: str) -> Iterator[tuple[str, str]]:
    """Yield what refers to ``table``: a table of the database, and the condition but for the id.

    Shared rows name their region, and rates of the ledger what they are for, without a key.
    """
    level = table.removeprefix("directory_")
    keys = {(key.table, key.column) for key in foreign_keys() if key.refers_to == table}
    for other, names in sorted(columns().items()):
        for column in sorted(names):
            if column == f"{level}_id" or (other, column) in keys:
                yield other, f'"{column}"'
        if {"level", "target_id"} <= set(names):
            yield other, f"level = '{level}' AND target_id"
