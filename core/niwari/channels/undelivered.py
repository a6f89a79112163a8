"""What could not be delivered: for municipal IT, which sends it again or gives it up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, Person
from niwari.errors import NotFound
from niwari.host.running import running
from niwari.notices.kinds import kind_of, open_codes
from niwari.notices.mail import MAIL
from niwari.notices.models import DEAD, DROPPED, PENDING, Delivery, Notice, Received
from niwari.pages.texts import gettext as _

PAGE = 50


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A delivery that ended without arriving: to whom, of what kind, and why; never its words.

    ``kind`` is empty for the one mail of a day, and says no more than that it is a notice where the mail
    of its kind says no more. ``what`` is the failure as a code.
    """

    id: int
    person_name: str
    kind: str
    what: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Dead:
    """One page of them; ``following`` is the id after which the next one begins."""

    shown: tuple[Undelivered, ...]
    following: int | None


def undelivered(ctx: Context, *, before: int | None = None) -> Dead:
    """Return what did not reach people of the acting municipality, the newest first, in one query.

    What is of a private kind is left out: name and time alone would tell what it was.
    """
    post = Appointment.alias()
    shown_kind = Notice.kind.is_null() | Notice.kind.in_(open_codes(running().host))
    query: Any = (
        Delivery.select(Delivery.id, Person.name, Notice.kind, Delivery.what, Delivery.ended_at)
        .left_outer_join(Received, on=(Received.id == Delivery.received))
        .left_outer_join(Notice, on=(Notice.id == Received.notice))
        .left_outer_join(
            post, on=(post.id == fn.COALESCE(Received.appointment, Delivery.appointment))
        )
        .left_outer_join(Person, on=(Person.id == post.person))
        .where(
            (Delivery.municipality == ctx.municipality.id)
            & (Delivery.state == DEAD)
            & (Delivery.channel == MAIL)
            & shown_kind
        )
        .order_by(Delivery.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Delivery.id < before)
    found = rows(query)
    shown = tuple(
        Undelivered(id_, name or "", _label(ctx, code), what, ended_at)
        for id_, name, code, what, ended_at in found[:PAGE]
    )
    return Dead(shown, found[PAGE - 1][0] if len(found) > PAGE else None)


def send_again(ctx: Context, delivery_id: int) -> None:
    """Let a dead delivery be tried again for three days; raises ``NotFound``.

    One that is being tried again already stays so: a second click changes nothing.
    """
    with transaction(ctx):
        changed = (
            Delivery.update(
                state=PENDING,
                attempts=0,
                since=ctx.now,
                due_at=ctx.now,
                failing_since=None,
                ended_at=None,
                lease="",
            )
            .where(_own(ctx, delivery_id) & (Delivery.state == DEAD))
            .execute()
        )
        _check_there(ctx, delivery_id)
        if changed:
            audit.record(ctx, "channels.send_again", "notices.delivery", delivery_id)


def give_up(ctx: Context, delivery_id: int) -> None:
    """Take a dead delivery off the page for good; raises ``NotFound``."""
    with transaction(ctx):
        changed = (
            Delivery.update(state=DROPPED)
            .where(_own(ctx, delivery_id) & (Delivery.state == DEAD))
            .execute()
        )
        _check_there(ctx, delivery_id)
        if changed:
            audit.record(ctx, "channels.give_up", "notices.delivery", delivery_id)


def _own(ctx: Context, delivery_id: int) -> Any:
    return (Delivery.id == delivery_id) & (Delivery.municipality == ctx.municipality.id)


def _check_there(ctx: Context, delivery_id: int) -> None:
    if not Delivery.select().where(_own(ctx, delivery_id)).exists():
        raise NotFound


def _label(ctx: Context, code: str | None) -> str:
    if code is None:
        return ""
    kind = kind_of(code)
    return _("お知らせ") if kind is None or kind.discreet else kind.label.text(ctx.locale)
