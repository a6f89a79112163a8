"""Codes of municipalities that are not registered: what is said of them, in files and commands."""

from collections.abc import Iterator

import pytest

from niwari.clock import FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database
from niwari.directory.importing import COLUMNS, ImportReport, import_people, plan_people
from niwari.directory.importing.planned import carry_out
from niwari.directory.importing.sections import import_sections
from niwari.directory.models import Municipality, Person
from niwari.directory.municipalities import rename_municipality
from niwari.directory.people import municipality_by_code
from niwari.directory.regions import load_region
from niwari.directory.registered import UnknownMunicipality
from niwari.directory.system import system_context
from niwari.tabular import ImportRefused
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables
from tests.core.directory.conftest import SINCE, register

KORIYAMA, SAPPORO = "072036", "011002"


@pytest.fixture
def ctx(database_engines: Engines, clock: FrozenClock) -> Iterator[Context]:
    """A system actor's context; 郡山市 alone is registered."""
    url = database_engines.copy_of("tables", prepare_tables)
    open_database(url)
    with connection():
        register(KORIYAMA)
        yield system_context(clock(), "niwari directory import")
    database_engines.drop(url)


def people(*codes: str) -> bytes:
    """A people.csv with a person of each municipality."""
    lines = [
        f"{code},n{number}@town,職員,ショクイン,,総務課,,full_time,2026-04-01,"
        for number, code in enumerate(codes)
    ]
    return "\n".join([",".join(COLUMNS), *lines]).encode()


def towns() -> list[str]:
    """The codes that are registered."""
    return sorted(row.code for row in Municipality.select())


def test_a_real_town_that_is_not_registered_is_refused_by_line_and_named(ctx: Context) -> None:
    with pytest.raises(ImportRefused) as refused:
        import_people(ctx, people(KORIYAMA, SAPPORO, SAPPORO))
    bad = refused.value.bad_lines
    assert [(line.line, line.column) for line in bad] == [(3, "municipality"), (4, "municipality")]
    assert "011002（北海道札幌市）は、にわりに登録されていません" in bad[0].reason
    assert "--new-municipalities" in bad[0].reason
    assert "import-region" in bad[0].reason
    assert towns() == [KORIYAMA]
    assert not Person.select().exists()


def test_told_so_the_import_makes_new_towns_and_names_them(ctx: Context) -> None:
    report = import_people(ctx, people(KORIYAMA, SAPPORO), new_municipalities=True)
    assert report == ImportReport(added=2, new_municipalities=(SAPPORO,))
    assert towns() == [SAPPORO, KORIYAMA]
    again = import_people(ctx, people(KORIYAMA, SAPPORO), new_municipalities=True)
    assert again == ImportReport(unchanged=2)


def test_a_dry_run_names_new_towns_and_makes_none(ctx: Context) -> None:
    report = import_people(ctx, people(SAPPORO), dry_run=True, new_municipalities=True)
    assert report.new_municipalities == (SAPPORO,)
    assert towns() == [KORIYAMA]


def test_a_town_of_a_region_is_registered_before_its_people_come(ctx: Context) -> None:
    load_region(
        ctx, "north", "北", f"code,name,since\n{SAPPORO},札幌市,\n".encode(), default_since=SINCE
    )
    assert import_people(ctx, people(SAPPORO)) == ImportReport(added=1)


def test_from_a_page_no_municipality_is_ever_made(ctx: Context) -> None:
    here = municipality_by_code(KORIYAMA, ctx.today)
    with pytest.raises(ImportRefused) as refused:
        carry_out(ctx, plan_people, people(SAPPORO), town=here)
    assert "ほかの市町村" in refused.value.bad_lines[0].reason
    assert towns() == [KORIYAMA]


def test_sections_of_a_town_that_is_not_registered_are_refused_alike(ctx: Context) -> None:
    data = f"municipality,path,since,new_path,ends\n{SAPPORO},,2026-04-01,総務課,\n".encode()
    with pytest.raises(ImportRefused) as refused:
        import_sections(ctx, data)
    (bad,) = refused.value.bad_lines
    assert (bad.line, bad.column) == (2, "municipality")
    assert "（北海道札幌市）" in bad.reason


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("郡山市", "市町村コードは6桁の数字で書いてください（郡山市）。"),
        ("72036", "市町村コード 72036 が6桁ではありません。072036 のことですか。"),
        ("07203", "市町村コード 07203 が6桁ではありません。072036 のことですか。"),
        ("０７２０３６", "市町村コード ０７２０３６ は、半角で 072036 と書いてください。"),
        ("072037", "市町村コード 072037 の検査数字が違います。正しくは 072036 です。"),
        ("072991", "市町村コード 072991 の市町村はありません。"),
        ("070009", "070009 は福島県のコードです。市町村のコードにしてください。"),
        (
            "011002",
            "市町村コード 011002（北海道札幌市）は、にわりに登録されていません。",
        ),
        (
            "072079",
            "072079 は合併などで使われなくなりました。072028 と書いてください。",
        ),
    ],
    ids=[
        "no number",
        "a lost zero",
        "a lost check digit",
        "full width",
        "check digit",
        "nobody's",
        "a prefecture",
        "not registered",
        "former",
    ],
)
def test_each_wrong_code_has_its_own_sentence(ctx: Context, code: str, said: str) -> None:
    register("072079")
    rename_municipality(ctx, "072079", "072028", ctx.today)
    with pytest.raises(UnknownMunicipality) as unknown:
        municipality_by_code(code, ctx.today)
    assert str(unknown.value).startswith(said)
