"""A report's table as a file, and that it was taken."""

from collections.abc import Iterator
from typing import Literal

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.ledger.reports.description import Report, Row, Table
from niwari.tabular import Value, csv_portions, write_xlsx

Format = Literal["csv", "xlsx"]

_PORTION = 500


def take_file(ctx: Context, report: Report, table: Table, format_: Format) -> Iterator[bytes]:
    """Return a table of a report as CSV (UTF-8 with byte order mark) or as an Excel book, in pieces.

    That somebody takes it is an act, which is written before this returns. Durations are 1:30 in CSV
    and real durations in Excel; below the table the book says what the screen says.
    """
    with transaction(ctx):
        audit.record(
            ctx,
            "ledger.take_report",
            "municipality",
            ctx.municipality.id,
            report=report.name,
            table=table.code,
            period=report.key,
            format=format_,
        )
    heads = [column.label.text(ctx.locale) for column in table.columns]
    if format_ == "csv":
        return csv_portions(heads, _portions(table, ctx.locale))
    title = f"{report.title.text(ctx.locale)} {report.key} {table.title.text(ctx.locale)}"
    notes = [note.text(ctx.locale) for note in (*table.remarks(), *report.remarks())]
    rows = (_written(table, row, ctx.locale) for row in table.lines)
    return iter([write_xlsx(title, heads, rows, notes=notes)])


def file_name(ctx: Context, report: Report, table: Table, format_: Format) -> str:
    """Return the name under which a file is kept."""
    code = ctx.municipality.code
    return f"ledger-{report.name}-{table.code}-{code}-{report.key}.{format_}"


def _portions(table: Table, locale: str) -> Iterator[list[list[Value]]]:
    portion: list[list[Value]] = []
    for row in table.lines:
        portion.append(_written(table, row, locale))
        if len(portion) == _PORTION:
            yield portion
            portion = []
    yield portion


def _written(table: Table, row: Row, locale: str) -> list[Value]:
    return [column.written(cell, locale) for column, cell in zip(table.columns, row, strict=True)]
