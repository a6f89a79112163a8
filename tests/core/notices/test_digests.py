"""The one mail of a day: its morning makes it, and those who tell people never wait for each other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from niwari.clock import TOKYO
from niwari.db import is_postgresql, transaction
from niwari.directory.linking import Ref
from niwari.directory.models import Person
from niwari.notices.digests import make_digests
from niwari.notices.mail import enlist_mail
from niwari.notices.models import Choice, Delivery, Received
from niwari.notices.outbox import leave_by, notify
from niwari.testing.world import World
from tests.core.jobs.elsewhere import WAITS, elsewhere
from tests.core.notices.conftest import ANSWERED, NEIGHBOUR, OWNER, STAFF2

Post = Callable[[str], int]
NEXT = date(2026, 11, 11)


@pytest.fixture(autouse=True)
def daily(world: World) -> Any:
    """Let two people want one mail a day."""
    for login in (OWNER, NEIGHBOUR):
        Person.update(email=f"{login}.example.jp").where(Person.login == login).execute()
        person = Person.get(Person.login == login).id
        Choice.insert(person=person, kind=ANSWERED, mode="daily").execute()
    leave_by([enlist_mail], lambda: None)
    yield
    leave_by([], lambda: None)


@pytest.fixture
def tell(world: World, note: Ref, post: Post) -> Callable[..., int]:
    def told(*logins: str, ctx: Any = None) -> int:
        ctx = ctx or world.ctx_for(STAFF2)
        with transaction(ctx):
            return notify(ctx, ANSWERED, [post(login) for login in logins], note, count=1)

    return told


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 0, tzinfo=TOKYO)


def test_it_is_one_for_all_notices_and_made_when_its_morning_comes(
    world: World, tell: Callable[..., int], post: Post
) -> None:
    tell(OWNER)
    tell(OWNER, NEIGHBOUR)
    assert {row.digest_on for row in Received.select()} == {NEXT}
    assert Delivery.select().count() == 0
    assert make_digests(morning(NEXT) - timedelta(seconds=1)) == 0
    assert make_digests(morning(NEXT)) == 2
    assert make_digests(morning(NEXT)) == 0
    made = {(row.appointment_id, row.digest_on, row.due_at) for row in Delivery.select()}
    assert made == {(post(login), NEXT, morning(NEXT)) for login in (OWNER, NEIGHBOUR)}


def test_what_was_read_meanwhile_and_who_has_no_address_makes_none(
    world: World, tell: Callable[..., int], post: Post
) -> None:
    tell(OWNER, NEIGHBOUR)
    Received.update(read_at=world.clock()).where(Received.appointment == post(OWNER)).execute()
    Person.update(email="").where(Person.login == NEIGHBOUR).execute()
    assert make_digests(morning(NEXT)) == 0


def test_mornings_without_a_worker_are_made_up_for_within_a_week(
    world: World, tell: Callable[..., int]
) -> None:
    tell(OWNER)
    world.clock.advance(days=1)
    tell(OWNER)
    assert make_digests(morning(NEXT) + timedelta(days=3)) == 2
    assert {row.digest_on for row in Delivery.select()} == {NEXT, NEXT + timedelta(days=1)}
    world.clock.advance(days=1)
    tell(OWNER)
    assert make_digests(world.clock() + timedelta(days=30)) == 0


def test_a_job_that_began_before_the_morning_and_tells_after_it_joins_the_next(
    world: World, tell: Callable[..., int]
) -> None:
    world.clock.set(morning(NEXT) - timedelta(minutes=20))
    begun = world.ctx_for(STAFF2)
    world.clock.set(morning(NEXT) + timedelta(minutes=10))
    make_digests(world.clock())
    tell(OWNER, ctx=replace(begun))
    assert make_digests(morning(NEXT + timedelta(days=1))) == 1


def test_two_who_tell_the_same_people_crosswise_do_not_wait_for_each_other(
    world: World, note: Ref, post: Post
) -> None:
    ctx = world.ctx_for(STAFF2)
    mine, theirs = post(OWNER), post(NEIGHBOUR)

    def tell_both() -> list[int]:
        with transaction(ctx):
            return [notify(ctx, ANSWERED, [one], note, count=1) for one in (theirs, mine)]

    with transaction(ctx):
        notify(ctx, ANSWERED, [mine], note, count=1)
        # SQLite has one writer.
        assert elsewhere(tell_both) == ([1, 1] if is_postgresql() else WAITS)
        notify(ctx, ANSWERED, [theirs], note, count=1)


def test_two_workers_make_each_mail_once(world: World, tell: Callable[..., int]) -> None:
    tell(OWNER)
    with transaction(world.ctx_for(STAFF2)):
        assert make_digests(morning(NEXT)) == 1
        assert elsewhere(lambda: make_digests(morning(NEXT))) == WAITS
    assert elsewhere(lambda: make_digests(morning(NEXT))) == 0
