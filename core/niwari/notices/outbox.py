"""Telling people: ``notify`` writes in the transaction of what happened; what was rolled back was not told.

However many are told, the number of statements is the same. What leaves by a channel is written by
those that app.py hands over with ``leave_by``, and sent by the worker (see ``niwari.channels``).
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from peewee import Case, Node, Value, fn

from niwari.context import Context
from niwari.db import database, prepared
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


_FEW = 8
"""Up to so many posts that are told, the text of the statement is made once for each number."""


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
    told: int = _receiving(ctx, written, to).execute()
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
    return _mode(kind.default, choice)


def _mode(default: str, choice: Any) -> Any:
    return fn.COALESCE(choice.mode, default)


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
    return _posts_today(today, _named(to), plugin)


def _posts_today(today: Any, to: Any, plugin: str | None) -> Any:
    named, held = Appointment.alias(), Appointment.alias()
    holds = on_day(held, today)
    if plugin is not None:
        holds &= active_at(plugin, held.municipality)
    # The sum keeps SQLite to the index of people: it would walk all posts of the town for each person.
    same_town = (held.person == named.person) & (held.municipality + 0 == named.municipality)
    return (
        named.select(fn.MIN(held.id))
        .join(held, on=same_town)
        .where(named.id.in_(to) & holds & ((held.id == named.id) | ~on_day(named, today)))
        .group_by(held.person)
    )


def _named(to: Any) -> Any:
    """Return the ids of posts in ``to``, or the query that it is."""
    return to if _is_query(to) or not isinstance(to, Iterable) else sorted({int(one) for one in to})


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


def _receiving(ctx: Context, written: Written, to: Any) -> Any:
    """Return the query that writes the rows of the inbox, or a statement where few are named."""
    kind, named = written.kind, _named(to)
    plugin = owner_of(kind)
    # Of the kind what can be hashed, whatever its plugin gave.
    shape = (kind.code, kind.default, plugin, running().host.plugins[plugin].core)
    of = {
        "notice": written.id,
        "teller": None if ctx.appointment is None else ctx.person_id,
        "today": ctx.today,
        "digest": Received.digest_on.db_value(written.digest_on),
    }
    if _is_query(named) or len(named) > _FEW:
        return _received(SimpleNamespace(**of), named, *shape)
    return _received_by_few({**of, **_marks(named)}, len(named), *shape)


def _marks(named: Sequence[Any]) -> dict[str, Any]:
    return {f"post{number}": post for number, post in enumerate(named)}


@prepared
def _received_by_few(of: Any, many: int, *shape: Any) -> Any:
    return _received(of, [getattr(of, name) for name in _marks(range(many))], *shape)


def _received(of: Any, to: Any, code: str, default: str, plugin: str, _is_core: bool) -> Any:
    """Return the query for the inbox: one person, one post, where the plugin is on."""
    post: Any = Appointment.alias()
    mode = _mode(default, Choice)
    wanted = mode != "off"
    if of.teller is not None:
        wanted &= post.person != of.teller
    rows = (
        post.select(
            _value(of.notice),
            post.person,
            post.id,
            post.municipality,
            Value(plugin),
            Case(None, ((mode == "daily", _value(of.digest)),), None),
        )
        .left_outer_join(Choice, on=((Choice.person == post.person) & (Choice.kind == code)))
        .where(post.id.in_(_posts_today(of.today, to, plugin)) & wanted)
    )
    columns = [
        *(Received.notice, Received.person, Received.appointment, Received.municipality),
        *(Received.plugin, Received.digest_on),
    ]
    return Received.insert_from(rows, columns).as_rowcount()


def _value(what: Any) -> Any:
    return what if isinstance(what, Node) else Value(what)


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
