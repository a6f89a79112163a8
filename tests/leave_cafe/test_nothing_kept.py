"""What is typed to work dates out leaves no trace: database, session and logs are as they were."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from niwari.db import connection, database

TYPED = {
    "employment": "fiscal_year_part",
    "role": "partner",
    "due_on": "2026-12-10",
    "is_multiple": "y",
    "term_ends": "2027-03-31",
    "daily_minutes": "347",
    "wish1_from": "2026-12-11",
    "wish1_to": "2026-12-24",
    "other_employment": "regular",
    "other_wish1_from": "2027-02-05",
    "other_wish1_to": "2027-05-06",
}
TRACES = ("2026-12-10", "2026-12-11", "2026-12-24", "2027-03-31", "2027-02-05", "2027-05-06")
"""What of it would give the person away, wherever it stood."""
WRONG = {**TYPED, "born_on": "2026-05-20"}
HALF = {**TYPED, "wish2_from": "2027-04-19"}


class Listener(logging.Handler):
    """Keeps every line that is logged anywhere, at every level."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def listening() -> Iterator[list[str]]:
    listener, root = Listener(), logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield listener.lines
    finally:
        root.removeHandler(listener)
        root.setLevel(level)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of the database, sessions included."""
    with connection():
        return {
            table: sorted(
                (tuple(row) for row in database.execute_sql(f'SELECT * FROM "{table}"').fetchall()),
                key=repr,
            )
            for table in database.get_tables()
        }


def cookies(client: Any) -> list[str]:
    return sorted(str(cookie) for cookie in client._cookies.values())


@pytest.mark.parametrize("address", ["/leave-cafe/", "/leave-cafe/calendar", "/leave-cafe/paper"])
@pytest.mark.parametrize(
    ("typed", "status"), [(TYPED, 200), (WRONG, 422), (HALF, 422)], ids=["plan", "wrong", "half"]
)
def test_nothing_of_a_birth_is_kept(
    client_for: Any, queries: Any, address: str, typed: dict[str, str], status: int
) -> None:
    client = client_for("staff@koriyama")
    token = client.token_at("/leave-cafe/")
    before, kept = everything(), cookies(client)
    assert sum(map(len, before.values())) > 100
    with listening() as lines, queries() as log:
        answer = client.post(address, data={**typed, "csrf_token": token})
    assert answer.status_code == status
    assert everything() == before
    assert cookies(client) == kept
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert [s for s in log.statements if not s.lstrip().upper().startswith("SELECT")] == []
    assert [line for line in lines if any(trace in line for trace in TRACES)] == []


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_page_of_an_error_gives_nothing_back(client_for: Any, token: str) -> None:
    client = client_for("staff@koriyama")
    page = client.get("/leave-cafe/").get_data(as_text=True)
    listed = page.split('name="kept_fields" value="')[1].split('"')[0]
    assert listed == "[]"
    before = everything()
    answer = client.post("/leave-cafe/", data={**TYPED, "csrf_token": token, "kept_fields": listed})
    assert answer.status_code == 400
    shown = answer.get_data(as_text=True)
    assert [trace for trace in TRACES if trace in shown] == []
    assert everything() == before


def test_whoever_is_signed_out_meanwhile_leaves_nothing_either(world: Any) -> None:
    client = world.anonymous()
    before = everything()
    answer = client.post("/leave-cafe/", data=TYPED)
    assert answer.status_code in (400, 401)
    shown = answer.get_data(as_text=True)
    assert [trace for trace in TRACES if trace in shown] == []
    assert everything() == before
