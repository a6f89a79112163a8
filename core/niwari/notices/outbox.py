"""Telling people: ``notify`` writes in the transaction of what happened; what was rolled back was not told.

However many are told, the number of statements is the same. What leaves by a channel is written by
those that app.py hands over with ``leave_by``, and sent by the worker (see ``niwari.channels``).
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import Case, Value, fn

from niwari.context import Context
from niwari.db import database
from niwari.db.committed import once_after_commit
from niwari.directory.linking import Ref
from niwari.directory.models import Appointment, on_day
from niwari.host.models import Enablement
from niwari.host.running import running
from niwari.host.town_state import ON
from niwari.notices.about import RowKind, row_kind
from niwari.notices.days import digest_day, next_quarter
from niwari.notices.kinds import Said, declared, owner_of, values_text
from niwari.notices.models import Choice, Delivery, Hidden, Notice, Received
from niwari.specs.contributions import Label, NoticeKind

SPREAD = 10 * 60
"""Seconds over which the mails of a quarter of an hour leave, in an order of chance."""


@dataclass(frozen=True, slots=True)
class Written:
    """A notice that was just written, as its channels need to know it."""

    id: int
    kind: NoticeKind
    digest_on: date


Enlist = Callable[[Context, Written], int]
"""Writes the deliveries of a notice by one channel, in the caller's transaction; returns how many."""

_enlists: list[Enlist] = []
_hidden_channels: list[str] = []
_wakes: list[Callable[[], object]] = []


def leave_by(
    enlists: Sequence[Enlist], wake: Callable[[], object], *, hidden_by: Sequence[str] = ()
) -> None:
    """Let notices leave by the channels of ``enlists``, in place of earlier ones.

    ``wake`` is called after a commit that has something to send now. ``hidden_by`` names the channels
    by which hidden authors are told.
    """
    _enlists[:] = enlists
    _hidden_channels[:] = hidden_by
    _wakes[:] = [wake]


def notify(
    ctx: Context, code: str, to: Any, about: Ref | None = None, /, **values: str | int | Label
) -> int:
    """Tell people what happened, in the caller's transaction; returns how many are told.

    ``code`` is that of a ``NoticeKind``. ``to`` names the people by their posts: ids of appointments,
    or a query for them, as ``Appointment.select(Appointment.id).where(…)``. Somebody whose post has
    ended is told in a post in the same municipality that holds today. Each person is told once. Not
    told are the acting person, who chose not to be told, and people of municipalities where the
    plugin is off. ``about`` is the row that the notice leads to; without it, it leads to the page of
    its kind. ``values`` are those of the sentence: texts, whole numbers, or a ``Label``, which is said
    in the reader's language.

    Raises ``LookupError`` for a kind that nobody declares, ``ValueError`` for wrong values, and
    ``RuntimeError`` outside a transaction.
    """
    notice, kind = _write(ctx, code, about, values)
    # By the clock: a job that began before the morning's mail may tell of something after it.
    written = Written(notice, kind, digest_day(max(ctx.now, running().clock())))
    told: int = (
        Received.insert_from(
            _recipients(ctx, written, to),
            [
                Received.notice,
                Received.person,
                Received.appointment,
                Received.municipality,
                Received.plugin,
                Received.digest_on,
            ],
        )
        .as_rowcount()
        .execute()
    )
    if told and sum(enlist(ctx, written) for enlist in _enlists):
        once_after_commit("notices.wake", _wake)
    return told


def notify_hidden(
    ctx: Context,
    code: str,
    envelope: str,
    about: Ref,
    /,
    *,
    sealed_for: str | int | None = None,
    **values: str | int | Label,
) -> None:
    """Tell the hidden author of the row, or part, ``about`` what happened, in the caller's transaction.

    The notice carries no person; it is shown, and sent, from the next quarter of an hour on, in an
    order of chance. Where the ``Resource`` says what a row's envelope is, that one is opened for the
    mail; else ``envelope`` is kept until then. ``sealed_for`` is the value for which it was sealed,
    where it is not the row's id. A mail only says that there is something to read. Raises
    as ``notify`` does, and ``LookupError`` for a row that is not there.
    """
    notice, _kind = _write(ctx, code, about, values)
    found = row_kind(about.kind)
    if found is None:
        raise LookupError(f"no plugin declares resources of the kind {about.kind!r}")
    town = _town_of(found, about.id)
    if town is None:
        raise LookupError(f"notice {code!r}: {about} is not there")
    shown_at = next_quarter(ctx.now)
    # A copy would outlive the row, and what its plugin erases.
    is_copied = bool(_hidden_channels) and found.declared.envelope is None
    hidden = Hidden.insert(
        notice=notice,
        municipality=town,
        envelope=envelope if is_copied else "",
        sealed_for=str(about.id if sealed_for is None else sealed_for),
        shown_at=shown_at,
    ).execute()
    for channel in _hidden_channels:
        due_at = shown_at + timedelta(seconds=secrets.randbelow(SPREAD))
        Delivery.insert(channel=channel, hidden=hidden, since=due_at, due_at=due_at).execute()


def mode_of(kind: NoticeKind, choice: Any = Choice) -> Any:
    """Return the expression for how somebody is told, whose choice of ``kind`` is joined or null."""
    return fn.COALESCE(choice.mode, kind.default)


def active_at(plugin: str, municipality: Any) -> Any:
    """Return the condition that ``plugin`` is on in ``municipality``, a column; a core area always is."""
    if running().host.plugins[plugin].core:
        return Value(1) == Value(1)
    on = Enablement.alias()
    return fn.EXISTS(
        on.select(Value(1)).where(
            (on.municipality_id == municipality) & (on.plugin == plugin) & (on.state == ON)
        )
    )


def posts_today(today: date, to: Any, plugin: str | None = None) -> Any:
    """Return the query for one post of each person that ``to`` names, of those that hold ``today``.

    It is the one that is named, or where that has ended one in the same municipality; with ``plugin``
    one where that is on.
    """
    named, held = Appointment.alias(), Appointment.alias()
    ids = sorted({int(one) for one in to}) if isinstance(to, Iterable) and not _is_query(to) else to
    holds = on_day(held, today)
    if plugin is not None:
        holds &= active_at(plugin, held.municipality)
    # The sum keeps SQLite to the index of people: it would walk all posts of the town for each person.
    same_town = (held.person == named.person) & (held.municipality + 0 == named.municipality)
    return (
        named.select(fn.MIN(held.id))
        .join(held, on=same_town)
        .where(named.id.in_(ids) & holds & ((held.id == named.id) | ~on_day(named, today)))
        .group_by(held.person)
    )


def _write(
    ctx: Context, code: str, about: Ref | None, values: dict[str, Said]
) -> tuple[int, NoticeKind]:
    kind = declared(code)
    if not database.in_transaction():
        raise RuntimeError(f"notify({code!r}): call it inside the transaction of what happened")
    notice = Notice.insert(
        plugin=owner_of(kind),
        kind=code,
        about_kind=about.kind if about else "",
        about_id=about.id if about else None,
        data=values_text(kind, values),
        at=ctx.now,
    ).execute()
    return int(notice), kind


def _recipients(ctx: Context, written: Written, to: Any) -> Any:
    """Return the query for the rows of the inbox: one person, one post, where the plugin is on."""
    kind = written.kind
    plugin = owner_of(kind)
    post: Any = Appointment.alias()
    mode = mode_of(kind)
    digest = Value(written.digest_on, converter=Received.digest_on.db_value)
    wanted = mode != "off"
    if ctx.appointment is not None:
        wanted &= post.person != ctx.person_id
    return (
        post.select(
            Value(written.id),
            post.person,
            post.id,
            post.municipality,
            Value(plugin),
            Case(None, ((mode == "daily", digest),), None),
        )
        .left_outer_join(Choice, on=((Choice.person == post.person) & (Choice.kind == kind.code)))
        .where(post.id.in_(posts_today(ctx.today, to, plugin)) & wanted)
    )


def _is_query(to: Any) -> bool:
    return hasattr(to, "sql")


def _town_of(found: RowKind, row_id: int) -> int | None:
    """Return the municipality of a row, or of a part of one; ``None`` where it is not there."""
    row = found.declared.model.get_or_none(found.declared.model.id == row_id)
    if row is None:
        return None
    owned = row if "municipality" in row._meta.fields else getattr(row, str(found.above))
    return int(owned.municipality_id)


def _wake() -> None:
    for wake in _wakes:
        wake()
