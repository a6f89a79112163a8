"""Loading a region with its members."""

from collections.abc import Iterator
from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.models import Municipality, Region, RegionMembership
from niwari.directory.regions import (
    BadRegionCode,
    NamedOtherwise,
    RegionReport,
    load_koriyama,
    load_region,
)
from niwari.directory.system import system_context
from niwari.tabular import ImportRefused
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables

SINCE = date(2020, 4, 1)


@pytest.fixture
def ctx(database_engines: Engines, clock: FrozenClock) -> Iterator[Context]:
    """A system actor's context on an empty directory."""
    url = database_engines.copy_of("tables", prepare_tables)
    open_database(url)
    with connection():
        yield system_context(clock(), "niwari demo")
    database_engines.drop(url)


def load(ctx: Context, *rows: str, code: str = "koriyama") -> RegionReport:
    """Load a region with these members."""
    data = "\n".join(["code,name,since", *rows]).encode()
    return load_region(ctx, code, "こおりやま広域圏", data, default_since=SINCE)


def refused(ctx: Context, *rows: str, code: str = "koriyama") -> list[tuple[int, str, str]]:
    """What is wrong with a file of members."""
    with pytest.raises(ImportRefused) as caught:
        load(ctx, *rows, code=code)
    return [(bad.line, bad.column, bad.reason) for bad in caught.value.bad_lines]


def test_the_koriyama_area_has_its_17_municipalities_each_since_its_own_day(ctx: Context) -> None:
    report = load_koriyama(ctx)
    assert (report.joined, report.unchanged) == (17, 0)
    kinds = sorted(town.kind for town in Municipality.select())
    assert (kinds.count("city"), kinds.count("town"), kinds.count("village")) == (5, 8, 4)
    since = {row.municipality.code: row.starts_on for row in RegionMembership.select()}
    assert since["072036"] == date(2019, 1, 23)
    assert since["072109"] == date(2019, 10, 18)
    assert since["074071"] == date(2022, 2, 7)
    assert {row.municipality_id for row in AuditEntry.select()} == {
        town.id for town in Municipality.select()
    }


def test_loading_a_region_again_changes_nothing(ctx: Context) -> None:
    region = load_koriyama(ctx).region_id
    assert load_koriyama(ctx) == RegionReport(region, joined=0, unchanged=17)
    assert (Region.select().count(), RegionMembership.select().count()) == (1, 17)
    assert AuditEntry.select().count() == 17


def test_a_member_without_a_day_joins_on_the_default_one(ctx: Context) -> None:
    load(ctx, "072036,郡山市,")
    (membership,) = RegionMembership.select()
    assert (membership.starts_on, membership.ends_on) == (SINCE, None)


def test_a_municipality_that_an_import_has_made_already_becomes_a_member(ctx: Context) -> None:
    line = "072036,a@koriyama,職員一,ショクインイチ,,総務課,,full_time,2026-04-01,"
    data = f"{','.join(COLUMNS)}\n{line}\n".encode()
    import_people(ctx, data, new_municipalities=True)
    load(ctx, "072036,郡山市,")
    assert Municipality.select().count() == 1


def test_bad_members_are_all_named_and_nothing_is_loaded(ctx: Context) -> None:
    assert refused(
        ctx,
        "072036,郡山市,",
        "072037,郡山市,",
        "072079,三春町,",
        "072036,郡山市,",
        "075213,三春町,soon",
    ) == [
        (3, "code", "市町村コード 072037 の検査数字が違います。正しくは 072036 です。"),
        (4, "name", "072079 は須賀川市のコードです。"),
        (5, "code", "2行目と同じ市町村です。"),
        (6, "since", "日付は 2026-04-01 のように書いてください（soon）。"),
    ]
    assert (Region.select().count(), Municipality.select().count()) == (0, 0)


def test_a_member_of_another_region_is_refused(ctx: Context) -> None:
    load(ctx, "072036,郡山市,")
    assert refused(ctx, "072036,郡山市,", "072079,須賀川市,", code="other") == [
        (
            2,
            "code",
            "郡山市は広域圏「こおりやま広域圏」に入っています。この行を消してください。"
            "その広域圏が間違いなら、先に niwari directory remove-region koriyama --with-members "
            "で取り消してください。",
        )
    ]
    assert RegionMembership.select().count() == 1


@pytest.mark.parametrize("code", ["郡山", "Koriyama", "a b", "", "x" * 31])
def test_a_code_that_nobody_could_type_again_is_refused(ctx: Context, code: str) -> None:
    with pytest.raises(BadRegionCode):
        load_region(ctx, code, "こおりやま広域圏", b"code,name,since\n", default_since=SINCE)
    assert Region.select().count() == 0


def test_a_region_is_not_renamed_by_the_way(ctx: Context) -> None:
    load(ctx, "072036,郡山市,")
    members = "code,name,since\n072079,須賀川市,\n".encode()
    with pytest.raises(NamedOtherwise, match="こおりやま広域圏"):
        load_region(ctx, "koriyama", "こおりやま", members, default_since=SINCE)
    assert Region.get().name == "こおりやま広域圏"
