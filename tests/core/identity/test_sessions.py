"""The session table: opening, reading, confirming, ending."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playhouse.shortcuts import model_to_dict

from niwari.audit.models import AuditEntry
from niwari.clock import tokyo_day
from niwari.config import Settings
from niwari.db import connection
from niwari.db.transaction import immediate
from niwari.directory.models import Appointment, Headship, Region, RegionMembership
from niwari.identity.models import RoleGrant, Session
from niwari.identity.sessions.stored import (
    SessionEnded,
    change_post,
    confirm_session,
    end_session,
    open_session,
    purge_expired,
    read_session,
    save_session,
)


@pytest.fixture
def settings(world: Any) -> Settings:
    found: Settings = world.settings
    return found


@pytest.fixture
def opened(world: Any, settings: Settings, ctx_for: Callable[[str], Any]) -> str:
    """The token of a session of staff@koriyama, opened now; the test holds a connection."""
    acting = ctx_for("staff@koriyama").acting
    return open_session(settings, world.clock(), appointment_id=acting.id)


def test_a_token_is_long_random_and_stored_as_its_hash_alone(
    world: Any, settings: Settings, ctx_for: Callable[[str], Any]
) -> None:
    acting = ctx_for("staff@koriyama").acting
    first, second = (
        open_session(settings, world.clock(), appointment_id=acting.id) for _ in range(2)
    )
    assert first != second
    assert len(first) == 43
    rows = {row.token_hash: row for row in Session.select()}
    assert set(rows) == {hashlib.sha256(token.encode()).hexdigest() for token in (first, second)}
    assert first not in str([row.__data__ for row in rows.values()])


def test_reading_gives_person_section_municipality_and_region(
    world: Any, settings: Settings, opened: str, ctx_for: Callable[[str], Any]
) -> None:
    ctx = ctx_for("staff@koriyama")
    state = read_session(settings, world.clock(), opened)
    assert state is not None
    assert state.person is not None
    assert state.person.appointment == ctx.appointment
    assert state.person.municipality == ctx.municipality
    assert state.person.municipality.region_id == Region.get().id
    assert state.person.roles == {"staff"}


def test_reading_costs_one_query(
    world: Any, settings: Settings, opened: str, queries: Callable[[], Any]
) -> None:
    with queries() as log:
        read_session(settings, world.clock(), opened)
    assert len(log) == 1


def test_roles_are_those_granted_and_head_by_headship(
    world: Any, settings: Settings, ctx_for: Callable[[str], Any]
) -> None:
    acting = ctx_for("head@koriyama").acting
    for role in ("hr", "auditor"):
        RoleGrant.insert(appointment=acting.id, role=role).execute()
    token = open_session(settings, world.clock(), appointment_id=acting.id)
    state = read_session(settings, world.clock(), token)
    assert state is not None
    assert state.person is not None
    assert state.person.roles == {"staff", "head", "hr", "auditor"}


def test_a_headship_counts_on_its_days_alone(
    world: Any, settings: Settings, ctx_for: Callable[[str], Any]
) -> None:
    acting = ctx_for("head@koriyama").acting
    today = tokyo_day(world.clock())
    token = open_session(settings, world.clock(), appointment_id=acting.id)
    for starts_on, ends_on, is_head in (
        (today - timedelta(days=9), today, True),
        (today, None, True),
        (today + timedelta(days=1), None, False),
        (today - timedelta(days=9), today - timedelta(days=1), False),
    ):
        Headship.update(starts_on=starts_on, ends_on=ends_on).where(
            Headship.appointment == acting.id
        ).execute()
        state = read_session(settings, world.clock(), token)
        assert state is not None
        assert state.person is not None
        assert ("head" in state.person.roles) is is_head


def test_a_membership_that_has_ended_gives_no_region(
    world: Any, settings: Settings, opened: str
) -> None:
    yesterday = tokyo_day(world.clock()) - timedelta(days=1)
    RegionMembership.update(ends_on=yesterday).execute()
    state = read_session(settings, world.clock(), opened)
    assert state is not None
    assert state.person is not None
    assert state.person.municipality.region_id is None


def test_the_municipalitys_revision_is_that_of_the_moment(
    world: Any, settings: Settings, opened: str, ctx_for: Callable[[str], Any]
) -> None:
    before = ctx_for("staff@koriyama").municipality.revision
    world.switch("072036", "consult", on=False)
    state = read_session(settings, world.clock(), opened)
    assert state is not None
    assert state.person is not None
    assert state.person.municipality.revision == before + 1


@pytest.mark.parametrize("token", ["", "short", "x" * 43, "ほ" * 43, "x" * 5000])
def test_an_unknown_token_opens_nothing(world: Any, settings: Settings, token: str) -> None:
    with connection():
        assert read_session(settings, world.clock(), token) is None


def test_nonsense_in_the_cookie_costs_no_query(
    world: Any, settings: Settings, queries: Callable[[], Any]
) -> None:
    with queries() as log:
        assert read_session(settings, world.clock(), "x' OR 1=1 --") is None
    assert len(log) == 0


def test_a_session_ends_after_its_idle_minutes(world: Any, settings: Settings, opened: str) -> None:
    world.clock.advance(minutes=settings.session_idle_minutes - 1)
    assert read_session(settings, world.clock(), opened) is not None
    world.clock.advance(minutes=1)
    assert read_session(settings, world.clock(), opened) is None


def test_a_session_in_use_ends_after_its_hours_all_the_same(
    world: Any, settings: Settings, opened: str
) -> None:
    for _ in range(settings.session_hours - 1):
        world.clock.advance(hours=1)
        state = read_session(settings, world.clock(), opened)
        assert state is not None
        save_session(opened, world.clock(), data=None)
    world.clock.advance(hours=1)
    assert read_session(settings, world.clock(), opened) is None


def test_a_request_that_ends_after_the_token_was_changed_writes_nothing(
    world: Any, settings: Settings, opened: str
) -> None:
    post = world.ctx_for("staff@koriyama").acting.id
    successor = change_post(opened, post, post)
    assert successor is not None
    save_session(opened, world.clock(), data='{"csrf_token": "of the former post"}')
    state = read_session(settings, world.clock(), successor)
    assert state is not None
    assert "former" not in state.data


def test_a_session_is_stale_after_five_minutes_until_its_use_is_written(
    world: Any, settings: Settings, opened: str
) -> None:
    world.clock.advance(minutes=4)
    state = read_session(settings, world.clock(), opened)
    assert state is not None
    assert not state.is_stale
    world.clock.advance(minutes=1)
    state = read_session(settings, world.clock(), opened)
    assert state is not None
    assert state.is_stale
    save_session(opened, world.clock(), data=None)
    state = read_session(settings, world.clock(), opened)
    assert state is not None
    assert not state.is_stale


def test_with_a_short_idle_limit_use_is_written_in_time(world: Any, opened: str) -> None:
    short = Settings(home=world.settings.home, environment="test", session_idle_minutes=2)
    world.clock.advance(minutes=1)
    state = read_session(short, world.clock(), opened)
    assert state is not None
    assert state.is_stale


def test_a_session_is_of_no_use_from_the_day_after_the_appointment(
    world: Any, settings: Settings, opened: str
) -> None:
    today = tokyo_day(world.clock())
    Appointment.update(ends_on=today).execute()
    assert read_session(settings, world.clock(), opened) is not None
    Appointment.update(ends_on=today - timedelta(days=1)).execute()
    assert read_session(settings, world.clock(), opened) is None


def confirmed(world: Any, ctx: Any, token: str) -> str:
    return confirm_session(
        ctx, token, idp_session="later", auth_time=world.clock(), data='{"id_token": "later"}'
    )


def is_recent(world: Any, token: str) -> bool | None:
    state = read_session(world.settings, world.clock(), token)
    return None if state is None else state.is_recent


def test_a_session_is_recent_for_ten_minutes_after_the_person_showed_who_they_are(
    world: Any, settings: Settings, ctx_for: Callable[[str], Any]
) -> None:
    token = open_session(
        settings,
        world.clock(),
        appointment_id=ctx_for("staff@koriyama").acting.id,
        auth_time=world.clock() - timedelta(minutes=1),
    )
    assert is_recent(world, token) is True
    world.clock.advance(minutes=9)
    assert is_recent(world, token) is False


def test_where_the_provider_did_not_say_when_a_session_is_not_recent(
    world: Any, opened: str
) -> None:
    assert is_recent(world, opened) is False


def test_confirming_makes_it_recent_under_a_new_token_and_it_ends_when_it_would_have(
    world: Any, opened: str, ctx_for: Callable[[str], Any]
) -> None:
    ends = Session.get().expires_at
    world.clock.advance(minutes=30)
    successor = confirmed(world, ctx_for("staff@koriyama"), opened)
    assert is_recent(world, successor) is True
    assert is_recent(world, opened) is None
    row = Session.get()
    assert (row.expires_at, row.idp_session, row.data) == (ends, "later", '{"id_token": "later"}')


def test_the_audit_says_who_confirmed(
    world: Any, opened: str, ctx_for: Callable[[str], Any]
) -> None:
    ctx = ctx_for("staff@koriyama")
    confirmed(world, ctx, opened)
    (entry,) = AuditEntry.select().where(AuditEntry.action == "identity.confirm")
    assert (entry.actor_id, entry.object_kind, entry.object_id) == (
        ctx.acting.id,
        "person",
        ctx.person_id,
    )


def test_of_two_confirmations_of_one_token_the_second_is_refused(
    world: Any, opened: str, ctx_for: Callable[[str], Any]
) -> None:
    ctx = ctx_for("staff@koriyama")
    confirmed(world, ctx, opened)
    with pytest.raises(SessionEnded):
        confirmed(world, ctx, opened)
    assert AuditEntry.select().where(AuditEntry.action == "identity.confirm").count() == 1


def test_nobody_confirms_the_session_of_somebody_else(
    world: Any, opened: str, ctx_for: Callable[[str], Any]
) -> None:
    with pytest.raises(SessionEnded):
        confirmed(world, ctx_for("head@koriyama"), opened)
    assert is_recent(world, opened) is False


def test_ending_ends_the_one_session(
    world: Any, settings: Settings, opened: str, ctx_for: Callable[[str], Any]
) -> None:
    acting = ctx_for("staff@koriyama").acting
    other = open_session(settings, world.clock(), appointment_id=acting.id)
    end_session(opened)
    assert read_session(settings, world.clock(), opened) is None
    assert read_session(settings, world.clock(), other) is not None


def test_purging_removes_what_has_expired_and_nothing_else(
    world: Any, settings: Settings, opened: str, ctx_for: Callable[[str], Any]
) -> None:
    world.clock.advance(hours=1)
    later = open_session(settings, world.clock(), appointment_id=ctx_for("head@koriyama").acting.id)
    world.clock.advance(hours=settings.session_hours - 1)
    assert purge_expired(world.clock()) == 1
    (row,) = Session.select()
    assert row.token_hash == hashlib.sha256(later.encode()).hexdigest()


@pytest.mark.slow
def test_purging_walks_indexes_however_many_sessions_and_people_there_are(
    world: Any, opened: str, plans: Callable[..., list[str]]
) -> None:
    appointment = Session.get().appointment_id
    now = world.clock()
    many = [
        {
            "token_hash": f"{number:064}",
            "appointment": appointment,
            "created_at": now,
            "seen_at": now,
            "expires_at": now + timedelta(hours=1, seconds=number),
        }
        for number in range(3_000)
    ]
    with immediate():
        Session.insert_many(many).execute()
    posts = [
        {**model_to_dict(Appointment.get_by_id(appointment), recurse=False), "id": 10_000 + number}
        for number in range(3_000)
    ]
    with immediate():
        Appointment.insert_many(posts).execute()
    assert plans(lambda: purge_expired(world.clock())) == []
