"""The second migration rebuilds the questions' table and loses no row of it."""

from pathlib import Path

import pytest

import niwari_consult
from niwari.app import core_migrations
from niwari.clock import FrozenClock
from niwari.db import database
from niwari.db.migrate import MigrationSet, migrate

FOLDER = Path(niwari_consult.__file__).parent / "migrations"
TOWN = (
    "INSERT INTO directory_municipality (id, code, name, kana, kind, revision) "
    "VALUES (1, '072036', 'a', '', 'city', 1)"
)
SECTION = "INSERT INTO directory_section (id, municipality_id, name, path) VALUES (1, 1, 's', 's')"
PERSON = "INSERT INTO directory_person (id, login, name, kana, email) VALUES (1, 'l', 'n', '', '')"
POST = (
    "INSERT INTO directory_appointment (id, person_id, municipality_id, section_id, employment, "
    "starts_on, is_main) VALUES (1, 1, 1, 1, 'full_time', '2026-04-01', {true})"
)
QUESTION = (
    "INSERT INTO consult_question (id, municipality_id, section_id, region_id, audience, author_id, "
    "topic, title, background, heard, ask, body, state, acceptances, answer_count, asked_at, "
    "last_activity_at, form_key) VALUES (7, 1, 1, NULL, 'region', 1, 'pay', 't', '', '', '', 'b', "
    "'open', 0, 1, '2026-11-10 00:00:00', '2026-11-10 00:00:00', 'k')"
)
ANSWER = (
    "INSERT INTO consult_answer (id, question_id, author_id, municipality_id, section_id, body, "
    "answered_at, form_key) VALUES (9, 7, 1, 1, 1, 'answer', '2026-11-10 00:00:00', 'k')"
)


@pytest.fixture
def first_only(tmp_path: Path) -> Path:
    """A folder with the first migration alone, to which the second is added."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    first = FOLDER / "0001_initial.py"
    (folder / first.name).write_bytes(first.read_bytes())
    return folder


def test_rows_of_before_are_there_afterwards(
    empty_database: str, first_only: Path, clock: FrozenClock
) -> None:
    consult = MigrationSet("consult", first_only)
    migrate([core_migrations(), consult])
    true = "true" if empty_database.startswith("postgres") else "1"
    for statement in (TOWN, SECTION, PERSON, POST.format(true=true), QUESTION, ANSWER):
        database.execute_sql(statement)
    second = FOLDER / "0002_erasable_author.py"
    (first_only / second.name).write_bytes(second.read_bytes())
    assert migrate([core_migrations(), consult]) == [("consult", "0002_erasable_author")]
    rows = database.execute_sql(
        "SELECT q.id, q.title, q.author_id, a.id, a.body FROM consult_question q "
        "JOIN consult_answer a ON a.question_id = q.id"
    ).fetchall()
    assert rows == [(7, "t", 1, 9, "answer")]
    database.execute_sql("UPDATE consult_question SET author_id = NULL")
    tables = [name for name in database.get_tables() if "aside" in name]
    assert tables == []
