"""Asking for work to be done later: a row in the transaction of whoever asks."""

import json
from datetime import datetime
from typing import Any

from niwari.context import Context
from niwari.db import database, is_postgresql, rows
from niwari.host.running import running
from niwari.jobs.models import TaskRow
from niwari.jobs.shifts import wake_after_commit

LONGEST_KEY = 120
"""Characters of a key."""
LONGEST_VALUES = 10_000
"""Characters of the values of a task as JSON."""
_PLAIN = (str, int, bool, type(None))


def later(
    ctx: Context,
    task: str,
    /,
    *,
    key: str = "",
    after: datetime | None = None,
    **values: str | int | bool | None,
) -> bool:
    """Let the worker do a declared ``task`` in the municipality of ``ctx``; returns whether it is new.

    It is kept in the caller's transaction and done once that is committed, or not before the aware
    instant ``after``. With ``key`` the same work is asked for once: as long as it waits nothing is
    added, and the earlier values stay; two of one key are never at it at the same time. ``values``
    are handed to the task by name: ids, codes and numbers, nothing that somebody wrote.

    Raises ``RuntimeError`` outside a transaction, ``LookupError`` for a task that no loaded plugin
    declares, and ``ValueError`` for values that cannot be kept.
    """
    if not database.in_transaction():
        raise RuntimeError(f"later({task!r}): call it inside the transaction of what it follows")
    declared = running().host.task(task)
    if declared is None or declared[1].hidden:
        raise LookupError(f"task {task!r}: no plugin declares it; return it from the hook 'tasks'")
    data = _kept(task, values)
    if len(key) > LONGEST_KEY:
        raise ValueError(f"task {task!r}: its key has more than {LONGEST_KEY} characters")
    if not ctx.municipality.id:
        raise ValueError(f"task {task!r}: ask for it in the name of a municipality")
    wake_after_commit()
    known_by = open_key(task, ctx.municipality.id, key)
    new = TaskRow.insert(
        task=task,
        municipality_id=ctx.municipality.id,
        key=key,
        open_key=known_by,
        data=data,
        asked_at=ctx.now,
        due_at=after or ctx.now,
        request_id=ctx.request_id[:40],
    )
    if known_by is None:
        new.execute()
        return True
    if_none_waits = new.on_conflict(action="NOTHING", conflict_target=[TaskRow.open_key])
    while not rows(if_none_waits.returning(TaskRow.id)):
        if _holds(known_by):
            return False
    return True


def _holds(known_by: str) -> bool:
    """Keep what waits from being begun before the caller's transaction ends; false where nothing waits.

    Else it could be done and over before that is committed which it was asked for. The lock is one
    that askers share: to begin the task changes a key, which alone has to wait for it.
    """
    waiting: Any = TaskRow.select(TaskRow.id).where(TaskRow.open_key == known_by)
    return bool(rows(waiting.for_update("FOR KEY SHARE") if is_postgresql() else waiting))


def open_key(task: str, municipality_id: int, key: str) -> str | None:
    """Return what the same work is known by while it waits; ``None`` where it has no key."""
    return f"{task} {municipality_id} {key}" if key else None


def begun_key(task: str, municipality_id: int, key: str) -> str | None:
    """Return what the same work is known by while it is being done; ``None`` where it has no key."""
    waiting = open_key(task, municipality_id, key)
    return f"={waiting}" if waiting else None  # no task begins like this, so none waits under it


def _kept(task: str, values: dict[str, Any]) -> str:
    for name, value in values.items():
        if not isinstance(value, _PLAIN):
            raise ValueError(
                f"task {task!r}: {name} must be a str, int or bool (or None), so that it can be "
                "kept; give an id instead of a row"
            )
    data = json.dumps(values, ensure_ascii=False, sort_keys=True)
    if len(data) > LONGEST_VALUES:
        raise ValueError(f"task {task!r}: its values are longer than {LONGEST_VALUES} characters")
    return data
