"""What is called off (L4): its hours are free again, its oral OK waits no more, its reason is one."""

from datetime import timedelta

import pytest

from niwari.clock import TOKYO
from niwari.ledger.closing.preview import next_to_close
from niwari.ledger.deciding import revoking
from niwari.ledger.errors import Overlap
from niwari.ledger.models import Request, State
from niwari.ledger.plans import plans_between

from .conftest import WEDNESDAY
from .test_oral import note
from .test_views_oral import click

STAFF, HEAD, HR = "staff@koriyama", "head@koriyama", "hr@koriyama"


@pytest.fixture
def running(ledger):
    """From 13:00 to 16:00 of 18 November; it is 13:40."""
    request = ledger.agreed(at=("13:00", "16:00"))
    ledger.now(11, 18, 13, 40)
    return request


def revoke(ledger, request):
    return revoking.revoke(ledger.ctx(HEAD), request.id, key=ledger.key())


def planned(ledger):
    """Return when what is in the person's calendar ends, on the wall."""
    plans = plans_between(ledger.ctx(STAFF), WEDNESDAY, WEDNESDAY)
    return [one.at.ends_at.astimezone(TOKYO).strftime("%H:%M") for one in plans]


class TestTheHours:
    def test_what_is_called_off_of_an_interval_is_free_for_something_else(self, ledger, running):
        with pytest.raises(Overlap):
            ledger.ask(at=("14:00", "15:00"))
        revoke(ledger, running)
        assert ledger.agreed(at=("14:00", "15:00")).state == State.AGREED

    def test_also_once_its_past_is_recorded(self, ledger, running):
        revoke(ledger, running)
        ledger.record(running, 40)
        assert ledger.ask(at=("14:00", "15:00")).state == State.REQUESTED

    def test_the_persons_calendar_ends_it_then(self, ledger, running):
        assert planned(ledger) == ["16:00"]
        revoke(ledger, running)
        assert planned(ledger) == ["13:40"]

    def test_a_minute_that_has_begun_is_past(self, ledger, running):
        ledger.world.clock.advance(seconds=30)
        revoke(ledger, running)
        assert planned(ledger) == ["13:41"]

    def test_shortened_to_more_than_is_past_it_keeps_its_hours(self, ledger, running):
        revoking.shorten(ledger.ctx(HEAD), running.id, key="k", minutes=60)
        assert planned(ledger) == ["16:00"]
        with pytest.raises(Overlap):
            ledger.ask(at=("14:00", "15:00"))

    def test_shortened_before_it_begins_it_keeps_its_hours(self, ledger):
        request = ledger.agreed(at=("13:00", "16:00"))
        revoking.shorten(ledger.ctx(HEAD), request.id, key="k", minutes=60)
        assert planned(ledger) == ["16:00"]


@pytest.mark.parametrize(
    ("state", "waits"),
    [
        (State.AGREED, 1),
        (State.RECORDED, 1),
        (State.WITHDRAWN, 0),
        (State.REVOKED, 0),
        (State.DECLINED, 0),
    ],
)
def test_an_oral_ok_waits_at_closing_only_where_it_says_something(ledger, state, waits):
    request = note(ledger, WEDNESDAY)
    Request.update(state=state).where(Request.id == request.id).execute()
    ledger.now(12, 2, 9)
    assert next_to_close(ledger.ctx(HR)).oral == waits


class TestTheReason:
    def test_the_default_is_stored_in_its_own_words_in_whatever_language(self, ledger, client_for):
        head = client_for(HEAD)
        head.set_cookie("niwari_locale", "en")
        for number, path in enumerate(("shorten", "revoke")):
            request = ledger.agreed(WEDNESDAY + timedelta(days=number), 60)
            address = f"/ledger/requests/{request.id}"
            values = {"reason": "For reasons of duty", "minutes": "30"}
            assert click(head, address, path, address, **values).status_code == 303
            assert Request.get_by_id(request.id).ended_reason == revoking.DEFAULT_REASON

    def test_also_of_what_somebody_brought_along(self, ledger, client_for):
        request = ledger.agreed(WEDNESDAY, 60)
        Request.update(reagree_since=WEDNESDAY).where(Request.id == request.id).execute()
        head = client_for(HEAD)
        head.set_cookie("niwari_locale", "en")
        listed = "/ledger/transferred"
        address = f"/ledger/requests/{request.id}/call-off"
        head.submit(address, {"reason": "For reasons of duty"}, form_at=listed)
        stored = Request.get_by_id(request.id)
        assert (stored.state, stored.ended_reason) == (State.REVOKED, revoking.DEFAULT_REASON)
