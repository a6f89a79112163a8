"""What can be wrong with the input of a work-time calculation."""

from enum import StrEnum


class WorkTimeError(ValueError):
    """A rule, a moment or a period cannot be used. The message names it and how to mend it."""


class CellProblem(StrEnum):
    """Why a cell of patterns.csv is refused. Screens translate these codes."""

    FORMAT = "format"
    END_BEFORE_START = "end_before_start"
    OVERLAP = "overlap"
    OVER_24_HOURS = "over_24_hours"


_MENDING = {
    CellProblem.FORMAT: "write times as 08:30-12:00 13:00-17:15",
    CellProblem.END_BEFORE_START: "the end must be later than the start",
    CellProblem.OVERLAP: "times of one day must not overlap",
    CellProblem.OVER_24_HOURS: "a day ends at 24:00; put the rest on the next day",
}


class CellError(WorkTimeError):
    """A cell with the times of a day is refused.

    `cell` is the text as it came, `part` the piece of it that is wrong, `problem` the reason.
    """

    def __init__(self, cell: str, part: str, problem: CellProblem) -> None:
        super().__init__(f"cell {cell!r}: {part!r}: {problem.value}; {_MENDING[problem]}")
        self.cell = cell
        self.part = part
        self.problem = problem


class PeriodError(WorkTimeError):
    """A text does not name a period of the ledger."""
