"""The import of people.csv, and bare inserts of the rows that it makes."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from niwari.clock import TOKYO
from niwari.db import connection, database, is_postgresql, open_database, transaction
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.models import Appointment, Headship, Municipality, Person, Region, Section
from niwari.directory.search.models import PersonText
from niwari.directory.system import system_context
from niwari.testing.engines import release
from niwari.testing.world import prepare_tables

NOW = datetime(2026, 11, 10, 9, tzinfo=TOKYO)
TABLES: tuple[Any, ...] = (Municipality, Section, Person, Appointment, Headship, PersonText)
Rows = dict[Any, list[tuple[Any, ...]]]
_FAMILIES = (("髙橋", "タカハシ"), ("佐藤", "サトウ"), ("渡邉", "ワタナベ"), ("鈴木", "スズキ"))
_GIVEN = (("花子", "ハナコ"), ("太郎", "タロウ"), ("一", "ハジメ"), ("恵", "メグミ"))


@dataclass(frozen=True)
class Database:
    """Where a side is measured: a new SQLite database each time, or the one at ``url`` emptied."""

    url: str
    folder: Path

    @contextmanager
    def empty(self, name: str = "main") -> Iterator[str]:
        """Open it with all tables and nothing in them; yields its URL."""
        url = self.url or self._copy(name)
        if self.url:
            prepare_tables(url)
        open_database(url)
        with connection():
            if self.url:
                tables = ", ".join(f'"{model._meta.table_name}"' for model in (Region, *TABLES))
                database.execute_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
            yield url

    def _copy(self, name: str) -> str:
        template = self.folder / "template.db"
        if not template.exists():
            prepare_tables(f"sqlite:///{template}")
            release()
        target = self.folder / f"{name}.db"
        for suffix in ("", "-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(template, target)
        return f"sqlite:///{target}"


def people_csv(codes: Sequence[str], count: int) -> bytes:
    """Return a file of ``count`` people, spread evenly over the municipalities, with heads."""
    lines = [",".join(COLUMNS)]
    for town, code in enumerate(codes):
        own = count // len(codes) + (town < count % len(codes))
        for n in range(own):
            family, given = _FAMILIES[n % 4], _GIVEN[n // 4 % 4]
            place = f"総務部/第{n // 20}課"
            lines.append(
                f"{code},p{n}@t{town},{family[0]} {given[0]},{family[1]} {given[1]},,{place},"
                f"p{n // 20 * 20}@t{town},full_time,2026-04-01,"
            )
    return "\n".join(lines).encode()


def import_file(file: Path) -> None:
    """Import a file into the open database, as the command does."""
    with file.open("rb") as stream:
        import_people(system_context(NOW, "bench"), stream)


def import_rows(where: Database, file: Path) -> tuple[float, Rows]:
    """Import a file; returns the seconds, and the rows that it made, by table."""
    with where.empty():
        begun = clock()
        import_file(file)
        seconds = clock() - begun
        fields = {model: model._meta.sorted_fields for model in TABLES}
        return seconds, {model: list(model.select(*fields[model]).tuples()) for model in TABLES}


def insert_bare(where: Database, rows: Rows) -> float:
    """Insert the rows the plain way, in one transaction; returns the seconds."""
    with where.empty():
        begun = clock()
        mark = "%s" if is_postgresql() else "?"
        with transaction(system_context(NOW, "bench")):
            cursor = database.cursor()
            for model, values in rows.items():
                names = ", ".join(f'"{field.column_name}"' for field in model._meta.sorted_fields)
                marks = ", ".join([mark] * len(model._meta.sorted_fields))
                text = f'INSERT INTO "{model._meta.table_name}" ({names}) VALUES ({marks})'  # noqa: S608
                cursor.executemany(text, values)
        return clock() - begun


def memory(where: Database, file: Path) -> float:
    """Return the most memory, in MB, of a process that imports a file and does nothing else."""
    with where.empty() as url:
        pass
    release()
    done = subprocess.run(
        [sys.executable, "-m", "bench.memory", url, str(file)],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def clock() -> float:
    """Return processor time on SQLite, which other work does not change; else that on the wall."""
    return perf_counter() if is_postgresql() else process_time()
