"""Everybody has a locker before they write, and after a new key all lie under new names."""

from array import array
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Barrier, Thread

import pytest

from niwari.context import Context
from niwari.db import connection
from niwari.db.counting import QueryLog
from niwari.directory.models import Person
from niwari.directory.system import system_context
from niwari.keyring import keyring
from niwari.testing.world import World
from niwari.vault import making
from niwari.vault.making import make_lockers, reseal
from niwari.vault.models import Locker
from niwari.vault.service import is_mine
from niwari.vault.shelves import SHELF

from .conftest import KIND, As, hide, locker_of

Queries = Callable[[], AbstractContextManager[QueryLog]]


@pytest.fixture
def system(world: World) -> Context:
    """The context of the job."""
    return system_context(world.clock(), "vault")


@pytest.fixture
def people(world: World) -> list[int]:
    """Everybody in the directory."""
    world.ctx_for("staff@koriyama")
    return [person.id for person in Person.select(Person.id).order_by(Person.id)]


@pytest.fixture
def authors(people: list[int], system: Context, as_person: As) -> dict[int, int]:
    """Who of them wrote a row anonymously, and which."""
    make_lockers(system)
    found = {person: 10 + person for person in people[:5]}
    for person, row in found.items():
        hide(as_person(person), row)
    return found


def shelves() -> Counter[int]:
    return Counter(locker.shelf for locker in Locker.select())


def test_everybody_gets_one_empty_locker_on_whole_shelves(
    system: Context, people: list[int]
) -> None:
    assert make_lockers(system) == len(people)
    assert len({locker_of(person).id for person in people}) == len(people)
    assert set(shelves().values()) == {SHELF}
    assert len({len(locker.sealed) for locker in Locker.select()}) == 1


def test_who_has_one_gets_no_other_and_that_is_found_out_by_two_queries(
    system: Context, people: list[int], queries: Queries
) -> None:
    make_lockers(system)
    before = Locker.select().count()
    with queries() as log:
        assert make_lockers(system) == 0
    assert len(log) == 2
    assert Locker.select().count() == before


def test_who_comes_later_gets_one_and_nobody_elses_is_touched(
    system: Context, authors: dict[int, int], people: list[int]
) -> None:
    before = {locker.id: locker.sealed for locker in Locker.select()}
    new = Person.create(login="new@koriyama", name="新人", kana="しんじん")
    assert make_lockers(system) == 1
    after = {locker.id: locker.sealed for locker in Locker.select()}
    assert before.items() <= after.items()
    assert len(after) == len(before) + SHELF
    assert locker_of(new.id).id not in before


def test_they_are_made_in_several_portions_without_gap(
    system: Context, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_LOOKED_AT", 4)
    monkeypatch.setattr(making, "_AT_ONCE", 3)
    assert make_lockers(system) == len(people)
    assert {len([locker_of(person)]) for person in people} == {1}


def test_after_a_new_key_every_locker_has_a_new_name_and_seal_and_its_content(
    system: Context, authors: dict[int, int], people: list[int], as_person: As
) -> None:
    before = {locker.id for locker in Locker.select()}
    key = keyring().rotate()
    assert reseal(system) == (len(people), 0)
    after = list(Locker.select())
    assert not before & {locker.id for locker in after}
    assert {locker.sealed.split(".")[0] for locker in after} == {key.id}
    assert set(shelves().values()) == {SHELF}
    for person, row in authors.items():
        assert is_mine(as_person(person), KIND, range(10**6)) == {row}


def test_what_was_broken_off_is_ended_by_the_next_run(
    system: Context, authors: dict[int, int], people: list[int], as_person: As
) -> None:
    keyring().rotate()
    making._move(system, array("q", people[:3]))  # and then the power went
    for person, row in authors.items():
        assert is_mine(as_person(person), KIND, range(10**6)) == {row}
    hide(as_person(people[4]), 3)
    assert reseal(system) == (len(people) - 3, 0)
    for person, row in authors.items():
        assert row in is_mine(as_person(person), KIND, range(10**6))
    assert is_mine(as_person(people[4]), KIND, [3]) == {3}


def test_a_locker_that_does_not_open_is_counted_and_stays(
    system: Context, authors: dict[int, int], people: list[int]
) -> None:
    broken = locker_of(people[0])
    Locker.update(sealed="gone").where(Locker.id == broken.id).execute()
    keyring().rotate()
    assert reseal(system) == (len(people) - 1, 1)
    assert locker_of(people[0]).id == broken.id


def test_writes_while_lockers_move_are_not_lost(
    system: Context, authors: dict[int, int], people: list[int], as_person: As
) -> None:
    make_key, failures = keyring().rotate, list[BaseException]()
    start = Barrier(3)

    def write(person: int) -> None:
        with connection():
            start.wait(timeout=20)
            try:
                hide(as_person(person), *range(1000, 1010))
            except Exception as error:
                failures.append(error)

    threads = [Thread(target=write, args=(person,)) for person in people[:2]]
    for thread in threads:
        thread.start()
    make_key()
    start.wait(timeout=20)
    reseal(system)
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    for person in people[:2]:
        assert is_mine(as_person(person), KIND, range(1000, 2000)) == set(range(1000, 1010))
        assert is_mine(as_person(person), KIND, [authors[person]]) == {authors[person]}
