"""``verify`` names the row that was changed, taken away or put in since it was sealed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from peewee import IntegrityError

from niwari.audit import reading, verifying
from niwari.audit.digests import SealHash, digest_of
from niwari.audit.models import AuditEntry, AuditSeal, SealedEntry
from niwari.audit.sealing import last_seal, seal
from niwari.audit.verifying import verify
from niwari.db import database, is_postgresql
from niwari.testing.plugin import START
from niwari.testing.world import World
from tests.core.audit.conftest import Tamper, Write


@pytest.fixture
def sealed(world: World, town: int, write: Write) -> list[int]:
    """The ids of three rows, which seal 2 covers; seal 3 comes after it."""
    seal(town, world.clock())
    ids = write(3)
    seal(town, world.clock())
    write(1)
    seal(town, world.clock())
    return ids


def test_what_nobody_touched_is_sound_and_what_waits_is_counted(
    town: int, sealed: list[int], write: Write
) -> None:
    write(2)
    found = verify(town, START)
    assert (found.faults, found.seals, found.unsealed) == ([], 3, 2)
    assert found.rows == AuditEntry.select().where(AuditEntry.municipality_id == town).count() - 2
    assert (
        found.head
        == AuditSeal.get((AuditSeal.municipality_id == town) & (AuditSeal.number == 3)).hash
    )


@pytest.mark.parametrize(
    "change",
    [
        "action = 'test.other'",
        "details = '{}'",
        "object_id = NULL",
        "actor_id = NULL",
        "actor = 'x'",
        "at = '2026-11-10 00:00:00.000001'",
    ],
)
def test_a_changed_row_is_named(town: int, sealed: list[int], tamper: Tamper, change: str) -> None:
    tamper(f"UPDATE audit_entry SET {change} WHERE id = {sealed[1]}")
    assert verify(town, START).faults == [f"seal 2: row {sealed[1]} was changed"]


def test_a_removed_row_is_named(town: int, sealed: list[int], tamper: Tamper) -> None:
    tamper(f"DELETE FROM audit_entry WHERE id = {sealed[1]}")
    assert verify(town, START).faults == [f"seal 2: row {sealed[1]} is missing"]


def test_a_row_that_was_removed_with_its_mark_leaves_a_gap(
    town: int, sealed: list[int], tamper: Tamper
) -> None:
    tamper(f"DELETE FROM audit_entry WHERE id = {sealed[2]}")
    tamper(f"DELETE FROM audit_sealed_entry WHERE entry_id = {sealed[2]}")
    assert verify(town, START).faults == ["seal 2: the row at position 3 is missing"]


def insert(town: int, at: str) -> str:
    return (
        "INSERT INTO audit_entry (municipality_id, at, actor, action, object_kind, details,"
        f" request_id) VALUES ({town}, '{at}', 'x', 'test.forged', 'thing', '{{}}', '')"
    )


def test_a_row_that_was_inserted_into_a_sealed_time_is_named_and_never_sealed(
    world: World, town: int, sealed: list[int], tamper: Tamper
) -> None:
    tamper(insert(town, "2026-11-01 00:00:00"))
    forged = AuditEntry.get(AuditEntry.action == "test.forged").id
    assert seal(town, world.clock() + timedelta(minutes=1)) == 0
    said = f"after seal 3: row {forged} was inserted, it says 2026-11-01T00:00:00+00:00"
    assert verify(town, START).faults == [said]


def test_a_row_that_was_inserted_into_a_seal_is_named(
    town: int, sealed: list[int], tamper: Tamper
) -> None:
    tamper(insert(town, "2026-11-10 00:00:00"))
    forged = AuditEntry.get(AuditEntry.action == "test.forged").id
    second = AuditSeal.get((AuditSeal.municipality_id == town) & (AuditSeal.number == 2)).id
    tamper(
        "INSERT INTO audit_sealed_entry (seal_id, position, entry_id, digest)"
        f" VALUES ({second}, 4, {forged}, '{'0' * 64}')"
    )
    assert verify(town, START).faults == [f"seal 2: row {forged} was inserted"]


def test_a_row_changed_together_with_its_digest_is_found_by_the_seal(
    town: int, sealed: list[int], tamper: Tamper
) -> None:
    from niwari.audit.digests import digest_of

    tamper(f"UPDATE audit_entry SET action = 'test.other' WHERE id = {sealed[1]}")
    digest = digest_of(AuditEntry.get_by_id(sealed[1]))
    tamper(f"UPDATE audit_sealed_entry SET digest = '{digest}' WHERE entry_id = {sealed[1]}")
    assert verify(town, START).faults == ["seal 2: its hash does not fit what it covers"]


def test_a_seal_that_was_taken_away_is_named(town: int, sealed: list[int], tamper: Tamper) -> None:
    second = AuditSeal.get((AuditSeal.municipality_id == town) & (AuditSeal.number == 2)).id
    tamper(f"DELETE FROM audit_sealed_entry WHERE seal_id = {second}")
    tamper(f"DELETE FROM audit_seal WHERE id = {second}")
    assert verify(town, START).faults == ["seal 2: missing"]


def put_in(town: int, number: int, entry_id: int) -> None:
    """Insert a seal over one row, as whoever may only insert does, with hashes that fit."""
    last = last_seal(town)
    assert last is not None
    entry = AuditEntry.get_by_id(entry_id)
    hashed = SealHash(town, number, START, last.hash).add_all([(entry_id, digest_of(entry))])
    seal_id = AuditSeal.insert(
        municipality_id=town,
        number=number,
        first_id=entry_id,
        last_id=entry_id,
        rows=1,
        at=START,
        previous=last.hash,
        hash=hashed,
    ).execute()
    SealedEntry.insert(
        seal=seal_id, position=1, entry_id=entry_id, digest=digest_of(entry)
    ).execute()


def backdated(town: int) -> int:
    """Insert a row of long ago; returns its id."""
    return AuditEntry.insert(
        municipality_id=town, at=START - timedelta(days=900), action="test.x", object_kind="thing"
    ).execute()


@pytest.mark.parametrize("number", [0, -7])
def test_a_row_below_a_seal_of_its_own_is_refused_and_named_where_the_check_was_taken_away(
    town: int, sealed: list[int], number: int
) -> None:
    forged = backdated(town)
    with pytest.raises(IntegrityError, match="audit_seal_number"):
        put_in(town, number, forged)
    if is_postgresql():
        database.execute_sql("ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_number")
    else:
        database.execute_sql("PRAGMA ignore_check_constraints = 1")
    put_in(town, number, forged)
    assert verify(town, START).faults == [
        f"seal {number}: was inserted",
        f"row {forged} is covered by no seal of the chain",
    ]


def test_a_row_of_long_ago_in_a_seal_that_fits_is_named(town: int, sealed: list[int]) -> None:
    forged = backdated(town)
    put_in(town, 4, forged)
    assert verify(town, START).faults == [
        f"seal 4: row {forged} was inserted, its time was sealed before"
    ]


def test_a_row_that_another_municipality_sealed_is_named_in_both(
    world: World, town: int, sealed: list[int]
) -> None:
    neighbour = world.ctx_for("staff@miharu").municipality.id
    seal(neighbour, world.clock())
    entry = AuditEntry.insert(
        municipality_id=town, at=START, action="test.x", object_kind="thing"
    ).execute()
    put_in(neighbour, 2, entry)
    assert verify(town, START).faults == [f"row {entry} is covered by no seal of the chain"]
    assert verify(neighbour, START).faults == [f"seal 2: row {entry} is another municipality's"]


def test_that_nothing_was_sealed_for_long_is_a_fault(
    town: int, sealed: list[int], write: Write
) -> None:
    write(3)
    assert verify(town, START + timedelta(minutes=59)).faults == []
    assert verify(town, START + timedelta(minutes=61)).faults == [
        "3 rows have waited for a seal for more than an hour: is the worker running?"
    ]


def test_an_earlier_head_is_met_again_and_one_of_another_chain_is_not(
    town: int, sealed: list[int]
) -> None:
    first = AuditSeal.get((AuditSeal.municipality_id == town) & (AuditSeal.number == 1)).hash
    assert verify(town, START, first).expected_at == 1
    assert verify(town, START, "f" * 64).expected_at is None


@pytest.mark.slow
def test_thousands_of_rows_take_few_queries_and_many_faults_are_counted(
    world: World, town: int, write: Write, tamper: Tamper, queries: Callable[[], Any]
) -> None:
    write(5_000)
    seal(town, world.clock())
    with queries() as log:
        assert verify(town, START).faults == []
    assert len(log) <= 12
    tamper("UPDATE audit_entry SET object_kind = 'other'")
    found = verify(town, START)
    assert (len(found.faults), found.fault_count) == (verifying.FAULTS_NAMED, found.rows)


def test_the_rows_of_a_chain_are_read_along_an_index_and_never_sorted(
    town: int, sealed: list[int]
) -> None:
    if is_postgresql():  # of so few rows it would read and sort all
        for way in ("seqscan", "sort", "bitmapscan"):
            database.execute_sql(f"SET enable_{way} = off")
    explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
    plans: list[str] = []

    def notice(event: Any) -> None:
        if 'FROM "audit_sealed_entry"' in event.sql and not event.sql.startswith("EXPLAIN"):
            found = database.execute_sql(f"{explain} {event.sql}", event.params).fetchall()
            plans.append("\n".join(str(row[-1]) for row in found))

    database.query_hooks.append(notice)
    try:
        verify(town, START)
    finally:
        database.query_hooks.remove(notice)
    (plan,) = plans
    assert "audit_sealed_entry_seal_id_position" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_the_seals_of_neighbours_lie_between_and_nothing_is_missed(
    world: World, town: int, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PORTION", 4)
    neighbour = world.ctx_for("staff@miharu").municipality.id
    for _ in range(5):
        write(3)
        AuditEntry.insert(
            municipality_id=neighbour, at=START, action="test.x", object_kind="thing"
        ).execute()
        seal(town, world.clock())
        seal(neighbour, world.clock())
    for one in (town, neighbour):
        found = verify(one, START)
        assert found.faults == []
        assert found.rows == AuditEntry.select().where(AuditEntry.municipality_id == one).count()
