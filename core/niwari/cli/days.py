"""Days as options of commands: one form, one wording, whatever the command."""

from collections.abc import Callable
from datetime import date
from typing import Any

import click

from niwari.tabular import BadCell, day_of

_FORM = "A day in Japan (Tokyo) as YYYY-MM-DD; first and last days are included."


class _Day(click.ParamType[date]):
    """A day as files have it: 2026-04-01."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            found: date = day_of(value)
        except BadCell as bad:
            self.fail(str(bad), param, ctx)
        return found


def day_option(*names: str, says: str, required: bool = False) -> Callable[[Any], Any]:
    """Return the option of a day, a ``datetime.date`` of Tokyo, of which the help ``says`` what it is."""
    return click.option(
        *names, type=_Day(), metavar="YYYY-MM-DD", required=required, help=f"{says} {_FORM}"
    )
