"""HR's reports: numbers by class, month, basis, employment and group; nobody is listed (L14, L15)."""

from datetime import date, datetime

import pytest

from niwari.clock import TOKYO
from niwari.ledger.deciding.revoking import DEFAULT_REASON
from niwari.ledger.models import Account, Basis
from niwari.ledger.plugin import activities
from niwari.ledger.reports.answers import answers
from niwari.ledger.reports.over_cap import over_cap
from niwari.ledger.reports.overtime import overtime
from niwari.ledger.reports.year_book import year_book

from .reporting import NOVEMBER, YEAR, Records, lines
from .test_supplements import TODAY, refuse

KNOWN = {one.code: one for one in activities()}
HR = "hr@koriyama"


@pytest.fixture
def records(world):
    """What may be recorded in Koriyama."""
    return Records("072036")


@pytest.fixture
def book_of(ledger):
    """Return a table of the year book, as lines."""

    def made(code, *, by=HR):
        return lines(year_book(ledger.ctx(by), YEAR, KNOWN).table(code))

    return made


class TestYearBook:
    def test_minutes_and_people_by_month_and_class(self, records, book_of):
        for post in records.people(6):
            records.record(post, 60)
            records.record(post, 30, date(2026, 12, 3))
            records.record(post, 15, activity="planning")
        months = book_of("months")
        assert months["2026年11月"]["時間"] == 6 * 75
        assert months["2026年12月"] == {"人数": 6, "時間": 180, "締めたあとの訂正": None}
        assert months["合計"]["人数"] == 6
        classes = book_of("classes")
        assert classes["学び・相談"]["11月"] == 360
        assert classes["企画・立案への参加"]["合計"] == 90
        assert classes["合計"]["合計"] == 6 * 105

    def test_discreet_classes_are_the_default_one(self, records, book_of):
        for post in records.people(5):
            records.record(post, 60, activity="consult", discreet=True)
        assert list(book_of("classes")) == ["学び・相談", "合計"]

    def test_a_class_whose_plugin_is_gone_is_called_by_its_code(self, records, book_of):
        for post in records.people(5):
            records.record(post, 60, activity="mentoring")
        assert book_of("classes")["mentoring"]["合計"] == 300

    def test_what_does_not_count_is_not_in_it(self, records, book_of):
        for post in records.people(5):
            records.record(post, 60, activity="training", counts=False)
        assert book_of("months")["合計"] == {"人数": 0, "時間": 0, "締めたあとの訂正": None}

    def test_the_basis_that_holds_on_the_day_of_the_work(self, records, book_of):
        for day, basis in ((date(2026, 4, 1), "training"), (date(2026, 12, 1), "duty_order")):
            Basis.create(
                municipality=records.town.municipality,
                activity="planning",
                basis=basis,
                starts_on=day,
                set_at=datetime(2026, 4, 1, tzinfo=TOKYO),
            )
        for post in records.people(5):
            records.record(post, 10, activity="planning")
            records.record(post, 20, date(2026, 12, 3), activity="planning")
            records.record(post, 40)
        found = book_of("basis")
        assert {name: line["時間"] for name, line in found.items()} == {
            "職務として行う": 200,
            "研修": 50,
            "職務命令": 100,
            "合計": 350,
        }

    def test_of_an_allowance_without_dates_the_day_of_each_record_counts(self, records, book_of):
        """Its own day is but the first of its period, here a quarter: nothing was done on it."""
        for day, basis in ((date(2026, 4, 1), "training"), (date(2026, 12, 1), "duty_order")):
            Basis.create(
                municipality=records.town.municipality,
                activity="planning",
                basis=basis,
                starts_on=day,
                set_at=datetime(2026, 4, 1, tzinfo=TOKYO),
            )
        first = date(2026, 10, 1)
        for post in records.people(5):
            quarter = {"state": "agreed", "allowance": True, "activity": "planning"}
            request = records.request(post, first, minutes=600, **quarter)
            account = records.account(post, first)
            request.work_date = date(2026, 12, 3)  # where it is drawn
            records.entry(account, request, "record", 30)
        assert book_of("months")["2026年10月"]["時間"] == 0
        assert book_of("months")["2026年12月"]["時間"] == 150
        assert list(book_of("basis")) == ["職務命令", "合計"]

    def test_employment_types(self, records, book_of):
        for kind, minutes in (("full_time", 60), ("fiscal_year", 15)):
            for post in records.people(5, employment=kind):
                records.record(post, minutes)
        assert book_of("employment")["会計年度任用"] == {"人数": 5, "時間": 75}

    def test_a_correction_leaves_its_new_number_alone(self, records, book_of):
        for post in records.people(6):
            entry = records.record(post, 100)
            records.correct(records.correct(entry, 95), 90)
        for post in records.people(6):
            records.record(post, 60)
        found = book_of("classes")["学び・相談"]
        assert (found["合計"], found["うち修正あり"]) == (6 * 150, 6 * 90)

    def test_after_the_fact_is_told_unless_the_rest_would_be_few(self, records, book_of):
        for post in records.people(6):
            records.record(post, 60, after_fact=True)
        assert book_of("classes")["合計"]["うち事後"] == 360
        for post in records.people(2):
            records.record(post, 30)
        assert book_of("classes")["合計"]["合計"] == 420
        assert book_of("classes")["合計"]["うち事後"] == "＊"

    def test_a_month_that_was_corrected_after_closing_says_so(self, records, book_of):
        (post, *_) = records.people(5)
        records.record(post, 60)
        Account.update(corrected_at=datetime(2026, 12, 20, tzinfo=TOKYO)).execute()
        assert book_of("months")["2026年11月"]["締めたあとの訂正"] == "修正あり"

    def test_four_people_are_hidden_and_cannot_be_worked_out(self, records, book_of):
        posts = records.people(10)
        for post in posts:
            records.record(post, 60)
            records.record(post, 60, date(2026, 12, 3))
        for post in posts[:4]:
            records.record(post, 15, activity="planning")
        for post in posts[4:]:
            records.record(post, 15, activity="problem_solving")
        found = book_of("classes")
        assert found["企画・立案への参加"]["11月"] == "＊"
        assert found["企画・立案への参加"]["合計"] == "＊"
        assert found["企画・立案への参加"]["人数"] == "＊"
        assert found["合計"]["11月"] == 10 * 75
        hidden = [name for name, line in found.items() if line["合計"] == "＊"]
        assert len(hidden) == 2, "with one hidden class the total less the others tells its number"

    def test_another_towns_records_are_not_in_it(self, records, book_of):
        for post in records.people(5):
            records.record(post, 60)
        assert book_of("months", by="head@sukagawa")["合計"]["時間"] == 0

    def test_names_nobody(self, records, ledger):
        for post in records.people(5):
            records.record(post, 60)
        report = year_book(ledger.ctx(HR), YEAR, KNOWN)
        assert "職員" not in repr([list(table.lines) for table in report.tables])


class TestAnswers:
    @pytest.fixture
    def by_group(self, ledger):
        """Return the table by groups."""
        return lambda: lines(answers(ledger.ctx(HR), YEAR).table("groups"))

    def test_the_median_from_asking_to_the_ok(self, records, by_group):
        for post in records.people(5):
            records.request(post, state="agreed")
        (slow, *_) = records.people(1)
        late = datetime(2026, 11, 30, tzinfo=TOKYO)
        records.request(slow, state="agreed", decided_at=late)
        records.request(slow, state="agreed", decided_at=late, after_fact=True)
        assert by_group()["総務部"]["了承まで"] == 120
        assert by_group()["合計"]["了承まで"] == 120

    def test_an_oral_ok_was_given_when_it_was_said_and_not_when_it_was_confirmed(
        self, records, by_group
    ):
        late = datetime(2026, 11, 30, tzinfo=TOKYO)
        for post in records.people(6):
            said = {"oral_by": post.id, "oral_at": datetime(2026, 11, 3, 10, tzinfo=TOKYO)}
            confirmed = {"oral_answer": "confirmed", "decided_at": late}
            records.request(post, state="agreed", **said, **confirmed)
            records.request(post, state="agreed", **said, oral_answer="waiting", decided_at=None)
            # Nobody said yes: there is no OK whose time could be told.
            denied = {"oral_answer": "denied", "agreed_minutes": 60, "decided_at": late}
            for _ in range(3):
                records.request(post, state="revoked", **said, **denied)
        assert by_group()["総務部"]["了承まで"] == 60

    def test_what_a_new_head_agreed_to_anew_had_its_ok_before(self, records, by_group):
        late = datetime(2026, 11, 30, tzinfo=TOKYO)
        for post in records.people(5):
            brought = records.request(post, state="agreed", decided_at=late)
            records.agreement(brought, hours=3)
        assert by_group()["総務部"]["了承まで"] == 180

    def test_an_oral_ok_before_asking_is_no_wait(self, records, by_group):
        for post in records.people(5):
            said = {"oral_by": post.id, "oral_at": datetime(2026, 11, 2, 10, tzinfo=TOKYO)}
            records.request(post, state="agreed", **said, oral_answer="waiting", decided_at=None)
        assert by_group()["合計"]["了承まで"] == 0

    def test_refusals_and_revocations_by_reason_without_the_words(self, records, by_group):
        for post in records.people(5):
            records.request(post, state="declined", decision_note="職員七さんの休みと重なる")
            records.request(post, state="revoked", ended_reason=DEFAULT_REASON)
            records.request(post, state="revoked", ended_reason="職員八さんが欠けたため")
            records.request(post, state="returned")
        found = by_group()["合計"]
        counts = (
            "申込み",
            "今回は見送り",
            "業務都合による取りやめ",
            "ほかの理由の取りやめ",
            "相談して直す",
        )
        assert [found[name] for name in counts] == [20, 5, 5, 5, 5]
        assert "さん" not in repr(found)

    def test_shares_after_the_fact_and_of_oral_oks_that_wait(self, records, by_group):
        for post in records.people(5):
            records.request(post, state="agreed")
        for post in records.people(5):
            records.request(post, state="recorded", after_fact=True)
        for post in records.people(5):
            records.request(post, state="agreed", oral_answer="waiting")
        for post in records.people(5):
            records.request(post, state="lapsed", oral_answer="waiting")
        found = by_group()["総務部"]
        assert (found["うち事後"], found["事後の割合"], found["未確認の割合"]) == (5, 25, 50)

    def test_the_share_of_what_is_beyond_an_ok_and_waits(
        self, records, ledger, town, by_group, tolerate
    ):
        tolerate(15)
        for number in range(10):
            login = f"longer{number}@x"
            town("072036").appoint(login, "市民部/市民課")
            ledger.record(ledger.agreed(TODAY, 60, by=login), 70, by=login)
            if number < 5:
                refuse(ledger)
        found = by_group()["市民部"]
        assert (found["うち追加分（未確認）"], found["未確認の追加分の割合"]) == (5, 50)

    @pytest.mark.parametrize("state", ["withdrawn", "revoked", "declined"])
    def test_an_oral_ok_of_what_was_taken_back_or_called_off_waits_no_more(
        self, records, by_group, state
    ):
        for post in records.people(10):
            records.request(post, state="agreed")
        for post in records.people(10):
            records.request(post, state=state, oral_answer="waiting")
        assert by_group()["総務部"]["うち口頭（未確認）"] == 0

    def test_few_people_of_a_group_are_hidden_with_another_group(self, records, by_group):
        for path, count in (("総務部/総務課", 4), ("市民部/市民課", 9), ("建設部/道路課", 8)):
            for post in records.people(count, path):
                records.request(post, state="declined")
        found = by_group()
        assert found["総務部"]["申込み"] == "＊"
        assert found["合計"]["申込み"] == 21
        assert [found[name]["申込み"] for name in ("市民部", "建設部")].count("＊") == 1

    def test_over_cap_is_a_number_for_hr_and_a_name_for_the_head(self, records, ledger):
        posts = records.people(5, "市民部/市民課")
        for post in posts:
            records.record(post, 2000)
        found = lines(answers(ledger.ctx(HR), YEAR).table("over-cap"))
        assert found["2026年度"] == {"人数": 5, "延べ月数": 5}
        assert {one.over for one in over_cap(ledger.ctx("head@koriyama"))} == {233}
        assert over_cap(ledger.ctx("head@sukagawa")) == []


class TestOvertime:
    def test_side_by_side_by_month_and_group(self, records, ledger):
        for post in records.people(5):
            records.record(post, 60)
            records.overtime(post, 600)
        for post in records.people(6, "市民部/市民課"):
            records.overtime(post, 300, date(2026, 12, 1))
        report = overtime(ledger.ctx(HR), NOVEMBER)
        found = lines(report.table("groups"))
        assert found["総務部"] == {
            "20%を使った人数": 5,
            "20%の時間": 300,
            "時間外勤務のあった人数": 5,
            "時間外勤務": 3000,
        }
        assert found["市民部"]["時間外勤務"] == 0
        assert lines(report.table("months"))["2026年12月"]["時間外勤務"] == 1800

    def test_few_people_of_a_month_are_hidden_in_the_year_too(self, records, ledger):
        few, many = records.people(3), records.people(9, "市民部/市民課")
        for post in [*few, *many]:
            records.overtime(post, 100)
        for post in many:
            records.overtime(post, 100, date(2026, 12, 1))
        for period in (NOVEMBER, YEAR):
            found = lines(overtime(ledger.ctx(HR), period).table("groups"))
            assert found["総務部"]["時間外勤務"] == "＊", period
            assert found["市民部"]["時間外勤務"] == "＊", period
