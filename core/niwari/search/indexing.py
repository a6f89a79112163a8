"""Keeping the index in step with the rows: what a trigger noted as changed is described anew.

Plugins describe their rows outside of any transaction. Then, in one, the rows are read again: what
changed meanwhile was noted too, and is left to the next look. Those who write the index take turns,
so that no older state of a row follows a newer one. Whoever is killed in between has lost nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from niwari.clock import tokyo_day
from niwari.context import MunicipalityRef
from niwari.db import database, is_postgresql, rows
from niwari.db.transaction import immediate
from niwari.directory.system import INSTALLATION, system_context
from niwari.host.dispatch import Dispatcher
from niwari.host.municipality import find_municipality
from niwari.host.quarantine import Dark
from niwari.host.running import running
from niwari.jobs.shifts import Shift
from niwari.search.describing import Described, describe
from niwari.search.models import Changed
from niwari.search.writing import forget_rows, remove_entries, words_of, write_entries
from niwari.specs.contributions import Resource

PORTION = 100
"""How many rows are written in one transaction, so that nobody else who writes waits long."""
MOST = 20_000
SECONDS = 10.0
"""How long the worker begins portions; what it does besides waits that long."""
FIRST_DELAY, LONGEST_DELAY, MOST_ATTEMPTS = timedelta(minutes=5), timedelta(hours=6), 12
AWAY = timedelta(hours=1)
"""How long the rows of a plugin wait that is gone or not ready."""

_TURN = 20_225  # any number, as long as every Niwari process asks for the same


@dataclass(slots=True)
class _Portion:
    """What was noted of the rows of one resource, and what its plugin says of them."""

    resource: Resource
    before: dict[int, Any]
    said: dict[int, Described] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    failed: dict[int, BaseException] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Noted:
    id: int
    table: str
    row_id: int
    attempts: int


def index_due(now: datetime, *, most: int = MOST, shift: Shift | None = None) -> int:
    """Index what changed, the oldest first, about ``most`` rows; returns how many were looked at.

    With a ``shift`` no portion is begun once that is over. Any number of workers may do so at once:
    what another one has done meanwhile is left as it is. A row whose plugin fails to describe it
    leaves the index and is tried again later.
    """
    dispatcher, looked_at = running(), 0
    while looked_at < most and not (shift and shift.is_over()) and (noted := _due(now)):
        _index(dispatcher, noted, now)
        looked_at += len(noted)
        dispatcher.failing.write_waiting()
    dispatcher.write_costs()
    return looked_at


def index_for_a_while(now: datetime) -> int:
    """Index what changed for ``SECONDS``; what is left then waits for the worker's next look."""
    return index_due(now, shift=Shift(SECONDS))


def _due(now: datetime) -> list[_Noted]:
    columns = (Changed.id, Changed.table_name, Changed.row_id, Changed.attempts)
    found: list[tuple[Any, ...]] = []
    for waits in (Changed.due_at.is_null(), Changed.due_at <= now):
        if not found:
            query = Changed.select(*columns).where(waits)
            # Also by due_at where it is null: else PostgreSQL does not see that the index is in order.
            found = rows(query.order_by(Changed.due_at, Changed.id).limit(PORTION))
    return [_Noted(*row) for row in found]


def _index(dispatcher: Dispatcher, noted: Sequence[_Noted], now: datetime) -> None:
    by_table: dict[str, list[_Noted]] = {}
    for one in noted:
        by_table.setdefault(one.table, []).append(one)
    for table, some in by_table.items():
        resources = list(resources_of_table(dispatcher, table))
        if not resources:
            _put_off([one.id for one in some], now + AWAY)
            continue
        ids = sorted({one.row_id for one in some})
        portions = [_described(dispatcher, resource, ids, now) for resource in resources]
        _write(portions, some, now)


def resources_of_table(dispatcher: Dispatcher, table: str) -> Iterator[Resource]:
    """Yield the resources whose rows are in ``table``, of plugins that are ready."""
    for plugin in dispatcher.host.loaded():
        if dispatcher.host.is_ready(plugin.name):
            for resource in plugin.contributions.resources:
                if resource.model._meta.table_name == table:
                    yield resource


def _described(
    dispatcher: Dispatcher, resource: Resource, ids: Sequence[int], now: datetime
) -> _Portion:
    portion = _Portion(resource, _read(resource, ids))
    plugin = resource.kind.partition(".")[0]
    towns: dict[int, MunicipalityRef] = {}
    for row_id in ids:
        row = portion.before.get(row_id)
        if row is None:
            portion.gone.append(row_id)
            continue
        town = row.municipality_id
        if town not in towns:
            towns[town] = find_municipality(town, tokyo_day(now)) or INSTALLATION
        ctx = system_context(now, "search", towns[town])
        outcome = dispatcher.guarded(
            ctx, plugin, surface_of(resource), describe, resource=resource, row=row
        )
        if outcome.error is not None:
            portion.failed[row_id] = outcome.error
        else:
            portion.said[row_id] = outcome.value
            portion.words[row_id] = words_of(outcome.value)
    return portion


def surface_of(resource: Resource) -> str:
    """Return the part of a plugin that describes such rows, as quarantine names it."""
    return f"resource {resource.kind}"


def _read(resource: Resource, ids: Sequence[int]) -> dict[int, Any]:
    model = resource.model
    return {row.id: row for row in model.select().where(model.id.in_(ids))}


def _write(portions: Sequence[_Portion], noted: Sequence[_Noted], now: datetime) -> None:
    with immediate():
        if is_postgresql():
            database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_TURN,))
        noted = _still_noted(noted)
        ids = {one.row_id for one in noted}
        moved = {row_id for portion in portions for row_id in portion.before} - ids
        moved |= {row_id for portion in portions for row_id in portion.gone} - ids
        for portion in portions:
            moved |= _moved_on(portion, sorted(ids))
        for portion in portions:
            kind = portion.resource.kind
            described = [
                (portion.before[row_id], said, portion.words[row_id])
                for row_id, said in portion.said.items()
                if row_id not in moved
            ]
            write_entries(kind, described, now)
            remove_entries(kind, [i for i in portion.failed if i not in moved])
            forget_rows(kind, [i for i in portion.gone if i not in moved])
        _end(portions, [one for one in noted if one.row_id not in moved], now)


def _still_noted(noted: Sequence[_Noted]) -> list[_Noted]:
    """Return those that no other worker has seen to since they were read."""
    query = Changed.select(Changed.id, Changed.attempts).where(
        Changed.id.in_([one.id for one in noted])
    )
    attempts = dict(rows(query))
    return [one for one in noted if attempts.get(one.id) == one.attempts]


def _moved_on(portion: _Portion, ids: Sequence[int]) -> set[int]:
    """Return the rows that are no longer as they were described."""
    after = _read(portion.resource, ids)
    return {
        row_id for row_id in ids if _state(after.get(row_id)) != _state(portion.before.get(row_id))
    }


def _state(row: Any) -> Any:
    return None if row is None else row.__data__


def _end(portions: Sequence[_Portion], noted: Sequence[_Noted], now: datetime) -> None:
    failed = {row_id: error for portion in portions for row_id, error in portion.failed.items()}
    done = [one.id for one in noted if one.row_id not in failed]
    for one in noted:
        error = failed.get(one.row_id)
        if error is None:
            continue
        if isinstance(error, Dark):
            _put_off([one.id], now + FIRST_DELAY)
        elif one.attempts + 1 >= MOST_ATTEMPTS:
            done.append(one.id)
        else:
            delay = min(FIRST_DELAY * 2**one.attempts, LONGEST_DELAY)
            _put_off([one.id], now + delay, attempts=one.attempts + 1)
    Changed.delete().where(Changed.id.in_(done)).execute()


def _put_off(ids: Sequence[int], due_at: datetime, **values: int) -> None:
    Changed.update(due_at=due_at, **values).where(Changed.id.in_(ids)).execute()
