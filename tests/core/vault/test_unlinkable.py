"""A copy of the database, without the keys, tells nobody who wrote which anonymous row.

Somebody who holds every column of every table tries it by what values have in common, by their
length, their order and their time, over thirty people.
"""

import random
from collections.abc import Mapping
from itertools import combinations

import pytest
from peewee import OperationalError

from niwari.clock import FrozenClock
from niwari.db import database, is_postgresql, transaction
from niwari.keyring import keyring
from niwari.testing.world import World
from niwari.vault.models import Locker
from niwari.vault.service import forget, is_mine
from niwari.vault.shelves import SHELF, make, names_of

from .conftest import KIND, As, Whisper, dump, hide, locker_of, whisper

Dump = dict[str, list[dict[str, str]]]
PEOPLE = 30
LOCKERS = 32  # two shelves


class Written:
    """What thirty people wrote anonymously: who wrote which row, and the copies around it."""

    def __init__(self, as_person: As, clock: FrozenClock) -> None:
        """Let them write in an order of chance, each between one and five times."""
        chance = random.Random(20_220)
        people = chance.sample(range(100_000, 999_999), PEOPLE)
        order = [person for person in people for _ in range(chance.randint(1, 5))]
        chance.shuffle(order)
        with transaction(as_person(1)):  # as the job does for everybody who comes
            make({names_of(person)[0]: {} for person in people})
        self.before = dump()
        self.author: dict[int, int] = {}
        self.copies: list[Dump] = []
        for number, person in enumerate(order):
            clock.advance(minutes=chance.randint(1, 3))
            self.author[whisper(as_person(person), f"ひとこと{number}")] = person
            self.copies.append(dump("vault_locker"))

    @property
    def people(self) -> set[int]:
        """Their numbers."""
        return set(self.author.values())

    def new(self) -> Mapping[str, list[dict[str, str]]]:
        """The rows that were not there before, by table."""
        after = dump()
        new = {
            table: [row for row in after[table] if row not in self.before.get(table, [])]
            for table in after
        }
        return {table: found for table, found in new.items() if found}


@pytest.fixture
def written(as_person: As, whispers: type[Whisper], clock: FrozenClock) -> Written:
    return Written(as_person, clock)


def test_the_writers_themselves_are_told_theirs(written: Written, as_person: As) -> None:
    for person in written.people:
        own = {row for row, author in written.author.items() if author == person}
        assert is_mine(as_person(person), KIND, written.author) == own


def test_nothing_but_the_row_its_audit_and_the_lockers_is_written(written: Written) -> None:
    tables = {"whisper_note", "audit_entry", "vault_locker"}
    assert set(written.new()) - {"sqlite_sequence"} == tables


def test_no_person_and_no_number_of_a_request_stands_anywhere(written: Written) -> None:
    said = [value for rows in written.new().values() for row in rows for value in row.values()]
    for person in written.people:
        # Numbers of six digits stand in hexadecimal names by chance: there as whole values alone.
        assert str(person) not in said
        assert f"r{person}" not in said
        assert not [value for value in said if str(person) in value and len(value) < 60]


def test_by_equality_rows_of_one_author_are_as_alike_as_any_two(written: Written) -> None:
    """In every column all values are one, or no two are the same; of time and shelves see below."""
    for table, rows in written.new().items():
        for column in rows[0].keys() - {"at", "shelf"}:
            values = [row[column] for row in rows]
            assert len(set(values)) in (1, len(values)), f"{table}.{column}"


def test_lockers_and_envelopes_share_no_piece(written: Written) -> None:
    new = written.new()
    sealed = [row["sealed"] for row in new["vault_locker"]]
    sealed += [row["envelope"] for row in new["whisper_note"]]
    bodies = [text.partition(".")[2] for text in sealed]
    pieces = [{body[at : at + 12] for at in range(len(body) - 12)} for body in bodies]
    assert not [1 for one, other in combinations(pieces, 2) if one & other]


def test_by_length_all_look_alike(written: Written) -> None:
    new = written.new()
    assert len(new["vault_locker"]) == LOCKERS
    assert len({len(row["sealed"]) for row in new["vault_locker"]}) == 1
    assert len({len(row["envelope"]) for row in new["whisper_note"]}) == 1


def test_by_time_there_is_the_quarter_of_an_hour_alone_and_many_wrote_in_it(
    written: Written,
) -> None:
    new = written.new()
    authors: dict[str, set[int]] = {}
    for row in new["audit_entry"]:
        authors.setdefault(row["at"], set()).add(written.author[int(row["object_id"])])
    assert {at[-6:] for at in authors} == {":00:00", ":15:00", ":30:00", ":45:00"}
    assert min(map(len, authors.values())) > 1
    assert set(new["vault_locker"][0]) == {"id", "shelf", "sealed"}


def test_by_order_lockers_follow_neither_people_nor_their_first_rows(written: Written) -> None:
    """The names are chance; what is asked is far beyond what chance gives (1 in 100,000)."""
    name_of = names(written)
    first = {person: row for row, person in reversed(written.author.items())}
    by_name = sorted(written.people, key=name_of.__getitem__)
    assert abs(agreement(by_name, sorted(written.people))) < 0.75
    assert abs(agreement(by_name, sorted(written.people, key=first.__getitem__))) < 0.75


def test_two_copies_around_a_row_show_a_whole_shelf_and_none_of_its_lockers(
    written: Written,
) -> None:
    """However many rows and copies: those of one author and of a shelf's mates change the same."""
    name_of = names(written)
    writers = list(written.author.values())
    seen: dict[str, set[frozenset[str]]] = {}
    for before, after, writer in zip(written.copies, written.copies[1:], writers[1:], strict=False):
        old = {row["id"]: row for row in before["vault_locker"]}
        new = {row["id"]: row for row in after["vault_locker"]}
        assert old.keys() == new.keys()
        changed = frozenset(name for name in new if new[name]["sealed"] != old[name]["sealed"])
        shelf = new[name_of[writer]]["shelf"]
        assert changed == {name for name in new if new[name]["shelf"] == shelf}
        assert len(changed) == SHELF
        seen.setdefault(shelf, set()).add(changed)
    assert [len(sets) for sets in seen.values()] == [1, 1]


@pytest.mark.slow
def test_who_writes_much_is_as_long_as_the_others_on_the_shelf(
    written: Written, as_person: As
) -> None:
    hide(as_person(min(written.people)), *range(1000, 1400))
    lengths: dict[int, set[int]] = {}
    for locker in Locker.select():
        lengths.setdefault(locker.shelf, set()).add(len(locker.sealed))
    assert sorted(len(found) for found in lengths.values()) == [1, 1]
    assert len(set().union(*lengths.values())) == 2


def test_a_first_row_of_somebody_without_a_locker_brings_a_whole_shelf(as_person: As) -> None:
    hide(as_person(1), 10)
    assert Locker.select().count() == SHELF
    assert len({len(locker.sealed) for locker in Locker.select()}) == 1


def test_two_lockers_with_the_same_content_differ(world: World, as_person: As) -> None:
    hide(as_person(1), 10)
    hide(as_person(2), 10)
    assert locker_of(1).sealed != locker_of(2).sealed
    with transaction(as_person(1)):
        assert forget(1) == forget(2)


def names(written: Written) -> dict[int, str]:
    """What only the key tells: the names of the lockers."""
    return {
        person: keyring().names("vault.person", person.to_bytes(8, "big"))[0]
        for person in written.people
    }


def agreement(one: list[int], other: list[int]) -> float:
    """Spearman's rank correlation: 1 for the same order, 0 for none."""
    place = {value: at for at, value in enumerate(other)}
    apart = sum((at - place[value]) ** 2 for at, value in enumerate(one))
    return 1 - 6 * apart / (len(one) * (len(one) ** 2 - 1))


def test_sqlite_keeps_no_number_of_a_locker(world: World) -> None:
    if is_postgresql():
        return
    with pytest.raises(OperationalError, match="rowid"):
        database.execute_sql("SELECT rowid FROM vault_locker")
