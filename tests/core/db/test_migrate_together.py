"""Two processes that migrate at once: one applies, the other waits and finds nothing to do."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

# Says that it is inside, and goes on when it is told to.
MIGRATION = """
from peewee import TextField
from niwari.db import MigrationModel

def up(migrator, db):
    class Thing(MigrationModel):
        name = TextField(unique=True)

        class Meta:
            table_name = "race_thing"

    Thing.create_table(safe=False)
    print("inside", flush=True)
    input()
"""

PROCESS = """
import sys
from pathlib import Path
from niwari.db import connection, open_database
from niwari.db.migrate import MigrationSet, migrate

open_database(sys.argv[1])
with connection():
    print("begins", flush=True)
    print(migrate([MigrationSet("race", Path(sys.argv[2]))]), flush=True)
"""


def started(url: str, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS, url, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_one_applies_and_the_other_waits_and_finds_nothing(
    empty_database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "0001_first.py").write_text(MIGRATION, encoding="utf-8")
    first = started(empty_database_url, tmp_path)
    second = None
    try:
        assert [said(first), said(first)] == ["begins", "inside"]
        second = started(empty_database_url, tmp_path)
        assert said(second) == "begins"
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=1)
        answers = [process.communicate("\n", timeout=60) for process in (first, second)]
    finally:
        for process in (first, second):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
    assert answers == [("[('race', '0001_first')]\n", ""), ("[]\n", "")]
    assert [first.returncode, second.returncode] == [0, 0]


def test_a_killed_migration_leaves_neither_a_lock_nor_half_a_table(
    empty_database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "0001_first.py").write_text(MIGRATION, encoding="utf-8")
    killed = started(empty_database_url, tmp_path)
    assert [said(killed), said(killed)] == ["begins", "inside"]
    killed.kill()
    killed.communicate()
    next_try = started(empty_database_url, tmp_path)
    output, errors = next_try.communicate("\n", timeout=60)
    assert (output.splitlines()[-1], errors) == ("[('race', '0001_first')]", "")
