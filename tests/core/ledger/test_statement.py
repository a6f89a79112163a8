"""20%の記録（本人控え）: every record and why the allowance is what it is, for the person alone (L21)."""

from datetime import date, datetime

import pytest

from niwari.clock import TOKYO
from niwari.directory.models import Appointment, Person
from niwari.ledger.models import Account
from niwari.ledger.presenting import why_text
from niwari.ledger.reports.statement import statement

from .conftest import OFFERED
from .reporting import NOVEMBER, YEAR, Records, lines, said
from .test_supplements import TODAY, accept, refuse

ME = "staff@koriyama"


@pytest.fixture
def mine(world, ledger):
    """Make tables of the own statement, within a request as a page is."""

    def made(code, period=NOVEMBER, *, by=ME):
        with world.app.test_request_context():
            return statement(ledger.ctx(by), period, OFFERED, why_text).table(code)

    return made


@pytest.fixture
def records(world):
    """What may be recorded in Koriyama."""
    return Records("072036")


@pytest.fixture
def post(world):
    """The own post."""
    return Appointment.select().join(Person).where(Person.login == ME).get()


def test_a_person_without_anything_sees_the_allowance(mine):
    assert lines(mine("balance"))["2026年11月"]["枠"] == 1767
    assert lines(mine("balance", YEAR))["2026年度"]["枠"] == 22413
    assert mine("records").rows == ()


def test_a_record_made_through_the_services(ledger, mine):
    request = ledger.agreed(minutes=120, purpose="案内表示を見直す")
    ledger.now(11, 18, 18)
    ledger.record(request, 100)
    (row,) = mine("records").rows
    assert [said(cell) for cell in row] == [
        date(2026, 11, 18),
        "学び・相談",
        "案内表示を見直す",
        "本庁舎",
        100,
        date(2026, 11, 18),
        None,
    ]
    assert lines(mine("balance"))["2026年11月"]["残り"] == 1667


def test_a_correction_is_the_reversal_and_the_new_entry(records, post, mine):
    records.correct(records.record(post, 100), 90)
    found = [(said(row[4]), said(row[6])) for row in mine("records").rows]
    assert found == [
        (100, "修正あり"),
        (-100, "取消記録、修正あり"),
        (90, "訂正後の記録、修正あり"),
    ]
    assert lines(mine("balance"))["2026年11月"]["使った"] == 90


def test_the_own_view_has_the_real_class(records, post, mine):
    records.record(post, 60, activity="consult", discreet=True)
    assert said(mine("records").rows[0][1]) == "相談"


def test_what_came_late_and_what_does_not_count_says_so(records, post, mine):
    records.record(post, 60, after_fact=True, activity="training", counts=False)
    assert said(mine("records").rows[0][6]) == "枠に数えない、事後"


def test_a_closed_month_keeps_its_base_and_says_where_it_was_corrected(records, post, mine):
    records.record(post, 60)
    at = datetime(2026, 12, 14, tzinfo=TOKYO)
    Account.update(base=8000, cap=1600, closed_at=at, corrected_at=at).execute()
    found = lines(mine("balance"))
    assert (found["2026年11月"]["枠"], found["2026年11月"]["備考"]) == (1600, "修正あり")
    assert found["2026年度"]["枠"] == 22413 - 1767 + 1600


@pytest.mark.parametrize(
    ("answer", "remarks"),
    [
        (None, [None, "追加分（未確認）"]),
        (accept, [None, "追加分"]),
        (refuse, [None, "追加分", "取消記録、私的な時間"]),
    ],
)
def test_what_is_beyond_an_ok_says_how_it_stands(ledger, tolerate, mine, answer, remarks):
    tolerate(15)
    ledger.record(ledger.agreed(TODAY, 120), 130)
    if answer:
        answer(ledger)
    assert [said(row[-1]) for row in mine("records").rows] == remarks
    used = 120 if answer is refuse else 130
    assert lines(mine("balance"))["2026年11月"]["使った"] == used


def test_leave_is_among_the_reasons(ledger, mine):
    ledger.leave(ME, "annual", "2026-11-20T08:30", "2026-11-20T17:15")
    days = {row[0]: row for row in mine("days").rows}
    assert days[date(2026, 11, 20)][1] == 0
    assert "年次休暇" in days[date(2026, 11, 20)][3]
    assert len(days) == 30
    assert len(mine("days", YEAR).rows) == 365


def test_overtime_stands_beside_it(records, post, mine):
    records.overtime(post, 750)
    assert lines(mine("balance"))["2026年11月"]["時間外勤務"] == 750


def test_nobody_elses(records, post, mine):
    records.record(post, 60)
    records.overtime(post, 750)
    for other in ("head@koriyama", "hr@koriyama", "staff@sukagawa"):
        assert mine("records", by=other).rows == ()
        assert lines(mine("balance", by=other))["2026年11月"]["時間外勤務"] == 0
