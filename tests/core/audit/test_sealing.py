"""Sealing: every committed row goes into one seal, however late and however many workers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from peewee import DatabaseError, fn

from niwari.audit import sealing
from niwari.audit import service as audit
from niwari.audit.digests import NOTHING_BEFORE
from niwari.audit.models import AuditEntry, AuditSeal, SealedEntry
from niwari.audit.sealing import last_seal, seal, seal_all
from niwari.audit.verifying import verify
from niwari.context import Context
from niwari.db import connection, is_postgresql, transaction
from niwari.directory.every import municipality_ids
from niwari.schedule import make_worker_queue
from niwari.testing.world import World
from tests.core.audit.conftest import STAFF, Write


def test_what_is_written_is_sealed_once_and_each_seal_follows_the_one_before(
    world: World, town: int, write: Write
) -> None:
    write(3)
    assert (
        seal(town, world.clock())
        == AuditEntry.select().where(AuditEntry.municipality_id == town).count()
    )
    assert seal(town, world.clock()) == 0
    ids = write(2)
    world.clock.advance(minutes=1)
    assert seal(town, world.clock()) == 2
    first, second = AuditSeal.select().order_by(AuditSeal.number)
    assert (first.number, first.previous) == (1, NOTHING_BEFORE)
    assert (second.number, second.previous, second.at) == (2, first.hash, world.clock())
    assert (second.first_id, second.last_id, second.rows) == (ids[0], ids[1], 2)


def test_each_municipality_has_a_chain_of_its_own(world: World, town: int, write: Write) -> None:
    write(1)
    seal_all(municipality_ids(), world.clock())
    mine = last_seal(town)
    other = last_seal(world.ctx_for("staff@miharu").municipality.id)
    assert mine is not None
    assert other is not None
    assert (mine.number, other.number) == (1, 1)
    assert mine.hash != other.hash


def test_many_rows_go_into_seals_of_a_limited_size(
    world: World, town: int, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(town, world.clock())
    monkeypatch.setattr(sealing, "PORTION", 2)
    write(5)
    assert seal(town, world.clock()) == 5
    sizes = [one.rows for one in AuditSeal.select().order_by(AuditSeal.number)][1:]
    assert sizes == [2, 2, 1]
    assert verify(town, world.clock()).faults == []


@pytest.mark.parametrize("sealed_before", [False, True])
def test_a_backlog_of_any_age_is_sealed_whole_also_after_a_crash(
    world: World, town: int, write: Write, monkeypatch: pytest.MonkeyPatch, sealed_before: bool
) -> None:
    if sealed_before:
        seal(town, world.clock())
    write(3)
    world.clock.advance(minutes=30)
    write(2)
    world.clock.advance(hours=5)
    monkeypatch.setattr(sealing, "PORTION", 2)
    waiting = sealing.not_in_a_seal(town).count()
    sealing._seal_portion(town, world.clock())  # and here the worker was killed
    assert seal(town, world.clock()) == waiting - 2
    found = verify(town, world.clock())
    assert (found.faults, found.unsealed) == ([], 0)


def test_a_municipality_that_cannot_be_sealed_keeps_no_other_waiting(
    world: World, town: int, write: Write
) -> None:
    write(1)
    no_id: Any = object()
    with pytest.raises((TypeError, DatabaseError)):
        seal_all([no_id, town], world.clock())
    assert last_seal(town) is not None


@contextmanager
def late_row(ctx: Context) -> Iterator[int]:
    """Write a row that is committed at the end of the block; gives the id that it has already.

    SQLite writes one transaction at a time, so there the row takes an id that was passed over.
    """
    if is_postgresql():
        with transaction(ctx):
            audit.record(ctx, "test.late", "thing", 1)
            yield AuditEntry.get(AuditEntry.action == "test.late").id
        return
    free = AuditEntry.select(fn.MAX(AuditEntry.id)).scalar() + 1
    columns = {"municipality_id": ctx.municipality.id, "at": ctx.now, "object_kind": "thing"}
    AuditEntry.insert(id=free + 1, action="test.first", **columns).execute()
    yield free
    AuditEntry.insert(id=free, action="test.late", **columns).execute()


def test_a_row_that_is_committed_after_a_later_one_was_sealed_goes_into_the_next_seal(
    world: World, town: int, elsewhere: Callable[[Callable[[], Any]], Any]
) -> None:
    seal(town, world.clock())
    ctx = world.ctx_for(STAFF)

    def others_go_on() -> int:
        with transaction(ctx):
            audit.record(ctx, "test.act", "thing", 2)
        seal(town, world.clock())
        head = last_seal(town)
        return head.last_id if head else 0

    with late_row(ctx) as late:
        assert elsewhere(others_go_on) > late
    assert seal(town, world.clock()) == 1
    head = last_seal(town)
    assert head is not None
    assert (head.number, head.first_id, head.last_id) == (3, late, late)
    assert verify(town, world.clock()).faults == []


def test_a_clock_that_was_ahead_and_is_put_right_leaves_nothing_without_a_seal(
    world: World, town: int, write: Write
) -> None:
    seal(town, world.clock() + timedelta(days=1))
    write(2)
    assert seal(town, world.clock()) == 2
    found = verify(town, world.clock())
    assert (found.faults, found.unsealed) == ([], 0)


def test_several_workers_at_once_seal_each_row_once(world: World, town: int, write: Write) -> None:
    write(20)
    together, raised = threading.Barrier(4), []

    def work() -> None:
        with connection():
            together.wait()
            try:
                seal(town, world.clock())
            except DatabaseError as error:
                raised.append(error)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert raised == []
    found = verify(town, world.clock())
    assert (found.faults, found.unsealed) == ([], 0)
    assert SealedEntry.select().count() == found.rows


def test_the_worker_has_the_job_on_its_schedule(world: World) -> None:
    queue = make_worker_queue(world.settings, world.clock)
    assert any("audit.seal" in name for name in queue._registry._registry)
