"""Using a test's PostgreSQL database again: to make one takes longer than most tests do.

What the database held before the test lies in a schema of its own beside the tables. After the test
the tables are filled from there. A database of which a test changed more than rows is not used again.
"""

from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

_KEPT = "niwari_before"

# The way back is a function with a statement for each table: a connection plans each of them once.
# It runs as a replica, in which neither triggers nor foreign keys have a say.
_KEEP = f"""
DROP SCHEMA IF EXISTS {_KEPT} CASCADE;
CREATE SCHEMA {_KEPT};
DO $$ DECLARE t record; filled boolean; at bigint; is_used boolean; back text := ''; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE {_KEPT}.%I AS TABLE public.%I', t.tablename, t.tablename);
    EXECUTE format('SELECT EXISTS (SELECT FROM {_KEPT}.%I)', t.tablename) INTO filled;
    back := back || format('DELETE FROM public.%I;', t.tablename);
    IF filled THEN
      back := back || format('INSERT INTO public.%I SELECT * FROM {_KEPT}.%I;',
                             t.tablename, t.tablename);
    END IF;
  END LOOP;
  FOR t IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT last_value, is_called FROM public.%I', t.sequencename) INTO at, is_used;
    back := back || format('PERFORM setval(%L, %s, %L);',
                           format('public.%I', t.sequencename), at, is_used);
  END LOOP;
  EXECUTE format('CREATE FUNCTION {_KEPT}.put_back() RETURNS void LANGUAGE plpgsql
                  SET session_replication_role = replica AS %L', 'BEGIN ' || back || ' END');
END $$;
"""  # noqa: S608 - put together from constants

# Whoever adds or changes a table, column, key, index or trigger writes newer rows into the catalogue;
# whoever drops one leaves fewer.
_SHAPE = """
SELECT string_agg(format('%s %s', many, newest), ',') FROM (
  SELECT count(*) AS many, max(xmin::text::bigint) AS newest FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind <> 'S'
  UNION ALL SELECT count(*), max(xmin::text::bigint) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT count(*), max(xmin::text::bigint) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT count(*), max(t.xmin::text::bigint) FROM pg_trigger t JOIN pg_class c
    ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT count(*), max(a.xmin::text::bigint) FROM pg_attribute a JOIN pg_class c
    ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace
) AS catalogue
"""
_OTHERS_GO = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def keep(url: str) -> str:
    """Keep what the database at ``url`` holds beside it, for its copies; returns its shape."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_KEEP.encode())
        return _shape(connection)


def restored(connection: Connection, shape: str) -> bool:
    """Let the database of ``connection`` hold what was kept; returns whether it has its ``shape``.

    Whoever else is still connected to it is cut off.
    """
    try:
        connection.execute(_OTHERS_GO)
    except psycopg.OperationalError:  # the test has cut off everybody, this connection too
        return False
    if _shape(connection) != shape:
        return False
    connection.execute(f"SELECT {_KEPT}.put_back()".encode())
    return True


def _shape(connection: Connection) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])
