"""Finding people: what is found by what, by whom, and in pages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from niwari.clock import TOKYO, FrozenClock
from niwari.context import AppointmentRef, Context
from niwari.db import connection, open_database
from niwari.db.counting import counted_queries
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.importing.sections import import_sections
from niwari.directory.people import municipality_by_code
from niwari.directory.regions import load_region
from niwari.directory.search.finding import PAGE, Position, WrongSearch, search_people
from niwari.directory.search.indexing import reindex
from niwari.directory.search.models import PersonText
from niwari.directory.system import system_context
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables

PEOPLE = (
    ("072036", "taka@koriyama", "髙橋 花子", "タカハシ ハナコ", "総務部/人事課"),
    ("072036", "saito@koriyama", "齋藤 一", "サイトウ ハジメ", "総務部/人事課"),
    ("072079", "saito@sukagawa", "斎藤 二郎", "サイトウ ジロウ", "税務課"),
    ("075213", "i@miharu", "井 あゆみ", "イ アユミ", "こども課"),
    ("073229", "saito@otama", "斉藤 三郎", "サイトウ サブロウ", "税務課"),
)
TOWNS = b"code,name,since\n072036,%s,2020-04-01\n072079,%s,2020-04-01\n075213,%s,2020-04-01\n" % (
    "郡山市".encode(),
    "須賀川市".encode(),
    "三春町".encode(),
)
DECEMBER = datetime(2026, 12, 1, 9, tzinfo=TOKYO)


def lines(*people: tuple[str, ...], start: str = "2026-04-01", end: str = "") -> bytes:
    """A people.csv; 大玉村 is outside of the region."""
    rows = [
        f"{code},{login},{name},{kana},,{section},,full_time,{start},{end}"
        for code, login, name, kana, section in people
    ]
    return "\n".join([",".join(COLUMNS), *rows]).encode()


@pytest.fixture
def system(database_engines: Engines, clock: FrozenClock) -> Iterator[Context]:
    """The context of a command in that installation."""
    url = database_engines.copy_of("tables", prepare_tables)
    open_database(url)
    with connection():
        found = system_context(clock(), "test")
        load_region(found, "region", "圏域", TOWNS, default_since=date(2020, 4, 1))
        import_people(found, lines(*PEOPLE), new_municipalities=True)
        yield found
    database_engines.drop(url)


@pytest.fixture
def ctx(system: Context) -> Context:
    """Somebody of 郡山市."""
    town = municipality_by_code("072036", system.today)
    return replace(system, municipality=town, appointment=AppointmentRef(1, 1, "職員", 1, "課"))


def names(ctx: Context, text: str) -> list[str]:
    """The names that a search finds, in their order."""
    return [one.name for one in search_people(ctx, text).people]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("高橋", ["髙橋 花子"]),
        ("髙橋花子", ["髙橋 花子"]),
        ("花", ["髙橋 花子"]),
        ("斉藤", ["斎藤 二郎", "齋藤 一"]),
        ("さいとう", ["斎藤 二郎", "齋藤 一"]),
        ("ｻｲﾄｳ はじめ", ["齋藤 一"]),
        ("井", ["井 あゆみ"]),
        ("人事", ["齋藤 一", "髙橋 花子"]),
        ("税務 サイトウ", ["斎藤 二郎"]),
        ("コドモ課", ["井 あゆみ"]),
        ("%", []),
        ("_", []),
        ("花子タ", []),
    ],
)
def test_any_part_of_name_reading_or_section_finds_people_of_the_region(
    ctx: Context, text: str, expected: list[str]
) -> None:
    assert names(ctx, text) == expected


def test_without_a_region_the_own_municipality_is_searched(ctx: Context) -> None:
    alone = replace(ctx, municipality=municipality_by_code("073229", ctx.today))
    assert names(alone, "サイトウ") == ["斉藤 三郎"]


def test_nobody_is_found_before_the_first_or_after_the_last_day_of_the_post(
    ctx: Context, system: Context
) -> None:
    import_people(system, lines(PEOPLE[0], end="2026-11-30"))
    assert names(ctx.at(ctx.now + timedelta(days=30)), "髙橋") == []
    assert names(ctx.at(ctx.now - timedelta(days=300)), "髙橋") == []


def test_a_section_is_found_and_shown_by_its_name_of_the_day(ctx: Context, system: Context) -> None:
    header = "municipality,path,since,new_path,ends"
    row = "072036,総務部/人事課,2026-12-01,総務部/職員課,"
    import_sections(system, f"{header}\n{row}".encode())
    for day, there, gone in ((ctx, "人事", "職員課"), (ctx.at(DECEMBER), "職員課", "人事")):
        assert names(day, there) == ["齋藤 一", "髙橋 花子"]
        assert names(day, gone) == []
    shown = {one.section for one in search_people(ctx.at(DECEMBER), "高橋").people}
    assert shown == {"総務部/職員課"}


def test_a_new_name_finds_and_the_old_one_no_more(ctx: Context, system: Context) -> None:
    renamed = (*PEOPLE[0][:2], "佐藤 花子", "サトウ ハナコ", PEOPLE[0][4])
    import_people(system, lines(renamed))
    assert names(ctx, "サトウ") == ["佐藤 花子"]
    assert names(ctx, "高橋") == []


def test_pages_follow_each_other_without_gap_or_repetition(ctx: Context, system: Context) -> None:
    many = [
        ("072036", f"n{n}@koriyama", f"渡辺 {n}", "ワタナベ", "市民課") for n in range(2 * PAGE + 1)
    ]
    import_people(system, lines(*many))
    found, after = [], None
    while True:
        page = search_people(ctx, "渡邉", after)
        found += [one.name for one in page.people]
        if page.following is None:
            break
        after = Position.read(str(page.following))
    assert sorted(found) == sorted(name for _, _, name, *_ in many)


@pytest.mark.parametrize("text", ["", " 　", "あ" * 101, "あ い う え お か"])
def test_a_text_that_is_empty_or_too_long_is_refused(ctx: Context, text: str) -> None:
    with pytest.raises(WrongSearch):
        search_people(ctx, text)


def test_a_search_takes_three_queries(ctx: Context) -> None:
    with counted_queries() as log:
        search_people(ctx, "税務 サイトウ")
    assert len(log) == 3


def test_reindexing_makes_what_the_import_made(system: Context) -> None:
    def texts() -> list[tuple[int, int, str]]:
        fields = (PersonText.municipality, PersonText.person, PersonText.text)
        return sorted(PersonText.select(*fields).tuples())

    made = texts()
    PersonText.delete().execute()
    told: list[tuple[int, int]] = []
    assert reindex(system, lambda *done: told.append(done)) == len(PEOPLE)
    assert texts() == made
    assert told == [(len(PEOPLE), len(PEOPLE))]
