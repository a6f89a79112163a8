"""20%の記録（本人控え）: what a person did, and why the allowance is what it is; the own one alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN

from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import rows
from niwari.ledger.accounts import cap_of
from niwari.ledger.attending.words import CONFIRMED, HOST_LABELS, WAITING
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import Account, JournalEntry, Overtime, Request, Supplement
from niwari.ledger.recording.supplements import REFUSED
from niwari.ledger.reports import words
from niwari.ledger.reports.description import Column, Report, Row, Table
from niwari.ledger.reports.disposed import as_disposed
from niwari.ledger.settings import choices_of
from niwari.ledger.words import PLACE_LABELS
from niwari.ledger.worktime import DayBase, Period, PeriodKind, base, day_bases, period_of
from niwari.specs.contributions import Activity, Label

NAME = "statement"

_DAY = Label("日にち", "Day")
_NOT_COUNTED = Label("枠に数えない", "Does not count")
_MARKS = Label("備考", "Remarks")


@dataclass(frozen=True, slots=True)
class _Amounts:
    """A month's or a year's numbers in minutes."""

    base: int
    cap: int
    used: int
    reserved: int
    overtime: int
    corrected: bool

    def row(self, label: Label) -> Row:
        return (
            label,
            self.base,
            self.cap,
            self.used,
            self.reserved,
            self.cap - self.used - self.reserved,
            self.overtime,
            words.MARK_CORRECTED if self.corrected else None,
        )


def statement(
    ctx: Context,
    period: Period,
    activities: Mapping[str, Activity],
    why: Callable[[DayBase], str],
) -> Report:
    """Return the acting person's own statement of a month or a fiscal year, in four queries; in five of a
    year that may have been disposed of, and then without any number.

    Amounts of each month and of the year; every record, a correction as the reversal and the new entry
    (rule L6); every day with its ``why`` (L21). What is closed has the base that it was closed with
    (L7). ``activities`` name the classes: they are the real ones, because it is the own view.
    """
    year = period_of(PeriodKind.FISCAL_YEAR, period.starts_on)
    conditions = work_conditions([ctx.person_id], ctx.municipality, year.starts_on, year.ends_on)
    days = day_bases(conditions[ctx.person_id], year.starts_on, year.ends_on)
    amounts = _amounts(ctx, year, days)
    shown = words.months_of(period)
    report = Report(
        NAME,
        Label("20%の記録（本人控え）", "My 20% (own copy)"),
        Label(
            "使った時間の記録と、この枠になる理由です。見られるのは本人だけです。",
            "What you used, and why your allowance is what it is. Only you can see it.",
        ),
        period.key,
        (
            _balances(shown, amounts, year),
            _records(ctx, period, activities),
            _days(period, days, why),
        ),
    )
    return as_disposed(ctx, report, period)


def _amounts(ctx: Context, year: Period, days: Sequence[DayBase]) -> dict[date, _Amounts]:
    """Return the numbers of each month of the year, by its first day."""
    mine = (Account.person == ctx.person_id) & (Account.municipality == ctx.municipality.id)
    accounts: dict[date, list[tuple[Any, ...]]] = {}
    for starts_on, *numbers in rows(
        Account.select(
            Account.starts_on,
            Account.base,
            Account.cap,
            Account.used,
            Account.reserved,
            Account.closed_at,
            Account.corrected_at,
        ).where(mine & Account.starts_on.between(year.starts_on, year.ends_on))
    ):
        accounts.setdefault(starts_on.replace(day=1), []).append(tuple(numbers))
    overtime = dict(
        rows(
            Overtime.select(Overtime.month, Overtime.minutes).where(
                (Overtime.person == ctx.person_id)
                & (Overtime.municipality == ctx.municipality.id)
                & Overtime.month.between(year.starts_on, year.ends_on)
            )
        )
    )
    return {
        month.starts_on: _of_month(
            [day for day in days if day.day in month],
            accounts.get(month.starts_on, []),
            overtime.get(month.starts_on, 0),
        )
        for month in words.months_of(year)
    }


def _of_month(
    days: Sequence[DayBase], accounts: Sequence[tuple[Any, ...]], overtime: int
) -> _Amounts:
    closed = bool(accounts) and all(one[4] is not None for one in accounts)
    return _Amounts(
        base=sum(one[0] for one in accounts) if closed else base(days),
        cap=sum(one[1] for one in accounts) if closed else cap_of(days),
        used=sum(one[2] for one in accounts),
        reserved=sum(one[3] for one in accounts),
        overtime=overtime,
        corrected=any(one[5] is not None for one in accounts),
    )


def _balances(shown: Sequence[Period], amounts: Mapping[date, _Amounts], year: Period) -> Table:
    every = list(amounts.values())
    whole = _Amounts(
        base=sum(one.base for one in every),
        cap=sum(one.cap for one in every),
        used=sum(one.used for one in every),
        reserved=sum(one.reserved for one in every),
        overtime=sum(one.overtime for one in every),
        corrected=any(one.corrected for one in every),
    )
    return Table(
        "balance",
        Label("枠と使った時間", "Allowance and use"),
        (
            Column(Label("月", "Month")),
            Column(Label("勤務時間", "Working time"), "minutes"),
            Column(Label("枠", "Allowance"), "minutes"),
            Column(Label("使った", "Used"), "minutes"),
            Column(Label("予定（了承済み）", "Planned"), "minutes"),
            Column(Label("残り", "Left"), "minutes"),
            Column(Label("時間外勤務", "Overtime"), "minutes"),
            Column(_MARKS),
        ),
        tuple(amounts[month.starts_on].row(words.dated_label(month)) for month in shown),
        whole.row(words.year_label(year.starts_on)),
        drawn=(3, 2),
        notes=(
            Label(
                "使わなかった分を次の月に回すことはできません。"
                "締めた月の枠は、締めたときのままです。",
                "What is not used is not carried over. A closed month keeps its allowance.",
            ),
        ),
    )


def _records(ctx: Context, period: Period, activities: Mapping[str, Activity]) -> Table:
    found = rows(
        JournalEntry.select(
            JournalEntry.id,
            JournalEntry.work_date,
            JournalEntry.minutes,
            JournalEntry.posted_at,
            JournalEntry.reverses,
            JournalEntry.replaces,
            Request.activity,
            Request.purpose,
            Request.place,
            Request.counts,
            Request.after_fact,
            Request.oral_answer,
            Request.source_kind,
            Request.attended_at,
            Supplement.state,
            Request.travel,
        )
        .join_from(JournalEntry, Account)
        .join_from(JournalEntry, Request)
        .join_from(
            JournalEntry,
            Supplement,
            JOIN.LEFT_OUTER,
            on=Supplement.entry.in_((JournalEntry.id, JournalEntry.reverses)),
        )
        .where(
            (Account.person == ctx.person_id)
            & (Account.municipality == ctx.municipality.id)
            & JournalEntry.kind.in_(("record", "reversal"))
            & JournalEntry.work_date.between(period.starts_on, period.ends_on)
        )
        .order_by(JournalEntry.work_date, JournalEntry.id)
    )
    reversed_ = {one[4] for one in found}
    asks_hosts = choices_of(ctx).host_confirmation
    return Table(
        "records",
        Label("使った時間の記録", "Records"),
        (
            Column(_DAY, "day"),
            Column(Label("活動の種類", "Class")),
            Column(Label("すること", "Purpose")),
            Column(Label("場所", "Place")),
            Column(words.MINUTES, "minutes"),
            Column(Label("記録した日", "Recorded on"), "day"),
            Column(_MARKS),
        ),
        tuple(
            (
                day,
                words.class_label(activity, activities),
                purpose,
                PLACE_LABELS.get(place, place),
                minutes,
                tokyo_day(posted_at),
                words.marks(
                    _REVERSAL if reverses else None,
                    _ANEW if replaces else None,
                    words.beyond_mark(beyond, reversal=bool(reverses)),
                    # What the head refused was not corrected.
                    words.MARK_CORRECTED
                    if beyond != REFUSED and (reverses or replaces or entry in reversed_)
                    else None,
                    None if counts else _NOT_COUNTED,
                    _AFTER if after_fact else None,
                    _ORAL if oral == "waiting" else None,
                    HOST_LABELS[CONFIRMED if attended_at else WAITING]
                    if asks_hosts and source
                    else None,
                    _TRAVEL.get(travel),
                ),
            )
            for (
                entry,
                day,
                minutes,
                posted_at,
                reverses,
                replaces,
                activity,
                purpose,
                place,
                counts,
                after_fact,
                oral,
                source,
                attended_at,
                beyond,
                travel,
            ) in found
        ),
    )


_REVERSAL = Label("取消記録", "Reversal")
_ANEW = Label("訂正後の記録", "New entry")
_AFTER = Label("事後", "After the fact")
_TRAVEL = {
    "there": Label("移動（行き）", "Travel there"),
    "back": Label("移動（帰り）", "Travel back"),
}
_ORAL = Label("口頭の了承（未確認）", "Oral OK, not confirmed")


def _days(period: Period, days: Sequence[DayBase], why: Callable[[DayBase], str]) -> Table:
    return Table(
        "days",
        Label("この枠になる理由", "Why this allowance"),
        (
            Column(_DAY, "day"),
            Column(Label("勤務時間", "Working time"), "minutes"),
            Column(Label("割合", "Share"), "share"),
            Column(Label("理由", "Reason")),
        ),
        tuple(
            (day.day, day.base, f"{day.rate / 100:g}%" if day.base else None, why(day))
            for day in days
            if day.day in period
        ),
        notes=(
            Label(
                "勤務時間から祝日・閉庁日・休暇を引いた時間の、1日ごとの割合を合計し、1分未満を切り捨てています。",
                "Working time less holidays, closed days and leave; the daily share of it, added up.",
            ),
        ),
    )
