"""The import of people.csv, and bare inserts of the rows that it makes."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from niwari.clock import TOKYO
from niwari.db import connection, database, is_postgresql, open_database, transaction
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.models import Appointment, Headship, Municipality, Person, Section
from niwari.directory.search.models import PersonText
from niwari.directory.system import system_context
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables

NOW = datetime(2026, 11, 10, 9, tzinfo=TOKYO)
TABLES: tuple[Any, ...] = (Municipality, Section, Person, Appointment, Headship, PersonText)
Rows = dict[Any, list[tuple[Any, ...]]]


def _pairs(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


# Some 5,000 different names, which is more than a cache of names holds.
_FAMILIES = _pairs(
    "髙橋 タカハシ 佐藤 サトウ 渡邉 ワタナベ 鈴木 スズキ 田中 タナカ 伊藤 イトウ 中村 ナカムラ "
    "小林 コバヤシ 山本 ヤマモト 加藤 カトウ 吉田 ヨシダ 山田 ヤマダ 佐々木 ササキ 山口 ヤマグチ "
    "松本 マツモト 井上 イノウエ 木村 キムラ 林 ハヤシ 斎藤 サイトウ 清水 シミズ"
)
_FIRST = _pairs(
    "花 ハナ 美 ミ 健 ケン 正 マサ 裕 ユウ 直 ナオ 和 カズ 恵 メグ 智 トモ 秀 ヒデ 雅 マサ 文 フミ "
    "由 ユ 奈 ナ 真 マ 博 ヒロ"
)
_SECOND = _pairs(
    "子 コ 太 タ 一 イチ 美 ミ 香 カ 樹 キ 之 ユキ 人 ト 彦 ヒコ 代 ヨ 江 エ 也 ヤ 介 スケ 郎 ロウ "
    "乃 ノ 枝 エ"
)


@contextmanager
def empty(engines: Engines) -> Iterator[str]:
    """Open a new database with all tables and nothing in them for the block; yields its URL."""
    url = engines.copy_of("tables", prepare_tables)
    open_database(url)
    with connection():
        yield url
    engines.drop(url)


def people_csv(codes: Sequence[str], count: int) -> bytes:
    """Return a file of ``count`` people, spread evenly over the municipalities, with heads."""
    lines = [",".join(COLUMNS)]
    for town, code in enumerate(codes):
        own = count // len(codes) + (town < count % len(codes))
        for n in range(own):
            name, kana = _name(town * 7 + n)
            place = f"総務部/第{n // 20}課"
            lines.append(
                f"{code},p{n}@t{town},{name},{kana},,{place},"
                f"p{n // 20 * 20}@t{town},full_time,2026-04-01,"
            )
    return "\n".join(lines).encode()


def _name(number: int) -> tuple[str, str]:
    family = _FAMILIES[number % 20]
    first, second = _FIRST[number // 20 % 16], _SECOND[number // 320 % 16]
    return f"{family[0]} {first[0]}{second[0]}", f"{family[1]} {first[1]}{second[1]}"


def import_file(file: Path) -> None:
    """Import a file into the open database, as the command does."""
    with file.open("rb") as stream:
        import_people(system_context(NOW, "bench"), stream, new_municipalities=True)


def import_rows(engines: Engines, file: Path) -> tuple[float, Rows]:
    """Import a file; returns the seconds, and the rows that it made, by table."""
    with empty(engines):
        begun = clock()
        import_file(file)
        seconds = clock() - begun
        fields = {model: model._meta.sorted_fields for model in TABLES}
        return seconds, {model: list(model.select(*fields[model]).tuples()) for model in TABLES}


def insert_bare(engines: Engines, rows: Rows) -> float:
    """Insert the rows the plain way, in one transaction; returns the seconds."""
    with empty(engines):
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


def memory(engines: Engines, file: Path) -> float:
    """Return the most memory, in MB, of a process that imports a file and does nothing else."""
    with empty(engines) as url:
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
