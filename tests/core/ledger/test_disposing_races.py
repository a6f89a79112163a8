"""What a file brings while somebody agrees to dispose of its year is seen, or refused (L2, L6)."""

import pytest

from niwari.db import transaction
from niwari.ledger.disposing import proposing
from niwari.ledger.disposing.fiscal_year import FiscalYear
from niwari.ledger.disposing.parts import state_of
from niwari.ledger.errors.disposing import LedgerChanged
from niwari.ledger.importing import import_leave, import_roster
from niwari.ledger.importing.leave import plan_leave
from niwari.ledger.importing.overtime import plan_overtime
from niwari.ledger.importing.roster import plan_roster
from niwari.ledger.models import Disposal
from niwari.tabular import ImportRefused
from tests.core.host.test_lock_order import one_after_the_other

from .disposing import HR, HR2, STAFF

LEAVE = f"login,kind,start,end\n{STAFF},annual,{{}}T08:30,{{}}T12:00\n"
ROSTER = f"login,date,intervals,kind\n{STAFF},2026-11-07,{{}},work\n"
FILES = {
    "overtime": (plan_overtime, f"login,month,minutes\n{STAFF},2026-11,60\n"),
    "leave": (plan_leave, LEAVE.format("2026-11-05", "2026-11-05")),
    "roster": (plan_roster, ROSTER.format("09:00-12:00")),
}


@pytest.mark.parametrize("kind", FILES)
def test_whoever_agrees_waits_for_an_import_that_has_begun(old, kind):
    number, (planner, text) = old.propose(), FILES[kind]
    hr, second = old.ctx(HR), old.ctx(HR2)
    plans = []
    with pytest.raises(LedgerChanged):
        one_after_the_other(
            hr,
            take=lambda: plans.append(planner(hr, text.encode(), None)),
            go_on=lambda: plans[0].write(),
            other=lambda: proposing.agree(second, number),
        )
    assert Disposal.get_by_id(number).agreed_at is None


@pytest.mark.parametrize("kind", FILES)
def test_what_comes_after_the_agreement_is_refused(old, kind):
    old.agreed()
    planner, text = FILES[kind]
    with pytest.raises(ImportRefused), transaction(old.ctx()):
        planner(old.ctx(), text.encode(), None)


def test_other_hours_of_the_same_day_are_another_state(old):
    import_roster(old.ctx(), ROSTER.format("09:00-12:00").encode())
    before = state(old)
    assert state(old) == before
    import_roster(old.ctx(), ROSTER.format("09:00-11:00").encode())
    assert state(old) != before


def test_another_end_of_an_earlier_leave_is_another_state(old):
    import_leave(old.ctx(), LEAVE.format("2026-12-07", "2026-12-07").encode())
    import_leave(old.ctx(), LEAVE.format("2026-11-06", "2026-11-06").encode())
    before = state(old)
    shorter = LEAVE.format("2026-11-06", "2026-11-06").replace("12:00", "10:00")
    import_leave(old.ctx(), shorter.encode())
    assert state(old) != before


def state(old):
    """Return the state of the year as it is now."""
    return state_of(FiscalYear(old.ctx().municipality.id, 2026))
