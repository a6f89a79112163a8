"""Telling people: in the transaction of what happened, once each, where the plugin is on."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from niwari.clock import TOKYO
from niwari.db import database, is_postgresql, transaction
from niwari.db.counting import counted_queries
from niwari.directory.linking import Ref
from niwari.directory.models import Appointment, Person
from niwari.notices.days import digest_day, next_quarter
from niwari.notices.mail import enlist_mail
from niwari.notices.models import Choice, Delivery, Notice, Received, Veto
from niwari.notices.outbox import leave_by, notify, posts_today
from niwari.testing.world import KORIYAMA, SUKAGAWA, World
from tests.core.notices.conftest import ANSWERED, NEIGHBOUR, OWNER, STAFF2

Post = Callable[[str], int]


@pytest.fixture
def by_mail(world: World) -> Iterator[list[str]]:
    """Let notices leave by mail; the list grows with each wake."""
    woken: list[str] = []
    leave_by([enlist_mail], lambda: woken.append("woken"))
    yield woken
    leave_by([], lambda: None)


def told(world: World, note: Ref, to: Any, login: str = STAFF2) -> int:
    ctx = world.ctx_for(login)
    with transaction(ctx):
        return notify(ctx, ANSWERED, to, note, count=1)


def receivers() -> set[int]:
    return {row.appointment_id for row in Received.select()}


def choose(login: str, mode: str) -> None:
    person = Person.get(Person.login == login)
    Choice.insert(person=person.id, kind=ANSWERED, mode=mode).execute()


def test_each_person_who_is_named_is_told_once(world: World, note: Ref, post: Post) -> None:
    assert told(world, note, [post(OWNER), post(OWNER), post(NEIGHBOUR)]) == 2
    assert receivers() == {post(OWNER), post(NEIGHBOUR)}


@pytest.mark.parametrize("many", [0, 1, 8, 9, 40])
def test_few_and_many_are_told_alike(world: World, note: Ref, post: Post, many: int) -> None:
    """Of few the text of the statement is made once; who chose the mail of the day has its day."""
    choose(OWNER, "daily")
    owner = Appointment.get_by_id(post(OWNER))
    posts = [
        Appointment.create(
            person=Person.create(login=f"told{number}@x", name="職員").id,
            municipality=owner.municipality_id,
            section=owner.section_id,
            employment=owner.employment,
            starts_on=owner.starts_on,
        ).id
        for number in range(many)
    ]
    for _twice in range(2):
        Received.delete().execute()
        assert told(world, note, posts) == many
        assert receivers() == set(posts)
        if many:
            assert told(world, note, [*posts[1:], post(OWNER)]) == many
            digests = {row.appointment_id: row.digest_on for row in Received.select()}
            assert digests[post(OWNER)] == digest_day(world.clock())
            assert {digests[one] for one in posts} == {None}


def test_whoever_acts_is_not_told_of_it(world: World, note: Ref, post: Post) -> None:
    assert told(world, note, [post(OWNER), post(STAFF2)], login=STAFF2) == 1
    assert receivers() == {post(OWNER)}


def test_nobody_is_told_where_the_plugin_is_off(world: World, note: Ref, post: Post) -> None:
    world.switch(SUKAGAWA, "dummy", on=False)
    assert told(world, note, [post(OWNER), post(NEIGHBOUR)]) == 1
    assert receivers() == {post(OWNER)}


def test_whoever_has_posts_in_two_towns_is_told_where_the_plugin_is_on(
    world: World, note: Ref, post: Post
) -> None:
    first, there = post(OWNER), Appointment.get_by_id(post(NEIGHBOUR))
    second = Appointment.create(
        person=world.ctx_for(OWNER).person_id,
        municipality=there.municipality_id,
        section=there.section_id,
        employment=there.employment,
        starts_on=there.starts_on,
        is_main=False,
    )
    assert first < second.id
    assert told(world, note, [first, second.id]) == 1
    assert receivers() == {first}
    world.switch(KORIYAMA, "dummy", on=False)
    assert told(world, note, [first, second.id], login="it@sukagawa") == 1
    assert receivers() == {first, second.id}


def test_whoever_chose_not_to_be_told_is_not(world: World, note: Ref, post: Post) -> None:
    choose(OWNER, "off")
    assert told(world, note, [post(OWNER)]) == 0
    assert receivers() == set()


def test_who_changed_the_section_is_told_in_the_new_post(world: World, note: Ref) -> None:
    ctx = world.ctx_for(OWNER)
    before = Appointment.get_by_id(ctx.acting.id)
    new = Appointment.create(
        person=before.person_id,
        municipality=before.municipality_id,
        section=before.section_id,
        employment=before.employment,
        starts_on=ctx.today,
    )
    Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
        Appointment.id == before.id
    ).execute()
    assert told(world, note, [before.id]) == 1
    assert receivers() == {new.id}


def test_whoever_has_left_is_not_told(world: World, note: Ref, post: Post) -> None:
    ctx, number = world.ctx_for(STAFF2), post(OWNER)
    Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
        Appointment.id == number
    ).execute()
    assert told(world, note, [number]) == 0


def test_what_is_rolled_back_was_not_told(world: World, note: Ref, post: Post) -> None:
    ctx = world.ctx_for(STAFF2)
    with pytest.raises(ZeroDivisionError), transaction(ctx):
        notify(ctx, ANSWERED, [post(OWNER)], note, count=1)
        raise ZeroDivisionError
    assert Notice.select().count() == Received.select().count() == 0


def test_outside_a_transaction_nothing_is_told(world: World, note: Ref) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        notify(world.ctx_for(STAFF2), ANSWERED, [1], note, count=1)


@pytest.mark.parametrize("values", [{}, {"count": 1, "who": "x"}, {"count": None}, {"count": True}])
def test_values_that_are_not_those_of_the_sentence_are_refused(
    world: World, note: Ref, values: dict[str, Any]
) -> None:
    ctx = world.ctx_for(STAFF2)
    with pytest.raises(ValueError, match=r"dummy\.answered"), transaction(ctx):
        notify(ctx, ANSWERED, [1], note, **values)


def test_a_kind_that_nobody_declares_is_refused(world: World) -> None:
    ctx = world.ctx_for(STAFF2)
    with pytest.raises(LookupError, match="hook 'notices'"), transaction(ctx):
        notify(ctx, "dummy.unheard", [1])


def test_to_tell_everybody_takes_as_many_statements_as_to_tell_one(
    world: World, note: Ref, post: Post, by_mail: list[str]
) -> None:
    def statements(to: Any) -> int:
        with counted_queries() as log:
            told(world, note, to)
        return len(log)

    one = statements([post(OWNER)])
    assert statements(Appointment.select(Appointment.id)) == one
    assert Received.select().count() > 20


def test_to_look_for_somebodys_posts_walks_through_no_town(world: World, post: Post) -> None:
    sql, params = posts_today(date(2026, 11, 10), [post(OWNER), post(NEIGHBOUR)]).sql()
    with transaction(world.ctx_for(OWNER)):
        if is_postgresql():
            database.execute_sql("SET LOCAL enable_seqscan = off")
            database.execute_sql("SET LOCAL enable_hashjoin = off")
            database.execute_sql("SET LOCAL enable_mergejoin = off")
        explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
        plan = "\n".join(str(row[-1]) for row in database.execute_sql(f"{explain} {sql}", params))
    assert "directory_appointment_person_id" in plan
    assert "directory_appointment_municipality_id" not in plan


def test_who_wants_it_at_once_and_has_an_address_gets_a_mail(
    world: World, note: Ref, post: Post, by_mail: list[str]
) -> None:
    address(OWNER, "owner@example.jp")
    address(NEIGHBOUR, "")
    told(world, note, [post(OWNER), post(NEIGHBOUR)])
    (mail,) = Delivery.select()
    assert (mail.channel, mail.received.appointment_id) == ("mail", post(OWNER))
    assert by_mail == ["woken"]


def test_a_wake_that_fails_changes_nothing_and_comes_once(
    world: World, note: Ref, post: Post, by_mail: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    address(OWNER, "owner@example.jp")
    ctx, tried = world.ctx_for(STAFF2), []

    def fail() -> None:
        tried.append("woken")
        raise OSError("no queue")

    leave_by([enlist_mail], fail)
    with transaction(ctx):
        for _ in range(3):
            notify(ctx, ANSWERED, [post(OWNER)], note, count=1)
    assert tried == ["woken"]
    assert Received.select().count() == 3
    assert "what follows a commit failed" in caplog.text


def test_who_wants_the_inbox_alone_gets_no_mail(
    world: World, note: Ref, post: Post, by_mail: list[str]
) -> None:
    address(OWNER, "owner@example.jp")
    choose(OWNER, "inbox")
    assert told(world, note, [post(OWNER)]) == 1
    assert Delivery.select().count() == 0


@pytest.mark.parametrize("kind", ["", ANSWERED])
def test_a_municipality_that_wants_no_mail_gets_none_and_the_neighbour_does(
    world: World, note: Ref, post: Post, by_mail: list[str], kind: str
) -> None:
    for login in (OWNER, NEIGHBOUR):
        address(login, "somebody@example.jp")
    ctx = world.ctx_for(OWNER)
    Veto.insert(
        municipality=ctx.municipality.id, channel="mail", kind=kind, changed_at=ctx.now
    ).execute()
    told(world, note, [post(OWNER), post(NEIGHBOUR)])
    (mail,) = Delivery.select()
    assert mail.received.appointment_id == post(NEIGHBOUR)
    assert receivers() == {post(OWNER), post(NEIGHBOUR)}


def address(login: str, email: str) -> None:
    Person.update(email=email).where(Person.login == login).execute()


def tokyo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=TOKYO)  # type: ignore[misc,arg-type]


MORNINGS: Iterable[tuple[datetime, date]] = (
    (tokyo(2026, 11, 10, 7, 44), date(2026, 11, 10)),
    (tokyo(2026, 11, 10, 7, 45), date(2026, 11, 11)),
    (tokyo(2026, 11, 13, 17, 10), date(2026, 11, 16)),  # a Friday
    (tokyo(2026, 11, 2, 17, 10), date(2026, 11, 4)),  # before 文化の日
    (tokyo(2026, 12, 28, 17, 10), date(2027, 1, 4)),
)


@pytest.mark.parametrize(("now", "day"), MORNINGS)
def test_the_mail_of_a_day_leaves_on_the_next_working_morning(now: datetime, day: date) -> None:
    assert digest_day(now) == day


def test_what_is_hidden_waits_for_the_next_full_quarter_of_an_hour() -> None:
    assert next_quarter(tokyo(2026, 11, 10, 9, 0)) == tokyo(2026, 11, 10, 9, 15)
    assert next_quarter(tokyo(2026, 11, 10, 9, 44, 59)) == tokyo(2026, 11, 10, 9, 45)
