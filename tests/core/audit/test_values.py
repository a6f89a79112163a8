"""What acts changed: shown and checked while it is kept, gone without a trace when it is erased."""

from datetime import timedelta

import pytest

from niwari.audit import service as audit
from niwari.audit import values
from niwari.audit.models import AuditEntry, AuditValue
from niwari.audit.sealing import seal
from niwari.audit.values import KEPT, Change, changes, erase_old, erase_values
from niwari.audit.verifying import verify
from niwari.config import write_key
from niwari.db import transaction
from niwari.keyring import Key, keyring
from niwari.testing.plugin import START
from niwari.testing.world import World
from tests.core.audit.conftest import STAFF, Tamper

BEFORE, AFTER = {"name": "草野"}, {"name": "佐藤", "kana": "さとう"}


@pytest.fixture
def changed(world: World, town: int) -> int:
    """The id of an act that changed a person's name; it is sealed."""
    return change(world, town)


def change(world: World, town: int, action: str = "test.rename") -> int:
    ctx = world.ctx_for(STAFF)
    with transaction(ctx):
        audit.record(
            ctx,
            action,
            "person",
            ctx.person_id,
            before=BEFORE,
            after=AFTER,
            person_id=ctx.person_id,
            row=3,
        )
    seal(town, world.clock())
    return int(AuditEntry.select().order_by(AuditEntry.id.desc()).get().id)


def ring_keys() -> tuple[Key, ...]:
    return keyring().keys()


def test_the_row_keeps_a_hash_and_no_name(changed: int) -> None:
    entry = AuditEntry.get_by_id(changed)
    assert entry.details == '{"row": 3}'
    assert entry.values_hash.startswith(f"{keyring().keys()[0].id}.")
    assert changes([changed]) == {changed: Change(BEFORE, AFTER)}


def test_an_act_without_values_keeps_none(world: World, town: int) -> None:
    ctx = world.ctx_for(STAFF)
    with transaction(ctx):
        audit.record(ctx, "test.act", "thing", 1)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert entry.values_hash is None
    assert changes([entry.id]) == {}


def test_equal_values_have_different_hashes(world: World, town: int) -> None:
    one, other = (AuditEntry.get_by_id(change(world, town)).values_hash for _ in range(2))
    assert one != other


def test_erased_values_leave_the_chain_sound_and_nothing_to_compare_a_guess_with(
    world: World, town: int, changed: int
) -> None:
    person_id = world.ctx_for(STAFF).person_id
    kept = AuditValue.get_by_id(changed)
    with transaction(world.ctx_for(STAFF)):
        assert erase_values(person_id, "test") == 1
    assert changes([changed]) == {}
    assert verify(town, START).faults == []
    entry = AuditEntry.get_by_id(changed)
    assert values.Packed(kept.salt, kept.content).fits(entry.values_hash)
    assert not values.pack(BEFORE, AFTER).fits(entry.values_hash)


@pytest.mark.parametrize("what", ["content = '{}'", "salt = 'x'"])
def test_changed_values_are_named(town: int, changed: int, tamper: Tamper, what: str) -> None:
    tamper(f"UPDATE audit_value SET {what} WHERE id = {changed}")
    (fault,) = verify(town, START).faults
    assert fault.endswith(f"the values of row {changed} were changed")


def test_values_put_beside_a_row_that_had_none_are_named(
    world: World, town: int, changed: int, tamper: Tamper
) -> None:
    first = AuditEntry.select().where(AuditEntry.municipality_id == town).order_by(AuditEntry.id)
    tamper(f"UPDATE audit_value SET id = {first.get().id} WHERE id = {changed}")
    (fault,) = verify(town, START).faults
    assert fault.endswith(f"the values of row {first.get().id} were changed")


def test_another_hash_in_the_row_is_named(town: int, changed: int, tamper: Tamper) -> None:
    tamper(f"UPDATE audit_entry SET values_hash = NULL WHERE id = {changed}")
    (fault,) = verify(town, START).faults
    assert fault.endswith(f"row {changed} was changed")


def test_where_the_key_is_gone_the_values_are_counted_and_no_fault(
    world: World, town: int, changed: int, tamper: Tamper
) -> None:
    key_id = AuditEntry.get_by_id(changed).values_hash.split(".")[0]
    number = {key.id: key.number for key in ring_keys()}[key_id]
    path = world.settings.home / "keys" / "ring" / f"{number}.key"
    keyring().rotate()
    kept = path.read_text(encoding="ascii")
    path.unlink()
    try:
        found = verify(town, START)
    finally:
        write_key(path, kept)
    assert (found.faults, found.unchecked) == ([], 1)


def test_acts_of_another_area_or_person_keep_theirs(world: World, town: int) -> None:
    ids = [change(world, town), change(world, town, "tests.rename"), change(world, town, "tea.x")]
    with transaction(world.ctx_for(STAFF)):
        assert erase_values(world.ctx_for("head@koriyama").person_id, "test") == 0
        assert erase_values(world.ctx_for(STAFF).person_id, "test") == 1
    assert sorted(changes(ids)) == ids[1:]


def test_after_three_years_values_are_erased_and_younger_ones_are_not(
    world: World, town: int, changed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "_ERASED_AT_ONCE", 1)
    old = [changed, change(world, town)]
    world.clock.advance(days=1)
    young = change(world, town)
    ctx = world.ctx_for(STAFF)
    assert erase_old(ctx.at(START + KEPT)) == 0
    assert erase_old(ctx.at(START + KEPT + timedelta(seconds=1))) == 2
    assert sorted(changes([*old, young])) == [young]
