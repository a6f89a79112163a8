"""The personal feed: one secret address, what it tells, and that it ends."""

import logging
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Event

from niwari.calendar.feeds import end_with_posts
from niwari.calendar.models import Feed
from niwari.clock import TOKYO, FrozenClock
from niwari.db import database
from niwari.directory.models import Appointment
from niwari.identity.models import Provider
from niwari.ledger.models import Request, State
from niwari.testing.world import KORIYAMA, Browser, World

OpenDesk = Callable[..., int]
STAFF = "staff@koriyama"
_ADDRESS = re.compile(r"http://localhost(/calendar/feed\.ics\?key=[A-Za-z0-9_-]{43})<")


def _make(world: World, login: str = STAFF, locale: str = "ja") -> str:
    client = world.client_for(login)
    client.set_cookie("niwari_locale", locale)
    answer = client.submit("/calendar/subscription/new", {})
    assert answer.status_code == 200
    found = _ADDRESS.search(answer.get_data(as_text=True))
    assert found is not None
    return found[1]


def _fetch(world: World, address: str, **headers: str) -> Any:
    return world.anonymous().get(address, headers=headers)


def _events(answer: Any) -> list[Event]:
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return list(Calendar.from_ical(answer.get_data()).walk("VEVENT"))


def _titles(answer: Any) -> list[str]:
    return [str(event["SUMMARY"]) for event in _events(answer)]


def _agreed(world: World, *, discreet: bool = False, state: State = State.AGREED) -> None:
    ctx = world.ctx_for(STAFF)
    Request.create(
        appointment=ctx.acting.id,
        person=ctx.person_id,
        municipality=ctx.municipality.id,
        section=ctx.acting.section_id,
        activity="planning",
        discreet=discreet,
        purpose="育休の相談\n二人目",
        place="head_office",
        work_date=date(2026, 11, 19),
        starts_at=datetime(2026, 11, 19, 15, tzinfo=TOKYO),
        ends_at=datetime(2026, 11, 19, 16, tzinfo=TOKYO),
        minutes=60,
        state=state,
        requested_at=ctx.now,
        form_key="a-key",
    )


def test_the_address_is_shown_once_and_its_secret_is_kept_as_a_hash(desks: World) -> None:
    secret = _make(desks).partition("=")[2]

    feed = Feed.get()
    assert secret not in str(feed.__data__)
    page = desks.client_for(STAFF).get("/calendar/subscription").get_data(as_text=True)
    assert secret not in page
    assert "購読用のアドレスがあります" in page


def test_a_program_without_a_session_fetches_what_the_person_may_see(
    desks: World, open_desk: OpenDesk
) -> None:
    open_desk(title="うちの町の相談", audience="municipality")
    open_desk("staff@sukagawa", title="広域圏の相談")
    open_desk("staff@sukagawa", title="よその町の相談", audience="municipality")

    answer = _fetch(desks, _make(desks))

    assert _titles(answer) == ["うちの町の相談", "広域圏の相談"]
    assert "Set-Cookie" not in answer.headers


def test_a_series_is_one_event_for_each_time_in_tokyo_time(
    desks: World, open_desk: OpenDesk
) -> None:
    desk = open_desk(
        rule="FREQ=MONTHLY;BYDAY=1TU",
        day=date(2026, 11, 1),
        until=date(2026, 12, 31),
        on_holiday="next_week",
    )

    events = _events(_fetch(desks, _make(desks)))

    assert [event.decoded("DTSTART") for event in events] == [
        datetime(2026, 11, 10, 13, 30, tzinfo=TOKYO),
        datetime(2026, 12, 1, 13, 30, tzinfo=TOKYO),
    ]
    assert [str(event["UID"]) for event in events] == [
        f"desk.desk-{desk}-20261110@localhost",
        f"desk.desk-{desk}-20261201@localhost",
    ]
    assert str(events[0]["LOCATION"]) == "相談室2"
    assert str(events[0]["URL"]) == f"http://localhost/desk/{desk}"


def test_a_feed_reaches_from_a_month_ago_to_thirteen_ahead(
    desks: World, open_desk: OpenDesk
) -> None:
    for day in (date(2026, 10, 9), date(2026, 10, 10), date(2027, 12, 11), date(2027, 12, 12)):
        open_desk(title=str(day), day=day)

    assert _titles(_fetch(desks, _make(desks))) == ["2026-10-10", "2027-12-11"]


@pytest.mark.parametrize(
    ("discreet", "title"), [(False, "育休の相談 二人目"), (True, "学び・相談")]
)
def test_agreed_time_is_in_it_and_a_discreet_class_without_its_purpose(
    desks: World, discreet: bool, title: str
) -> None:
    _agreed(desks, discreet=discreet)

    answer = _fetch(desks, _make(desks))

    assert _titles(answer) == [title]
    assert ("育休" in answer.get_data(as_text=True)) is not discreet


def test_time_that_nobody_agreed_to_is_not_in_it_and_nothing_of_others(desks: World) -> None:
    _agreed(desks, state=State.REQUESTED)
    assert _titles(_fetch(desks, _make(desks))) == []

    Request.update(state=State.AGREED).execute()
    assert _titles(_fetch(desks, _make(desks, "staff2@koriyama"))) == []


def test_a_feature_that_is_off_is_not_in_it(desks: World, open_desk: OpenDesk) -> None:
    open_desk()
    address = _make(desks)
    assert _titles(_fetch(desks, address)) == ["相談の日"]

    desks.switch(KORIYAMA, "desk", on=False)

    assert _titles(_fetch(desks, address)) == []


def test_what_has_not_changed_is_not_sent_again(
    desks: World, open_desk: OpenDesk, clock: FrozenClock
) -> None:
    open_desk()
    address = _make(desks)
    tag = _fetch(desks, address).headers["ETag"]
    clock.advance(hours=2)

    again = _fetch(desks, address, **{"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")

    open_desk(title="もう一つ")
    assert _titles(_fetch(desks, address, **{"If-None-Match": tag})) == ["相談の日", "もう一つ"]


def test_another_address_takes_the_place_of_the_first(desks: World) -> None:
    first = _make(desks)
    second = _make(desks)

    assert _fetch(desks, first).status_code == 404
    assert _fetch(desks, second).status_code == 200
    assert Feed.select().count() == 1


def test_an_address_that_is_ended_is_not_there_any_more(desks: World) -> None:
    address = _make(desks)
    client = desks.client_for(STAFF)

    answer = client.submit("/calendar/subscription/end", {}, form_at="/calendar/subscription")
    again = client.submit("/calendar/subscription/end", {}, form_at="/calendar/subscription/new")

    assert (answer.status_code, again.status_code) == (303, 303)
    assert _fetch(desks, address).status_code == 404
    assert Feed.select().count() == 0


def test_it_ends_when_the_person_leaves_and_does_not_come_back(
    desks: World, clock: FrozenClock
) -> None:
    address = _make(desks)
    person = desks.ctx_for(STAFF).person_id
    of_person = Appointment.person == person
    Appointment.update(ends_on=date(2026, 11, 10)).where(of_person).execute()
    assert _fetch(desks, address).status_code == 200

    clock.advance(days=1)
    assert _fetch(desks, address).status_code == 404

    assert end_with_posts(clock()) == 1
    Appointment.update(ends_on=None).where(of_person).execute()
    assert _fetch(desks, address).status_code == 404


def test_it_outlives_a_transfer_inside_the_town(desks: World, clock: FrozenClock) -> None:
    address = _make(desks)
    ctx = desks.ctx_for(STAFF)
    post = Appointment.get_by_id(ctx.acting.id)
    Appointment.update(ends_on=date(2026, 11, 10)).where(Appointment.id == post.id).execute()
    Appointment.create(
        person=post.person_id,
        municipality=post.municipality_id,
        section=desks.ctx_for("hr@koriyama").acting.section_id,
        employment=post.employment,
        starts_on=date(2026, 11, 11),
    )
    clock.advance(days=1)

    assert end_with_posts(clock()) == 0
    assert _fetch(desks, address).status_code == 200


def test_it_ends_while_the_provider_by_whose_word_it_was_made_is_stopped(desks: World) -> None:
    address = _make(desks)

    Provider.update(is_active=False).where(Provider.issuer == desks.issuer).execute()

    assert _fetch(desks, address).status_code == 404


@pytest.mark.parametrize("key", ["", "x", "A" * 43, "A" * 42 + "%00", "%E3%81%82" * 43, "A" * 9000])
def test_a_guessed_address_is_not_there_whatever_is_wrong_with_it(desks: World, key: str) -> None:
    _make(desks)

    answer = _fetch(desks, f"/calendar/feed.ics?key={key}")

    assert (answer.status_code, answer.get_data()) == (404, b"Not found\n")
    assert _fetch(desks, "/calendar/feed.ics").status_code == 404


def test_a_session_does_not_open_the_feed_of_its_person(desks: World) -> None:
    _make(desks)

    assert desks.client_for(STAFF).get("/calendar/feed.ics").status_code == 404


def test_whoever_guesses_on_is_sent_away_and_those_who_know_are_not(desks: World) -> None:
    address = _make(desks)
    guesser = desks.anonymous()

    answers = [guesser.get(f"/calendar/feed.ics?key={'A' * 43}").status_code for _ in range(62)]

    assert answers == [404] * 60 + [429] * 2
    assert _fetch(desks, address).status_code == 200


def test_a_program_that_fetches_all_the_time_is_told_to_wait(
    desks: World, clock: FrozenClock
) -> None:
    address = _make(desks)
    client = desks.anonymous()

    answers = [client.get(address).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]
    clock.advance(minutes=10)
    assert client.get(address).status_code == 200


def test_when_it_was_fetched_last_is_known_to_the_hour(desks: World, clock: FrozenClock) -> None:
    address = _make(desks)
    _fetch(desks, address)
    first = Feed.get().read_at
    clock.advance(minutes=59)
    _fetch(desks, address)
    assert Feed.get().read_at == first == clock() - timedelta(minutes=59)

    clock.advance(minutes=1)
    _fetch(desks, address)

    assert Feed.get().read_at == clock()


def test_the_secret_is_in_no_log(
    desks: World, open_desk: OpenDesk, caplog: pytest.LogCaptureFixture
) -> None:
    open_desk()
    with caplog.at_level(logging.DEBUG):
        address = _make(desks)
        _fetch(desks, address)
        _fetch(desks, address + "x")

    assert address.partition("=")[2] not in caplog.text
    # The access log of niwari serve has the path alone.
    assert address.partition("?")[0] == "/calendar/feed.ics"


def test_whose_municipality_forbids_it_reads_nothing_more(desks: World) -> None:
    from niwari.directory.models import Municipality
    from niwari.host.models import RolePermission

    address = _make(desks)
    town = desks.ctx_for(STAFF).municipality.id
    RolePermission.create(
        municipality_id=town,
        role="staff",
        permission="calendar.subscribe",
        is_given=False,
        changed_at=desks.clock(),
    )
    Municipality.update(revision=Municipality.revision + 1).where(Municipality.id == town).execute()

    assert _fetch(desks, address).status_code == 404
    assert desks.client_for(STAFF).get("/calendar/subscription").status_code == 403


def test_it_is_in_the_language_in_which_it_was_made(desks: World) -> None:
    answer = _fetch(desks, _make(desks, locale="en"))

    assert str(Calendar.from_ical(answer.get_data())["X-WR-CALNAME"]) == "Niwari"


def test_a_double_click_leaves_one_address_that_works(desks: World) -> None:
    client: Browser = desks.client_for(STAFF)
    token = client.token_at("/calendar/subscription/new")
    made = [client.post("/calendar/subscription/new", data={"csrf_token": token}) for _ in range(2)]

    addresses = [_ADDRESS.search(answer.get_data(as_text=True)) for answer in made]
    assert [_fetch(desks, found[1]).status_code for found in addresses if found] == [404, 200]
    database.connect(reuse_if_open=True)
    assert Feed.select().count() == 1


def test_what_is_more_than_a_page_takes_is_in_the_feed(
    desks: World, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        open_desk(title=f"相談{number}", day=date(2026, 11, 11 + number))
    monkeypatch.setattr("niwari.calendar.reading.PORTION", 2)

    assert len(_titles(_fetch(desks, _make(desks)))) == 5


def test_a_feed_that_leaves_something_out_says_so_on_the_day(
    desks: World, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        open_desk(title=f"相談{number}", day=date(2026, 11, 11 + number))
    monkeypatch.setattr("niwari.calendar.feed_views.MOST", 3)
    monkeypatch.setattr("niwari.calendar.reading.PORTION", 2)

    *before, last = _events(_fetch(desks, _make(desks)))

    assert [str(event["SUMMARY"]) for event in before] == ["相談0", "相談1", "相談2"]
    assert "ここにない予定があります" in str(last["SUMMARY"])
    assert last.decoded("DTSTART") == date(2026, 11, 13)
    assert str(last["URL"]) == "http://localhost/calendar/"
