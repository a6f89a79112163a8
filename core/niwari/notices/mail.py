"""Which notices leave by mail at once: written with them, by one statement however many are told."""

from typing import Any

from peewee import Value, fn

from niwari.context import Context
from niwari.directory.models import Person
from niwari.notices.models import Choice, Delivery, Received, Veto
from niwari.notices.outbox import Written, mode_of
from niwari.specs.contributions import NoticeKind

MAIL = "mail"


def enlist_mail(ctx: Context, written: Written) -> int:
    """Write the mails of a notice that leave at once, in one statement; returns how many.

    Those who want one mail a day get it by ``make_digests``.
    """
    kind = written.kind
    at_once = _wanted(written, Received.id, Received.municipality, *_instants(ctx.now, ctx.now))
    columns = [
        Delivery.channel,
        Delivery.received,
        Delivery.municipality,
        Delivery.since,
        Delivery.due_at,
    ]
    written_rows: int = (
        Delivery.insert_from(at_once.where(mode_of(kind) == "at_once"), columns)
        .as_rowcount()
        .execute()
    )
    return written_rows


def has_address(ctx: Context) -> bool:
    """Tell whether mail can reach the acting person at all."""
    found: bool = (
        Person.select().where((Person.id == ctx.person_id) & (Person.email != "")).exists()
    )
    return found


def vetoed(municipality: Any, kind: NoticeKind, channel: str = MAIL) -> Any:
    """Return the condition that ``municipality``, a column, does not use ``channel`` for ``kind``."""
    veto = Veto.alias()
    return fn.EXISTS(
        veto.select(Value(1)).where(
            (veto.municipality == municipality)
            & (veto.channel == channel)
            & veto.kind.in_(("", kind.code))
        )
    )


def _instants(*instants: Any) -> list[Any]:
    return [Value(one, converter=Delivery.due_at.db_value) for one in instants]


def _wanted(written: Written, *columns: Any) -> Any:
    kind = written.kind
    choice = (Choice.person == Received.person) & (Choice.kind == kind.code)
    return (
        Received.select(Value(MAIL), *columns)
        .join(Person, on=(Person.id == Received.person))
        .left_outer_join(Choice, on=choice)
        .where(
            (Received.notice == written.id)
            & (Person.email != "")
            & ~vetoed(Received.municipality, kind)
        )
    )
