"""Who is away when: the head's month, and the week's slip. Nobody is summed or ranked (L14)."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.errors import NotFound
from niwari.ledger.deciding import avoiding, away, reviewing
from niwari.ledger.deciding.approvers import charge_of
from niwari.ledger.models import Request, State

from .conftest import WEDNESDAY
from .test_views_budgets import OWN, SHELL, cost
from .test_views_journey import page

MONTH, SLIP = "/ledger/heads/month", "/ledger/heads/slip"
THAT_WEEK = f"{SLIP}?week=2026-11-18"


def month(ledger, login="head@koriyama", day=WEDNESDAY):
    ctx = ledger.ctx(login)
    return away.month_away(ctx, charge_of(ctx), day)[1]


class TestTheMonth:
    def test_what_is_asked_agreed_and_recorded_and_nothing_else(self, ledger):
        asked, agreed = ledger.ask(WEDNESDAY, 30), ledger.agreed(WEDNESDAY, 60)
        done = ledger.agreed(date(2026, 11, 10), 60)
        ledger.record(done, 60)
        ledger.withdraw(ledger.ask(WEDNESDAY, 10))
        ledger.decline(ledger.ask(WEDNESDAY, 11))
        ledger.ask(date(2026, 12, 1), 60)
        found = [one.request.id for one in month(ledger).found]
        assert sorted(found) == sorted([asked.id, agreed.id, done.id])

    @pytest.mark.parametrize("login", ["head2@koriyama", "head@sukagawa", "director@koriyama"])
    def test_nobody_but_the_own_head_sees_it(self, ledger, login):
        ledger.agreed(WEDNESDAY, 60)
        assert month(ledger, login).found == ()

    def test_a_discreet_class_is_learning_and_consulting_and_no_purpose_is_shown(
        self, ledger, client_for
    ):
        ledger.agreed(WEDNESDAY, at=("15:00", "16:00"), activity="consult", purpose="内密のこと")
        shown = page(client_for("head@koriyama"), MONTH)
        assert "学び・相談" in shown
        assert "15:00–16:00 本庁舎" in shown
        for hidden in ("consult", "内密のこと"):
            assert hidden not in shown.html.replace("/consult/", "")

    def test_people_stand_by_name_and_no_amount_is_summed(self, ledger, client_for):
        for minutes, login in ((10, "staff2@koriyama"), (100, "staff@koriyama")):
            ledger.agreed(WEDNESDAY, minutes, by=login)
            ledger.agreed(date(2026, 11, 19), minutes, by=login)
        shown = page(client_for("head@koriyama"), MONTH)
        assert "3時間20分" not in shown
        names = [row.person_name for row in month(ledger).people]
        assert names == sorted(names)

    def test_days_to_avoid_are_named(self, ledger, client_for):
        head = ledger.ctx("head@koriyama")
        days = avoiding.Days(WEDNESDAY, WEDNESDAY, "12月議会")
        avoiding.avoid(head, head.acting.section_id, days)
        ledger.ask(WEDNESDAY, 60)
        assert "避けてほしい期間：12月議会" in page(client_for("head@koriyama"), MONTH)

    @pytest.mark.parametrize(
        "wanted", ["", "?month=2026-13", "?month=2099-12", "?month=1949-01", "?month=%00"]
    )
    def test_any_month_in_the_address(self, client_for, wanted):
        assert page(client_for("head@koriyama"), MONTH + wanted).status == 200

    def test_one_and_eighty_people_cost_the_same(self, ledger, client_for, town, queries):
        ledger.ask(WEDNESDAY, 60)
        head = client_for("head@koriyama")
        few = cost(queries, head, MONTH)
        for number in range(80):
            town("072036").appoint(f"many{number}@x", "市民部/市民課")
            ledger.ask(date(2026, 11, 16 + number % 4), 60, by=f"many{number}@x")
        assert few == cost(queries, head, MONTH) <= SHELL + OWN
        assert cost(queries, head, THAT_WEEK) <= SHELL + OWN
        assert len(month(ledger).people) == 81


class TestTheSlip:
    def test_has_what_is_agreed_for_the_week_alone(self, ledger, client_for):
        ledger.agreed(WEDNESDAY, at=("15:00", "16:00"), activity="consult", purpose="内密のこと")
        ledger.agreed(date(2026, 11, 24), at=("10:00", "11:00"))
        ledger.ask(WEDNESDAY, at=("09:00", "10:00"))
        shown = page(client_for("head@koriyama"), THAT_WEEK)
        assert "11月16日（月）から11月22日（日）まで" in shown
        assert "15:00–16:00" in shown
        assert "学び・相談" in shown
        for absent in ("10:00–11:00", "9:00–10:00", "内密のこと"):
            assert absent not in shown

    @pytest.mark.parametrize("week", ["", "x", "0001-01-01", "9999-12-31", "%00"])
    def test_any_week_in_the_address(self, client_for, week):
        assert page(client_for("head@koriyama"), f"{SLIP}?week={week}").status == 200


class TestSeenAfterwards:
    def test_the_head_marks_it_once(self, ledger, head_away, client_for):
        request = ledger.agree(ledger.ask(WEDNESDAY, 60, by="member@x"), by="first@x")
        head = client_for("head@x")
        assert "見ました" in page(head, "/ledger/approvals")
        for _click in range(2):
            address = f"/ledger/requests/{request.id}/seen"
            assert head.submit(address, {}, form_at="/ledger/approvals").status_code == 303
        shown = page(head, "/ledger/approvals")
        assert "見た日： 11月10日（火）9:00" in shown
        assert Request.get_by_id(request.id).reviewed_at == ledger.ctx("head@x").now
        entries = AuditEntry.select().where(AuditEntry.action == "ledger.review")
        assert [entry.actor_id for entry in entries] == [head_away["head"].id]

    @pytest.mark.parametrize("login", ["first@x", "director@x", "member@x", "head@sukagawa"])
    def test_it_is_nobody_elses_to_see(self, ledger, head_away, login):
        request = ledger.agree(ledger.ask(WEDNESDAY, 60, by="member@x"), by="first@x")
        with pytest.raises(NotFound):
            reviewing.mark_seen(ledger.ctx(login), request.id)
        assert Request.get_by_id(request.id).reviewed_at is None


class TestTheWayInFromAReminder:
    def test_the_link_asks_who_it_is_and_changes_nothing(self, ledger, world):
        request = ledger.ask(WEDNESDAY, 60)
        address = f"/ledger/requests/{request.id}"
        answer = world.anonymous().get(address, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.location) == (302, f"/sign-in?next={address}")

    def test_opening_it_never_agrees(self, ledger, client_for):
        request = ledger.ask(WEDNESDAY, 60)
        before = AuditEntry.select().count()
        shown = page(client_for("head@koriyama"), f"/ledger/requests/{request.id}")
        assert "この申込みに答える" in shown
        assert (
            client_for("head@koriyama").get(f"/ledger/requests/{request.id}/agree").status_code
            == 405
        )
        assert Request.get_by_id(request.id).state == State.REQUESTED
        assert AuditEntry.select().where(AuditEntry.action == "ledger.agree").count() == 0
        assert before
