"""Normal duties first: the head shortens or calls off what is still to come (rule L4)."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry, AuditValue
from niwari.db import rows
from niwari.errors import Invalid, NotFound
from niwari.events.models import Event
from niwari.ledger.asking import requests
from niwari.ledger.deciding import revoking
from niwari.ledger.errors import AlreadyDecided, NothingAhead, OwnRequest, PastStays
from niwari.ledger.models import Request, State
from niwari.testing.told import told

from .conftest import OFFERED, WEDNESDAY

STAFF, HEAD = "staff@koriyama", "head@koriyama"
TODAY = date(2026, 11, 10)


def revoke(ledger, request, by=HEAD, key=None, reason=""):
    """Call off what is still to come."""
    return revoking.revoke(ledger.ctx(by), request.id, key=key or ledger.key(), reason=reason)


def shorten(ledger, request, minutes, by=HEAD, key=None):
    """Leave so many minutes."""
    return revoking.shorten(ledger.ctx(by), request.id, key=key or ledger.key(), minutes=minutes)


def stored(request):
    """Return a request as it is in the database."""
    return Request.get_by_id(request.id)


def published():
    """Return the names of the ledger's events so far."""
    return [name for (name,) in rows(Event.select(Event.name).order_by(Event.id))]


class TestBeforeTheStart:
    def test_all_of_it_returns_to_what_is_free(self, ledger):
        request = revoke(ledger, ledger.agreed(WEDNESDAY, 120))
        found = stored(request)
        assert found.__data__ == {**request.__data__}
        assert (found.state, found.ended_reason) == (State.REVOKED, "業務都合のため")
        assert found.ended_by_id == ledger.ctx(HEAD).acting.id
        assert found.ended_at == ledger.world.clock()
        assert ledger.journal() == [("agreement", 0, 0, 120), ("release", 0, 0, -120)]
        assert ledger.amounts() == (0, 0, 1767)

    def test_or_a_part_of_it(self, ledger):
        found = stored(shorten(ledger, ledger.agreed(WEDNESDAY, 120), 45))
        assert (found.state, found.agreed_minutes) == (State.PARTLY_AGREED, 45)
        assert ledger.amounts() == (0, 45, 1722)
        ledger.now(11, 18, 17)
        ledger.record(found, 45)
        assert ledger.amounts() == (45, 0, 1722)

    def test_shortened_it_can_be_called_off_later(self, ledger):
        request = shorten(ledger, ledger.agreed(WEDNESDAY, 120), 45)
        assert revoke(ledger, request).state == State.REVOKED
        assert ledger.amounts() == (0, 0, 1767)

    @pytest.mark.parametrize("minutes", [-1, 120, 500])
    def test_shortening_leaves_less_and_no_less_than_nothing(self, ledger, minutes):
        with pytest.raises(PastStays) as raised:
            shorten(ledger, ledger.agreed(WEDNESDAY, 120), minutes)
        assert raised.value.field == "minutes"
        assert ledger.amounts() == (0, 120, 1647)

    def test_to_nothing_is_calling_it_off(self, ledger):
        assert shorten(ledger, ledger.agreed(WEDNESDAY, 120), 0).state == State.REVOKED

    def test_also_where_leave_covers_it_meanwhile(self, ledger):
        request = ledger.agreed(at=("15:00", "16:00"))
        ledger.leave(STAFF, "annual", "2026-11-18T13:00", "2026-11-18T17:15")
        assert revoke(ledger, request).state == State.REVOKED

    def test_what_does_not_count_is_called_off_as_well(self, ledger):
        request = revoke(ledger, ledger.agreed(WEDNESDAY, 120, activity="training"))
        assert request.state == State.REVOKED
        assert ledger.amounts() == (0, 0, 1767)


class TestBegun:
    """Past minutes stay, and what is recorded is never touched."""

    def test_of_an_interval_the_part_before_now_stays_and_is_recorded(self, ledger):
        request = ledger.agreed(at=("15:00", "16:00"))
        ledger.now(11, 18, 15, 20)
        found = stored(revoke(ledger, request))
        assert (found.state, found.agreed_minutes) == (State.PARTLY_AGREED, 20)
        assert ledger.amounts() == (0, 20, 1747)
        ledger.record(found, 20)
        assert ledger.amounts() == (20, 0, 1747)

    def test_and_shortening_cannot_go_below_it(self, ledger):
        request = ledger.agreed(at=("15:00", "16:00"))
        ledger.now(11, 18, 15, 20)
        with pytest.raises(PastStays) as raised:
            shorten(ledger, request, 19)
        assert raised.value.params == {"least": 20, "agreed": 60}
        assert shorten(ledger, request, 30).agreed_minutes == 30

    def test_of_a_date_and_minutes_what_can_still_be_recorded_today_is_the_heads_number(
        self, ledger
    ):
        request = ledger.agreed(WEDNESDAY, 120)
        ledger.now(11, 18, 10)
        assert shorten(ledger, request, 60).agreed_minutes == 60
        ledger.record(request, 60)
        assert ledger.amounts() == (60, 0, 1707)

    def test_but_not_what_fits_no_longer_into_the_day(self, ledger):
        """At 16:00 the day has 75 minutes left, so 45 of 120 lie in the past."""
        request = ledger.agreed(WEDNESDAY, 120)
        ledger.now(11, 18, 16)
        with pytest.raises(PastStays) as raised:
            shorten(ledger, request, 44)
        assert raised.value.params["least"] == 45
        assert revoke(ledger, request).agreed_minutes == 45

    def test_what_runs_on_over_the_month_can_be_cut_later(self, ledger):
        request = ledger.agreed(WEDNESDAY, 1000)
        ledger.now(11, 20, 9)
        assert shorten(ledger, request, 900).agreed_minutes == 900
        ledger.now(12, 1, 9)
        with pytest.raises(NothingAhead):
            revoke(ledger, request)

    @pytest.mark.parametrize("wanted", [{"at": ("15:00", "16:00")}, {"minutes": 60}])
    def test_when_it_is_over_nothing_is_left_to_call_off(self, ledger, wanted):
        request = ledger.agreed(**wanted)
        ledger.now(11, 19, 9)
        with pytest.raises(NothingAhead) as raised:
            revoke(ledger, request)
        assert raised.value.rule == "L4"
        assert ledger.amounts() == (0, 60, 1707)

    def test_what_is_recorded_stays(self, ledger):
        request = ledger.agreed(TODAY, 60)
        ledger.record(request, 60)
        with pytest.raises(AlreadyDecided):
            revoke(ledger, request)
        assert ledger.amounts() == (60, 0, 1707)


class TestWhoAndOnce:
    def test_a_second_click_releases_once(self, ledger):
        request = ledger.agreed(WEDNESDAY, 120)
        for _ in range(2):
            assert revoke(ledger, request, key="click").state == State.REVOKED
        other = ledger.agreed(WEDNESDAY, 120)
        for _ in range(2):
            assert shorten(ledger, other, 60, key="click").agreed_minutes == 60
        assert len(ledger.journal()) == 4

    def test_the_second_head_is_told_that_it_is_done(self, ledger, head_away):
        request = ledger.agree(ledger.ask(WEDNESDAY, 60, by="member@x"), by="head@x")
        revoke(ledger, request, "first@x")
        with pytest.raises(AlreadyDecided):
            revoke(ledger, request, "head@x")

    def test_who_when_why_and_on_whose_behalf(self, ledger, head_away):
        request = ledger.agree(ledger.ask(WEDNESDAY, 60, by="member@x"), by="head@x")
        revoke(ledger, request, "first@x", reason="議会の準備のため")
        assert stored(request).ended_for_id == head_away["head"].id
        row = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
        assert (row.action, row.actor_id, row.on_behalf_of_id) == (
            "ledger.revoke",
            head_away["first"].id,
            head_away["head"].id,
        )
        assert "議会の準備のため" in AuditValue.get_by_id(row.id).content

    def test_not_ones_own_not_another_heads_not_another_towns(self, ledger):
        request = ledger.agreed(WEDNESDAY, 60)
        with pytest.raises(OwnRequest):
            revoke(ledger, request, STAFF)
        for login in ("head2@koriyama", "head@sukagawa", "staff2@koriyama"):
            with pytest.raises(NotFound):
                revoke(ledger, request, login)
        assert ledger.amounts() == (0, 60, 1707)

    def test_what_is_not_agreed_to_is_not_called_off(self, ledger):
        with pytest.raises(AlreadyDecided):
            revoke(ledger, ledger.ask(WEDNESDAY, 60))

    def test_a_reason_is_no_novel(self, ledger):
        with pytest.raises(Invalid) as raised:
            revoke(ledger, ledger.agreed(WEDNESDAY, 60), reason="あ" * 401)
        assert raised.value.field == "reason"


class TestTelling:
    def test_the_person_is_told(self, ledger):
        revoke(ledger, ledger.agreed(WEDNESDAY, 60))
        shorten(ledger, ledger.agreed(WEDNESDAY, 60), 30)
        said = [
            (one.login, one.values["answer"]["ja"])
            for one in told()
            if one.code == "ledger.revoked"
        ]
        assert said == [(STAFF, "業務都合による取りやめ"), (STAFF, "短くしました")]

    def test_whoever_waits_in_a_plugin_hears_of_it(self, ledger):
        for act in (revoke, lambda *them: shorten(*them, 30)):
            wish = ledger.wish(WEDNESDAY, 60)
            asked = requests.ask(ledger.ctx(STAFF), wish, OFFERED, ("dummy.note", 7))
            ledger.agree(asked)
            act(ledger, asked)
        assert [name for name in published() if "Agreed" not in name] == [
            "ledger.RequestRevoked",
            "ledger.RequestShortened",
        ]

    def test_where_nobody_waits_nothing_is_published(self, ledger):
        revoke(ledger, ledger.agreed(WEDNESDAY, 60))
        assert published() == []
