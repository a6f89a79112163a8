"""The reader of cells that hold the times of a day."""

from niwari.errors import N_
from niwari.ledger.worktime import CellError, Hours, parse_hours
from niwari.ledger.worktime.errors import CellProblem
from niwari.tabular import BadCell, shown

_PROBLEMS = {
    CellProblem.FORMAT: N_("時間は 08:30-12:00 13:00-17:15 のように書いてください（%(part)s）。"),
    CellProblem.END_BEFORE_START: N_("%(part)s は、終わりを始まりより後にしてください。"),
    CellProblem.OVERLAP: N_("%(part)s が、同じ日のほかの時間と重なっています。"),
    CellProblem.OVER_24_HOURS: N_("%(part)s が24:00を過ぎています。残りは次の日に書いてください。"),
}


def hours_of(cell: str) -> Hours:
    """Read times like 08:30-12:00 13:00-17:15; an empty cell is a day without work."""
    try:
        return parse_hours(cell)
    except CellError as error:
        raise BadCell(_PROBLEMS[error.problem], part=shown(error.part)) from None
