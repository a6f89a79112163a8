"""HR's room through the pages: choices, rates, bases, stopping and going on; and what heads see."""

from datetime import date

import pytest

from niwari.directory.models import Section
from niwari.ledger.models import Basis, Freeze, PeriodChoice, RateRow, Request, State
from niwari.ledger.settings import SETTINGS, choices_of

from .conftest import WEDNESDAY
from .test_views_budgets import OWN, SHELL, cost
from .test_views_journey import Page, page

HR, HEAD, STAFF = "hr@koriyama", "head@koriyama", "staff@koriyama"
CHOICES = {
    setting.key: "y" if setting.default is True else setting.default
    for setting in SETTINGS
    if setting.default is not False
}
RATE = {"level": "municipality", "percent": "5", "starts_on": "2026-11-01", "section": "0"}


@pytest.fixture
def hr(client_for):
    return client_for(HR)


class TestRules:
    def test_every_choice_is_told_with_what_it_does(self, ledger, hr):
        shown = page(hr, "/ledger/rules")
        for setting in SETTINGS:
            assert setting.label.ja in shown
            assert setting.hint.ja in shown
        assert "11月は12月14日（月）に締まります。" in shown

    def test_a_look_keeps_nothing(self, ledger, hr):
        answer = hr.submit("/ledger/rules", {**CHOICES, "closing_workday": 5, "preview": "1"})
        assert "11月は12月7日（月）に締まります。" in Page(answer)
        assert "まだ保存していません" in Page(answer)
        assert choices_of(ledger.ctx(HR)).closing_workday == 10

    def test_saving(self, ledger, hr):
        answer = hr.submit("/ledger/rules", {**CHOICES, "closing_workday": 5, "joint": "y"})
        assert answer.status_code == 303
        chosen = choices_of(ledger.ctx(HR))
        assert (chosen.closing_workday, chosen.joint, chosen.oral) == (5, True, True)

    def test_a_wrong_number_is_told_beside_it_and_kept(self, ledger, hr):
        answer = hr.submit("/ledger/rules", {**CHOICES, "closing_workday": "31"})
        shown = Page(answer)
        assert shown.status == 422
        assert "1から20までの整数を入力してください。" in shown
        assert 'value="31"' in shown.html

    def test_the_effect_of_long_leave(self, ledger, hr):
        ledger.leave(STAFF, "annual", "2026-11-20T08:30", "2026-11-20T17:15")
        shown = page(hr, "/ledger/rules")
        assert "短い休暇がある職員は1人です" in shown
        assert "27時間54分" in shown
        assert "29時間27分" in shown

    def test_a_period_from_april_on(self, ledger, hr):
        answer = hr.submit(
            "/ledger/rules/period", {"kind": "week", "year": "2027"}, form_at="/ledger/rules"
        )
        assert answer.status_code == 303
        assert PeriodChoice.get().starts_on == date(2027, 4, 1)
        assert "2027年4月1日（木）から：週" in page(hr, "/ledger/rules")

    def test_a_period_that_cannot_be_is_refused_beside_it(self, ledger, hr):
        answer = hr.submit(
            "/ledger/rules/period", {"kind": "week", "year": "2026"}, form_at="/ledger/rules"
        )
        assert answer.status_code == 422
        assert not PeriodChoice.select().exists()

    def test_the_month_says_which_leave_is_not_taken_off(self, ledger, hr, client_for):
        staff = client_for(STAFF)
        assert "短い休暇を枠から引いていません" not in page(staff, "/ledger/")
        hr.submit("/ledger/rules", {**CHOICES, "long_leave_only": "y"})
        assert "短い休暇を枠から引いていません" in page(staff, "/ledger/")

    def test_the_pages_of_weeks(self, ledger, client_for):
        from niwari.ledger.arranging import rules

        ledger.now(3, 10, 9)
        rules.choose_period(ledger.ctx(HR), "week", 2026)
        ledger.now(9, 24, 8)
        staff = client_for(STAFF)
        shown = page(staff, "/ledger/")
        assert (
            "9月21日（月）から9月27日（日）までは、勤務2日・15時間30分のうち、3時間6分まで" in shown
        )
        assert "month=2026-09-14" in shown.html
        assert "9月28日（月）から" in page(staff, "/ledger/?month=2026-09-28")
        assert "2026年度" in shown
        assert "の残り" in page(staff, "/ledger/requests/new")
        assert "9月21日（月）から9月27日（日）までの20%" in page(staff, "/")


class TestRates:
    def test_setting_one_shows_the_allowance(self, ledger, hr):
        assert hr.submit("/ledger/rates", RATE).status_code == 303
        assert "11月の枠は7時間21分（441分）" in page(hr, "/ledger/rates")

    def test_of_a_section_and_of_a_person(self, ledger, hr):
        section = Section.get(Section.name == "市民課")
        hr.submit("/ledger/rates", {**RATE, "level": "section", "section": str(section.id)})
        hr.submit("/ledger/rates", {**RATE, "level": "person", "login": STAFF, "percent": "7.5"})
        found = sorted((one.level, one.basis_points) for one in RateRow.select())
        assert found == [("person", 750), ("section", 500)]

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"percent": "21"}, "割合は0から20までの数で入力してください。"),
            ({"percent": "5.001"}, "割合は0から20までの数で入力してください。"),
            ({"percent": "NaN"}, "割合は0から20までの数で入力してください。"),
            ({"percent": "多め"}, "割合を 5 や 7.5 のように入力してください。"),
            ({"level": "person", "login": "nobody"}, "nobody という職員は"),
            ({"level": "section"}, "所属を選んでください。"),
            ({"level": "section", "section": "窓口"}, "所属を選んでください。"),
            ({"starts_on": "11月"}, "日にちを 2026-11-18 の形で入力してください。"),
        ],
    )
    def test_refused_beside_its_field(self, ledger, hr, changes, said):
        answer = hr.submit("/ledger/rates", {**RATE, **changes})
        assert answer.status_code == 422
        assert said in Page(answer)
        assert not RateRow.select().exists()

    def test_ending(self, ledger, hr):
        hr.submit("/ledger/rates", RATE)
        address = f"/ledger/rates/{RateRow.get().id}/end"
        assert hr.submit(address, {"last_day": "2026-11-01"}).status_code == 422
        assert hr.submit(address, {"last_day": "2026-11-20"}).status_code == 303
        assert RateRow.get().ends_on == date(2026, 11, 20)

    def test_a_double_click_takes_back_once_and_says_so(self, hr):
        hr.submit("/ledger/rates", {**RATE, "starts_on": "2026-12-01"})
        address = f"/ledger/rates/{RateRow.get().id}/end"
        for _ in range(2):
            answer = hr.submit(address, {"last_day": "2026-11-20"}, form_at="/ledger/rates")
            assert answer.status_code == 303
        assert not RateRow.select().exists()
        assert "この割合は、始まる前に取り消されています。" in page(hr, "/ledger/rates")

    def test_the_secretariats(self, ledger, hr, client_for):
        office = client_for("secretariat")
        wanted = {"percent": "15", "starts_on": "2026-11-01"}
        assert office.submit("/ledger/region-rates", wanted).status_code == 303
        assert "広域圏" in page(hr, "/ledger/rates")
        assert "広域圏事務局が決めます" in page(hr, "/ledger/rates")
        address = f"/ledger/region-rates/{RateRow.get().id}/end"
        assert office.submit(address, {"last_day": "2026-11-20"}).status_code == 303


class TestBases:
    WANTED = {
        "activity": "planning",
        "basis": "duty_order",
        "order_number": "人第12号",
        "starts_on": "2026-11-01",
    }

    def test_setting_one(self, ledger, hr):
        assert hr.submit("/ledger/bases", self.WANTED).status_code == 303
        assert "人第12号" in page(hr, "/ledger/bases")

    def test_discreet_classes_have_no_line(self, ledger, hr):
        shown = page(hr, "/ledger/bases")
        assert "学び・相談" in shown
        assert 'value="consult' not in shown.html
        answer = hr.submit("/ledger/bases", {**self.WANTED, "activity": "consult.question"})
        assert answer.status_code == 422
        assert not Basis.select().exists()

    def test_an_order_without_its_number(self, ledger, hr):
        answer = hr.submit("/ledger/bases", {**self.WANTED, "order_number": ""})
        assert "この根拠には、命令の番号が必要です。" in Page(answer)


class TestStopping:
    @pytest.fixture
    def stop(self, ledger, hr):
        """A function that stops as HR, and lets the worker suspend."""

        def by(**fields):
            answer = hr.submit("/ledger/freezes", {"reason": "台風", **fields})
            ledger.world.work()
            return answer

        return by

    def test_from_stopping_to_going_on(self, ledger, hr, stop, client_for):
        head, staff = client_for(HEAD), client_for(STAFF)
        first, second = ledger.agreed(WEDNESDAY, 60), ledger.agreed(date(2026, 11, 19), 60)
        assert stop().status_code == 303
        assert "2件" in page(hr, "/ledger/freezes")
        for address in ("/ledger/", "/ledger/requests/new"):
            assert "理由：台風" in page(staff, address)
        assert "理由：台風" in page(staff, f"/ledger/requests/{first.id}")
        assert "再開を待つ予定" not in page(head, "/ledger/approvals")

        lift = f"/ledger/freezes/{Freeze.get().id}/lift"
        for _ in range(2):
            assert hr.submit(lift, {}, form_at="/ledger/freezes").status_code == 303
        assert "理由：台風" not in page(staff, "/ledger/")

        shown = page(head, "/ledger/approvals")
        assert "再開を待つ予定" in shown
        assert "並んでいる2件の再開を了承する" in shown
        one = {"key": "one"}
        assert (
            head.submit(
                f"/ledger/requests/{first.id}/revive", one, form_at="/ledger/approvals"
            ).status_code
            == 303
        )
        assert (
            head.submit(
                "/ledger/approvals/revive", {"key": "all"}, form_at="/ledger/approvals"
            ).status_code
            == 303
        )
        assert Request.get_by_id(second.id).state == State.AGREED
        assert ledger.amounts() == (0, 120, 1647)
        assert "再開を待つ予定" not in page(head, "/ledger/approvals")

    def test_what_cannot_be_revived_says_why(self, ledger, hr, stop, client_for):
        timed = ledger.agreed(WEDNESDAY, at=("15:00", "16:00"))
        stop()
        hr.submit(f"/ledger/freezes/{Freeze.get().id}/lift", {}, form_at="/ledger/freezes")
        ledger.agreed(WEDNESDAY, at=("15:30", "16:30"))
        answer = client_for(HEAD).submit(
            f"/ledger/requests/{timed.id}/revive", {"key": "k"}, form_at="/ledger/approvals"
        )
        assert answer.status_code == 409
        assert "同じ時間に、ほかの申込みがあります。（L10）" in Page(answer)

    def test_asking_is_refused_with_the_reason(self, ledger, stop, client_for):
        from .test_views_journey import form_of

        staff = client_for(STAFF)
        stop()
        answer = staff.submit("/ledger/requests/new", form_of(staff))
        assert answer.status_code == 422
        assert "今、止まっています（理由：台風）" in Page(answer)

    def test_from_a_moment_on(self, ledger, stop):
        stop(day="2026-11-25", at="08:30")
        assert Freeze.get().from_at.isoformat() == "2026-11-24T23:30:00+00:00"

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"reason": ""}, "停止する理由を入力してください。"),
            ({"at": "08:30"}, "時刻を決めるときは、日にちも入力してください。"),
            (
                {"day": "2026-11-09"},
                "過ぎた日時は入力できません。これからの日時を入力してください。",
            ),
        ],
    )
    def test_refused_beside_its_field(self, ledger, stop, fields, said):
        answer = stop(**fields)
        assert answer.status_code == 422
        assert said in Page(answer)
        assert not Freeze.select().exists()

    def test_two_clicks(self, ledger, stop):
        assert stop().status_code == stop().status_code == 303
        assert Freeze.select().count() == 1


def test_over_is_said_with_why(ledger, client_for):
    """L8: the month says 超過 and why."""
    for day in (16, 17, 18):
        ledger.agreed(date(2026, 11, day), 465)
    ledger.agreed(date(2026, 11, 19), 300)
    ledger.leave(STAFF, "annual", "2026-11-20T08:30", "2026-11-20T17:15")
    shown = page(client_for(STAFF), "/ledger/")
    assert "超えた分：21分" in shown
    assert "枠が27時間54分になったためです" in shown


def test_the_pages_stay_in_their_budget(subtests, ledger, queries, hr, client_for):
    for number, level in enumerate(("municipality", "person")):
        hr.submit(
            "/ledger/rates", {**RATE, "level": level, "login": STAFF, "percent": str(number + 5)}
        )
    ledger.agreed(WEDNESDAY, 60)
    for address in ("rules", "rates", "bases", "freezes", f"rates/{RateRow.get().id}/end"):
        with subtests.test(address=address):
            assert cost(queries, hr, f"/ledger/{address}") <= SHELL + OWN


def test_the_heads_list_after_a_freeze_stays_in_its_budget(ledger, hr, queries, client_for):
    ledger.agreed(WEDNESDAY, 60)
    ledger.ask(date(2026, 11, 19), 60)
    hr.submit("/ledger/freezes", {"reason": "台風"})
    ledger.world.work()
    hr.submit(f"/ledger/freezes/{Freeze.get().id}/lift", {}, form_at="/ledger/freezes")
    assert cost(queries, client_for(HEAD), "/ledger/approvals") <= SHELL + OWN
