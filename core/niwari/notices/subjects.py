"""What the notices keep of a person or a municipality: handed out, and erased.

Notices for hidden authors name nobody: they are in nobody's export. They go when their row is taken out
of its author's locker, when it is removed, and with their retention.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from niwari.context import Context
from niwari.directory.subjects import is_own, people_of, posts_of
from niwari.host.running import running
from niwari.notices.kinds import open_codes
from niwari.notices.models import Choice, Delivery, Hidden, Notice, Received, Veto
from niwari.specs.contributions import Label, Receipt, Record, Subject

_AT_ONCE = 1_000
"""How many ids one statement names."""

KEPT = Label(
    "市町村としてお知らせの届け方を決めた記録は、だれが決めたかを番号で残します。",
    "What a municipality decided about its notices remains, with a number for who decided it.",
)


def records(ctx: Context, subject: Subject) -> Iterator[Record]:
    """Yield what ``subject`` was told, and how they want to be told.

    Notices of private kinds are handed out to their reader and to nobody else, neither HR nor the
    commands of ``niwari``, and so are those of kinds that no package declares. ``erase`` reaches them
    all the same.
    """
    received = _received(subject)
    if not is_own(ctx, subject):
        received &= Notice.kind.in_(open_codes(running().host))
    found: Any = Received.select(Received, Notice).join(Notice)
    for row in found.where(received).order_by(Received.id).iterator():
        yield Record(
            "notices.received",
            row.id,
            {
                "kind": row.notice.kind,
                "about": row.notice.about_kind,
                "about_id": row.notice.about_id,
                "values": json.loads(row.notice.data),
                "at": row.notice.at.isoformat(),
                "read_at": row.read_at.isoformat() if row.read_at else None,
            },
        )
    chosen: Any = Choice.select().where(Choice.person.in_(people_of(subject)))
    for row in chosen.order_by(Choice.id).iterator():
        yield Record("notices.choice", row.id, {"kind": row.kind, "mode": row.mode})
    for row in Veto.select().where(_decided(subject)).order_by(Veto.id):
        data = {"channel": row.channel, "kind": row.kind, "at": row.changed_at.isoformat()}
        yield Record("notices.veto", row.id, data)


def erase(ctx: Context, subject: Subject) -> Receipt:
    """Erase what ``subject`` was told and chose, with what was to be sent; in the caller's transaction."""
    posts = posts_of(subject)
    Delivery.delete().where(Delivery.appointment.in_(posts)).execute()
    erased: int = Received.delete().where(_received(subject)).execute()
    erased += Choice.delete().where(Choice.person.in_(people_of(subject))).execute()
    kept = Veto.select().where(_decided(subject)).count()
    return Receipt(erased=erased, kept=kept, reason=KEPT if kept else None)


def forget_hidden(rows_of: Mapping[str, Collection[int]]) -> None:
    """Remove what the hidden authors of rows, ids by kind, were told of them; in the caller's transaction."""
    for kind, ids in rows_of.items():
        wanted = sorted(ids)
        for begin in range(0, len(wanted), _AT_ONCE):
            some = wanted[begin : begin + _AT_ONCE]
            told = Notice.select(Notice.id).where(
                (Notice.about_kind == kind) & Notice.about_id.in_(some)
            )
            Hidden.delete().where(Hidden.notice.in_(told)).execute()


def _decided(subject: Subject) -> Any:
    return Veto.changed_by.in_(posts_of(subject))


def _received(subject: Subject) -> Any:
    return Received.appointment.in_(posts_of(subject))
