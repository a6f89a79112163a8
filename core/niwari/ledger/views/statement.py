"""20%の記録（本人控え）: the own statement, on the screen, on paper and as a file."""

from flask import Response, url_for

from niwari.context import Context
from niwari.ledger.presenting import why_text
from niwari.ledger.reports.description import Report
from niwari.ledger.reports.statement import statement
from niwari.ledger.views.blueprint import blueprint
from niwari.ledger.views.reports import MONTH_OR_YEAR, file_answer, report_page, wanted_period
from niwari.pages.forms import current_context
from niwari.pages.parts import known_activities, place_under

__all__ = ["blueprint"]


@blueprint.get("/statement", permission="ledger.statement", endpoint="statement")
def show_statement() -> str:
    """Show the own statement of a month or a year: ``?period=2026-11``, ``?period=FY2026``."""
    place_under("ledger.month")
    action = url_for("ledger.statement_file")
    return report_page(
        "ledger/statement.html", _statement(current_context()), action, MONTH_OR_YEAR
    )


@blueprint.post("/statement/file", permission="ledger.statement")
def statement_file() -> Response:
    """Give a table of the own statement as a file."""
    ctx = current_context()
    return file_answer(ctx, _statement(ctx))


def _statement(ctx: Context) -> Report:
    period = wanted_period(ctx, MONTH_OR_YEAR)
    return statement(ctx, period, known_activities(), why_text)
