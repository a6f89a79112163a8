"""Whatever a test leaves behind in its world, the next test's world has none of it."""

import sys
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from niwari.clock import FrozenClock
from niwari.db import connection, database, open_database, transaction
from niwari.directory.models import Person
from niwari.files.uploads import NewFile, keep_uploads
from niwari.host.discovery import Found
from niwari.identity.development.keys import signing_key
from niwari.keyring import open_keyring
from niwari.specs import hookimpl
from niwari.testing.engines import Engines, release
from niwari.testing.fingerprint import Fingerprint, fingerprint
from niwari.testing.lent import Lent
from niwari.testing.plugin import START
from niwari.testing.world import KORIYAMA, World, prepare_town
from tests.core.conftest import towns

STAFF = "staff@koriyama"
TRIGGER = {
    "sqlite": "CREATE TRIGGER left_behind BEFORE DELETE ON directory_region "
    "BEGIN SELECT RAISE(ABORT, 'so'); END",
    "postgresql": "CREATE RULE left_behind AS ON DELETE TO directory_region DO INSTEAD NOTHING",
}


def rows() -> dict[str, list[Any]]:
    """Return every row of every table, and where the numbers of the tables stand."""
    found = {
        table: sorted(database.execute_sql(f'SELECT * FROM "{table}"').fetchall(), key=repr)
        for table in database.get_tables()
        if table != "sqlite_sequence"
    }
    if "sqlite" in type(database.obj).__name__.lower():
        counters = "SELECT name, seq FROM sqlite_sequence"
    else:
        names = "SELECT sequencename::text FROM pg_sequences WHERE schemaname = 'public'"
        counters = " UNION ALL ".join(
            f"SELECT '{name}', last_value, is_called FROM \"{name}\""
            for (name,) in database.execute_sql(names).fetchall()
        )
    return {**found, "numbers": sorted(database.execute_sql(counters).fetchall(), key=repr)}


def looked_at(world: World) -> tuple[dict[str, list[Any]], Fingerprint, list[Any], set[Path]]:
    """Return all that a world has: rows and numbers, tables, routes and hooks, files."""
    routes = sorted(f"{rule} {rule.endpoint}" for rule in world.app.url_map.iter_rules())
    added = [*sorted(world.app.jinja_env.globals), len(world.app.before_request_funcs[None])]
    kept = {path for path in world.settings.home.rglob("*") if path.is_file()}
    return rows(), fingerprint(), [*routes, *added], kept


def forget(plugins: Sequence[Found]) -> None:
    """Let nothing of the plugins be imported, as at the end of a test."""
    for name in list(sys.modules):
        if name.partition(".")[0] in {plugin.package for plugin in plugins}:
            del sys.modules[name]


def leave_dirt(world: World, engine: str) -> None:
    """Leave dirt of every kind, and nothing in its place."""
    ctx = world.ctx_for(STAFF)
    with transaction(ctx):
        Person.update(name="別の名前").where(Person.login == STAFF).execute()
        Person.create(login="new@koriyama", name="新しい人")
        database.execute_sql("DELETE FROM host_enablement")
    world.switch(KORIYAMA, "consult", on=True)
    keep_uploads(ctx, str(uuid4()), [NewFile("a.txt", BytesIO(b"text"))])
    (world.settings.home / "left behind").write_text("dirt")
    open_keyring(world.settings).rotate()
    assert world.client_for(STAFF).get("/").status_code == 200
    assert world.client_for(STAFF).get("/no-such-page").status_code == 404
    database.execute_sql(TRIGGER[engine])
    database.execute_sql("CREATE TABLE left_behind (id INTEGER)")
    world.app.config["LEFT_BEHIND"] = True
    world.app.extensions["left behind"] = True
    world.app.jinja_env.globals["left_behind"] = "dirt"
    world.app.before_request_funcs[None].append(lambda: "everything is dirt")
    world.clock.advance(days=400)
    connected = database.obj._connect()  # as a thread that somebody forgot
    if engine == "sqlite":
        connected.execute("BEGIN IMMEDIATE")
    connected.execute("UPDATE directory_municipality SET name = 'late'")


def test_a_world_is_as_if_no_test_had_been_before_it(
    database_engines: Engines, tmp_path: Path
) -> None:
    lent, found = Lent(tmp_path / "home"), []
    for _ in range(3):
        url = lent.begun(
            database_engines.copy_of(str(tmp_path), lent.begin, onto=[("town", prepare_town)])
        )
        with lent.world(url, FrozenClock(START)) as world:
            found.append(looked_at(world))
            assert "LEFT_BEHIND" not in world.app.config
            assert "left behind" not in world.app.extensions
            assert world.client_for(STAFF).get("/").status_code == 200
            leave_dirt(world, database_engines.kind)
        database_engines.drop(url)
    assert found[0] == found[1] == found[2]


def test_rows_alone_are_put_back_too(database_engines: Engines, tmp_path: Path) -> None:
    lent, found, urls = Lent(tmp_path / "home"), [], set()
    for _ in range(3):
        url = lent.begun(
            database_engines.copy_of(str(tmp_path), lent.begin, onto=[("town", prepare_town)])
        )
        with lent.world(url, FrozenClock(START)) as world:
            found.append(rows())
            ctx = world.ctx_for(STAFF)
            with transaction(ctx):
                Person.update(name="別の名前").where(Person.login == STAFF).execute()
            world.switch(KORIYAMA, "consult", on=False)
            assert world.client_for(STAFF).get("/").status_code == 200
        database_engines.drop(url)
        urls.add(url)
    assert found[0] == found[1] == found[2]
    assert len(urls) == (1 if database_engines.uses_again else 3)


SHAPES = {
    "sqlite": (
        "CREATE TABLE left_behind (id INTEGER)",
        "ALTER TABLE directory_person ADD COLUMN more TEXT",
        "CREATE INDEX left_behind ON directory_person (name)",
    ),
    "postgresql": (
        "CREATE TABLE left_behind (id INTEGER)",
        "ALTER TABLE directory_person ADD COLUMN more TEXT",
        "ALTER TABLE directory_person ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE directory_person ALTER COLUMN name SET DEFAULT 'nobody'",
        "ALTER TABLE directory_person RENAME COLUMN name TO other",
        "ALTER TABLE directory_person DISABLE TRIGGER ALL",
        "DROP TABLE identity_session CASCADE",
        "CREATE INDEX left_behind ON directory_person (name)",
        "CREATE VIEW left_behind AS SELECT 1 AS id",
        "CREATE FUNCTION left_behind() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE TYPE left_behind AS ENUM ('one')",
        "CREATE SCHEMA left_behind",
        "SELECT lo_create(0)",
        "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) "
        "|| ' SET work_mem = 1024'; END $$",
        "DROP EVENT TRIGGER IF EXISTS niwari_before_command",
        "SET session_replication_role = replica; CREATE TABLE left_behind (id INTEGER)",
    ),
}
# With rows go those of tables that end with the connection; on PostgreSQL these need not be dropped.
ROWS_ALONE = {
    "sqlite": (
        "CREATE TEMPORARY TABLE passing (id INTEGER)",
        "DROP TABLE passing",
        "DELETE FROM directory_person_text",
    ),
    "postgresql": (
        "CREATE TEMPORARY TABLE passing (id INTEGER)",
        "DROP TABLE passing",
        "CREATE TEMPORARY TABLE staying (id INTEGER)",
        "SELECT setval('ledger_request_id_seq', 50, false)",
        "INSERT INTO directory_region (code, name) VALUES ('added', 'added')",
        "DELETE FROM directory_person_text WHERE person_id = "
        "(SELECT MIN(person_id) FROM directory_person_text)",
        "INSERT INTO directory_person_text (municipality_id, person_id, text) "
        "SELECT municipality_id + 1, person_id, text FROM directory_person_text LIMIT 1",
        "TRUNCATE TABLE notices_notice RESTART IDENTITY CASCADE",
    ),
}


def test_after_whatever_changes_more_than_rows_a_database_is_not_used_again(
    database_engines: Engines,
) -> None:
    url, still = database_engines.copy_of("town", prepare_town), []
    for statement in SHAPES[database_engines.kind]:
        open_database(url)
        with connection():
            database.execute_sql(statement)
            release()
        database_engines.drop(url)
        if (another := database_engines.copy_of("town", prepare_town)) == url:
            still.append(statement)
        url = another
    database_engines.drop(url)
    assert still == []


def test_after_what_changes_rows_alone_it_is(database_engines: Engines) -> None:
    url = database_engines.copy_of("town", prepare_town)
    open_database(url)
    with connection():
        before = rows()
        for statement in ROWS_ALONE[database_engines.kind]:
            database.execute_sql(statement)
        release()
    database_engines.drop(url)
    again = database_engines.copy_of("town", prepare_town)
    open_database(again)
    with connection():
        found = rows()
        release()
    database_engines.drop(again)
    assert found == before
    assert (again == url) is database_engines.uses_again


def test_a_prepared_world_is_what_a_start_and_the_first_to_sign_in_make_of_a_town(
    database_engines: Engines, tmp_path: Path
) -> None:
    lent, found = Lent(tmp_path / "home"), []
    town = ("town", prepare_town)
    for url in (
        lent.begun(database_engines.copy_of(str(tmp_path), lent.begin, onto=[town])),
        database_engines.copy_of(*town),
    ):
        with lent.world(url, FrozenClock(START)):
            signing_key()
            found.append(rows())
        database_engines.drop(url)
    assert {name: len(of_it) for name, of_it in found[0].items()} == {
        name: len(of_it) for name, of_it in found[1].items()
    }


def test_an_application_that_a_test_changed_is_not_lent_again(
    database_engines: Engines, tmp_path: Path
) -> None:
    lent, applications = Lent(tmp_path / "home"), []
    for change in (
        lambda app: None,
        lambda app: app.config.update(SOMETHING=1),
        lambda app: app.before_request(lambda: None),
        lambda app: app.jinja_env.filters.update(loud=str.upper),
        lambda app: None,
    ):
        url = database_engines.copy_of("town", prepare_town)
        with lent.world(url, FrozenClock(START)) as world:
            applications.append(world.app)
            change(world.app)
        database_engines.drop(url)
    first, second, third, fourth, fifth = applications
    assert first is second is third
    assert len({id(app) for app in (third, fourth, fifth)}) == 3


def test_nor_is_one_in_whose_plugin_something_was_changed_by_force(
    database_engines: Engines, tmp_path: Path, trial_plugins: Mapping[str, Found]
) -> None:
    dummy = [trial_plugins["dummy"]]
    lent, applications = Lent(tmp_path / "home", dummy), []

    def tell_wrongly(world: World) -> None:
        (resource,) = world.host.plugins["dummy"].contributions.resources
        object.__setattr__(resource, "title", str)

    def say_more(_world: World) -> None:
        sys.modules["niwari_dummy.service"].more = "more"  # type: ignore[attr-defined]

    def listen(world: World) -> None:
        class Listener:
            @hookimpl
            def navigation(self) -> list[object]:
                return []

        world.host.manager.register(Listener())

    def be_dark(world: World) -> None:
        world.host.plugins["dummy"].error = "no more"

    def nothing(_world: World) -> None:
        """Change nothing."""

    changes = (tell_wrongly, say_more, listen, be_dark)
    for change in (nothing, *changes, nothing, nothing):
        url = database_engines.copy_of(str(tmp_path), lent.begin, onto=towns(dummy))
        with lent.world(url, FrozenClock(START)) as world:
            applications.append(world.app)
            change(world)
        database_engines.drop(url)
        forget(dummy)
    assert applications[0] is applications[1]
    assert len({id(app) for app in applications[1:-1]}) == len(changes) + 1
    assert applications[-2] is applications[-1]
