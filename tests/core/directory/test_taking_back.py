"""Taking back municipalities and regions that were made by mistake."""

from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.context import Context
from niwari.directory.drafts import ImportDraft
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.models import Municipality, Region, RegionMembership
from niwari.directory.people import municipality_by_code
from niwari.directory.regions import load_region
from niwari.directory.registered import UnknownMunicipality
from niwari.directory.system import system_context
from niwari.directory.taking_back import (
    HasMembers,
    InUse,
    UnknownRegion,
    take_back_municipality,
    take_back_region,
)
from niwari.directory.transfers.models import SealedTransfer
from niwari.ledger import rates
from niwari.testing.world import KORIYAMA, World
from tests.core.directory.conftest import SINCE

SAPPORO = "011002"
MEMBERS = f"code,name,since\n{SAPPORO},札幌市,\n".encode()


@pytest.fixture
def ctx(world: World) -> Context:
    """A system actor's context on the present day of ``world``, with a region made by mistake."""
    found = system_context(world.clock(), "test")
    load_region(found, "north", "北", MEMBERS, default_since=SINCE)
    return found


def acts(code_or_id: int) -> list[str]:
    rows = AuditEntry.select().where(AuditEntry.municipality_id == code_or_id)
    return [row.action for row in rows.order_by(AuditEntry.id)]


def town(code: str) -> Any:
    return Municipality.get(Municipality.code == code)


def test_a_town_that_nothing_uses_is_gone_from_its_region_and_its_code_is_free(
    ctx: Context,
) -> None:
    town_id = town(SAPPORO).id
    assert take_back_municipality(ctx, SAPPORO) == "札幌市"
    with pytest.raises(UnknownMunicipality):
        municipality_by_code(SAPPORO, ctx.today)
    assert not RegionMembership.select().where(RegionMembership.municipality == town_id).exists()
    assert Municipality.get_by_id(town_id).ends_on < ctx.today
    assert acts(town_id) == ["region.join", "region.leave", "directory.take_back"]


def test_a_town_that_was_taken_back_can_be_registered_anew(ctx: Context) -> None:
    former = town(SAPPORO).id
    take_back_municipality(ctx, SAPPORO)
    load_region(ctx, "north", "北", MEMBERS, default_since=SINCE)
    assert town(SAPPORO).id != former
    assert town(SAPPORO).ends_on is None


def test_taking_back_twice_says_that_there_is_none(ctx: Context) -> None:
    take_back_municipality(ctx, SAPPORO)
    with pytest.raises(UnknownMunicipality, match="登録されていません"):
        take_back_municipality(ctx, SAPPORO)


def test_a_town_with_people_stays_and_what_is_in_the_way_is_named(ctx: Context) -> None:
    line = f"{SAPPORO},a@sapporo,職員,ショクイン,,総務課,,full_time,2026-04-01,"
    import_people(ctx, f"{','.join(COLUMNS)}\n{line}\n".encode())
    with pytest.raises(InUse) as refused:
        take_back_municipality(ctx, SAPPORO)
    assert "札幌市は、次のもので使われているため、登録を取り消せません" in str(refused.value)
    assert "職員の名簿 1 / 所属 1" in str(refused.value)
    assert town(SAPPORO).ends_on is None


def test_a_town_with_a_rate_of_the_ledger_stays(world: World, ctx: Context) -> None:
    rates.set_rate(world.clock(), "municipality", SAPPORO, 500, ctx.today, None)
    with pytest.raises(InUse, match="20%ルールの率 1"):
        take_back_municipality(ctx, SAPPORO)


def test_how_many_transfers_are_planned_is_not_told(world: World, ctx: Context) -> None:
    hr = world.ctx_for("hr@koriyama").acting.id
    times = {"kept_at": ctx.now, "release_at": ctx.now}
    for _ in range(2):
        SealedTransfer.create(municipality=town(SAPPORO), kept_by=hr, state="sealed", **times)
    ImportDraft.create(municipality=town(SAPPORO), by=hr, kind="x", sealed="x", made_at=ctx.now)
    with pytest.raises(InUse) as refused:
        take_back_municipality(ctx, SAPPORO)
    assert "取り消せません：確認中の取込み / 異動の予定。" in str(refused.value)


def test_a_town_that_works_with_niwari_is_never_taken_back(ctx: Context) -> None:
    with pytest.raises(InUse):
        take_back_municipality(ctx, KORIYAMA)
    assert municipality_by_code(KORIYAMA, ctx.today).region_id is not None


def test_a_region_with_towns_asks_for_a_word_more_and_leaves_them(ctx: Context) -> None:
    with pytest.raises(HasMembers, match="札幌市"):
        take_back_region(ctx, "north")
    assert Region.select().where(Region.code == "north").exists()
    assert take_back_region(ctx, "north", with_members=True) == ("北", 1)
    assert not Region.select().where(Region.code == "north").exists()
    assert municipality_by_code(SAPPORO, ctx.today).region_id is None
    assert acts(town(SAPPORO).id)[-1] == "region.leave"


def test_a_town_that_left_can_join_the_right_region(ctx: Context) -> None:
    take_back_region(ctx, "north", with_members=True)
    assert load_region(ctx, "right", "正", MEMBERS, default_since=SINCE).joined == 1


def test_a_region_in_which_something_was_shared_stays(world: World, ctx: Context) -> None:
    typed = {
        "topic": "pay",
        "title": "通勤手当の計算は",
        "shape": "parts",
        "background": "月の途中で異動がありました。",
        "heard": "規則は読みました。",
        "ask": "どう計算していますか。",
        "audience": "region",
    }
    world.client_for("staff@koriyama").submit("/consult/ask", typed)
    region = Region.get_by_id(municipality_by_code(KORIYAMA, ctx.today).region_id)
    with pytest.raises(InUse, match="consult"):
        take_back_region(ctx, region.code, with_members=True)
    assert municipality_by_code(KORIYAMA, ctx.today).region_id == region.id


def test_an_unknown_region_is_named_with_those_that_there_are(ctx: Context) -> None:
    with pytest.raises(UnknownRegion, match="north"):
        take_back_region(ctx, "nort")
