"""Answering in a head's place: by a delegation, and by post order while the head is away (L9)."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.directory import standing_in
from niwari.directory.models import Appointment, Person
from niwari.errors import NotFound
from niwari.ledger import sight
from niwari.ledger.asking import requests
from niwari.ledger.deciding import waiting_list
from niwari.ledger.errors import NoHead, OwnRequest
from niwari.ledger.models import Request, State

from .conftest import OFFERED, WEDNESDAY

TODAY = date(2026, 11, 10)


def lists(ledger, login):
    """Return whose requests wait in somebody's list."""
    return [one.request.id for one in waiting_list.waiting_for(ledger.ctx(login))]


def delegate(ledger, login="member@x", by="head@x"):
    """Let somebody stand in for the head of 税務課 this week."""
    section = Appointment.get(Appointment.person == Person.get(Person.login == "head@x"))
    return standing_in.give_delegation(
        ledger.ctx(by),
        section.section_id,
        login=login,
        starts_on=TODAY,
        ends_on=date(2026, 11, 13),
        reason="出張のため",
    )


class TestPostOrder:
    def test_while_the_head_is_there_nobody_stands_in(self, ledger, office):
        request = ledger.ask(WEDNESDAY, 60, by="member@x")
        assert [lists(ledger, one) for one in ("head@x", "first@x")] == [[request.id], []]
        with pytest.raises(NotFound):
            ledger.agree(request, by="first@x")

    def test_while_the_head_is_on_leave_the_first_answers_and_not_the_second(
        self, ledger, head_away
    ):
        request = ledger.ask(WEDNESDAY, 60, by="member@x")
        found = [lists(ledger, one) for one in ("head@x", "first@x", "second@x", "director@x")]
        assert found == [[request.id], [request.id], [], []]
        assert ledger.agree(request, by="first@x").state == State.AGREED

    def test_where_the_first_is_on_leave_too_the_second_answers(self, ledger, head_away):
        ledger.leave("first@x", "annual", "2026-11-10T08:30", "2026-11-10T17:15")
        request = ledger.ask(WEDNESDAY, 60, by="member@x")
        assert [lists(ledger, one) for one in ("first@x", "second@x")] == [[], [request.id]]

    def test_the_firsts_own_request_goes_to_the_second(self, ledger, head_away):
        request = ledger.ask(WEDNESDAY, 60, by="first@x")
        assert [lists(ledger, one) for one in ("first@x", "second@x")] == [[], [request.id]]
        with pytest.raises(OwnRequest):
            ledger.agree(request, by="first@x")
        assert ledger.agree(request, by="second@x").state == State.AGREED

    def test_the_seconds_own_request_goes_to_the_first(self, ledger, head_away):
        request = ledger.ask(WEDNESDAY, 60, by="second@x")
        assert [lists(ledger, one) for one in ("first@x", "second@x")] == [[request.id], []]

    def test_the_heads_own_request_goes_to_the_superior_and_to_no_subordinate(
        self, ledger, head_away
    ):
        request = ledger.ask(WEDNESDAY, 60, by="head@x")
        assert [lists(ledger, one) for one in ("first@x", "director@x")] == [[], [request.id]]

    def test_it_ends_when_the_leave_ends(self, ledger, head_away):
        request = ledger.ask(WEDNESDAY, 60, by="member@x")
        ledger.now(11, 11, 17, 14)
        assert lists(ledger, "first@x") == [request.id]
        ledger.now(11, 11, 17, 15)
        assert lists(ledger, "first@x") == []

    def test_whoever_stands_in_for_the_superior_answers_the_heads_request(
        self, ledger, office, town
    ):
        town("072036").appoint("aide@x", "財務部")
        aide = Person.get(Person.login == "aide@x")
        Appointment.update(stand_in_order=1).where(Appointment.person == aide).execute()
        ledger.leave("director@x", "annual", "2026-11-10T08:30", "2026-11-10T17:15")
        request = ledger.ask(WEDNESDAY, 60, by="head@x")
        assert lists(ledger, "aide@x") == [request.id]
        stored = ledger.agree(request, by="aide@x")
        assert stored.on_behalf_of_id == office["director"].id

    def test_without_a_rank_in_the_section_the_head_alone_answers(self, ledger, town):
        town("072036").appoint("lone@x", "出納室", head=True)
        town("072036").appoint("clerk@x", "出納室")
        town("072036").appoint("colleague@x", "出納室")
        ledger.leave("lone@x", "annual", "2026-11-10T08:30", "2026-11-10T17:15")
        request = ledger.ask(WEDNESDAY, 60, by="clerk@x")
        assert [lists(ledger, one) for one in ("lone@x", "colleague@x")] == [[request.id], []]


class TestDelegation:
    def test_the_delegate_answers_beside_the_head(self, ledger, office, town):
        town("072036").appoint("other@x", "財務部/税務課")
        delegate(ledger)
        request = ledger.ask(WEDNESDAY, 60, by="other@x")
        own = ledger.ask(WEDNESDAY, 30, by="member@x")
        heads = ledger.ask(WEDNESDAY, 45, by="head@x")
        assert lists(ledger, "member@x") == [request.id]
        assert lists(ledger, "head@x") == [request.id, own.id]
        assert lists(ledger, "director@x") == [heads.id]

    def test_the_delegate_of_the_superior_answers_the_heads_request(self, ledger, office, town):
        town("072036").appoint("aide@x", "財務部")
        standing_in.give_delegation(
            ledger.ctx("director@x"),
            office["director"].section_id,
            login="aide@x",
            starts_on=TODAY,
            ends_on=TODAY,
            reason="出張のため",
        )
        request = ledger.ask(WEDNESDAY, 60, by="head@x")
        assert lists(ledger, "aide@x") == [request.id]

    def test_whoever_delegates_to_everybody_still_needs_a_superior_for_the_own(self, ledger, town):
        town("072036").appoint("top@x", "市長公室", head=True)
        town("072036").appoint("aide@x", "市長公室")
        standing_in.give_delegation(
            ledger.ctx("top@x"),
            town("072036").section("市長公室").id,
            login="aide@x",
            starts_on=TODAY,
            ends_on=TODAY,
            reason="出張のため",
        )
        with pytest.raises(NoHead):
            ledger.ask(WEDNESDAY, 60, by="top@x")

    def test_after_the_last_day_the_delegate_sees_nothing_new_and_what_was_answered(
        self, ledger, office, town
    ):
        town("072036").appoint("other@x", "財務部/税務課")
        delegate(ledger)
        first = ledger.ask(WEDNESDAY, 60, by="other@x")
        second = ledger.ask(WEDNESDAY, 30, by="other@x")
        ledger.agree(first, by="member@x")
        ledger.now(11, 14, 9)
        assert lists(ledger, "member@x") == []
        assert sight.see(ledger.ctx("member@x"), first.id).decided_by_name == "職員"
        with pytest.raises(NotFound):
            sight.see(ledger.ctx("member@x"), second.id)


class TestWhatIsStored:
    def test_who_acted_and_in_whose_place(self, ledger, head_away):
        request = ledger.agree(ledger.ask(WEDNESDAY, 60, by="member@x"), by="first@x")
        stored = type(request).get_by_id(request.id)
        assert stored.decided_by_id == head_away["first"].id
        assert stored.on_behalf_of_id == head_away["head"].id
        entry = AuditEntry.select().where(AuditEntry.action == "ledger.agree").get()
        assert (entry.actor_id, entry.on_behalf_of_id) == (
            head_away["first"].id,
            head_away["head"].id,
        )

    def test_a_head_acts_in_nobodys_place(self, ledger, head_away):
        request = ledger.agree(ledger.ask(WEDNESDAY, 60, by="member@x"), by="head@x")
        assert type(request).get_by_id(request.id).on_behalf_of_id is None

    def test_the_head_sees_afterwards_what_was_answered(self, ledger, head_away):
        request = ledger.agree(ledger.ask(WEDNESDAY, 60, by="member@x"), by="first@x")
        seen = waiting_list.answered_in_my_place(ledger.ctx("head@x"))
        assert [one.request.id for one in seen] == [request.id]
        for other in ("first@x", "director@x", "head@sukagawa"):
            assert waiting_list.answered_in_my_place(ledger.ctx(other)) == []
        assert sight.see(ledger.ctx("head@x"), request.id).in_place_of_name

    def test_a_discreet_class_stays_so(self, ledger, head_away):
        asked = ledger.ask(WEDNESDAY, 60, by="member@x", activity="consult")
        ledger.agree(asked, by="first@x")
        [one] = waiting_list.answered_in_my_place(ledger.ctx("head@x"))
        assert one.request.activity == "general"


class TestPages:
    def test_the_heads_page_shows_it_and_the_requests_page_says_daiketsu(
        self, ledger, head_away, client_for
    ):
        request = ledger.agree(ledger.ask(WEDNESDAY, 60, by="member@x"), by="first@x")
        page = client_for("head@x").get("/ledger/approvals").get_data(as_text=True)
        assert "代決者があなたの代わりに答えた申込み（後閲）" in page
        page = client_for("member@x").get(f"/ledger/requests/{request.id}").get_data(as_text=True)
        assert "（代決。職員の代わり）" in page

    def test_the_list_costs_no_more_than_its_budget(self, ledger, head_away, client_for, queries):
        for minutes in range(1, 20):
            ledger.agree(ledger.ask(WEDNESDAY, minutes, by="member@x"), by="first@x")
            ledger.ask(WEDNESDAY, minutes, by="second@x")
        for login in ("head@x", "first@x"):
            client = client_for(login)
            client.get("/ledger/approvals")
            with queries() as log:
                assert client.get("/ledger/approvals").status_code == 200
            assert len(log) <= 8


def test_asked_again_nobody_has_answered_it_in_the_heads_place(ledger, head_away):
    request = ledger.ask(WEDNESDAY, 60, by="member@x")
    ledger.return_(request, by="first@x")
    assert Request.get_by_id(request.id).on_behalf_of_id == head_away["head"].id
    again = requests.ask_again(
        ledger.ctx("member@x"), request.id, ledger.wish(WEDNESDAY, 30), OFFERED
    )
    assert (again.decided_by_id, again.on_behalf_of_id) == (None, None)
