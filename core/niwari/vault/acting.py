"""Doing something without one's name: kept sealed until the job of the next quarter of an hour.

In the request of the person nothing is written but one row under a chance key: no post, no audit, no
notice, no number that others are handed out. See ``publishing`` for what becomes of it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from niwari.context import Context
from niwari.db import database, rows
from niwari.errors import N_, DomainError
from niwari.files.service import refuse_revealing
from niwari.files.uploads import Uploads
from niwari.host.running import running
from niwari.keyring import SealError, keyring
from niwari.notices.days import next_quarter
from niwari.vault.models import STOPPED, WAITING, HiddenAct
from niwari.vault.pausing import refuse_paused
from niwari.vault.service import MOST_IDS, LockerFull, addressee, envelope, mine_of
from niwari.written import checked_key

MOST_WAITING = 30
"""How many acts of one person may wait at a time."""
TRIED_FOR = timedelta(days=1)
"""How long an act is tried whose plugin is paused or fails: the files of its form are kept as long."""

KIND = "vault.act"
"""For what envelopes of acts are sealed, with the act's key."""

_PURPOSE = "vault.act"


class TooManyActs(DomainError):
    """The person has as many acts waiting as one may."""

    text = N_(
        "名前を出さずに送ったものが%(most)s件、公開を待っています。次の15分の区切りのあとで送ってください。"
    )


@dataclass(frozen=True, slots=True)
class OwnAct:
    """An act of the acting person that waits for ``due_at``, or that was ``stopped``.

    ``values`` are what was given to ``later_hidden``, so that its author can read it meanwhile.
    """

    key: str
    task: str
    due_at: datetime
    stopped: bool
    values: dict[str, Any]


def later_hidden(
    ctx: Context, task: str, /, *, key: str, uploads: Uploads | None = None, **values: Any
) -> bool:
    """Let the worker do a declared hidden ``Task`` for the acting person, whom nobody learns.

    In the caller's transaction. It is done at the next quarter of an hour, among all others in an
    order of chance, with ``ctx``, a ``HiddenAuthor``, ``values`` by name and ``uploads`` where given.
    ``key`` is a UUID that was made when the form was shown: the same form sent again adds nothing, and
    ``False`` is returned. ``values`` are texts, numbers, yes and no, ``None`` and lists of these.

    Write nothing else in that request that stays: neither a row, nor an audit row, nor a notice.

    Raises ``Invalid`` for a key that is none and for files that may not be a hidden author's,
    ``DomainError`` where too many wait or a moderator paused the author of a ``Task`` that writes,
    ``LockerFull``, ``LookupError`` for a task that is not declared as hidden, and ``RuntimeError``
    outside a transaction.
    """
    if not database.in_transaction():
        raise RuntimeError(f"later_hidden({task!r}): call it inside a transaction(ctx)")
    declared = running().host.task(task)
    if declared is None or not declared[1].hidden:
        raise LookupError(f"task {task!r}: declare it as Task(…, hidden=True) in the hook 'tasks'")
    key = checked_key(key)
    if HiddenAct.select().where(HiddenAct.id == key).exists():
        return False
    refuse_revealing(uploads or Uploads())
    if declared[1].writes:
        refuse_paused(ctx)
    _check_room(ctx)
    due_at = next_quarter(ctx.now)
    kept = {"values": values, "files": [list(one) for one in (uploads or Uploads()).files]}
    kept["holders"] = list((uploads or Uploads()).holders)
    new = HiddenAct.insert(
        id=key,
        task=task,
        municipality=ctx.municipality.id,
        state=WAITING,
        envelope=envelope(ctx, KIND, key),
        sealed=keyring().seal(f"{_PURPOSE} {key}", json.dumps(kept).encode()),
        due_at=due_at,
        until=due_at + TRIED_FOR,
    )
    # Two clicks at the same moment: the second finds the row of the first, whichever is written.
    if_new = new.on_conflict(action="NOTHING", conflict_target=[HiddenAct.id])
    return bool(rows(if_new.returning(HiddenAct.id)))


def own_acts(ctx: Context, *tasks: str) -> tuple[OwnAct, ...]:
    """Return what the acting person did by ``tasks`` that is not published yet; one query.

    Also what was stopped within a week: its row, file or plugin was gone. Others' rows are opened on
    the way, and nothing of them is told.
    """
    return tuple(sorted(_own(ctx, tasks), key=lambda act: (act.due_at, act.key)))


def own_hidden(ctx: Context, kind: str) -> frozenset[int]:
    """Return the ids of all rows of ``kind`` that the acting person wrote without a name.

    As ``is_mine`` tells them; for pages of one's own. One query, or two.
    """
    return mine_of(ctx).get(kind, frozenset())


def opened(act: HiddenAct) -> tuple[dict[str, Any], Uploads | None]:
    """Return what was written, and its files; raises ``SealError``."""
    kept = json.loads(keyring().open_sealed(f"{_PURPOSE} {act.id}", act.sealed))
    files = tuple((int(id_), str(alt)) for id_, alt in kept["files"])
    return kept["values"], Uploads(files, tuple(kept["holders"])) if files else None


def _own(ctx: Context, tasks: tuple[str, ...]) -> Iterator[OwnAct]:
    for act in HiddenAct.select().where(
        (HiddenAct.municipality == ctx.municipality.id)
        & HiddenAct.state.in_((WAITING, STOPPED))
        & HiddenAct.task.in_(tasks)
    ):
        if is_of(act, ctx.person_id):
            values, _files = opened(act)
            yield OwnAct(act.id, act.task, act.due_at, act.state == STOPPED, values)


def is_of(act: HiddenAct, person_id: int) -> bool:
    """Tell whether a person did ``act``; of one that does not open nobody knows."""
    try:
        return addressee(act.envelope, KIND, act.id) == person_id
    except SealError:
        return False


def _check_room(ctx: Context) -> None:
    waiting = HiddenAct.select().where(
        (HiddenAct.municipality == ctx.municipality.id) & (HiddenAct.state == WAITING)
    )
    own = sum(is_of(act, ctx.person_id) for act in waiting)
    if own >= MOST_WAITING:
        raise TooManyActs(most=MOST_WAITING)
    if own + sum(map(len, mine_of(ctx).values())) >= MOST_IDS:
        raise LockerFull(most=f"{MOST_IDS:,}")
