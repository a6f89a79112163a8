"""Days to avoid: the head names them, the people are warned, and nothing is refused."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.errors import Invalid, NotFound
from niwari.ledger.deciding import avoided, avoiding, waiting_list
from niwari.ledger.deciding.avoiding import AvoidanceOver, Days
from niwari.ledger.models import Avoidance, State

from .conftest import WEDNESDAY
from .test_views_journey import page

COUNCIL = Days(date(2026, 11, 16), date(2026, 11, 20), "12月議会")
HERE = "/ledger/heads/avoid"


@pytest.fixture
def section(ledger):
    return ledger.ctx("head@koriyama").acting.section_id


@pytest.fixture
def named(ledger, section):
    return avoiding.avoid(ledger.ctx("head@koriyama"), section, COUNCIL)


def told(ledger, login="staff@koriyama"):
    found = avoided.of_person(ledger.ctx(login), date(2026, 11, 1), date(2026, 11, 30))
    return [one.reason for one in found]


class TestWhoIsTold:
    def test_the_people_of_the_section_and_of_no_other(self, ledger, named):
        assert told(ledger) == ["12月議会"]
        assert told(ledger, "head2@koriyama") == told(ledger, "staff@sukagawa") == []

    def test_also_those_of_the_sections_below(self, ledger, town):
        town("072036").appoint("chief@x", "財務部", head=True)
        town("072036").appoint("below@x", "財務部/税務課/徴収係")
        town("072036").appoint("beside@x", "財務部第二")
        chief = ledger.ctx("chief@x")
        avoiding.avoid(chief, chief.acting.section_id, COUNCIL)
        assert [told(ledger, one) for one in ("below@x", "beside@x")] == [["12月議会"], []]

    def test_the_form_and_the_month_say_so_and_the_request_goes_through(
        self, ledger, named, client_for
    ):
        staff = client_for("staff@koriyama")
        for address in ("/ledger/requests/new", "/ledger/"):
            assert "この期間は避けてください：12月議会" in page(staff, address)
        assert "避けて" not in page(staff, "/ledger/?month=2026-12")
        request = ledger.ask(WEDNESDAY, 60)
        assert request.state == State.REQUESTED
        assert "この期間は避けてください：12月議会" in page(staff, f"/ledger/requests/{request.id}")

    @pytest.mark.parametrize(("day", "said"), [(16, "12月議会"), (20, "12月議会"), (24, "")])
    def test_the_head_sees_it_beside_the_request(self, ledger, named, day, said):
        ledger.ask(date(2026, 11, day), 60)
        [one] = waiting_list.waiting_for(ledger.ctx("head@koriyama"))
        assert one.avoid == said

    def test_a_section_of_the_same_name_in_another_town_is_not_meant(self, ledger, named, town):
        town("072079").appoint("far@x", "市民部/市民課")
        assert told(ledger, "far@x") == []


class TestNaming:
    def test_other_days_another_reason_and_the_end(self, ledger, named):
        head = ledger.ctx("head@koriyama")
        avoiding.change(head, named, Days(COUNCIL.first_day, date(2026, 11, 24), "決算"))
        assert told(ledger) == ["決算"]
        avoiding.end(head, named)
        avoiding.end(head, named)
        assert told(ledger) == []
        acts = ("ledger.avoid", "ledger.change_avoidance", "ledger.end_avoidance")
        found = [one.action for one in AuditEntry.select().where(AuditEntry.action.in_(acts))]
        assert sorted(found) == sorted(acts)
        with pytest.raises(AvoidanceOver):
            avoiding.change(head, named, COUNCIL)

    def test_a_double_click_names_them_once(self, ledger, named, section):
        assert avoiding.avoid(ledger.ctx("head@koriyama"), section, COUNCIL) == named
        assert Avoidance.select().count() == 1

    @pytest.mark.parametrize("login", ["head2@koriyama", "head@sukagawa", "director@koriyama"])
    def test_another_sections_head_finds_nothing(self, ledger, named, section, login):
        other = ledger.ctx(login)
        for act in (
            lambda: avoiding.avoid(other, section, COUNCIL),
            lambda: avoiding.change(other, named, COUNCIL),
            lambda: avoiding.end(other, named),
            lambda: avoiding.one_of_mine(other, named),
        ):
            with pytest.raises(NotFound):
                act()

    @pytest.mark.parametrize(
        ("days", "field"),
        [
            (Days(date(2026, 11, 9), date(2026, 11, 20), "議会"), "first_day"),
            (Days(date(2026, 11, 20), date(2026, 11, 19), "議会"), "last_day"),
            (Days(date(2026, 11, 20), date(2027, 11, 21), "議会"), "last_day"),
            (Days(date(2028, 11, 1), date(2028, 12, 1), "議会"), "last_day"),
            (Days(date(9999, 1, 1), date(9999, 1, 2), "議会"), "last_day"),
            (Days(date(2026, 11, 20), date(2026, 11, 20), " 　"), "reason"),
            (Days(date(2026, 11, 20), date(2026, 11, 20), "長" * 101), "reason"),
        ],
    )
    def test_days_that_cannot_be(self, ledger, section, days, field):
        with pytest.raises(Invalid) as refused:
            avoiding.avoid(ledger.ctx("head@koriyama"), section, days)
        assert refused.value.field == field

    def test_twenty_at_once_for_a_section(self, ledger, section):
        head = ledger.ctx("head@koriyama")
        made = [
            avoiding.avoid(head, section, Days(day, day, "議会"))
            for day in (date(2027, 1, 1 + number) for number in range(20))
        ]
        more = Days(date(2027, 2, 1), date(2027, 2, 1), "議会")
        with pytest.raises(Invalid):
            avoiding.avoid(head, section, more)
        assert avoiding.avoid(head, section, Days(date(2027, 1, 1), date(2027, 1, 1), "議会"))
        avoiding.end(head, made[0])
        assert avoiding.avoid(head, section, more) not in made

    def test_through_the_pages(self, ledger, section, client_for):
        head = client_for("head@koriyama")
        fields = {"section": section, "reason": "予算要求", "first_day": "2026-11-24"}
        answer = head.submit(HERE, {**fields, "last_day": "2026-11-23"})
        assert answer.status_code == 422
        assert 'value="予算要求"' in answer.get_data(as_text=True)
        assert head.submit(HERE, {**fields, "last_day": "2026-11-30"}).status_code == 303
        assert "予算要求" in page(head, HERE)
        address = f"{HERE}/{Avoidance.get().id}"
        changed = {"reason": "予算査定", "first_day": "2026-11-24", "last_day": "2026-11-27"}
        assert head.submit(address, changed).status_code == 303
        assert "予算査定" in page(head, HERE)
        assert head.submit(f"{address}/end", {}, form_at=HERE).status_code == 303
        assert "予算査定" not in page(head, HERE)
