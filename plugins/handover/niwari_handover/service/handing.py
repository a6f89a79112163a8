"""Handing a post over: the successor is named after the 内示, confirms, and then the superior does."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from niwari.api import (
    Appointment,
    Context,
    NotFound,
    Person,
    Ref,
    StaleForm,
    active_now,
    answered_by,
    answering_now,
    audit,
    checked_key,
    locked,
    notify,
    transaction,
)
from niwari_handover.errors import (
    AlreadyBegun,
    AlreadyConfirmed,
    AlreadyNamed,
    BadDay,
    LongAnnounced,
    NotAnnounced,
    NotHead,
    NotSuccessor,
    NotYetConfirmed,
    SamePerson,
)
from niwari_handover.models import ENDED, Handing, Holder, Notebook
from niwari_handover.notices import APPROVED, CALLED_OFF, CONFIRMED, NAMED, in_words
from niwari_handover.service.checklist import standard_items
from niwari_handover.service.opening import post_of
from niwari_handover.service.passing import begin
from niwari_handover.service.sight import (
    NAME_ANY,
    PLUGIN,
    decides,
    held_handing,
    holds,
    latest,
    name_again,
    superiors,
)

KIND = "handover.notebook"
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Named:
    """What whoever names a successor fills in; ``who`` is a login or a name."""

    who: str
    announced_on: date | None
    starts_on: date | None


@dataclass(frozen=True, slots=True)
class Arranged:
    """A post as whoever may name its successor sees it: nothing of what the notebook says.

    ``may_name`` is false for who stands in by post order while the head is there.
    """

    id: int
    post: str
    going_on: bool
    may_name: bool


def get_arranged(ctx: Context, notebook_id: int) -> Arranged:
    """Return a post for whom may name its successor: a holder, who answers for it, or HR.

    For anybody else there is nothing (``NotFound``), whether a transfer is known or not.
    """
    row = Notebook.select().where((Notebook.id == notebook_id) & _may_name(ctx)).first()
    if row is None:
        raise NotFound
    return Arranged(row.id, row.post, _going_on(row.id) is not None, _decides_now(ctx, row))


def name_successor(ctx: Context, notebook_id: int, named: Named, *, form_key: str) -> int:
    """Name the successor of a post, who then sees its notebook; returns the id of the handing over.

    ``announced_on`` is the day of the 内示: before it nothing is written of a transfer. Where the day of
    the handover has come already, the notebook passes at once. The same
    ``form_key`` again returns the first. Predecessor, successor and who answers for the section are
    told. Raises what ``_held_to_name`` does, ``NotAnnounced``, ``LongAnnounced``,
    ``BadDay``, ``NoSuchPerson``, ``SeveralPeople``, ``SamePerson``, ``AlreadyNamed`` and ``StaleForm``.
    """
    announced_on, starts_on = _checked_days(ctx, named)
    key = checked_key(form_key)
    with transaction(ctx):
        notebook = _held_to_name(ctx, notebook_id)
        sent = Handing.get_or_none(Handing.form_key == key)
        if sent is not None:
            if sent.named_by_id != ctx.acting.id or sent.notebook_id != notebook.id:
                raise StaleForm
            return int(sent.id)
        if _going_on(notebook.id) is not None:
            raise AlreadyNamed
        post = post_of(ctx, named.who)
        present = _holder_posts(notebook.id)
        if any(one.person_id == post.person_id for one in present):
            raise SamePerson(name=post.person.name)
        handing = Handing.create(
            notebook=notebook.id,
            predecessor=_predecessor(ctx, notebook.id, present, announced_on, post.person_id),
            successor=post.id,
            announced_on=announced_on,
            starts_on=starts_on,
            help_until=starts_on + YEAR,
            named_by=ctx.acting.id,
            named_at=ctx.now,
            form_key=key,
        )
        standard_items(ctx, handing)
        name_again(ctx, notebook)
        audit(ctx, "handover.name", KIND, notebook.id, handing=handing.id, appointment=post.id)
        told = [post.id, *(one.id for one in present), *superiors(ctx, notebook)]
        notify(ctx, NAMED.code, told, Ref(KIND, notebook.id), day=in_words(starts_on))
        begin(ctx, notebook)
    return int(handing.id)


def call_off(ctx: Context, notebook_id: int) -> None:
    """Call off what goes on, before the day of the handover; whoever was named sees nothing any more.

    Again changes nothing. Raises ``NotFound`` for whoever may not and where nobody was named,
    ``NotHead``, ``AlreadyConfirmed`` and ``AlreadyBegun``.
    """
    with transaction(ctx):
        notebook = _held_to_name(ctx, notebook_id)
        handing = _going_on(notebook_id, begun=True)
        if handing is None:
            if not Handing.select().where(Handing.notebook == notebook.id).exists():
                raise NotFound
            return
        if handing.approved_at is not None:
            raise AlreadyConfirmed
        if handing.begun_at is not None:
            raise AlreadyBegun
        end(ctx, notebook, handing)
        told = [handing.successor_id, handing.predecessor_id]
        notify(ctx, CALLED_OFF.code, [one for one in told if one], Ref(KIND, notebook.id))


def end(ctx: Context, notebook: Any, handing: Any) -> None:
    """End a handing over in the caller's transaction: the successor named in it sees nothing more."""
    Handing.update(state=ENDED, ended_at=ctx.now).where(Handing.id == handing.id).execute()
    name_again(ctx, notebook)
    audit(ctx, "handover.call_off", KIND, notebook.id, handing=handing.id)


def confirm(ctx: Context, notebook_id: int) -> None:
    """Let the successor confirm that the post was handed over; again changes nothing.

    The superior is told. Raises ``NotFound`` and ``NotSuccessor``.
    """
    with transaction(ctx):
        notebook, handing = held_handing(ctx, notebook_id)
        successor = handing.successor
        if successor is None or successor.person_id != ctx.person_id:
            raise NotSuccessor
        if handing.confirmed_at is not None:
            return
        Handing.update(confirmed_at=ctx.now).where(Handing.id == handing.id).execute()
        audit(ctx, "handover.confirm", KIND, notebook.id, handing=handing.id)
        told = superiors(ctx, notebook, ctx.person_id)
        notify(ctx, CONFIRMED.code, told, Ref(KIND, notebook.id))


def approve(ctx: Context, notebook_id: int) -> None:
    """Let the superior confirm after the successor; again changes nothing.

    The superior is who answers for the successor in the section of the post: its head, or who stands
    in; never the predecessor. Raises ``NotFound``, ``NotHead`` and ``NotYetConfirmed``.
    """
    with transaction(ctx):
        notebook, handing = held_handing(ctx, notebook_id)
        successor = handing.successor.person_id if handing.successor is not None else None
        predecessor = handing.predecessor.person_id if handing.predecessor is not None else None
        superior = {
            one.person_id: one for one in answering_now(ctx, notebook.section_id, successor)
        }
        if ctx.person_id not in superior or ctx.person_id == predecessor:
            raise NotHead
        if handing.confirmed_at is None:
            raise NotYetConfirmed
        if handing.approved_at is not None:
            return
        Handing.update(
            approved_at=ctx.now,
            approved_by=ctx.acting.id,
            approved_for=superior[ctx.person_id].in_place_of,
        ).where(Handing.id == handing.id).execute()
        audit(ctx, "handover.approve", KIND, notebook.id, handing=handing.id)
        told = [one for one in (handing.successor_id, handing.predecessor_id) if one]
        notify(ctx, APPROVED.code, told, Ref(KIND, notebook.id))


def _going_on(notebook_id: int, *, begun: bool = False) -> Any:
    """Return the handing over whose day is yet to come; with ``begun`` the latest in any case."""
    handing = latest(notebook_id)
    return handing if handing is not None and (begun or handing.begun_at is None) else None


def _checked_days(ctx: Context, named: Named) -> tuple[date, date]:
    announced_on, starts_on = named.announced_on, named.starts_on
    if announced_on is None or announced_on > ctx.today:
        raise NotAnnounced
    if announced_on < ctx.today - YEAR:
        raise LongAnnounced
    if starts_on is None or not announced_on <= starts_on <= announced_on + YEAR:
        raise BadDay
    return announced_on, starts_on


def _held_to_name(ctx: Context, notebook_id: int) -> Any:
    """Return a notebook, locked, for HR, a holder of its post, or who answers for its section now.

    Raises ``NotFound`` for whoever may not name a successor, and ``NotHead`` for who stands in by post
    order while the head is there.
    """
    query = Notebook.select().where((Notebook.id == notebook_id) & _may_name(ctx))
    notebook = locked(query).first()
    if notebook is None or not active_now(ctx, PLUGIN):
        raise NotFound
    if not _decides_now(ctx, notebook):
        raise NotHead
    return notebook


def _decides_now(ctx: Context, notebook: Any) -> bool:
    own = Notebook.select().where((Notebook.id == notebook.id) & holds(ctx))
    return ctx.may(NAME_ANY) or own.exists() or decides(ctx, notebook.section_id)


def _may_name(ctx: Context) -> Any:
    """Return the condition that the acting person may name the successor of a notebook's post.

    By post order also while the head is there: then they see the form, and decide nothing.
    """
    here = Notebook.municipality == ctx.municipality.id
    if ctx.may(NAME_ANY):
        return here
    return here & (holds(ctx) | answered_by(ctx.person_id, ctx.today, Notebook.section))


def _holder_posts(notebook_id: int) -> list[Any]:
    query = Appointment.select(Appointment, Person).join(Person)
    query = query.join(Holder, on=(Holder.appointment == Appointment.id))
    here = (Holder.notebook == notebook_id) & Holder.ends_on.is_null()
    return list(query.where(here).order_by(Holder.id))


def _predecessor(
    ctx: Context, notebook_id: int, present: list[Any], announced_on: date, successor: int
) -> int | None:
    """Return who goes: the acting person where they hold the post, else who has held it longest.

    Of a post that nobody holds any more, who held it until after the 内示: named late, that person helps
    too.
    """
    own = [one.id for one in present if one.person_id == ctx.person_id]
    if present:
        return int((own or [present[0].id])[0])
    query = Holder.select(Holder.appointment).join(Appointment)
    gone = (
        (Holder.notebook == notebook_id)
        & (Holder.ends_on >= announced_on)
        & (Appointment.person != successor)
    )
    last = query.where(gone).order_by(Holder.ends_on.desc(), Holder.id.desc()).first()
    return last.appointment_id if last is not None else None
