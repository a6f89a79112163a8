"""Removing what is older than its municipality keeps it, with a record of each removal."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from niwari.audit import service as audit
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.host.dispatch import Dispatcher
from niwari.host.town_state import state_of
from niwari.jobs.shifts import Shift
from niwari.specs.contributions import BadContribution, Receipt
from niwari.stewardship.models import Disposal, RetentionRule
from niwari.stewardship.retention import first_kept

PAGE = 50
MOST_ROUNDS = 1_000
"""How often a plugin is asked in one turn for the next portion of one category; then it is left for
the next day, so that one that always has more to do cannot go on for ever."""
TURN = 60.0
"""Seconds that the worker spends on it in an hour's turn; what is left waits for the next."""


class _NotDone(Exception):
    """The plugin failed, or answered with anything but a receipt: undo this portion."""


@dataclass(frozen=True, slots=True)
class Done:
    """A disposal record as it is shown."""

    id: int
    plugin: str
    category: str
    years: int
    before: date
    erased: int
    redacted: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A page of records, the newest first; ``following`` is where the next one begins, or ``None``."""

    records: tuple[Done, ...]
    following: int | None


def dispose_due(dispatcher: Dispatcher, now: datetime) -> int:
    """Follow every rule that was not looked at today; returns how many rows were removed or redacted.

    Portion by portion, each in a transaction with its disposal record: stopped in between, it goes
    on at the next run. Of several workers one does a portion. A rule whose plugin is off there, or
    has stopped, waits; one that fails is tried again on the next day.
    """
    today = tokyo_day(now)
    due = RetentionRule.select(RetentionRule.id).where(
        (RetentionRule.looked_on < today) & RetentionRule.years.is_null(False)
    )
    removed, shift = 0, Shift(TURN)
    for (rule_id,) in rows(due.order_by(RetentionRule.looked_on, RetentionRule.id)):
        if shift.is_over():
            break
        removed += _follow(dispatcher, rule_id, now, shift)
        dispatcher.failing.write_waiting()
    return removed


def _follow(dispatcher: Dispatcher, rule_id: int, now: datetime, shift: Shift) -> int:
    removed = 0
    for _round in range(MOST_ROUNDS):
        if shift.is_over():
            return removed
        count = _portion(dispatcher, rule_id, now)
        removed += count
        if not count:
            return removed
    with transaction(system_context(now, "stewardship")):
        _looked(rule_id, tokyo_day(now))
    return removed


def _portion(dispatcher: Dispatcher, rule_id: int, now: datetime) -> int:
    """Let a plugin remove the next portion; returns how many rows, 0 where the day is done."""
    today = tokyo_day(now)
    found = RetentionRule.get_or_none(RetentionRule.id == rule_id)
    if found is None:
        return 0
    ctx = system_context(now, "stewardship", municipality_ref(found.municipality_id, today))
    if not _may_run(dispatcher, ctx, found.plugin):
        return 0
    try:
        with transaction(ctx):
            rule = locked(RetentionRule.select().where(RetentionRule.id == rule_id)).first()
            if rule is None or rule.years is None or rule.looked_on >= today:
                return 0
            receipt = _asked(dispatcher, ctx, rule)
            count = receipt.erased + receipt.redacted
            if count:
                _write(ctx, rule, receipt)
            else:
                _looked(rule_id, today)
    except _NotDone:
        with transaction(ctx):
            _looked(rule_id, today)
        return 0
    return count


def _may_run(dispatcher: Dispatcher, ctx: Context, plugin: str) -> bool:
    town = state_of(ctx.municipality.id, ctx.municipality.revision)
    return dispatcher.host.is_ready(plugin) and (plugin in town.on or plugin in town.paused)


def _asked(dispatcher: Dispatcher, ctx: Context, rule: RetentionRule) -> Receipt:
    before = first_kept(ctx.today, rule.years)
    outcome = dispatcher.call_one(
        "dispose_data", ctx, rule.plugin, category=rule.category, before=before
    )
    if outcome is None or outcome.error is not None:
        raise _NotDone
    if not isinstance(outcome.value, Receipt):
        wrong = BadContribution(f"dispose_data returned {type(outcome.value).__name__}, no Receipt")
        dispatcher.settle(ctx, rule.plugin, "dispose_data", wrong, 0)
        raise _NotDone
    return outcome.value


def _looked(rule_id: int, today: date) -> None:
    RetentionRule.update(looked_on=today).where(RetentionRule.id == rule_id).execute()


def _write(ctx: Context, rule: RetentionRule, receipt: Receipt) -> None:
    done = Disposal.create(
        municipality=ctx.municipality.id,
        plugin=rule.plugin,
        category=rule.category,
        years=rule.years,
        before=first_kept(ctx.today, rule.years),
        erased=receipt.erased,
        redacted=receipt.redacted,
        at=ctx.now,
    )
    audit.record(
        ctx,
        "stewardship.dispose",
        "stewardship.disposal",
        done.id,
        plugin=rule.plugin,
        category=rule.category,
        erased=receipt.erased,
        redacted=receipt.redacted,
    )


def disposals(ctx: Context, *, before: int | None = None) -> Page:
    """Return the disposal records of the own municipality, the newest first, ``PAGE`` at most."""
    query = Disposal.select().where(_here(ctx))
    if before is not None:
        query = query.where(Disposal.id < before)
    found = list(query.order_by(Disposal.id.desc()).limit(PAGE + 1))
    shown = tuple(_done(row) for row in found[:PAGE])
    return Page(shown, shown[-1].id if len(found) > PAGE else None)


def all_disposals(ctx: Context) -> Any:
    """Yield every disposal record of the own municipality, the oldest first."""
    query = Disposal.select().where(_here(ctx)).order_by(Disposal.id)
    return (_done(row) for row in query.iterator())


def _here(ctx: Context) -> Any:
    return Disposal.municipality == ctx.municipality.id


def _done(row: Disposal) -> Done:
    return Done(
        row.id,
        row.plugin,
        row.category,
        row.years,
        row.before,
        row.erased,
        row.redacted,
        row.at,
    )
