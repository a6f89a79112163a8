"""Migrations: each once, whole or not at all, named when they fail, told without writing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from niwari.db import database
from niwari.db.counting import counted_queries
from niwari.db.migrate import MigrationFailed, MigrationSet, migrate

Write = Callable[..., MigrationSet]

TABLE = """
from peewee import TextField
from niwari.db import MigrationModel

def up(migrator, db):
    class Thing(MigrationModel):
        name = TextField(unique=True)

        class Meta:
            table_name = "{table}"

    Thing.create_table(safe=False)
{then}
"""


def table(name: str, then: str = "    pass") -> str:
    return TABLE.format(table=name, then=then)


@pytest.fixture
def written(tmp_path: Path, empty_database: str) -> Write:
    """Write the migrations of a set: ``written("shop", first=…, second=…)``."""

    def write(name: str, **files: str) -> MigrationSet:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for number, (title, text) in enumerate(files.items(), start=1):
            (folder / f"{number:04d}_{title}.py").write_text(text, encoding="utf-8")
        return MigrationSet(name, folder)

    return write


def own_tables() -> set[str]:
    """The tables without the histories."""
    return {name for name in database.get_tables() if not name.startswith("niwari_migration_")}


def test_pending_migrations_are_applied_in_order_and_named(written: Write) -> None:
    shop = written("shop", first=table("shop_a"), second=table("shop_b"))
    assert shop.pending() == ["0001_first", "0002_second"]
    assert migrate([shop]) == [("shop", "0001_first"), ("shop", "0002_second")]
    assert own_tables() == {"shop_a", "shop_b"}


def test_what_was_applied_is_asked_once_however_many_are_pending(written: Write) -> None:
    shop = written("shop", first=table("shop_a"))
    migrate([shop])
    later = {f"later{number}": table(f"shop_{number}") for number in range(5)}
    shop = written("shop", first=table("shop_a"), **later)
    with counted_queries() as log:
        assert len(migrate([shop])) == 5
    asked = [one for one in log.statements if 'FROM "niwari_migration_shop"' in one]
    assert len(asked) == 1


def test_of_tables_that_are_known_none_is_asked_for(written: Write) -> None:
    shop, farm = (written(name, first=table(f"{name}_a")) for name in ("shop", "farm"))
    migrate([shop])
    tables = frozenset(database.get_tables())
    with counted_queries() as log:
        assert (shop.pending(tables), farm.pending(tables)) == ([], ["0001_first"])
    assert len(log) == 1


def test_migrating_again_changes_nothing(written: Write) -> None:
    shop = written("shop", first=table("shop_a"))
    migrate([shop])
    assert migrate([shop]) == []
    assert shop.pending() == []


def test_a_migration_that_comes_later_is_applied_alone(written: Write) -> None:
    shop = written("shop", first=table("shop_a"))
    migrate([shop])
    written("shop", first=table("shop_a"), second=table("shop_b"))
    assert migrate([shop]) == [("shop", "0002_second")]


def test_asking_what_is_pending_writes_nothing(written: Write) -> None:
    shop = written("shop", first=table("shop_a"))
    before = database.get_tables()
    assert shop.pending() == ["0001_first"]
    assert database.get_tables() == before == []


def test_the_histories_of_two_sets_with_files_of_the_same_name_are_apart(written: Write) -> None:
    shop, farm = written("shop", first=table("shop_a")), written("farm", first=table("farm_a"))
    assert migrate([shop]) == [("shop", "0001_first")]
    assert farm.pending() == ["0001_first"]
    assert migrate([shop, farm]) == [("farm", "0001_first")]


def test_a_failing_migration_leaves_nothing_behind_and_is_named(written: Write) -> None:
    shop = written(
        "shop",
        first=table("shop_a"),
        second=table("shop_b", then='    raise LookupError("no such shelf")'),
        third=table("shop_c"),
    )
    with pytest.raises(MigrationFailed) as failed:
        migrate([shop])
    assert str(failed.value) == (
        "migration shop/0002_second failed and was rolled back: no such shelf"
    )
    assert failed.value.applied == (("shop", "0001_first"),)
    assert own_tables() == {"shop_a"}
    assert shop.pending() == ["0002_second", "0003_third"]


def test_a_mended_migration_is_applied_at_the_next_try(written: Write) -> None:
    shop = written("shop", first=table("shop_a", then="    raise LookupError"))
    with pytest.raises(MigrationFailed):
        migrate([shop])
    written("shop", first=table("shop_a"))
    assert migrate([shop]) == [("shop", "0001_first")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def up(migrator, db):\n    db.execute_sql('CREATE nothing')", "syntax"),
        ("def up(migrator, db:\n", "was never closed"),
        ("import no_such_module", "no_such_module"),
        ("value = 1", "does not define up"),
        ("def up(migrator, db):\n    raise SystemExit('gone')", "gone"),
        ("raise SystemExit", "SystemExit"),
    ],
)
def test_whatever_a_migration_raises_is_contained_and_told(
    written: Write, text: str, reason: str
) -> None:
    core, shop = written("core", first=table("core_a")), written("shop", first=text)
    with pytest.raises(MigrationFailed, match=rf"migration shop/0001_first failed .*{reason}"):
        migrate([core, shop])
    assert own_tables() == {"core_a"}


def test_a_set_that_fails_stops_alone_and_the_others_go_on(written: Write) -> None:
    core = written("core", first=table("core_a"))
    bad = written("bad", first=table("bad_a", then="    raise LookupError('one')"))
    worse = written("worse", first=table("worse_a", then="    raise LookupError('two')"))
    good = written("good", first=table("good_a"))
    with pytest.raises(MigrationFailed) as failed:
        migrate([core, bad, worse, good])
    assert str(failed.value).splitlines() == [
        "migration bad/0001_first failed and was rolled back: one",
        "migration worse/0001_first failed and was rolled back: two",
    ]
    assert failed.value.applied == (("core", "0001_first"), ("good", "0001_first"))
    assert own_tables() == {"core_a", "good_a"}


def test_nothing_is_tried_on_top_of_a_first_set_that_failed(written: Write) -> None:
    core = written("core", first=table("core_a", then="    raise LookupError"))
    shop = written("shop", first=table("shop_a"))
    with pytest.raises(MigrationFailed):
        migrate([core, shop])
    assert own_tables() == set()
    assert shop.pending() == ["0001_first"]


def test_the_lock_is_free_again_after_a_failure(written: Write) -> None:
    shop = written("shop", first=table("shop_a", then="    raise LookupError"))
    for _ in range(2):
        with pytest.raises(MigrationFailed):
            migrate([shop])


def test_an_empty_set_is_no_error(written: Write) -> None:
    assert migrate([written("shop")]) == []
    assert migrate([]) == []
