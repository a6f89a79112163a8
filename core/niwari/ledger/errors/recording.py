"""What the rules say no with when time is recorded or corrected, and once a period is closed."""

from typing import ClassVar

from niwari.errors import N_, Invalid
from niwari.ledger.errors.root import LedgerError


class NotAgreed(LedgerError):
    """Only what was agreed to can be recorded."""

    rule: ClassVar[str] = "L1"
    text = N_("了承された申込みだけを記録できます。")


class NotYetRecorded(LedgerError):
    """Something is said of what was not recorded."""

    text = N_("先に、使った時間を記録してください。")


class TooEarlyToRecord(LedgerError):
    """The work has not begun yet."""

    text = N_("始まってから記録してください。まだ予定の時間になっていません。")


class OverAgreement(LedgerError):
    """More was to be recorded than agreed to."""

    rule: ClassVar[str] = "L17"
    text = N_("記録できるのは、了承された%(agreed)sまでです。")
    beyond_tolerance = N_(
        "記録できるのは、了承された%(agreed)sに許容時間を足した%(most)sまでです。"
    )
    was_refused = N_(
        "了承された%(agreed)sを超える分は、所属長が認めませんでした。%(agreed)s以内で入力してください。"
    )
    field = "minutes"


class ClosedPeriod(LedgerError):
    """The period is closed: only corrections with HR's approval change it."""

    rule: ClassVar[str] = "L7"
    text = N_(
        "%(month)s月はもう締まっています。直すときは、記録を開き、「記録を訂正する」から人事担当に依頼してください。"
    )
    field = "work_date"


class StillOpen(LedgerError):
    """The period is not over: nobody can close it yet."""

    rule: ClassVar[str] = "L7"
    text = N_("%(month)s月はまだ終わっていません。締められるのは、翌月になってからです。")


class EarlierOpen(LedgerError):
    """An earlier period is not closed, and its day has not come: what is open there would go unseen."""

    rule: ClassVar[str] = "L7"
    text = N_("%(earlier)s がまだ締まっていません。先にそちらを締めてください。")


class HasLeft(LedgerError):
    """The person was not appointed any more on the day of the work."""

    rule: ClassVar[str] = "L11"
    text = N_(
        "その日には、もうこの市町村に在職していません。在職していた日の分だけを記録できます。"
    )
    field = "minutes"


class NotRecorded(LedgerError):
    """There is no record to correct."""

    rule: ClassVar[str] = "L6"
    text = N_("訂正できるのは、記録したものだけです。")


class NothingToCorrect(Invalid):
    """The record already says so."""

    rule: ClassVar[str] = "L6"
    text = N_("今の記録も%(minutes)sです。違う長さを入力してください。")
    field = "minutes"


class CorrectionWaits(LedgerError):
    """A correction of the same record waits for HR."""

    rule: ClassVar[str] = "L7"
    text = N_(
        "この記録の訂正は、人事担当の答えを待っています。変えるときは、先に取り下げてください。"
    )


class RecordChanged(LedgerError):
    """The record was corrected otherwise meanwhile."""

    rule: ClassVar[str] = "L6"
    text = N_(
        "この記録は、訂正の依頼のあとに変わりました。認めずに、もう一度依頼してもらってください。"
    )


class NotReversible(LedgerError):
    """Only a record can be reversed, and once."""

    rule: ClassVar[str] = "L6"
    text = N_(
        "取り消せるのは、まだ取り消していない記録だけです。取消しを取り消すことはできません。"
    )


class OwnCorrection(LedgerError):
    """Nobody agrees to their own correction."""

    rule: ClassVar[str] = "L9"
    status = 403
    text = N_("自分の訂正を自分で認めることはできません。ほかの人事担当に頼んでください。")


class OwnSupplement(LedgerError):
    """Nobody accepts what they recorded themselves beyond an agreement."""

    rule: ClassVar[str] = "L9"
    status = 403
    text = N_(
        "自分で入力した追加分を、自分で認めることはできません。ほかの所属長か代決者に頼んでください。"
    )
