"""The year book of HR: a fiscal year by class and month, by legal basis and by employment type."""

from collections.abc import Mapping

from niwari.context import Context
from niwari.ledger.reports.description import Column, Report, Row, Table
from niwari.ledger.reports.groups import groups_of
from niwari.ledger.reports.sums import Sums
from niwari.ledger.reports.used import FLAGS, used_in
from niwari.ledger.reports.words import (
    AFTER_FACT,
    ALL,
    BASIS_LABELS,
    CORRECTED,
    EMPLOYMENT_LABELS,
    MARK_CORRECTED,
    MINUTES,
    PEOPLE,
    TRAVEL,
    class_label,
    dated_label,
    month_label,
    months_of,
)
from niwari.ledger.worktime import Period
from niwari.specs.contributions import Activity, Label

NAME = "year-book"
TITLE = Label("20%の年報", "Year book of the 20%")


def year_book(ctx: Context, year: Period, activities: Mapping[str, Activity]) -> Report:
    """Return the year book of the acting municipality in a fiscal year: nobody is listed (L14).

    By class and month, by legal basis, by employment type; only what counts. Three queries. ``activities``
    name the classes. Small numbers are hidden (L15).
    """
    sums = used_in(ctx, groups_of(ctx), year)
    return Report(
        NAME,
        TITLE,
        Label(
            "記録された時間を、活動の種類、根拠、任用の種類ごとにまとめています。職員の名前は出ません。",
            "What was recorded, by class, legal basis and employment type. No names.",
        ),
        year.key,
        (
            _by_month(sums, year),
            _by_class(sums, year, activities),
            _simple(sums, "basis", Label("根拠ごと", "By legal basis"), BASIS_LABELS),
            _simple(
                sums, "employment", Label("任用の種類ごと", "By employment"), EMPLOYMENT_LABELS
            ),
        ),
        (
            Label(
                "枠に数える活動の記録だけです。同じ職員は、1人と数えます。",
                "Only what counts. Each person is counted once in a number.",
            ),
        ),
    )


def _by_month(sums: Sums, year: Period) -> Table:
    months = months_of(year)
    return Table(
        "months",
        Label("月ごと", "By month"),
        (
            Column(Label("月", "Month")),
            Column(PEOPLE, "number"),
            Column(MINUTES, "minutes"),
            Column(Label("締めたあとの訂正", "Corrected after closing")),
        ),
        tuple(
            (
                dated_label(one),
                sums.people(("month", one.key)),
                sums.amount(("month", one.key)),
                MARK_CORRECTED if ("marked", one.key) in sums.cells else None,
            )
            for one in months
        ),
        (ALL, sums.people(("all",)), sums.amount(("all",)), None),
        drawn=(2,),
    )


def _by_class(sums: Sums, year: Period, activities: Mapping[str, Activity]) -> Table:
    months = months_of(year)
    columns = (
        Column(Label("活動の種類", "Class")),
        Column(Label("根拠", "Legal basis")),
        *(Column(month_label(one), "minutes") for one in months),
        Column(ALL, "minutes"),
        Column(PEOPLE, "number"),
        Column(AFTER_FACT, "minutes"),
        Column(CORRECTED, "minutes"),
        Column(TRAVEL, "minutes"),
    )

    def row(one: str) -> Row:
        code, basis = one.split(" ")
        return (
            class_label(code, activities),
            BASIS_LABELS[basis],
            *(sums.amount(("cell", one, month.key)) for month in months),
            sums.amount(("class", one)),
            sums.people(("class", one)),
            *(sums.amount((flag, one, "1")) for flag in FLAGS),
        )

    return Table(
        "classes",
        Label("活動の種類と月ごと", "By class and month"),
        columns,
        tuple(row(one) for one in sums.of("class")),
        (
            ALL,
            None,
            *(sums.amount(("month", month.key)) for month in months),
            sums.amount(("all",)),
            sums.people(("all",)),
            *(sums.amount((f"{flag}_all", "1")) for flag in FLAGS),
        ),
    )


def _simple(sums: Sums, kind: str, title: Label, labels: Mapping[str, Label]) -> Table:
    return Table(
        kind,
        title,
        (Column(title), Column(PEOPLE, "number"), Column(MINUTES, "minutes")),
        tuple(
            (label, sums.people((kind, code)), sums.amount((kind, code)))
            for code, label in labels.items()
            if (kind, code) in sums.cells
        ),
        (ALL, sums.people(("all",)), sums.amount(("all",))),
        drawn=(2,),
    )
