"""A fiscal year of long ago, to be disposed of: what the tests of disposals share."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from niwari.clock import TOKYO
from niwari.identity.models import RoleGrant
from niwari.ledger.closing.closing import close
from niwari.ledger.disposing import proposing, removing
from niwari.ledger.recording import correcting
from niwari.ledger.recording.correcting import Wanted
from niwari.ledger.worktime import PeriodKind, period_of

HR, HR2, STAFF = "hr@koriyama", "staff2@koriyama", "staff@koriyama"
NEIGHBOUR = "staff@sukagawa"
REASON = "保存年限が過ぎたため"
NOVEMBER = period_of(PeriodKind.MONTH, date(2026, 11, 1))
LONG_AFTER = datetime(2032, 4, 5, 9, tzinfo=TOKYO)
"""The first Monday on which fiscal 2026 may be disposed of, with the 保存年限 of five years."""


@dataclass
class Past:
    """Fiscal 2026 in Koriyama and Sukagawa, closed; it is April 2032."""

    ledger: Any

    def ctx(self, login: str = HR) -> Any:
        """Return the context of an official now."""
        return self.ledger.ctx(login)

    def propose(self, login: str = HR, year: int = 2026) -> int:
        """Propose to dispose of the year."""
        return proposing.propose(self.ctx(login), year, REASON, self.ledger.key())

    def agree(self, number: int, login: str = HR2) -> bool:
        """Agree to a proposal."""
        return proposing.agree(self.ctx(login), number)

    def agreed(self) -> int:
        """Propose as one official, and agree as another."""
        number = self.propose()
        self.agree(number)
        return number

    def dispose(self) -> int:
        """Propose, agree, and remove all at once; returns the disposal's id."""
        number = self.agreed()
        removing.remove_all(self.ctx(), number)
        return number


def past(ledger: Any) -> Past:
    """Let there be a closed year with every kind of row in two municipalities, and a second official."""
    _grant_hr(ledger, HR2)
    ledger.leave(STAFF, "annual", "2026-11-04T08:30", "2026-11-04T12:00")
    mine = ledger.agreed(date(2026, 11, 18), 120)
    ledger.agreed(date(2026, 11, 19), 60)
    theirs = ledger.agree(ledger.ask(date(2026, 11, 18), 90, by=NEIGHBOUR), by="head@sukagawa")
    ledger.now(11, 18, 18)
    ledger.record(mine, 120)
    ledger.record(theirs, 90, by=NEIGHBOUR)
    correcting.correct(ledger.ctx(STAFF), mine.id, Wanted(minutes=90, reason="", key="a-key"))
    ledger.now(12, 2, 9)
    close(ledger.ctx(HR), NOVEMBER)
    close(ledger.ctx("head@sukagawa"), NOVEMBER)
    ledger.world.clock.set(LONG_AFTER)
    return Past(ledger)


def _grant_hr(ledger: Any, login: str) -> None:
    RoleGrant.insert(appointment=ledger.ctx(login).acting.id, role="hr").execute()
