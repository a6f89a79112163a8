"""Models and migrations say the same about every table, and the comparison would notice if not."""

from collections.abc import Callable
from typing import Any

import pytest
from peewee import CharField, Check, FloatField, ForeignKeyField, IntegerField
from playhouse.migrate import SchemaMigrator

from niwari.app import load_host, migrate_all
from niwari.db import InstantField, Model, append_only, database
from niwari.db.triggers import set_triggers
from niwari.testing.engines import Engines
from niwari.testing.fingerprint import difference
from tests.core.db.conftest import built

NAMES = ("models", "migrations")


def test_the_core_and_every_installed_plugin_are_migrated_to_what_their_models_say(
    database_engines: Engines,
) -> None:
    host = load_host()
    models = [model for plugin in host.loaded() for model in plugin.contributions.models]

    def create() -> None:
        for model in models:
            model.create_table(safe=False)
        set_triggers()

    from_models = built(database_engines, create)
    from_migrations = built(database_engines, lambda: migrate_all(host))
    assert difference(from_models, from_migrations, NAMES) == ""
    assert {"directory_person", "ledger_journal_entry", "consult_question"} <= set(from_models)


class Shelf(Model):
    """What the planted tables point to."""

    class Meta:
        table_name = "plant_shelf"


class Town(Model):
    """Something else to point to."""

    class Meta:
        table_name = "plant_town"


def book(meta: dict[str, Any] | None = None, **fields: Any) -> type[Model]:
    """The model of a table with a bit of everything, changed by ``fields`` and ``meta``."""
    usual = {
        "title": CharField(max_length=100, unique=True),
        "pages": IntegerField(),
        "read_at": InstantField(null=True),
        "shelf": ForeignKeyField(Shelf, backref="+"),
    }
    options = {
        "table_name": "plant_book",
        "indexes": ((("shelf", "pages"), False),),
        "constraints": [Check("pages > 0 AND title <> ')'", name="plant_book_pages")],
    }
    fields = {name: field for name, field in {**usual, **fields}.items() if field is not None}
    return type("Book", (Model,), {**fields, "Meta": type("Meta", (), {**options, **(meta or {})})})


def tables(model: type[Model]) -> Callable[[], None]:
    def create() -> None:
        for each in (Shelf, Town, model):
            each.create_table(safe=False)
        set_triggers()

    return create


PLANTED: dict[str, tuple[type[Model], str]] = {
    "a missing check": (book({"constraints": []}), "check plant_book_pages"),
    "another check": (
        book({"constraints": [Check("pages > 1 AND title <> ')'", name="plant_book_pages")]}),
        "check plant_book_pages",
    ),
    "another name of a check": (
        book({"constraints": [Check("pages > 0 AND title <> ')'", name="plant_book_other")]}),
        "check plant_book_other",
    ),
    "a missing index": (book({"indexes": ()}), "index"),
    "a unique index": (book({"indexes": ((("shelf", "pages"), True),)}), "index"),
    "another order in an index": (book({"indexes": ((("pages", "shelf"), False),)}), "index"),
    "a column that is not unique": (book(title=CharField(max_length=100)), "index"),
    "another type": (book(pages=FloatField()), "column pages"),
    "another length": (book(title=CharField(max_length=101, unique=True)), "column title"),
    "a column that may be null": (book(pages=IntegerField(null=True)), "column pages"),
    "a missing column": (book(read_at=None), "column read_at"),
    "another target of a key": (book(shelf=ForeignKeyField(Town, backref="+")), "plant_town"),
    "another fate of a key": (
        book(shelf=ForeignKeyField(Shelf, backref="+", on_delete="CASCADE")),
        "CASCADE",
    ),
    "a missing key": (book(shelf=IntegerField(column_name="shelf_id")), "plant_shelf"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_difference_is_found_and_told_with_its_table(
    database_engines: Engines, planted: str
) -> None:
    model, told = PLANTED[planted]
    found = difference(
        built(database_engines, tables(book())), built(database_engines, tables(model)), NAMES
    )
    assert found
    assert told in found
    assert all(line.startswith("plant_book: only in the ") for line in found.splitlines())


def test_a_missing_trigger_is_found(database_engines: Engines) -> None:
    diary = append_only(book({"table_name": "plant_diary", "constraints": []}))

    def without_triggers() -> None:
        for each in (Shelf, Town, diary):
            each.create_table()

    found = difference(
        built(database_engines, tables(diary)), built(database_engines, without_triggers), NAMES
    )
    assert found
    assert all(
        line.startswith("plant_diary: only in the models: trigger") for line in found.splitlines()
    )


def test_a_missing_table_is_found(database_engines: Engines) -> None:
    with_town = built(database_engines, tables(book()))
    without = {table: facts for table, facts in with_town.items() if table != "plant_town"}
    assert difference(with_town, without, NAMES) == "plant_town: only in the models"
    assert difference(without, with_town, NAMES) == "plant_town: only in the migrations"


def test_a_column_that_was_added_later_makes_no_difference(database_engines: Engines) -> None:
    def migrated() -> None:
        tables(book(read_at=None))()
        migrator: Any = SchemaMigrator.from_database(database.obj)
        migrator.migrate(migrator.add_column("plant_book", "read_at", InstantField(null=True)))

    found = difference(
        built(database_engines, tables(book())), built(database_engines, migrated), NAMES
    )
    assert found == ""


def test_a_rebuilt_table_keeps_its_check_and_its_keys(database_engines: Engines) -> None:
    def migrated() -> None:
        tables(book(pages=IntegerField(null=True)))()
        migrator: Any = SchemaMigrator.from_database(database.obj)
        with migrator.migration_context():
            migrator.migrate(migrator.add_not_null("plant_book", "pages"))

    found = difference(
        built(database_engines, tables(book())), built(database_engines, migrated), NAMES
    )
    assert found == ""
