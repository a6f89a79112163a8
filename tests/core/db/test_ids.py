"""The ids of a plugin's rows: none is handed out twice, whatever is erased or rebuilt."""

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from peewee import AutoField, ForeignKeyField, TextField

from niwari.app import load_host, migrate_all
from niwari.db import IdField, PluginModel, database, is_postgresql
from niwari.db.migrate import MigrationFailed, MigrationSet, migrate
from niwari.db.triggers import set_triggers
from niwari.host.discovery import Found
from niwari.testing.engines import Engines
from niwari.testing.fingerprint import difference
from niwari.testing.workshop import forgotten_imports
from tests.core.db.conftest import built

ROOT = Path(__file__).parents[3]
NAMES = ("models", "migrations")

FIRST = """
from peewee import ForeignKeyField, TextField
from niwari.db import IdField, MigrationModel

def up(migrator, db):
    class Jar(MigrationModel):
        id = IdField()
        label = TextField()

        class Meta:
            table_name = "larder_jar"

    class Lid(MigrationModel):
        id = IdField()
        jar = ForeignKeyField(Jar, backref="+")

        class Meta:
            table_name = "larder_lid"

    db.create_tables([Jar, Lid])
"""
SECOND = """
def up(migrator, db):
    migrator.migrate(migrator.drop_not_null("larder_jar", "label"))
"""


class Jar(PluginModel):
    """What the migrations of these tests make."""

    label: Any = TextField(null=True)

    class Meta:
        table_name = "larder_jar"


class Lid(PluginModel):
    """Something that refers to it."""

    jar: Any = ForeignKeyField(Jar, backref="+")

    class Meta:
        table_name = "larder_lid"


class ForgetfulJar(PluginModel):
    """The same with the key that Peewee makes."""

    id: Any = AutoField()
    label: Any = TextField(null=True)

    class Meta:
        table_name = "larder_jar"


@pytest.fixture
def larder(tmp_path: Path, empty_database: str) -> Callable[..., MigrationSet]:
    """Write the migrations of a set, in the given order."""

    def write(*files: str) -> MigrationSet:
        folder = tmp_path / "larder"
        folder.mkdir(exist_ok=True)
        for number, text in enumerate(files, start=1):
            (folder / f"{number:04d}_step.py").write_text(text, encoding="utf-8")
        return MigrationSet("larder", folder)

    return write


def test_the_id_of_an_erased_row_is_not_handed_out_again(larder: Any) -> None:
    migrate([larder(FIRST)])
    first, second = (Jar.create(label="plums") for _ in range(2))
    second.delete_instance()
    assert Jar.create(label="pears").id == second.id + 1
    assert first.id == 1
    Jar.delete().execute()
    assert Jar.create(label="figs").id == second.id + 2


def test_a_table_that_a_migration_rebuilds_counts_on(larder: Any) -> None:
    migrate([larder(FIRST)])
    kept, erased = (Jar.create(label="plums") for _ in range(2))
    Lid.create(jar=kept)
    erased.delete_instance()
    assert migrate([larder(FIRST, SECOND)]) == [("larder", "0002_step")]
    assert Jar.create(label=None).id == erased.id + 1
    assert [(lid.id, lid.jar_id) for lid in Lid.select()] == [(1, kept.id)]


def test_a_table_that_is_rebuilt_when_all_its_rows_were_erased_counts_on(larder: Any) -> None:
    migrate([larder(FIRST)])
    last = [Jar.create(label="plums") for _ in range(3)][-1]
    Jar.delete().execute()
    migrate([larder(FIRST, SECOND)])
    assert Jar.create(label=None).id == last.id + 1


def test_a_rebuilding_that_fails_leaves_the_count_as_it_was(larder: Any) -> None:
    migrate([larder(FIRST)])
    last = [Jar.create(label="plums") for _ in range(3)][-1]
    Jar.delete().execute()
    with pytest.raises(MigrationFailed, match="no sugar"):
        migrate([larder(FIRST, f"{SECOND}    raise LookupError('no sugar')\n")])
    assert Jar.create(label="pears").id == last.id + 1


def test_a_table_that_a_migration_drops_is_counted_no_more(larder: Any) -> None:
    migrate([larder(FIRST)])
    Lid.create(jar=Jar.create(label="plums"))
    drop = "def up(migrator, db):\n    db.execute_sql('DROP TABLE larder_lid')\n"
    migrate([larder(FIRST, drop, SECOND)])
    assert "larder_lid" not in database.get_tables()
    assert Jar.create(label=None).id == 2


def test_a_migration_that_forgets_the_key_is_told_from_the_model(
    database_engines: Engines,
) -> None:
    found = difference(
        built(database_engines, lambda: Jar.create_table()),
        built(database_engines, lambda: ForgetfulJar.create_table()),
        NAMES,
    )
    # PostgreSQL's sequences never go back, so both are the same there.
    assert ("larder_jar: only in the models: counts ids AUTOINCREMENT" in found) is (
        not is_postgresql()
    )


def test_every_plugins_model_has_such_a_key_and_the_cores_stay_as_they_were(
    trial_plugins: Mapping[str, Found],
) -> None:
    host = load_host(list(trial_plugins.values()))
    lasting = {
        core: {
            model._meta.table_name: isinstance(model._meta.primary_key, IdField)
            for plugin in host.loaded()
            if plugin.core is core
            for model in plugin.contributions.models
        }
        for core in (True, False)
    }
    assert set(lasting[False].values()) == {True}
    # An address of a file that somebody kept must never lead to another file.
    assert {table for table, lasts in lasting[True].items() if lasts} == {"files_attachment"}


def test_a_migration_that_is_written_by_the_tool_has_such_a_key(
    database_engines: Engines, trial_plugins: Mapping[str, Found]
) -> None:
    host = load_host([trial_plugins["dummy"]])
    with forgotten_imports((ROOT / "tools",)):
        tool = importlib.import_module("make_migration")
        models = list(host.plugins["dummy"].contributions.models)
        text = tool.render("dummy", models, "niwari.api")
    written: dict[str, Any] = {}
    exec(compile(text, "0001_initial.py", "exec"), written)  # noqa: S102 - our own text

    def migrated() -> None:
        migrate_all(load_host([]))
        written["up"](None, database)
        set_triggers()

    found = difference(
        built(database_engines, lambda: migrate_all(host)),
        built(database_engines, migrated),
        NAMES,
    )
    assert [line for line in found.splitlines() if line.startswith("dummy_")] == []
