"""``transaction(ctx)`` is the only way to write: no other way to begin one outside niwari/db.

An IMMEDIATE transaction inside a plain one that has read ends in "database is locked", and plain
ones lose updates; so what begins, commits or undoes a transaction is written once, in niwari/db.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("core/niwari", "plugins")
OWN = "core/niwari/db/"

# What Peewee's databases begin and end transactions with, whatever the object is called.
ALWAYS = frozenset({"atomic", "manual_commit"})
# The same under names that other things have too.
ON_A_DATABASE = frozenset({"transaction", "savepoint", "begin", "commit", "rollback"})
STATEMENT = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|START\s+TRANSACTION)\b", re.I)

# niwari.db.transaction has two more blocks, for whoever has no Context. Who may use them, and why:
INNER = {
    "savepoint": {
        "core/niwari/host/dispatch.py": "a failing hook is undone alone",
        "core/niwari/host/services.py": "so is a failing service",
        "core/niwari/admin/job_acts.py": "a run or task that is there already is no failure of the act",
    },
    "immediate": {
        "core/niwari/host/quarantine.py": "failures are kept whoever met them, after a rollback",
        "core/niwari/host/rate_limits.py": "counts of windows that are over go, nobody's act",
        "core/niwari/host/costs.py": "figures of the process, nobody's act",
        "core/niwari/events/delivering.py": "the worker has no Context before it has read the event",
        "core/niwari/events/purging.py": "rows of all municipalities go, nobody's act",
        "core/niwari/jobs/tasks.py": "the worker has no Context before it has read the task",
        "core/niwari/channels/leases.py": "the sender leases what is due everywhere, nobody's act",
        "core/niwari/notices/purging.py": "notices of all municipalities go, nobody's act",
        "core/niwari/notices/digests.py": "mails of everybody's morning are made, nobody's act",
        "core/niwari/search/indexing.py": "rows of all municipalities are indexed, nobody's act",
        "core/niwari/files/sweeping.py": "files of all municipalities go, nobody's act",
        "core/niwari/audit/sealing.py": "rows of everybody are sealed, nobody's act",
    },
}


def ways_around(path: Path, root: Path) -> Iterator[str]:
    """Where a file begins or ends a transaction without ``transaction(ctx)``."""
    name = path.relative_to(root).as_posix()
    if name.startswith(OWN):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found = _attribute(node) or _statement(node) or _inner(node, name)
        if found:
            yield f"{name}:{node.lineno}: {found}: use transaction(ctx)"  # type: ignore[attr-defined]


def _attribute(node: ast.AST) -> str:
    if not isinstance(node, ast.Attribute):
        return ""
    on_database = re.search(r"\b(database|db)(\.obj)?$", ast.unparse(node.value))
    if node.attr in ALWAYS or (node.attr in ON_A_DATABASE and on_database):
        return ast.unparse(node)
    return ""


def _statement(node: ast.AST) -> str:
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("execute_sql"):
        for argument in node.args[:1]:
            if isinstance(argument, ast.Constant) and STATEMENT.match(str(argument.value)):
                return str(argument.value)
    return ""


def _inner(node: ast.AST, name: str) -> str:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("niwari.db"):
        for alias in node.names:
            if alias.name in INNER and name not in INNER[alias.name]:
                return f"import of {alias.name}"
    return ""


def sources(root: Path) -> Iterable[Path]:
    return sorted(path for folder in SOURCES for path in (root / folder).rglob("*.py"))


def test_nothing_outside_the_db_package_begins_a_transaction_of_its_own() -> None:
    assert [line for path in sources(ROOT) for line in ways_around(path, ROOT)] == []


def test_the_sources_are_seen() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in sources(ROOT)}
    assert {"core/niwari/app.py", "core/niwari/ledger/asking/requests.py"} <= names
    assert any(name.startswith("plugins/consult/") for name in names)


def test_whoever_is_allowed_an_inner_block_still_uses_it() -> None:
    for block, users in INNER.items():
        for name in users:
            assert block in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "planted",
    [
        "with database.atomic():\n    pass",
        "with database.obj.atomic('IMMEDIATE'):\n    pass",
        "with Question._meta.database.atomic():\n    pass",
        "@database.atomic()\ndef write():\n    pass",
        "begin = database.atomic",
        "with database.manual_commit():\n    pass",
        "with database.transaction():\n    pass",
        "with db.savepoint():\n    pass",
        "database.rollback()",
        "niwari.db.database.commit()",
        "database.execute_sql('BEGIN IMMEDIATE')",
        "database.execute_sql('  savepoint a')",
        "from niwari.db.transaction import immediate",
        "from niwari.db.transaction import savepoint as block",
    ],
)
@pytest.mark.parametrize(
    "place", ["core/niwari/ledger/x.py", "plugins/consult/niwari_consult/x.py"]
)
def test_a_planted_way_around_is_found(tmp_path: Path, planted: str, place: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(f"import niwari\n\n{planted}\n", encoding="utf-8")
    (found,) = ways_around(path, tmp_path)
    assert found.startswith(f"{place}:3: ")
    assert found.endswith(": use transaction(ctx)")


@pytest.mark.parametrize(
    "fine",
    [
        "with transaction(ctx):\n    pass",
        "web_session().begin()",
        "provider().begin('/')",
        "database.execute_sql('SELECT 1')",
        "word = 'atomic'",
        "from niwari.db import transaction",
    ],
)
def test_what_only_resembles_one_is_fine(tmp_path: Path, fine: str) -> None:
    path = tmp_path / "core/niwari/x.py"
    path.parent.mkdir(parents=True)
    path.write_text(fine, encoding="utf-8")
    assert list(ways_around(path, tmp_path)) == []


def test_the_db_package_itself_may(tmp_path: Path) -> None:
    path = tmp_path / "core/niwari/db/x.py"
    path.parent.mkdir(parents=True)
    path.write_text("database.atomic()", encoding="utf-8")
    assert list(ways_around(path, tmp_path)) == []
