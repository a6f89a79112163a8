"""Using a test's PostgreSQL database again: to make one takes longer than most tests do.

The rows that it held before the test lie in a schema of its own beside the tables. After the test
what it wrote is deleted; a table that lacks a row then is filled anew from there. Sequences that it
moved are put back. A database of which a test changed more than rows is not used again.
"""

import time
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

_KEPT = "niwari_before"
_PATIENCE = 60.0  # seconds
_PAUSE = 0.001

# What no event is told of, and a test may do: settings, event triggers, large objects. Whoever adds or
# changes one writes a newer row into one of these; whoever drops one leaves fewer.
_CATALOGUES = ("pg_db_role_setting", "pg_event_trigger", "pg_largeobject_metadata")

# Of commands that make, change or drop tables, columns, keys, indexes, triggers, functions, rules and types
# the server tells: that takes a test next to nothing, and to read all catalogues took as long as to put its
# rows back. What goes with its connection is left out. It does not tell of who writes into a catalogue by
# hand, switches ``event_triggers`` off, or builds an index concurrently and fails: no test may do so.
_TOLD = f"""
CREATE TABLE {_KEPT}."more than rows" (command text);
CREATE FUNCTION {_KEPT}.note_command() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO {_KEPT}."more than rows" SELECT tg_tag WHERE EXISTS (
    SELECT FROM pg_event_trigger_ddl_commands() WHERE schema_name IS DISTINCT FROM 'pg_temp');
END $$;
CREATE FUNCTION {_KEPT}.note_drop() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO {_KEPT}."more than rows" SELECT tg_tag WHERE EXISTS (
    SELECT FROM pg_event_trigger_dropped_objects() WHERE NOT is_temporary);
END $$;
CREATE EVENT TRIGGER {_KEPT}_command ON ddl_command_end EXECUTE FUNCTION {_KEPT}.note_command();
CREATE EVENT TRIGGER {_KEPT}_drop ON sql_drop EXECUTE FUNCTION {_KEPT}.note_drop();
ALTER EVENT TRIGGER {_KEPT}_command ENABLE ALWAYS;
ALTER EVENT TRIGGER {_KEPT}_drop ENABLE ALWAYS;
"""  # noqa: S608 - put together from constants

# The way back is a function, of which a connection plans each statement once. What has changed is told
# by the number of the rows and by the transactions that wrote them: none may have come after the mark.
# A row that was changed counts as a new one: once the new ones are deleted it is missing, and then all
# rows of its table come anew. What is put back is as new as what a test writes, so the mark follows. No
# column may be called as one of the function's variables.
_KEEP = f"""
DROP EVENT TRIGGER IF EXISTS {_KEPT}_command;
DROP EVENT TRIGGER IF EXISTS {_KEPT}_drop;
DROP SCHEMA IF EXISTS {_KEPT} CASCADE;
CREATE SCHEMA {_KEPT};
CREATE TABLE {_KEPT}."the mark" (xid xid);
CREATE TABLE {_KEPT}."the sequences" AS
  SELECT seqrelid::regclass AS sequence, last_value AS last, is_called
  FROM pg_sequence, pg_get_sequence_data(seqrelid);
{_TOLD}
CREATE FUNCTION {_KEPT}.put_back() RETURNS boolean LANGUAGE sql AS 'SELECT false';
DO $$
DECLARE
  t record; many bigint;
  shape text[] := ARRAY['SELECT ''told'' FROM {_KEPT}."more than rows"'];
  looks text[] := '{{}}'; back text := '';
  filled CONSTANT text := 'SELECT %L FROM %s HAVING count(*) <> %s OR min(age(xmin)) < niwari_since';
  empty CONSTANT text := 'SELECT %L WHERE EXISTS (SELECT FROM %s)';
BEGIN
  FOR t IN SELECT format('public.%I', tablename) AS name, format('{_KEPT}.%I', tablename) AS kept
           FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT count(*) FROM %s', t.name) INTO many;
    looks := looks || format(CASE many WHEN 0 THEN empty ELSE filled END, t.name, t.name, many);
    back := back || format('IF %L = ANY (niwari_touched) THEN ', t.name);
    IF many = 0 THEN  -- a table is three files to copy and to drop
      back := back || format('DELETE FROM %s;', t.name);
    ELSE
      EXECUTE format('CREATE TABLE %s AS TABLE %s', t.kept, t.name);
      back := back || format(
        'DELETE FROM %s WHERE age(xmin) < niwari_since;'
        || 'IF (SELECT count(*) FROM %s) <> %s THEN DELETE FROM %s; INSERT INTO %s TABLE %s; END IF;',
        t.name, t.name, many, t.name, t.name, t.kept);
    END IF;
    back := back || 'END IF;';
  END LOOP;
  FOR t IN SELECT unnest(ARRAY{list(_CATALOGUES)!r}) AS name LOOP
    EXECUTE format('SELECT count(*) FROM %s', t.name) INTO many;
    shape := shape || format(filled, t.name, t.name, many);
  END LOOP;
  looks := looks || 'SELECT NULL WHERE false'::text;
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION {_KEPT}.put_back() RETURNS boolean LANGUAGE plpgsql AS %L',
    'DECLARE niwari_since int; niwari_touched text[];'
    || 'BEGIN SELECT age(xid) INTO niwari_since FROM {_KEPT}."the mark";'
    || 'IF EXISTS (' || array_to_string(shape, ' UNION ALL ') || ') THEN RETURN false; END IF;'
    || 'niwari_touched := ARRAY (' || array_to_string(looks, ' UNION ALL ') || ');'
    || 'IF cardinality(niwari_touched) > 0 THEN ' || back
    || 'UPDATE {_KEPT}."the mark" SET xid = pg_current_xact_id()::xid; END IF;'
    || 'PERFORM setval(kept.sequence, kept.last, kept.is_called) '
    || 'FROM {_KEPT}."the sequences" AS kept, pg_get_sequence_data(kept.sequence) AS found '
    || 'WHERE (found.last_value, found.is_called) <> (kept.last, kept.is_called);'
    || 'RETURN true; END');
END $$;
TRUNCATE {_KEPT}."more than rows";
"""  # noqa: S608 - put together from constants
_MARK = f'INSERT INTO {_KEPT}."the mark" VALUES (pg_current_xact_id()::xid)'  # noqa: S608
# As a replica neither triggers nor foreign keys have a say. That is so for the whole connection: to
# change it lets all plans be made anew. The look at all tables is else planned anew five times.
_PUT_BACK = (
    "SET session_replication_role = replica; SET plan_cache_mode = force_generic_plan; "
    f"SELECT {_KEPT}.put_back()"
)
_OTHERS_GO = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)
  AND backend_type = 'client backend'
"""


def keep(url: str) -> None:
    """Keep what the database at ``url`` holds beside it, for its copies."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_KEEP.encode())
        connection.execute(_MARK.encode())


def restored(connection: Connection, spare: int = 0) -> bool:
    """Let the database of ``connection`` hold what was kept; ``False`` if more than rows changed.

    Whoever else is still connected to it, but for the process ``spare``, is cut off, and gone before
    it is looked at.
    """
    try:
        _cut_off_others(connection, spare)
        cursor = connection.execute(_PUT_BACK.encode())
    except psycopg.OperationalError:  # the test has cut off everybody, this connection too
        return False
    while cursor.nextset():
        pass
    return bool(_number(cursor))


def _cut_off_others(connection: Connection, spare: int) -> None:
    # One that is at its COMMIT gets to its end, and its rows would come after the look.
    deadline = time.monotonic() + _PATIENCE
    while _number(connection.execute(_OTHERS_GO, [spare])):
        if time.monotonic() > deadline:
            raise RuntimeError("a connection of a test that has ended does not end")
        time.sleep(_PAUSE)


def _number(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])
