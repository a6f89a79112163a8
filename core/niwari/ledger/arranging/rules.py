"""What HR chooses about the 20% rule in its municipality, and what that does to the numbers (L23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from peewee import SQL, fn

from niwari.audit import service as audit
from niwari.clock import TOKYO
from niwari.context import Context
from niwari.dates.working_days import working_days_after
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, on_day
from niwari.errors import N_, DomainError, Invalid
from niwari.host.enablement import hold
from niwari.host.settings import save_settings, settings_of
from niwari.ledger.arranged import arrange, arranged, period_for
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import Account, LeaveSpan, PeriodChoice
from niwari.ledger.settings import AREA
from niwari.ledger.worktime import (
    LONG_LEAVE_KINDS,
    LeavePolicy,
    Period,
    PeriodKind,
    cap,
    day_bases,
    fiscal_year_of,
    period_of,
)
from niwari.specs.contributions.settings import Value

MOST_PEOPLE = 500
"""For how many people with short leave the effect is computed; beyond that their number is told."""


class PeriodInUse(DomainError):
    """Accounts of another kind are there already from that day on."""

    rule = "L23"
    field = "kind"
    text = N_(
        "%(year)s年4月1日からの枠を使う申込みがもうあるため、その年度の期間は変えられません。次の年度から変えてください。"
    )


def choose(ctx: Context, values: Mapping[str, Value]) -> list[str]:
    """Keep what the municipality chose, whole or not at all; returns the keys that changed.

    The revision grows, so every worker follows at its next request. Accounts that are closed keep
    their base (L7). Raises ``BadSetting`` beside its field.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        before = settings_of(ctx, AREA, "municipality")
        changed = save_settings(ctx, AREA, "municipality", values)
        if changed:
            audit.record(
                ctx,
                "ledger.choose",
                "municipality",
                ctx.municipality.id,
                before={key: before[key] for key in changed},
                after={key: values[key] for key in changed},
            )
    return changed


def choose_period(ctx: Context, kind: str, year: int) -> bool:
    """Let periods be of ``kind`` from 1 April of ``year`` on; returns whether that changed anything.

    A fiscal year to come, the next or the one after. What is there before stays as it is. Raises
    ``Invalid`` for another kind or year, and ``PeriodInUse`` where somebody has an account then: two
    kinds would count the same day.
    """
    if kind not in set(PeriodKind):
        raise Invalid(N_("期間を選んでください。"), field="kind")
    if year not in years_ahead(ctx.today):
        raise Invalid(N_("これから始まる年度を選んでください。"), field="year")
    first = date(year, 4, 1)
    with transaction(ctx):
        hold(ctx.municipality.id)
        known = arranged(ctx.municipality).kinds
        present = next((one for day, one in known if day <= first), PeriodKind.MONTH)
        if present == kind:
            return False
        used = (Account.municipality == ctx.municipality.id) & (Account.starts_on >= first)
        if Account.select().where(used).exists():
            raise PeriodInUse(year=year)
        values: dict[str, Any] = {"kind": kind, "set_at": ctx.now, "set_by": ctx.acting.id}
        PeriodChoice.insert(
            municipality=ctx.municipality.id, starts_on=first, **values
        ).on_conflict(
            conflict_target=[PeriodChoice.municipality, PeriodChoice.starts_on], update=values
        ).execute()
        arrange(ctx.municipality.id)
        audit.record(
            ctx,
            "ledger.choose_period",
            "municipality",
            ctx.municipality.id,
            before={"kind": str(present)},
            after={"kind": kind},
            year=year,
        )
    return True


def years_ahead(today: date) -> tuple[int, int]:
    """Return the fiscal years from which on the kind of period can be chosen."""
    year = fiscal_year_of(today) + 1
    return year, year + 1


@dataclass(frozen=True, slots=True)
class PeriodsShown:
    """From which day on which kind holds, the earliest first; ``None`` from the beginning."""

    starts_on: date | None
    kind: PeriodKind


def periods_shown(ctx: Context) -> Sequence[PeriodsShown]:
    """Return the kinds of period of the own municipality; no query while its revision stands."""
    kinds = arranged(ctx.municipality).kinds
    return [
        PeriodsShown(None, PeriodKind.MONTH),
        *(PeriodsShown(day, kind) for day, kind in reversed(kinds)),
    ]


def example_periods(kind: PeriodKind, year: int) -> tuple[Period, Period]:
    """Return the first two periods of a fiscal year, to show what a kind means."""
    first = period_of(kind, date(year, 4, 1))
    return first, period_of(kind, first.ends_on + timedelta(days=1))


def closing_days(ctx: Context, workday: int) -> Sequence[tuple[date, date]]:
    """Return when the last month, this one and the next close: the month's first day, the day (L7)."""
    months = []
    first = period_of(PeriodKind.MONTH, ctx.today.replace(day=1) - timedelta(days=1))
    for _ in range(3):
        months.append((first.starts_on, working_days_after(first.ends_on, workday)))
        first = period_of(PeriodKind.MONTH, first.ends_on + timedelta(days=1))
    return months


@dataclass(frozen=True, slots=True)
class LeaveEffect:
    """What subtracting long leave only does in a period: the sums of people with short leave in it.

    ``subtracted`` and ``kept`` are the sums of their caps, minutes, with all leave taken off and
    with the long kinds alone; ``None`` where they are more than ``MOST_PEOPLE``.
    """

    period: Period
    people: int
    subtracted: int | None
    kept: int | None


def leave_effect(ctx: Context) -> LeaveEffect:
    """Return the effect of ``long_leave_only`` in the present period, as sums; two queries."""
    period = period_for(ctx.municipality, ctx.today)
    here = Appointment.select(Appointment.person).where(
        (Appointment.municipality == ctx.municipality.id)
        & Appointment.is_main
        & on_day(Appointment, ctx.today)
    )
    away = (
        LeaveSpan.select(LeaveSpan.person)
        .where(
            LeaveSpan.kind.not_in(sorted(LONG_LEAVE_KINDS))
            & (LeaveSpan.ends_at > _midnight(period.starts_on))
            & (LeaveSpan.starts_at < _midnight(period.ends_on + timedelta(days=1)))
            & LeaveSpan.person.in_(here)
        )
        .group_by(LeaveSpan.person)
    )
    # The number of all stands beside each, so that no third query is needed.
    found = rows(away.select_extend(fn.COUNT(SQL("1")).over()).limit(MOST_PEOPLE))
    people = int(found[0][1]) if found else 0
    if people > MOST_PEOPLE:
        return LeaveEffect(period, people, None, None)
    conditions = work_conditions(
        [person for person, _ in found], ctx.municipality, period.starts_on, period.ends_on
    )
    sums = [
        sum(
            cap(day_bases(replace(one, leave_policy=policy), period.starts_on, period.ends_on))
            for one in conditions.values()
        )
        for policy in (LeavePolicy("all"), LeavePolicy("long"))
    ]
    return LeaveEffect(period, people, *sums)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), TOKYO)
