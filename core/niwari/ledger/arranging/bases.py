"""On which legal basis a class of activity is done: HR sets it, staff and heads never choose.

Of discreet classes there is one line for all, 「学び・相談」: real ones do not show to HR (L14).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.errors import N_, Invalid
from niwari.host.enablement import hold
from niwari.host.running import running
from niwari.ledger.models import BASES, DISCREET_ACTIVITY, Basis
from niwari.ledger.worktime import PeriodKind, period_of
from niwari.specs.contributions import Activity

LONGEST_ORDER = 100
WITH_ORDER = ("duty_order", "business_trip")
"""Bases that rest on an order in writing, which has a number: 職務命令, 旅行命令."""


@dataclass(frozen=True, slots=True)
class Held:
    """What holds for a class from a day on; ``starts_on`` is ``None`` where HR said nothing."""

    basis: str
    order_number: str = ""
    starts_on: date | None = None


_DEFAULT = Held(BASES[0])


@dataclass(frozen=True, slots=True)
class Bases:
    """What HR set in a municipality, to look up for any number of requests without a query."""

    held: Mapping[str, Sequence[Held]]

    def on(self, activity: str, day: date, *, discreet: bool = False) -> Held:
        """Return what holds for a class on a Tokyo day; for a ``discreet`` one as 「学び・相談」."""
        code = DISCREET_ACTIVITY if discreet else activity
        for one in self.held.get(code, ()):
            if one.starts_on is not None and one.starts_on <= day:
                return one
        return _DEFAULT


def bases_of(municipality_id: int) -> Bases:
    """Return the look-up of a municipality's bases, in one query."""
    query = (
        Basis.select(Basis.activity, Basis.basis, Basis.order_number, Basis.starts_on)
        .where(Basis.municipality == municipality_id)
        .order_by(Basis.starts_on.desc())
    )
    held: dict[str, list[Held]] = {}
    for activity, *what in rows(query):
        held.setdefault(activity, []).append(Held(*what))
    return Bases(held)


def basis_on(municipality_id: int, activity: str, day: date) -> Held:
    """Return on which basis a class is done in a municipality on a Tokyo day; one query.

    "Performed as duty" where HR said nothing. A class that is declared discreet counts as
    「学び・相談」. For many requests ask ``bases_of``.
    """
    known = _activities().get(activity)
    return bases_of(municipality_id).on(
        activity, day, discreet=known is not None and known.discreet
    )


def classes_shown(offered: Mapping[str, Activity]) -> list[Activity]:
    """Return the classes that HR sets a basis for: those offered here that are not discreet."""
    return [activity for activity in offered.values() if not activity.discreet]


def set_basis(
    ctx: Context,
    activity: str,
    basis: str,
    *,
    order_number: str,
    starts_on: date,
    offered: Mapping[str, Activity],
) -> None:
    """Set on which basis a class is done in the own municipality from ``starts_on`` on.

    From a day of the present fiscal year at the earliest. The same start again replaces what was set.
    Raises ``Invalid`` beside its field: for a class that is not offered or is discreet, an unknown
    basis, a missing order number, an earlier day.
    """
    order = order_number.strip()
    if activity not in {one.code for one in classes_shown(offered)}:
        raise Invalid(N_("活動の種類を選んでください。"), field="activity")
    if basis not in BASES:
        raise Invalid(N_("根拠を選んでください。"), field="basis")
    if basis in WITH_ORDER and not order:
        raise Invalid(N_("この根拠には、命令の番号が必要です。"), field="order_number")
    if len(order) > LONGEST_ORDER:
        raise Invalid(N_("100文字以内で入力してください。"), field="order_number")
    if starts_on < period_of(PeriodKind.FISCAL_YEAR, ctx.today).starts_on:
        raise Invalid(N_("今年度の日にちを入力してください。"), field="starts_on")
    with transaction(ctx):
        hold(ctx.municipality.id)
        before = bases_of(ctx.municipality.id).on(activity, starts_on)
        if before == Held(basis, order, starts_on):
            return
        values: dict[str, Any] = {
            "basis": basis,
            "order_number": order,
            "set_at": ctx.now,
            "set_by": ctx.acting.id,
        }
        Basis.insert(
            municipality=ctx.municipality.id, activity=activity, starts_on=starts_on, **values
        ).on_conflict(
            conflict_target=[Basis.municipality, Basis.activity, Basis.starts_on], update=values
        ).execute()
        audit.record(
            ctx,
            "ledger.set_basis",
            "municipality",
            ctx.municipality.id,
            before={"basis": before.basis, "order_number": before.order_number},
            after={"basis": basis, "order_number": order},
            activity=activity,
            starts_on=starts_on.isoformat(),
        )


def _activities() -> Mapping[str, Activity]:
    return {
        activity.code: activity
        for plugin in running().host.loaded()
        for activity in plugin.contributions.activities
    }
