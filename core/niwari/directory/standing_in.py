"""Standing in for a head: by rank, and by a delegation from one day to another (rule L9)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.answering import section_heads
from niwari.directory.arranging import (
    check_days,
    post_named,
    tree_to_arrange,
)
from niwari.directory.models import Appointment, Delegation, Person, Section, on_day
from niwari.errors import N_, DomainError, Invalid, NotFound
from niwari.host.enablement import hold
from niwari.texts import is_blank

LONGEST_REASON = 200
LONGEST = timedelta(days=366)


class AlreadyDelegated(DomainError):
    """The person stands in for the same head on some of these days already."""

    rule = "L9"
    field = "starts_on"
    text = N_("この職員は、%(first)sから%(last)sまで、すでにこの所属の代決者です。")


@dataclass(frozen=True, slots=True)
class DelegationShown:
    """A delegation that goes on or is to come; both days are included."""

    id: int
    name: str
    title: str
    starts_on: date
    ends_on: date
    reason: str


def stands_in_on(day: date) -> Any:
    """Return the condition that an ``Appointment`` has a rank in post order (代決), or a delegation."""
    delegated = Delegation.select(1).where(
        (Delegation.appointment == Appointment.id)
        & on_day(Delegation, day)
        & Delegation.ended_at.is_null()
    )
    return Appointment.stand_in_order.is_null(False) | fn.EXISTS(delegated)


def delegations_from(section_id: int, day: date) -> Any:
    """Return the query for a section's delegations that are not over on ``day``: the words of each.

    Its columns are those of ``DelegationShown``.
    """
    return (
        Delegation.select(
            Delegation.id,
            Person.name,
            Appointment.title,
            Delegation.starts_on,
            Delegation.ends_on,
            Delegation.reason,
        )
        .join_from(Delegation, Appointment, on=(Delegation.appointment == Appointment.id))
        .join_from(Appointment, Person)
        .where(
            (Delegation.section == section_id)
            & (Delegation.ends_on >= day)
            & Delegation.ended_at.is_null()
        )
    )


def give_delegation(
    ctx: Context, section_id: int, *, login: str, starts_on: date, ends_on: date, reason: str
) -> Delegation:
    """Let somebody answer in the place of a section's head, on these Tokyo days, both included.

    The head does it, or HR. The same again, as after a double click, returns what there is. Raises
    ``NotFound`` for a section that is not the acting person's to arrange, ``Invalid`` for days that
    are over, in the wrong order or more than a year apart, for a section without a head, a person
    who holds no post in the municipality on the first day, and the head; ``AlreadyDelegated`` where
    the person has one on some of these days.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        tree_to_arrange(ctx, section_id)
        check_days(ctx, starts_on, ends_on)
        if ends_on - starts_on >= LONGEST:
            raise Invalid(N_("1年以内の日を入力してください。"), field="ends_on")
        if is_blank(reason) or len(reason) > LONGEST_REASON:
            raise Invalid(N_("理由を200文字以内で入力してください。"), field="reason")
        head = section_heads(ctx.municipality.id, starts_on).get(section_id)
        if head is None or head.head_person_id is None:
            raise Invalid(N_("始まりの日に所属長がいないため、代決者を決められません。"))
        post = post_named(ctx, login, starts_on)
        if post.person_id == head.head_person_id:
            raise Invalid(N_("所属長本人は代決者になれません。"), field="login")
        present = _overlapping(section_id, head.head_person_id, post.person_id, starts_on, ends_on)
        if present is not None:
            if (present.starts_on, present.ends_on) == (starts_on, ends_on):
                return present
            raise AlreadyDelegated(
                first=present.starts_on.isoformat(), last=present.ends_on.isoformat()
            )
        made: Delegation = Delegation.create(
            section=section_id,
            appointment=post.id,
            head=head.head_appointment_id,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason.strip(),
            given_by=ctx.acting.id,
        )
        audit.record(
            ctx,
            "directory.delegate",
            "section",
            section_id,
            delegate=post.id,
            first=starts_on.isoformat(),
            last=ends_on.isoformat(),
        )
    return made


def _overlapping(
    section_id: int, head_person_id: int, person_id: int, starts_on: date, ends_on: date
) -> Delegation | None:
    """Return a delegation by the same head; one by a former head no longer holds."""
    given_for = Appointment.alias()
    found: Delegation | None = (
        Delegation.select()
        .join_from(Delegation, Appointment, on=(Delegation.appointment == Appointment.id))
        .join_from(Delegation, given_for, on=(Delegation.head == given_for.id))
        .where(
            (Delegation.section == section_id)
            & (given_for.person == head_person_id)
            & (Appointment.person == person_id)
            & Delegation.ended_at.is_null()
            & (Delegation.ends_on >= starts_on)
            & (Delegation.starts_on <= ends_on)
        )
        .first()
    )
    return found


def end_delegation(ctx: Context, delegation_id: int) -> int:
    """End a delegation at once; returns its section's id. A second click changes nothing.

    Raises ``NotFound`` where its section is not the acting person's to arrange.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        found: Any = (
            Delegation.select()
            .join(Section)
            .where((Delegation.id == delegation_id) & (Section.municipality == ctx.municipality.id))
            .first()
        )
        if found is None:
            raise NotFound
        tree_to_arrange(ctx, found.section_id)
        if found.ended_at is None:
            Delegation.update(ended_at=ctx.now).where(Delegation.id == delegation_id).execute()
            audit.record(
                ctx,
                "directory.end_delegation",
                "section",
                found.section_id,
                delegate=found.appointment_id,
            )
    section_id: int = found.section_id
    return section_id
