"""Days that a head asks the section's people to avoid: 議会, 予算, 申告. A warning, no refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.sections import sections_on
from niwari.errors import N_, Invalid, NotFound
from niwari.host.enablement import hold
from niwari.ledger.deciding.approvers import OWN_PLACE, Charge, charge_of
from niwari.ledger.deciding.avoided import Avoided
from niwari.ledger.errors import LedgerError
from niwari.ledger.models import Avoidance
from niwari.texts import is_blank

LONGEST_REASON = 100
LONGEST = timedelta(days=366)
FARTHEST = timedelta(days=2 * 366)
"""How far ahead such days may be."""
MOST_OPEN = 20
"""How many periods of a section may be open at once."""


class AvoidanceOver(LedgerError):
    """The days are ended, or over: there is nothing to change any more."""

    text = N_("この期間は、もう終わっています。新しく決めてください。")


@dataclass(frozen=True, slots=True)
class Days:
    """What a head fills in; both days are included."""

    first_day: date
    last_day: date
    reason: str


def own_sections(ctx: Context, charge: Charge | None = None) -> Mapping[int, str]:
    """Return the sections that the acting person heads today by id, with their names; two queries.

    Also those below without a head of their own. Nobody names days to avoid in a head's place.
    """
    found: set[int] = set()
    for share in (charge or charge_of(ctx)).shares:
        if share.in_place_of == OWN_PLACE:
            found |= share.sections
    here = sections_on(ctx.municipality.id, ctx.today) if found else {}
    return {id_: one.name for id_, one in here.items() if id_ in found}


def avoid(ctx: Context, section_id: int, days: Days) -> int:
    """Name days that a section, and all below it, should avoid; returns the id.

    The same again, as after a double click, returns what there is. Raises ``NotFound`` for a section
    that the acting person does not head, and ``Invalid`` for days and reasons that cannot be.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        if section_id not in own_sections(ctx):
            raise NotFound
        _check(ctx, days, since=None)
        values = _values(days)
        same = Avoidance.get_or_none(
            (Avoidance.section == section_id)
            & Avoidance.ended_at.is_null()
            & (Avoidance.first_day == days.first_day)
            & (Avoidance.last_day == days.last_day)
            & (Avoidance.reason == values["reason"])
        )
        if same is not None:
            return int(same.id)
        _check_number(ctx, section_id)
        made = Avoidance.create(
            section=section_id, set_at=ctx.now, set_by=ctx.acting.id, **values
        ).id
        _note(ctx, "ledger.avoid", made, days)
    return int(made)


def change(ctx: Context, avoidance_id: int, days: Days) -> None:
    """Give other days or another reason. Raises as ``avoid`` does, and ``AvoidanceOver``."""
    with transaction(ctx):
        found = _own(ctx, avoidance_id)
        if found.ended_at is not None or found.last_day < ctx.today:
            raise AvoidanceOver
        _check(ctx, days, since=found.first_day)
        Avoidance.update(**_values(days)).where(Avoidance.id == avoidance_id).execute()
        _note(ctx, "ledger.change_avoidance", avoidance_id, days)


def end(ctx: Context, avoidance_id: int) -> None:
    """End the days at once; again changes nothing. Raises ``NotFound`` as ``avoid`` does."""
    with transaction(ctx):
        found = _own(ctx, avoidance_id)
        if found.ended_at is None:
            Avoidance.update(ended_at=ctx.now).where(Avoidance.id == avoidance_id).execute()
            audit.record(ctx, "ledger.end_avoidance", "ledger_avoidance", avoidance_id)


def one_of_mine(ctx: Context, avoidance_id: int) -> Avoided:
    """Return days that the acting person may change; else ``NotFound``."""
    sections = own_sections(ctx)
    found = Avoidance.get_or_none(
        (Avoidance.id == avoidance_id) & Avoidance.section.in_(list(sections))
    )
    if found is None:
        raise NotFound
    if found.ended_at is not None or found.last_day < ctx.today:
        raise AvoidanceOver
    return Avoided(
        found.id,
        found.section_id,
        sections[found.section_id],
        found.first_day,
        found.last_day,
        found.reason,
    )


def _own(ctx: Context, avoidance_id: int) -> Any:
    """Return days that the acting person may change, held until the transaction ends."""
    hold(ctx.municipality.id)
    found = Avoidance.get_or_none(
        (Avoidance.id == avoidance_id) & Avoidance.section.in_(list(own_sections(ctx)))
    )
    if found is None:
        raise NotFound
    return found


def _check(ctx: Context, days: Days, *, since: date | None) -> None:
    """Refuse days and reasons that cannot be; the first day may stay ``since``, also when past."""
    if days.first_day < ctx.today and days.first_day != since:
        raise Invalid(N_("今日か、今日より後の日を入力してください。"), field="first_day")
    if days.last_day < days.first_day or days.last_day < ctx.today:
        raise Invalid(N_("始まりの日か、それより後の日を入力してください。"), field="last_day")
    if days.last_day - days.first_day >= LONGEST:
        raise Invalid(N_("1年以内の日を入力してください。"), field="last_day")
    if days.last_day > ctx.today + FARTHEST:
        raise Invalid(N_("2年先までの日を入力してください。"), field="last_day")
    if is_blank(days.reason) or len(days.reason) > LONGEST_REASON:
        raise Invalid(N_("理由を100文字以内で入力してください。"), field="reason")


def _check_number(ctx: Context, section_id: int) -> None:
    still_open = (
        (Avoidance.section == section_id)
        & Avoidance.ended_at.is_null()
        & (Avoidance.last_day >= ctx.today)
    )
    if Avoidance.select().where(still_open).count() >= MOST_OPEN:
        raise Invalid(
            N_("1つの所属に決められるのは%(most)s件までです。要らないものを終わりにしてください。"),
            field="first_day",
            most=MOST_OPEN,
        )


def _values(days: Days) -> dict[str, Any]:
    return {
        "first_day": days.first_day,
        "last_day": days.last_day,
        "reason": days.reason.strip(),
    }


def _note(ctx: Context, action: str, avoidance_id: int, days: Days) -> None:
    audit.record(
        ctx,
        action,
        "ledger_avoidance",
        avoidance_id,
        first=days.first_day.isoformat(),
        last=days.last_day.isoformat(),
    )
