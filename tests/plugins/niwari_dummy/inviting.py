"""A note may invite to come together: offers with seats, for the catalogue."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from peewee import JOIN, fn

from niwari.api import (
    TOKYO,
    Appointment,
    Context,
    DomainError,
    Mode,
    Municipality,
    Offer,
    Section,
    Subject,
    Subscription,
    Verb,
    Wanted,
    hookimpl,
    locked,
    not_paused,
    transaction,
    visible,
)
from niwari_dummy.models import Invitation, Note, Seat


class Full(DomainError):
    """Somebody else took the last seat."""

    text = "席が埋まりました。"


def invite(
    ctx: Context,
    note_id: int,
    *,
    days: int = 7,
    hours: tuple[int, int] = (15, 16),
    timed: bool = True,
    seats: int = 12,
    verb: Verb = Verb.SPREAD,
    modes: str = "on_site online",
    place: str = "第一会議室",
) -> None:
    """Let a note invite to an hour some days ahead, or to as long on any day."""
    begin, end = (
        ctx.now.astimezone(TOKYO).replace(hour=hour, minute=0, second=0, microsecond=0)
        + timedelta(days=days)
        for hour in hours
    )
    with transaction(ctx):
        Invitation.create(
            note=note_id,
            verb=verb,
            modes=modes,
            place=place,
            starts_at=begin if timed else None,
            ends_at=end if timed else None,
            minutes=(end - begin) // timedelta(minutes=1),
            seats=seats,
        )


@hookimpl
def offers(ctx: Context, wanted: Wanted) -> Sequence[Offer]:
    """The notes that invite, the soonest first, in one query."""
    mine, taken = Seat.alias(), Seat.alias()
    query = (
        Invitation.select(
            Invitation,
            Note.title,
            Note.body,
            Note.municipality.alias("town_id"),
            Municipality.name.alias("municipality_name"),
            Section.name.alias("section_name"),
            taken.select(fn.COUNT(taken.id)).where(taken.note == Note.id).alias("taken"),
            mine.id.alias("mine"),
        )
        .join_from(Invitation, Note)
        .join_from(Note, Municipality)
        .join_from(Note, Section, on=(Note.section == Section.id))
        .join_from(
            Note,
            mine,
            JOIN.LEFT_OUTER,
            on=(mine.note == Note.id) & mine.holder.in_(_posts_of(ctx.person_id)),
        )
        .where(visible(ctx, Note) & not_paused(Note) & _fits(ctx, wanted))
    )
    order = (Invitation.starts_at.is_null(), Invitation.starts_at, Note.id)
    found: Any = query.order_by(*order).limit(wanted.most).objects()
    return [_offer(row) for row in found]


def _fits(ctx: Context, wanted: Wanted) -> Any:
    if wanted.only is not None:
        return Note.id == wanted.only[1]
    fits = (Invitation.starts_at > ctx.now) | Invitation.starts_at.is_null()
    if wanted.verb is not None:
        fits &= Invitation.verb == wanted.verb
    if wanted.municipality_id is not None:
        fits &= Note.municipality == wanted.municipality_id
    if wanted.mode is not None:
        fits &= Invitation.modes.contains(wanted.mode)
    if wanted.most_minutes is not None:
        fits &= Invitation.minutes <= wanted.most_minutes
    if wanted.first is not None:
        fits &= Invitation.starts_at >= _begin_of(wanted.first)
    if wanted.last is not None:
        fits &= Invitation.starts_at < _begin_of(wanted.last + timedelta(days=1))
    if wanted.after is not None:
        starts_at, note_id = wanted.after
        if starts_at is None:
            return fits & Invitation.starts_at.is_null() & (Note.id >= note_id)
        later = Invitation.starts_at > starts_at
        fits &= later | ((Invitation.starts_at == starts_at) & (Note.id >= note_id))
    return fits


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


def _offer(row: Any) -> Offer:
    return Offer(
        "dummy.note",
        row.note_id,
        row.title,
        Verb(row.verb),
        row.town_id,
        row.municipality_name,
        activity="dummy",
        modes=tuple(Mode(mode) for mode in row.modes.split()),
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        minutes=row.minutes,
        seats_left=max(row.seats - row.taken, 0),
        contact=f"{row.section_name}（内線 123）",
        text=row.body,
        joined=row.mine is not None,
    )


def hold(ctx: Context, note_id: int, mode: Mode, request_id: int | None) -> None:
    """Hold a seat for a request of the acting person, whose former seat becomes that of this one.

    Raises ``Full``.
    """
    with transaction(ctx):
        invitation = locked(Invitation.select().where(Invitation.note == note_id)).get()
        own = Seat.holder.in_(_posts_of(ctx.person_id))
        seat = Seat.get_or_none((Seat.note == note_id) & own)
        if seat is not None:
            again = Seat.update(request_id=request_id, mode=mode, is_fixed=False)
            again.where(Seat.id == seat.id).execute()
            return
        if Seat.select().where(Seat.note == note_id).count() >= invitation.seats:
            raise Full
        Seat.create(note=note_id, holder=ctx.acting.id, mode=mode, request_id=request_id)


def fix(ctx: Context, event: Any) -> None:
    """The own head has agreed: the seat of this request is fixed."""
    Seat.update(is_fixed=True).where(Seat.request_id == event.request_id).execute()


def free(ctx: Context, event: Any) -> None:
    """Declined, withdrawn, called off, absent or over: the seat of this request is free again."""
    Seat.delete().where(Seat.request_id == event.request_id).execute()


def hosts(ctx: Context, note: Note) -> bool:
    """Whoever works in the section that invites says who was there."""
    return ctx.appointment is not None and note.section_id == ctx.appointment.section_id


SUBSCRIPTIONS = (
    Subscription("ledger.RequestAgreed", fix),
    Subscription("ledger.RequestDeclined", free),
    Subscription("ledger.RequestWithdrawn", free),
    Subscription("ledger.RequestRevoked", free),
    Subscription("ledger.RequestCancelled", free),
    Subscription("ledger.RequestLapsed", free),
)


def forget(subject: Subject, notes: list[int], posts: Any) -> int:
    """Delete the invitations of these notes, and the seats that a person or a town's people hold."""
    gone = Seat.note.in_(notes)
    if posts is not None:
        gone |= Seat.holder.in_(posts)
    count: int = Seat.delete().where(gone).execute()
    Invitation.delete().where(Invitation.note.in_(notes)).execute()
    return count


def _posts_of(person_id: int) -> Any:
    return Appointment.select(Appointment.id).where(Appointment.person == person_id)
