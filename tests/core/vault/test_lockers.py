"""Lockers: whose row it is, for that person alone; kept through new keys, races and erasing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from threading import Barrier, Thread

import pytest

from niwari.clock import TOKYO
from niwari.config import write_key
from niwari.db import connection, transaction
from niwari.db.counting import QueryLog
from niwari.keyring import Broken, UnknownKey, keyring
from niwari.testing.world import World
from niwari.vault.contents import packed, unpacked
from niwari.vault.models import Locker
from niwari.vault.service import (
    LockerFull,
    addressee,
    alias_context,
    envelope,
    forget,
    is_mine,
    remember,
)
from niwari.vault.shelves import SHELF

from .conftest import KIND, As, hide, locker_of

Queries = Callable[[], AbstractContextManager[QueryLog]]


class TestMine:
    def test_each_person_is_told_their_own_rows_alone(self, as_person: As) -> None:
        hide(as_person(1), 10, 12)
        hide(as_person(2), 11)
        asked = [10, 11, 12, 13]
        assert is_mine(as_person(1), KIND, asked) == {10, 12}
        assert is_mine(as_person(2), KIND, asked) == {11}
        assert is_mine(as_person(3), KIND, asked) == frozenset()

    def test_rows_of_another_kind_with_the_same_id_are_not_mine(self, as_person: As) -> None:
        hide(as_person(1), 10)
        assert is_mine(as_person(1), "tea.order", [10]) == frozenset()

    def test_it_is_one_query_however_many_rows_and_keys(
        self, as_person: As, queries: Queries
    ) -> None:
        hide(as_person(1), *range(1, 30))
        keyring().rotate()
        with queries() as log:
            assert len(is_mine(as_person(1), KIND, range(1, 200))) == 29
        assert len(log) == 1

    def test_remembering_twice_is_remembering_once(self, as_person: As) -> None:
        hide(as_person(1), 10, 10)
        with transaction(as_person(1)):
            assert forget(1) == {KIND: {10}}

    def test_what_is_rolled_back_is_not_remembered(self, as_person: As) -> None:
        ctx = as_person(1)

        def fail() -> None:
            with transaction(ctx):
                remember(ctx, KIND, 10)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert is_mine(ctx, KIND, [10]) == frozenset()

    def test_outside_a_transaction_nothing_is_remembered_or_forgotten(self, as_person: As) -> None:
        with pytest.raises(RuntimeError, match="needs a transaction"):
            remember(as_person(1), KIND, 10)
        with pytest.raises(RuntimeError, match="needs a transaction"):
            forget(1)

    def test_a_system_actor_has_no_locker(self, as_person: As) -> None:
        system = replace(as_person(1), appointment=None, actor="worker")
        with pytest.raises(LookupError):
            is_mine(system, KIND, [10])

    def test_ten_thousand_rows_are_the_most(self, as_person: As) -> None:
        ctx = as_person(1)
        hide(ctx, 1)
        fill(1, range(1, 10_000))
        hide(ctx, 10_000)
        with pytest.raises(LockerFull, match="10,000件"), transaction(ctx):
            remember(ctx, KIND, 10_001)
        assert len(is_mine(ctx, KIND, range(1, 20_000))) == 10_000


def fill(person_id: int, ids: range) -> None:
    """Put many ids into a person's locker at once."""
    locker = locker_of(person_id)
    locker.sealed = keyring().seal(f"vault.locker {locker.id}", packed({(KIND, 1): frozenset(ids)}))
    locker.save()


class TestTampering:
    def test_a_changed_byte_of_a_locker_is_refused(self, as_person: As) -> None:
        hide(as_person(1), 10)
        locker = locker_of(1)
        place = len(locker.sealed) // 2
        char = "B" if locker.sealed[place] == "A" else "A"
        locker.sealed = locker.sealed[:place] + char + locker.sealed[place + 1 :]
        locker.save()
        with pytest.raises(Broken) as raised:
            is_mine(as_person(1), KIND, [10])
        assert locker.id not in str(raised.value)

    def test_a_locker_in_the_row_of_another_person_does_not_open(self, as_person: As) -> None:
        hide(as_person(1), 10)
        hide(as_person(2), 11)
        other = locker_of(2)
        other.sealed = locker_of(1).sealed
        other.save()
        with pytest.raises(Broken):
            is_mine(as_person(2), KIND, [10, 11])
        assert is_mine(as_person(1), KIND, [10, 11]) == {10}

    def test_somebody_elses_broken_locker_is_in_nobodys_way(self, as_person: As) -> None:
        hide(as_person(1), 10)
        Locker.update(sealed="gone").execute()
        hide(as_person(2), 11)
        assert is_mine(as_person(2), KIND, [11]) == {11}


class TestNewKeys:
    def test_after_a_new_key_a_write_leaves_the_locker_where_it_was(self, as_person: As) -> None:
        hide(as_person(1), 10)
        old = locker_of(1)
        key = keyring().rotate()
        assert is_mine(as_person(1), KIND, [10, 11]) == {10}

        hide(as_person(1), 11)
        new = locker_of(1)
        assert (new.id, new.shelf) == (old.id, old.shelf)
        assert new.sealed.startswith(f"{key.id}.")
        assert is_mine(as_person(1), KIND, [10, 11]) == {10, 11}

    def test_old_envelopes_open(self, as_person: As) -> None:
        sealed = envelope(as_person(7), KIND, 3)
        keyring().rotate()
        assert addressee(sealed, KIND, 3) == 7

    def test_a_lost_key_loses_authorship_and_nothing_else(
        self, as_person: As, world: World
    ) -> None:
        hide(as_person(1), 10)
        sealed = envelope(as_person(1), KIND, 10)
        folder = world.settings.home / "keys" / "ring"
        kept = {path: path.read_text("ascii") for path in folder.iterdir()}
        for path in kept:
            path.unlink()
        keyring().make_first()
        try:
            assert is_mine(as_person(1), KIND, [10]) == frozenset()
            hide(as_person(1), 11)
            assert is_mine(as_person(1), KIND, [10, 11]) == {11}
            with pytest.raises(UnknownKey, match="put its file back"):
                addressee(sealed, KIND, 10)
        finally:
            for path in folder.iterdir():
                path.unlink()
            for path, text in kept.items():
                write_key(path, text)


class TestErasing:
    def test_erasing_one_person_leaves_the_others_and_tells_which_rows_it_was(
        self, as_person: As
    ) -> None:
        hide(as_person(1), 10, 12)
        hide(as_person(2), 11)
        with transaction(as_person(9)):
            assert forget(1) == {KIND: {10, 12}}
        assert is_mine(as_person(1), KIND, [10, 11, 12]) == frozenset()
        assert is_mine(as_person(2), KIND, [10, 11, 12]) == {11}

    def test_who_never_hid_anything_can_be_erased_too(self, as_person: As) -> None:
        with transaction(as_person(9)):
            assert forget(1) == {}

    def test_the_locker_stays_empty_and_its_shelf_is_sealed_anew(self, as_person: As) -> None:
        hide(as_person(1), 10)
        before = {locker.id: locker.sealed for locker in Locker.select()}
        with transaction(as_person(9)):
            forget(1)
        after = {locker.id: locker.sealed for locker in Locker.select()}
        assert before.keys() == after.keys()
        assert not set(before.values()) & set(after.values())

    def test_one_kind_alone_is_forgotten(self, as_person: As) -> None:
        hide(as_person(1), 10)
        with transaction(as_person(1)):
            remember(as_person(1), "tea.order", 3)
        with transaction(as_person(9)):
            assert forget(1, KIND) == {KIND: {10}}
        assert is_mine(as_person(1), KIND, [10]) == frozenset()
        assert is_mine(as_person(1), "tea.order", [3]) == {3}

    def test_a_locker_that_does_not_open_is_emptied_unless_one_kind_alone_goes(
        self, as_person: As
    ) -> None:
        hide(as_person(1), 10)
        Locker.update(sealed="gone").execute()
        with transaction(as_person(9)):
            assert forget(1, KIND) == {}
        assert locker_of(1).sealed == "gone"
        with transaction(as_person(9)):
            assert forget(1) == {}
        assert is_mine(as_person(1), KIND, [10]) == frozenset()


class TestAtOnce:
    def test_many_writes_of_few_people_lose_nothing(self, as_person: As) -> None:
        """Each begins without a locker, and stirs the others' while they write."""
        people, writes, failures = (1, 2, 3), 8, list[BaseException]()
        start = Barrier(6)

        def write(person: int, ids: range) -> None:
            with connection():
                start.wait(timeout=20)
                try:
                    hide(as_person(person), *ids)
                except Exception as error:
                    failures.append(error)

        threads = [
            Thread(target=write, args=(person, range(first, first + writes)))
            for person in people
            for first in (person * 100, person * 100 + writes)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert failures == []
        for person in people:
            mine = is_mine(as_person(person), KIND, range(1000))
            assert mine == set(range(person * 100, person * 100 + 2 * writes))
        assert Locker.select().count() == SHELF * len(people)


class TestPacking:
    def test_what_is_packed_is_unpacked(self) -> None:
        contents = {
            ("tea.order", 1): frozenset({3, 1}),
            ("tea.order", 12): frozenset({2}),
            ("tea.茶", 1): frozenset({2**31 - 1}),
        }
        assert unpacked(packed(contents)) == contents

    def test_lengths_are_few(self) -> None:
        sizes = [
            len(packed({(KIND, 1): frozenset(range(10**6, 10**6 + n))})) for n in range(0, 600, 7)
        ]
        assert set(sizes) == {1024, 2048, 4096, 8192}
        assert sizes == sorted(sizes)


class TestEnvelopes:
    def test_the_envelope_of_another_row_or_kind_does_not_open(self, as_person: As) -> None:
        sealed = envelope(as_person(7), KIND, 3)
        assert addressee(sealed, KIND, 3) == 7
        for kind, row in ((KIND, 4), ("tea.order", 3), (KIND, "3 ")):
            with pytest.raises(Broken):
                addressee(sealed, kind, row)


class TestAliases:
    def test_an_alias_acts_without_a_person_or_a_number_and_in_a_quarter_of_an_hour(
        self, as_person: As
    ) -> None:
        author = as_person(7)
        job = replace(author, appointment=None, actor="job").at(
            datetime(2026, 11, 10, 9, 44, 59, tzinfo=TOKYO)
        )
        alias = alias_context(job, "名無し3", author.municipality)
        assert (alias.appointment, alias.on_behalf_of, alias.request_id) == (None, None, "")
        assert (alias.actor, alias.permissions, alias.today) == ("名無し3", frozenset(), job.today)
        assert alias.now.isoformat() == "2026-11-10T09:30:00+09:00"

    def test_in_the_request_of_a_person_there_is_none(self, as_person: As) -> None:
        author = as_person(7)
        with pytest.raises(RuntimeError, match="audit it in the job that publishes"):
            alias_context(author, "名無し3", author.municipality)
