"""Making issues: when they are due, each once, from what is shared with the whole region."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

from niwari.clock import TOKYO
from niwari.db import connection, transaction
from niwari.digest.choosing import choose
from niwari.digest.contents import MOST_COMING, MOST_NEW
from niwari.digest.making import make_due
from niwari.digest.models import Issue, IssueItem
from niwari.directory.held import hold
from niwari.host.enablement import withdraw
from niwari.notices.models import Notice
from niwari.testing.world import World
from tests.core.digest.conftest import (
    MONDAY,
    NEIGHBOUR,
    OWNER,
    SECRETARIAT,
    WEEK,
    Desk,
    MakeIssue,
    Note,
)


def named(section: str) -> list[tuple[str, int]]:
    """The rows that the newest issue names in a section, in order."""
    newest = Issue.select().order_by(Issue.id.desc()).first()
    found = IssueItem.select().where(
        (IssueItem.issue == newest.id) & (IssueItem.section == section)
    )
    return [(item.kind, item.row_id) for item in found.order_by(IssueItem.position)]


def spans() -> list[tuple[int, date, date]]:
    """The issues with their days."""
    return [(one.number, one.first, one.last) for one in Issue.select().order_by(Issue.number)]


def test_nothing_is_made_while_the_region_has_not_switched_it_on(
    note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    assert make_issue() == 0


def test_an_issue_is_made_on_monday_at_eight_and_once(
    weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    assert make_issue(MONDAY - timedelta(minutes=1)) == 0
    assert make_issue() == 1
    assert make_issue() == 0
    assert spans() == [(1, date(2026, 11, 9), date(2026, 11, 15))]


def test_what_was_due_before_it_was_switched_on_is_not_made(
    weekly: None, make_issue: MakeIssue
) -> None:
    assert make_issue(datetime(2026, 11, 10, 12, 0, tzinfo=TOKYO)) == 0


def test_an_issue_that_came_late_is_about_the_same_days(
    weekly: None, make_issue: MakeIssue
) -> None:
    assert make_issue(MONDAY + timedelta(days=2)) == 1
    assert spans() == [(1, date(2026, 11, 9), date(2026, 11, 15))]


def test_the_next_issue_goes_on_where_the_last_one_ended(
    weekly: None, make_issue: MakeIssue
) -> None:
    make_issue()
    make_issue(MONDAY + 3 * WEEK)
    assert spans()[1] == (2, date(2026, 11, 16), date(2026, 12, 6))


def test_another_pace_tells_nothing_twice(
    world: World, weekly: None, make_issue: MakeIssue
) -> None:
    make_issue()
    choose(world.ctx_for(SECRETARIAT), "month")
    make_issue(datetime(2026, 12, 1, 8, 0, tzinfo=TOKYO))
    assert spans()[1] == (2, date(2026, 11, 16), date(2026, 11, 30))


def test_after_a_pause_an_issue_goes_back_no_further_than_its_own_days(
    world: World, weekly: None, make_issue: MakeIssue
) -> None:
    make_issue()
    choose(world.ctx_for(SECRETARIAT), "off")
    assert make_issue(MONDAY + 3 * WEEK) == 0
    choose(world.ctx_for(SECRETARIAT), "week")
    make_issue(MONDAY + 4 * WEEK)
    assert spans()[1] == (2, date(2026, 12, 7), date(2026, 12, 13))


def test_it_names_what_was_shared_with_the_region_in_its_days_the_newest_first(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    world.clock.set(MONDAY - WEEK - timedelta(hours=9))
    note("前の週のもの")
    world.clock.set(MONDAY - timedelta(days=3))
    first = note("会議室の鍵")
    note("うちの町だけ", audience="municipality")
    world.clock.advance(hours=1)
    second = note("印刷機の順番", by=NEIGHBOUR)
    make_issue()
    assert named("new") == [("dummy.note", second), ("dummy.note", first)]


def test_it_names_at_most_ten_of_a_feature(weekly: None, note: Note, make_issue: MakeIssue) -> None:
    made = [note(f"伝言 {number}") for number in range(MOST_NEW + 2)]
    make_issue()
    assert named("new") == [("dummy.note", number) for number in reversed(made[2:])]


def test_it_names_what_takes_place_in_the_next_days_in_their_order(
    weekly: None, desk: Desk, make_issue: MakeIssue
) -> None:
    later = desk(day=date(2026, 11, 22))
    sooner = desk(day=date(2026, 11, 16))
    repeated = desk(day=date(2026, 11, 4), rule="FREQ=WEEKLY", until=date(2027, 1, 31))
    desk(day=date(2026, 11, 23))
    desk(day=date(2026, 11, 18), audience="municipality")
    make_issue()
    assert named("coming") == [("desk.desk", one) for one in (sooner, repeated, later)]


def test_it_names_at_most_twenty_that_come(weekly: None, desk: Desk, make_issue: MakeIssue) -> None:
    for _ in range(MOST_COMING + 1):
        desk()
    make_issue()
    assert len(named("coming")) == MOST_COMING


def test_what_is_held_back_or_withdrawn_takes_no_place(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    held, shared = note("確認中のもの"), note("会議室の鍵", by=NEIGHBOUR)
    note("隠したもの")
    ctx = world.ctx_for(OWNER)
    with transaction(ctx):
        hold(ctx, "dummy.note", held)
    withdraw(ctx, ctx.municipality.id, "dummy", withdrawn=True)
    make_issue()
    assert named("new") == [("dummy.note", shared)]


def test_an_issue_without_anything_is_made_too(weekly: None, make_issue: MakeIssue) -> None:
    assert make_issue() == 1
    assert IssueItem.select().count() == 0


def test_workers_that_look_at_once_make_one_issue(world: World, weekly: None, note: Note) -> None:
    note("会議室の鍵")
    world.clock.set(MONDAY)
    start = Barrier(4)

    def look(_number: int) -> int:
        with connection():
            start.wait(10)
            return make_due(MONDAY)

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(look, range(4))) == [0, 0, 0, 1]
    assert len(spans()) == len(named("new")) == Notice.select().count() // 3 == 1
