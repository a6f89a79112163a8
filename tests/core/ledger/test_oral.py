"""An oral OK: noted before the start, reserved at once, confirmed or denied later (rule L1)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import TOKYO
from niwari.db import transaction
from niwari.directory.models import Appointment, Person
from niwari.errors import Invalid, NotFound
from niwari.host.settings import save_settings
from niwari.ledger.asking import requests
from niwari.ledger.asking.oral import is_unconfirmed
from niwari.ledger.asking.wishes import OralOk
from niwari.ledger.deciding import confirming
from niwari.ledger.deciding.unconfirmed import to_confirm
from niwari.ledger.errors import (
    AlreadyAsked,
    AlreadyDecided,
    BadOralTime,
    ClosedPeriod,
    NotAnswering,
    OralNotUsed,
    OverFree,
    OwnRequest,
    TooLate,
)
from niwari.ledger.models import Account, Request, State
from niwari.testing.told import told

from .conftest import OFFERED, WEDNESDAY

STAFF, HEAD = "staff@koriyama", "head@koriyama"
NOW = datetime(2026, 11, 10, 9, tzinfo=TOKYO)


def post_of(login):
    """Return the id of the post of a person who has one."""
    return Appointment.get(Appointment.person == Person.get(Person.login == login)).id


def yes(by=HEAD, at=NOW):
    """Return that ``by`` said yes."""
    return OralOk(post_of(by), at)


def note(ledger, day=WEDNESDAY, minutes=60, *, by=STAFF, ok=None, **other):
    """Ask as ``by`` with an oral OK."""
    wish = ledger.wish(day, minutes, **other)
    return requests.ask(ledger.ctx(by), replace(wish, oral=ok or yes()), OFFERED)


def confirm(ledger, request, by=HEAD, key=None):
    """Confirm with a new key."""
    return confirming.confirm(ledger.ctx(by), request.id, key=key or ledger.key())


def deny(ledger, request, by=HEAD, key=None, note="聞いていません。"):
    """Deny with a new key."""
    return confirming.deny(ledger.ctx(by), request.id, key=key or ledger.key(), note=note)


def stored(request):
    """Return a request as it is in the database."""
    return Request.get_by_id(request.id)


@pytest.fixture
def choose_oral(ledger):
    """Let Koriyama use oral OKs, or not."""

    def choose(*, on):
        ctx = ledger.ctx("it@koriyama")
        with transaction(ctx):
            save_settings(ctx, "ledger", "municipality", {"oral": on})

    return choose


def close_november():
    """Close the accounts of November 2026, as closing does."""
    Account.update(closed_at=NOW).where(Account.starts_on == date(2026, 11, 1)).execute()


class TestNoting:
    def test_the_minutes_are_reserved_at_once_and_who_said_yes_is_stored(self, ledger):
        request = stored(note(ledger))
        assert (request.state, request.agreed_minutes) == (State.AGREED, 60)
        assert (request.oral_by_id, request.oral_at, request.oral_answer) == (
            post_of(HEAD),
            NOW,
            "waiting",
        )
        assert ledger.amounts() == (0, 60, 1707)
        assert ledger.journal() == [("agreement", 0, 0, 60)]
        assert is_unconfirmed(request)

    def test_the_head_is_asked_to_confirm_and_not_to_agree(self, ledger):
        note(ledger)
        assert [(one.login, one.code) for one in told()] == [(HEAD, "ledger.oral")]

    def test_over_free_it_is_refused_and_fewer_minutes_go(self, ledger):
        """L3: what is left is said, and the person may name fewer."""
        ledger.agreed(WEDNESDAY, 1700)
        with pytest.raises(OverFree) as raised:
            note(ledger, date(2026, 11, 24), 68)
        assert (raised.value.params, raised.value.field) == ({"free": 67}, "minutes")
        assert ledger.amounts() == (0, 1700, 67)
        assert Request.select().count() == 1
        assert note(ledger, date(2026, 11, 24), 67).state == State.AGREED

    def test_a_second_click_is_the_same_request(self, ledger):
        wish = replace(ledger.wish(WEDNESDAY, 60), oral=yes())
        first, second = (requests.ask(ledger.ctx(STAFF), wish, OFFERED) for _ in range(2))
        assert first.id == second.id
        assert ledger.journal() == [("agreement", 0, 0, 60)]

    def test_the_same_form_without_the_tick_is_another_wish(self, ledger):
        wish = ledger.wish(WEDNESDAY, 60)
        requests.ask(ledger.ctx(STAFF), wish, OFFERED)
        with pytest.raises(AlreadyAsked):
            requests.ask(ledger.ctx(STAFF), replace(wish, oral=yes()), OFFERED)

    def test_a_returned_one_may_come_again_with_an_oral_ok(self, ledger):
        first = ledger.return_(ledger.ask(WEDNESDAY, 60))
        wish = replace(ledger.wish(WEDNESDAY, 30), oral=yes())
        again = requests.ask_again(ledger.ctx(STAFF), first.id, wish, OFFERED)
        assert (again.state, again.agreed_minutes, again.reminded) == (State.AGREED, 30, 0)

    def test_it_is_before_the_start(self, ledger):
        ledger.now(11, 18, 15)
        with pytest.raises(TooLate):
            note(ledger, minutes=None, at=("15:00", "16:00"))

    @pytest.mark.parametrize("who", [STAFF, "staff2@koriyama", "head2@koriyama", "head@sukagawa"])
    def test_only_who_answers_can_have_said_yes(self, ledger, who):
        with pytest.raises(NotAnswering):
            note(ledger, ok=yes(who))
        assert ledger.journal() == []

    def test_a_heads_own_request_is_agreed_to_by_the_superior_alone(self, ledger, office):
        with pytest.raises(NotAnswering):
            note(ledger, by="head@x", ok=yes("head@x"))
        assert note(ledger, by="head@x", ok=yes("director@x")).state == State.AGREED

    def test_who_stands_in_may_have_said_it_while_the_head_is_away(self, ledger, head_away):
        assert note(ledger, by="member@x", ok=yes("first@x")).state == State.AGREED
        with pytest.raises(NotAnswering):
            note(ledger, by="member@x", ok=yes("second@x"))

    def test_not_in_the_future(self, ledger):
        with pytest.raises(BadOralTime):
            note(ledger, ok=yes(at=NOW + timedelta(minutes=1)))

    def test_no_older_than_five_working_days(self, ledger):
        # 3 November is a holiday: five working days before the 10th is the 2nd.
        assert note(ledger, ok=yes(at=datetime(2026, 11, 2, 9, tzinfo=TOKYO)))
        with pytest.raises(BadOralTime) as raised:
            note(ledger, ok=yes(at=datetime(2026, 10, 29, 9, tzinfo=TOKYO)))
        assert raised.value.field == "oral_day"

    @pytest.mark.parametrize("year", [1, 1900, 1950])
    def test_nor_of_a_year_whose_working_days_nobody_knows(self, ledger, year):
        with pytest.raises(BadOralTime) as refused:
            note(ledger, ok=yes(at=datetime(year, 1, 4, 10, tzinfo=TOKYO)))
        assert refused.value.field == "oral_day"

    def test_where_the_town_uses_none_it_is_refused(self, ledger, choose_oral):
        choose_oral(on=False)
        with pytest.raises(OralNotUsed):
            note(ledger)
        assert ledger.amounts() == (0, 0, 1767)


class TestConfirming:
    def test_one_tap_confirms_and_moves_nothing(self, ledger):
        request = confirm(ledger, note(ledger))
        found = stored(request)
        assert (found.oral_answer, found.state) == ("confirmed", State.AGREED)
        assert found.oral_answered_by_id == found.decided_by_id == post_of(HEAD)
        assert not is_unconfirmed(found)
        assert len(ledger.journal()) == 1
        assert to_confirm(ledger.ctx(HEAD)) == []

    def test_days_later_also_when_it_is_recorded(self, ledger):
        request = note(ledger)
        ledger.now(11, 18, 17)
        ledger.record(request, 60)
        assert confirm(ledger, request).state == State.RECORDED
        assert ledger.amounts() == (60, 0, 1707)

    def test_the_list_shows_the_due_day_and_what_is_late(self, ledger):
        note(ledger)
        (shown,) = to_confirm(ledger.ctx(HEAD))
        assert (shown.due, shown.late, shown.oral_by_name) == (
            date(2026, 11, 17),
            False,
            ledger.ctx(HEAD).acting.person_name,
        )
        ledger.now(11, 17, 23)
        assert not to_confirm(ledger.ctx(HEAD))[0].late
        ledger.now(11, 18, 0)
        assert to_confirm(ledger.ctx(HEAD))[0].late

    def test_a_discreet_class_is_learning_and_consulting_to_the_head(self, ledger):
        note(ledger, activity="consult")
        assert to_confirm(ledger.ctx(HEAD))[0].request.activity == "general"

    def test_a_second_click_changes_nothing_and_a_second_head_is_told(self, ledger, head_away):
        request = note(ledger, by="member@x", ok=yes("first@x"))
        confirm(ledger, request, "first@x", "click")
        before = AuditEntry.select().count()
        confirm(ledger, request, "first@x", "click")
        assert AuditEntry.select().count() == before
        for answer in (confirm, deny):
            with pytest.raises(AlreadyDecided):
                answer(ledger, request, "head@x")

    def test_a_stand_in_confirms_in_the_heads_place(self, ledger, head_away):
        request = confirm(ledger, note(ledger, by="member@x", ok=yes("head@x")), "first@x")
        assert stored(request).on_behalf_of_id == head_away["head"].id
        row = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
        assert (row.action, row.on_behalf_of_id) == ("ledger.confirm_oral", head_away["head"].id)

    def test_not_ones_own_not_another_heads_not_another_towns(self, ledger):
        request = note(ledger)
        with pytest.raises(OwnRequest):
            confirm(ledger, request, STAFF)
        for login in ("head2@koriyama", "head@sukagawa", "staff2@koriyama"):
            with pytest.raises(NotFound):
                confirm(ledger, request, login)

    def test_where_nothing_waits_there_is_nothing_to_confirm(self, ledger):
        with pytest.raises(AlreadyDecided):
            confirm(ledger, ledger.agreed(WEDNESDAY, 60))
        request = note(ledger)
        ledger.withdraw(request)
        with pytest.raises(AlreadyDecided):
            confirm(ledger, request)
        assert to_confirm(ledger.ctx(HEAD)) == []

    def test_unconfirmed_at_closing_it_stays_so(self, ledger):
        request = note(ledger)
        close_november()
        with pytest.raises(ClosedPeriod):
            confirm(ledger, request)
        assert is_unconfirmed(stored(request))
        assert to_confirm(ledger.ctx(HEAD)) == []


class TestDenying:
    def test_the_reservation_is_released_and_the_person_told(self, ledger):
        request = stored(deny(ledger, note(ledger)))
        assert (request.state, request.oral_answer) == (State.REVOKED, "denied")
        assert (request.ended_reason, request.ended_by_id) == ("聞いていません。", post_of(HEAD))
        assert ledger.amounts() == (0, 0, 1767)
        assert [one.login for one in told() if one.code == "ledger.oral_denied"] == [STAFF]

    def test_recorded_minutes_stay_and_are_flagged(self, ledger):
        request = note(ledger)
        ledger.now(11, 18, 17)
        ledger.record(request, 60)
        denied = stored(deny(ledger, request))
        assert (denied.state, denied.oral_answer) == (State.RECORDED, "denied")
        assert is_unconfirmed(denied)
        assert ledger.amounts() == (60, 0, 1707)

    @pytest.mark.parametrize("word", ["", "  ", "あ" * 401])
    def test_a_word_is_needed(self, ledger, word):
        request = note(ledger)
        with pytest.raises(Invalid) as raised:
            deny(ledger, request, note=word)
        assert raised.value.field == "note"
        assert stored(request).state == State.AGREED

    def test_a_second_click_releases_once(self, ledger):
        request = note(ledger)
        for _ in range(2):
            deny(ledger, request, key="click")
        assert ledger.journal() == [("agreement", 0, 0, 60), ("release", 0, 0, -60)]
