"""わたしの業務: what one does in the post in which one acts, as one says oneself."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.duties.models import PersonDuty, SectionDuty
from niwari.directory.duties.standard import Duty, duties, duties_by_code
from niwari.directory.duties.towns import takes_part
from niwari.directory.models import Appointment
from niwari.errors import N_, Invalid


class UnknownDuty(Invalid):
    """The code is none of the standard duties."""

    text = N_("「%(code)s」という業務はありません。")


@dataclass(frozen=True, slots=True)
class MyDuties:
    """The duties of one's post by code, and those that its section has, in their order.

    ``listed``: the name may be shown with them. ``is_proposal``: they are those of one's former post in
    the same section, as of a contract that was renewed, and nothing of it is kept yet.
    """

    codes: frozenset[str]
    listed: bool
    of_section: tuple[Duty, ...]
    is_proposal: bool = False


def my_duties(ctx: Context) -> MyDuties:
    """Return the duties of the acting person in the acting post."""
    of_section = {
        code
        for (code,) in rows(
            SectionDuty.select(SectionDuty.duty).where(SectionDuty.section == ctx.acting.section_id)
        )
    }
    kept = _kept(ctx)
    former = {} if kept else _of_former_post(ctx)
    known = {code: tick for code, tick in (kept or former).items() if code in duties_by_code()}
    return MyDuties(
        frozenset(known),
        any(known.values()),
        tuple(duty for duty in duties() if duty.code in of_section),
        is_proposal=bool(former),
    )


def keep_my_duties(ctx: Context, codes: Collection[str], *, listed: bool) -> None:
    """Keep the duties of the acting post: exactly these; ``listed`` lets the name be shown with them.

    Where the municipality does not take part in the directory of duties, nobody is listed. Raises
    ``UnknownDuty``. The same again changes nothing.
    """
    for code in codes:
        if code not in duties_by_code():
            raise UnknownDuty(field="duties", code=code)
    wanted = dict.fromkeys(codes, listed and takes_part(ctx))
    with transaction(ctx):
        list(locked(Appointment.select().where(Appointment.id == ctx.acting.id)))
        kept = _kept(ctx)
        if kept == wanted:
            return
        _write(ctx, kept, wanted)
        audit.record(
            ctx,
            "directory.my_duties",
            "appointment",
            ctx.acting.id,
            duties=",".join(sorted(wanted)),
            listed=any(wanted.values()),
        )


def _write(ctx: Context, kept: dict[str, bool], wanted: dict[str, bool]) -> None:
    mine = PersonDuty.appointment == ctx.acting.id
    if gone := kept.keys() - wanted.keys():
        PersonDuty.delete().where(mine & PersonDuty.duty.in_(sorted(gone))).execute()
    for tick in (True, False):
        changed = [
            code for code in wanted.keys() & kept.keys() if kept[code] != tick == wanted[code]
        ]
        if changed:
            PersonDuty.update(listed=tick).where(mine & PersonDuty.duty.in_(changed)).execute()
    new = [
        {
            "municipality": ctx.municipality.id,
            "appointment": ctx.acting.id,
            "duty": code,
            "listed": wanted[code],
            "since": ctx.today,
        }
        for code in sorted(wanted.keys() - kept.keys())
    ]
    if new:
        PersonDuty.insert_many(new).execute()


def _kept(ctx: Context) -> dict[str, bool]:
    query = PersonDuty.select(PersonDuty.duty, PersonDuty.listed)
    return dict(rows(query.where(PersonDuty.appointment == ctx.acting.id)))


def _of_former_post(ctx: Context) -> dict[str, bool]:
    query = (
        PersonDuty.select(Appointment.id, PersonDuty.duty, PersonDuty.listed)
        .join(Appointment)
        .where(
            (Appointment.person == ctx.person_id)
            & (Appointment.section == ctx.acting.section_id)
            & (Appointment.id != ctx.acting.id)
        )
        .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
    )
    found: list[Any] = rows(query)
    return {duty: listed for post, duty, listed in found if post == found[0][0]}
