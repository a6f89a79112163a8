"""Who is told that an issue is there, and where the notice leads."""

import json
from collections.abc import Iterator
from datetime import datetime, time

import pytest

from niwari.channels.letters import Composer
from niwari.channels.webhooks.composing import TownComposer
from niwari.clock import TOKYO
from niwari.digest.choosing import choose
from niwari.digest.models import Issue
from niwari.directory.models import Appointment, Person, on_day
from niwari.notices.digests import make_digests
from niwari.notices.mail import enlist_mail
from niwari.notices.models import Choice, Delivery, Notice, Received
from niwari.notices.outbox import leave_by
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World
from tests.core.digest.conftest import (
    MONDAY,
    NEIGHBOUR,
    OWNER,
    SECRETARIAT,
    Desk,
    MakeIssue,
    Note,
    text_of,
)


@pytest.fixture
def by_mail() -> Iterator[None]:
    """Let notices leave by mail."""
    leave_by([enlist_mail], lambda: None)
    yield
    leave_by([], lambda: None)


def staff_of(code: str) -> set[int]:
    """The main posts of a town."""
    town = Appointment.municipality.rel_model.get(Appointment.municipality.rel_model.code == code)
    query = Appointment.select().where(
        (Appointment.municipality == town.id) & on_day(Appointment, MONDAY.date())
    )
    return {post.id for post in query if post.is_main}


def told() -> set[int]:
    """The posts that have a notice."""
    return {row.appointment_id for row in Received.select()}


def test_all_staff_of_the_region_are_told_by_one_notice_for_each_town(
    weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    make_issue()
    assert told() == staff_of(KORIYAMA) | staff_of(SUKAGAWA) | staff_of(MIHARU)
    assert Notice.select().count() == 3
    assert Received.select().count() == len(told())


def test_a_notice_counts_what_the_features_of_the_town_have(
    world: World, weekly: None, note: Note, desk: Desk, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    desk()
    world.switch(SUKAGAWA, "dummy", on=False)
    make_issue()
    said = "広域通信 第1号（11月9日から11月15日まで）が出ました。新しく共有されたもの"
    assert f"{said}2件、これからの予定1件です。" in text_of(world, OWNER, "/notices/")
    assert f"{said}1件、これからの予定1件です。" in text_of(world, NEIGHBOUR, "/notices/")


def test_nobody_is_told_where_there_is_nothing_to_read(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    world.switch(MIHARU, "dummy", on=False)
    make_issue()
    assert told() == staff_of(KORIYAMA) | staff_of(SUKAGAWA)


def test_nobody_is_told_of_an_empty_issue(weekly: None, make_issue: MakeIssue) -> None:
    make_issue()
    assert told() == set()


def test_whoever_chose_not_to_be_told_is_not(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    ctx = world.ctx_for(OWNER)
    Choice.insert(person=ctx.person_id, kind="digest.issued", mode="off").execute()
    make_issue()
    assert ctx.acting.id not in told()


def test_the_notice_leads_to_the_issue_and_nowhere_once_it_is_switched_off(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    make_issue()
    mine = Received.get(Received.appointment == world.ctx_for(OWNER).acting.id)
    address = f"/notices/{mine.id}"
    assert world.client_for(OWNER).get(address).headers["Location"] == "/digest/1"
    choose(world.ctx_for(SECRETARIAT), "off")
    assert world.client_for(OWNER).get(address).headers["Location"] == "/notices/"


def test_the_mail_of_the_day_tells_of_it_with_a_link(
    world: World, by_mail: None, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    ctx = world.ctx_for(OWNER)
    Person.update(email="staff@example.jp").where(Person.id == ctx.person_id).execute()
    note("会議室の鍵")
    make_issue()
    morning = Received.get(Received.appointment == ctx.acting.id).digest_on
    make_digests(datetime.combine(morning, time(9), TOKYO))
    delivery = Delivery.get(Delivery.appointment == ctx.acting.id)
    letter = Composer("https://niwari.example").mail(delivery, delivery.due_at)
    assert letter is not None
    assert "広域通信 第1号" in letter.text
    assert "会議室の鍵" not in letter.text
    assert "https://niwari.example/notices/" in letter.text


def test_a_chat_of_the_town_is_told_with_the_same_words(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    make_issue()
    town = world.ctx_for(OWNER).municipality.id
    told = Received.get(Received.municipality == town)
    delivery = Delivery(id=1, channel="webhook", notice=told.notice_id, municipality=town)
    letter = TownComposer("https://niwari.example").webhook(delivery, MONDAY)
    assert letter is not None
    assert "広域通信 第1号" in json.loads(letter.text)["text"]
    choose(world.ctx_for(SECRETARIAT), "off")
    assert TownComposer("https://niwari.example").webhook(delivery, MONDAY) is None


def test_an_issue_of_another_region_is_no_link(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    make_issue()
    region = Issue.region.rel_model.create(code="elsewhere", name="別の広域圏")
    Issue.update(region=region.id).execute()
    mine = Received.get(Received.appointment == world.ctx_for(OWNER).acting.id)
    answer = world.client_for(OWNER).get(f"/notices/{mine.id}")
    assert answer.headers["Location"] == "/notices/"
