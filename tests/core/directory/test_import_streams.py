"""Importing people.csv from an open file, in portions: the same as from bytes, all at once."""

import os
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import chain
from pathlib import Path
from threading import Thread

import pytest

from niwari.cli.imports import importing_stream
from niwari.clock import FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database, rows, transaction
from niwari.db.counting import counted_queries
from niwari.directory.importing import COLUMNS, ImportReport, import_people, plan_people
from niwari.directory.importing.planned import Change
from niwari.directory.models import Appointment, Headship, Municipality, Person, Section
from niwari.directory.system import system_context
from niwari.tabular import ImportRefused
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables
from tests.core.directory.conftest import register

TOWNS = ("072036", "072079", "073229")
PORTION = "niwari.directory.importing.portions.PORTION"


@pytest.fixture
def ctx(database_engines: Engines, clock: FrozenClock) -> Iterator[Context]:
    """A system actor's context on an empty directory."""
    url = database_engines.copy_of("tables", prepare_tables)
    open_database(url)
    with connection():
        register(*TOWNS)
        yield system_context(clock(), "niwari directory import")
    database_engines.drop(url)


def people(count: int, **cells: str) -> bytes:
    """A people.csv whose lines go round the towns; the first person of each town is its head."""
    lines = [",".join(COLUMNS)]
    for n in range(count):
        town = n % len(TOWNS)
        known = {
            "municipality": TOWNS[town],
            "login": f"p{n}@t{town}",
            "name": f"職員 {n}",
            "kana": f"ショクイン {n}",
            "email": "",
            "section": f"総務部/第{n // 6}課",
            "head": f"p{town}@t{town}",
            "employment": "full_time",
            "start": "2026-04-01",
            "end": "",
        }
        lines.append(",".join((known | cells).values()))
    return "\n".join(lines).encode()


def directory() -> tuple[list[object], list[object]]:
    """All posts and all headships, by what a file calls things."""
    posts = (
        Appointment.select(
            Municipality.code, Person.login, Person.name, Section.path, Appointment.is_main
        )
        .join_from(Appointment, Municipality)
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
    )
    heads = (
        Headship.select(Municipality.code, Section.path, Person.login, Headship.starts_on)
        .join_from(Headship, Section)
        .join_from(Section, Municipality)
        .join_from(Headship, Appointment)
        .join_from(Appointment, Person)
    )
    return sorted(rows(posts)), sorted(rows(heads))


def test_an_open_file_in_many_portions_brings_what_bytes_in_one_bring(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = people(60)
    assert import_people(ctx, data) == ImportReport(added=60)
    whole = directory()
    for model in (Headship, Appointment):
        model.delete().execute()
    monkeypatch.setattr(PORTION, 7)
    file = BytesIO(data)
    assert import_people(ctx, file) == ImportReport(added=60)
    assert directory() == whole
    assert not file.closed
    assert import_people(ctx, file) == ImportReport(unchanged=60)


def test_each_portion_takes_the_same_few_queries(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries(data: bytes) -> int:
        with counted_queries() as log:
            import_people(ctx, data)
        return len(log)

    one = queries(people(60))
    again = queries(people(60))
    monkeypatch.setattr(PORTION, 20)
    assert queries(people(60, name="職員二")) <= len(TOWNS) * one
    assert queries(people(60, name="職員二")) <= len(TOWNS) * again


def test_a_bad_line_in_the_last_portion_undoes_all_others(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PORTION, 7)
    data = people(60) + "\n073229,x@t2,職員,ショクイン,,課,nobody@t2,full_time,2026-04-01,".encode()
    with pytest.raises(ImportRefused) as caught:
        import_people(ctx, BytesIO(data))
    assert [(bad.line, bad.column) for bad in caught.value.bad_lines] == [(62, "head")]
    assert directory() == ([], [])
    assert Person.select().count() == 0


def test_progress_is_told_of_each_portion_up_to_all_lines(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PORTION, 20)
    told: list[tuple[int, int]] = []
    import_people(ctx, people(60), progress=lambda done, lines: told.append((done, lines)))
    assert told == [(20, 60), (40, 60), (60, 60)]


@pytest.mark.parametrize("dry_run", [True, False])
def test_the_changes_are_told_by_portion_and_are_those_of_the_whole(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    with transaction(ctx):
        whole = plan_people(ctx, people(60), None).changes
    monkeypatch.setattr(PORTION, 20)
    told: list[Sequence[Change]] = []
    import_people(ctx, BytesIO(people(60)), dry_run=dry_run, tell=told.append)
    assert [len(changes) for changes in told] == [20, 20, 20]
    assert sorted(chain.from_iterable(told), key=lambda change: change.line) == whole


def test_what_can_be_read_only_once_is_read_all_the_same(tmp_path: Path) -> None:
    pipe = tmp_path / "people.csv"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(b"line\n" * 50_000,))
    writer.start()
    with importing_stream(pipe) as stream:
        assert len(stream.read()) == 250_000
        stream.seek(0)
        assert stream.read(4) == b"line"
    writer.join()
