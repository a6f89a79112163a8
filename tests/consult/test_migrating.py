"""The second migration rebuilds the tables; it loses no row and hands out no id again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from peewee import IntegrityError

import niwari_consult
from niwari.app import core_migrations
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


@pytest.fixture
def second_too(empty_database: str, first_only: Path) -> Callable[[], None]:
    """Rows were written after the first migration; called, the second runs."""
    consult = MigrationSet("consult", first_only)
    migrate([core_migrations(), consult])
    true = "true" if empty_database.startswith("postgres") else "1"
    for statement in (TOWN, SECTION, PERSON, POST.format(true=true), QUESTION, ANSWER):
        database.execute_sql(statement)

    def run() -> None:
        second = FOLDER / "0002_erasable_author.py"
        (first_only / second.name).write_bytes(second.read_bytes())
        assert migrate([core_migrations(), consult]) == [("consult", "0002_erasable_author")]

    return run


def test_rows_of_before_are_there_afterwards(second_too: Callable[[], None]) -> None:
    second_too()
    rows = database.execute_sql(
        "SELECT q.id, q.title, q.author_id, a.id, a.body FROM consult_question q "
        "JOIN consult_answer a ON a.question_id = q.id"
    ).fetchall()
    assert rows == [(7, "t", 1, 9, "answer")]
    database.execute_sql("UPDATE consult_question SET author_id = NULL")
    tables = [name for name in database.get_tables() if "aside" in name]
    assert tables == []


def test_ids_of_before_are_not_handed_out_again(second_too: Callable[[], None]) -> None:
    # As the application writes: without an id, which the database hands out.
    question = QUESTION.replace("(id, ", "(", 1).replace("(7, ", "(", 1)
    answer = ANSWER.replace("(id, ", "(", 1).replace("(9, 7, ", "({question}, ", 1)
    database.execute_sql(question.replace("'k'", "'before'"))
    ((last,),) = database.execute_sql(
        "SELECT id FROM consult_question WHERE form_key = 'before'"
    ).fetchall()
    database.execute_sql(answer.format(question=last).replace("'k'", "'before'"))
    ((last_answer,),) = database.execute_sql(
        "SELECT id FROM consult_answer WHERE form_key = 'before'"
    ).fetchall()
    second_too()
    database.execute_sql("DELETE FROM consult_answer")
    database.execute_sql("DELETE FROM consult_question")
    database.execute_sql(question)
    ((next_id,),) = database.execute_sql("SELECT id FROM consult_question").fetchall()
    database.execute_sql(answer.format(question=next_id))
    ((next_answer,),) = database.execute_sql("SELECT id FROM consult_answer").fetchall()
    assert (next_id, next_answer) == (last + 1, last_answer + 1)


def test_an_answer_still_belongs_to_a_question_that_is_there(
    second_too: Callable[[], None],
) -> None:
    second_too()
    with pytest.raises(IntegrityError), database.atomic():
        database.execute_sql(ANSWER.replace("(9, 7,", "(10, 70,").replace("'k'", "'other'"))
