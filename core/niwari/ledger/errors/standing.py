"""What the rules say no with for standing agreements (rule L12)."""

from typing import ClassVar

from niwari.errors import N_
from niwari.ledger.errors.root import LedgerError


class NothingHeld(LedgerError):
    """Not one time of a standing agreement can be held."""

    rule: ClassVar[str] = "L12"
    text = N_("確保できる回が1回もありません。日にちや長さを変えてください。")
    field = "first_day"


class HeldChanged(LedgerError):
    """What a standing agreement can hold is not what the head saw."""

    rule: ClassVar[str] = "L12"
    text = N_(
        "開いたあとに、確保できる時間が変わりました。下の予定を確かめて、もう一度押してください。"
    )


class NotDrawable(LedgerError):
    """The day cannot take what is recorded of an allowance without dates."""

    rule: ClassVar[str] = "L12"
    text = N_("その日には記録できません。勤務日を選んでください。")
    field = "day"


class OverAllowance(LedgerError):
    """More was to be recorded than is left of an allowance without dates."""

    rule: ClassVar[str] = "L12"
    text = N_("この期間の残りは%(left)sです。")
    field = "minutes"
