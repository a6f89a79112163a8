"""What an issue calls new: each row once, from when it was shared with the whole region."""

from datetime import date, timedelta

from niwari.db import connection
from niwari.search.marking import mark_all
from niwari.search.models import FirstShared
from niwari.search.writing import remove_entries
from niwari.testing.world import World
from tests.core.digest.conftest import MONDAY, OWNER, WEEK, Desk, MakeIssue, Note
from tests.core.digest.test_making import named


def write_note(world: World) -> int:
    """Share a note that nobody has indexed yet."""
    from niwari_dummy import service

    with connection():
        made = service.write(
            world.ctx_for(OWNER), title="金曜", body="-", audience="region", form_key="k"
        )
    return int(made)


def share_with(world: World, note_id: int, audience: str) -> None:
    """Let whoever wrote a note share it with others."""
    from niwari_dummy.models import Note as Row

    with connection():
        Row.update(audience=audience).where(Row.id == note_id).execute()
    world.index()


def test_what_is_indexed_after_an_issue_is_new_in_the_next(
    world: World, weekly: None, make_issue: MakeIssue
) -> None:
    world.clock.set(MONDAY - timedelta(days=3))
    late = write_note(world)
    make_issue(MONDAY + timedelta(hours=1))
    assert named("new") == []
    world.index()
    make_issue(MONDAY + WEEK)
    assert named("new") == [("dummy.note", late)]


def test_what_is_widened_to_the_region_is_new_once_from_then_on(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    made = note("うちの町だけ", audience="municipality")
    make_issue()
    world.clock.advance(days=1)
    share_with(world, made, "region")
    make_issue(MONDAY + WEEK)
    assert named("new") == [("dummy.note", made)]
    world.clock.advance(days=1)
    share_with(world, made, "municipality")
    share_with(world, made, "region")
    make_issue(MONDAY + 2 * WEEK)
    assert named("new") == []


def test_what_began_before_it_was_entered_is_new_when_it_was_entered(
    weekly: None, desk: Desk, make_issue: MakeIssue
) -> None:
    made = desk(day=date(2026, 10, 21), rule="FREQ=MONTHLY;BYDAY=3WE", until=date(2027, 3, 31))
    make_issue()
    assert named("new") == [("desk.desk", made)]


def test_what_left_the_index_for_a_while_is_not_new_again(
    world: World, weekly: None, desk: Desk, make_issue: MakeIssue
) -> None:
    made = desk()
    make_issue()
    assert named("new") == [("desk.desk", made)]
    world.clock.advance(days=1)
    with connection():
        remove_entries("desk.desk", [made])
        mark_all(world.system_context(), "desk")
    world.index()
    make_issue(MONDAY + WEEK)
    assert named("new") == []


def test_nothing_is_known_any_more_of_a_row_that_is_gone(world: World, note: Note) -> None:
    made = note("会議室の鍵")
    from niwari_dummy.models import Note as Row

    with connection():
        assert FirstShared.select().count() == 1
        Row.delete().where(Row.id == made).execute()
    world.index()
    with connection():
        assert FirstShared.select().count() == 0
