"""The period that a program asks for."""

from niwari.context import Context
from niwari.ledger.worktime import Period, PeriodError, PeriodKind, parse_period, period_of
from niwari.rest.reading import WrongParameters
from niwari.rest.shapes import WrongParameter


def wanted_period(ctx: Context, name: str, key: str | None) -> Period:
    """Return the period that the parameter ``name`` calls ``key``, or the present month without one.

    Raises ``WrongParameters`` for one that cannot be, or of whose fiscal year not all holidays are known.
    """
    if key is None:
        return period_of(PeriodKind.MONTH, ctx.today)
    try:
        period = parse_period(key)
        parse_period(period_of(PeriodKind.FISCAL_YEAR, period.starts_on).key)
    except PeriodError as error:
        raise WrongParameters((WrongParameter("query", name, str(error)),)) from error
    return period
