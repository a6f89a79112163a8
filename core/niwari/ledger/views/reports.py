"""The reports: HR's, the secretariat's, and the head's list of those who are over."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, render_template, request, url_for

from niwari.context import Context
from niwari.errors import NotFound
from niwari.ledger.reports import answers, overtime, year_book
from niwari.ledger.reports.description import HIDDEN, Report, bars_of
from niwari.ledger.reports.disposed import as_disposed
from niwari.ledger.reports.files import Format, file_name, take_file
from niwari.ledger.reports.over_cap import over_cap
from niwari.ledger.reports.region import region_matrix
from niwari.ledger.reports.words import dated_label, year_label
from niwari.ledger.views.blueprint import blueprint
from niwari.ledger.worktime import Period, PeriodError, PeriodKind, parse_period, period_of
from niwari.pages.downloads import attached, attached_bytes
from niwari.pages.forms import current_context
from niwari.pages.parts import known_activities, place_under
from niwari.specs.contributions import Label

__all__ = ["blueprint"]

_Make = Callable[[Context, Period], Report]
_YEAR = (PeriodKind.FISCAL_YEAR,)
MONTH_OR_YEAR = (PeriodKind.MONTH, PeriodKind.FISCAL_YEAR)
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class _Offered:
    """A report of HR: how it is called, how it is made, for which kinds of periods."""

    title: Label
    lead: Label
    make: _Make
    kinds: Collection[PeriodKind] = _YEAR


_REPORTS = {
    "year-book": _Offered(
        year_book.TITLE,
        Label(
            "活動の種類、根拠、任用の種類ごとの人数と時間",
            "People and time by class, basis, employment",
        ),
        lambda ctx, period: year_book.year_book(ctx, period, known_activities()),
    ),
    "answers": _Offered(
        answers.TITLE,
        Label(
            "了承までの時間、見送り・取りやめの件数、事後の割合",
            "Time until the OK, refusals, share after the fact",
        ),
        answers.answers,
    ),
    "overtime": _Offered(
        overtime.TITLE,
        Label("月と部局ごとに並べて", "Side by side, by month and group of sections"),
        overtime.overtime,
        MONTH_OR_YEAR,
    ),
}


@blueprint.get("/reports", permission="ledger.report")
def reports() -> str:
    """Show HR which reports there are."""
    locale = current_context().locale
    return render_template(
        "ledger/reports.html",
        reports=[
            (one.title.text(locale), one.lead.text(locale), url_for("ledger.report", report=name))
            for name, one in _REPORTS.items()
        ],
    )


@blueprint.get("/reports/<report>", permission="ledger.report")
def report(report: str) -> str:
    """Show one report of HR: ``?period=FY2026``."""
    offered = _offered(report)
    ctx = current_context()
    place_under("ledger.reports")
    made = _made(ctx, offered)
    return report_page(
        "ledger/report.html", made, url_for("ledger.report_file", report=report), offered.kinds
    )


@blueprint.post("/reports/<report>/file", permission="ledger.report")
def report_file(report: str) -> Response:
    """Give a table of a report as a file."""
    offered = _offered(report)
    ctx = current_context()
    return file_answer(ctx, _made(ctx, offered))


@blueprint.get("/region-report", permission="ledger.report_region")
def region_report() -> str:
    """Show the secretariat the region's matrix."""
    action = url_for("ledger.region_report_file")
    return report_page("ledger/report.html", _matrix(current_context()), action, _YEAR)


@blueprint.post("/region-report/file", permission="ledger.report_region")
def region_report_file() -> Response:
    """Give a table of the region's matrix as a file."""
    ctx = current_context()
    return file_answer(ctx, _matrix(ctx))


@blueprint.get("/over-cap", permission="ledger.decide")
def over_cap_list() -> str:
    """Show the head who of their people is over the cap."""
    place_under("ledger.approvals")
    return render_template("ledger/over_cap.html", found=over_cap(current_context()))


def _matrix(ctx: Context) -> Report:
    return region_matrix(ctx, wanted_period(ctx, _YEAR), known_activities())


def _made(ctx: Context, offered: _Offered) -> Report:
    period = wanted_period(ctx, offered.kinds)
    return as_disposed(ctx, offered.make(ctx, period), period)


def _offered(name: str) -> _Offered:
    found = _REPORTS.get(name)
    if found is None:
        raise NotFound
    return found


def wanted_period(ctx: Context, kinds: Collection[PeriodKind]) -> Period:
    """Return the period of the address or the form, of one of ``kinds``; else the present one."""
    present = period_of(next(iter(kinds)), ctx.today)
    try:
        period = parse_period(request.values.get("period", ""))
        _check_year(period)
    except PeriodError:
        return present
    return period if period.kind in kinds else present


def report_page(template: str, made: Report, action: str, kinds: Collection[PeriodKind]) -> str:
    """Return the page of a report; ``action`` is where its files are asked for."""
    ctx = current_context()
    period = parse_period(made.key)
    return render_template(
        template,
        ctx=ctx,
        report=made,
        action=action,
        locale=ctx.locale,
        hidden=HIDDEN,
        bars_of=bars_of,
        is_month=period.kind is PeriodKind.MONTH,
        period_name=_name(period).text(ctx.locale),
        choices=[
            (
                one.text(ctx.locale),
                url_for(str(request.endpoint), **(request.view_args or {}), period=key),
            )
            for one, key in _choices(period, kinds)
        ],
    )


def file_answer(ctx: Context, made: Report) -> Response:
    """Return the file that the form asks for; a table or format that there is not is 404."""
    table = made.table(request.form.get("table", ""))
    asked = request.form.get("format", "")
    if table is None or asked not in ("csv", "xlsx"):
        raise NotFound
    format_: Format = "csv" if asked == "csv" else "xlsx"
    name = file_name(ctx, made, table, format_)
    pieces = take_file(ctx, made, table, format_)
    if format_ == "csv":
        return attached(pieces, name)
    return attached_bytes(b"".join(pieces), name, _BOOK)


def _check_year(period: Period) -> None:
    """Raise ``PeriodError`` where the holidays of the whole fiscal year are not known."""
    parse_period(period_of(PeriodKind.FISCAL_YEAR, period.starts_on).key)


def _name(period: Period) -> Label:
    if period.kind is PeriodKind.MONTH:
        return dated_label(period)
    return year_label(period.starts_on)


def _choices(period: Period, kinds: Collection[PeriodKind]) -> list[tuple[Label, str]]:
    """Return the periods before and after, and the year of a month, with their keys."""
    day = timedelta(days=1)
    around = [
        period_of(period.kind, period.starts_on - day),
        period_of(period.kind, period.ends_on + day),
    ]
    if period.kind is PeriodKind.MONTH:
        around.append(period_of(PeriodKind.FISCAL_YEAR, period.starts_on))
    elif PeriodKind.MONTH in kinds:
        around.append(period_of(PeriodKind.MONTH, period.starts_on))
    known = []
    for one in around:
        try:
            _check_year(one)
        except PeriodError:
            continue
        known.append((_name(one), one.key))
    return known
