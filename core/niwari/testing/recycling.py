"""Using a test's PostgreSQL database again: to make one takes longer than most tests do.

What the database held before the test lies in a schema of its own beside the tables. After the test
the tables are filled from there. A database of which a test changed more than rows is not used again.
"""

import psycopg

_KEPT = "niwari_before"

_KEEP = f"""
CREATE SCHEMA {_KEPT};
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE {_KEPT}.%I AS TABLE public.%I', t.tablename, t.tablename);
  END LOOP;
  CREATE TABLE {_KEPT}."a sequence" (name text, at bigint, is_used boolean);
  FOR t IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('INSERT INTO {_KEPT}."a sequence" SELECT %L, last_value, is_called
                    FROM public.%I', t.sequencename, t.sequencename);
  END LOOP;
END $$;
"""  # noqa: S608 - put together from constants

# As a replica, in which neither triggers nor foreign keys have a say.
_RESTORE = f"""
SET session_replication_role = replica;
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', t.tablename);
    EXECUTE format('INSERT INTO public.%I SELECT * FROM {_KEPT}.%I', t.tablename, t.tablename);
  END LOOP;
  PERFORM setval(format('public.%I', name), at, is_used) FROM {_KEPT}."a sequence";
END $$;
"""  # noqa: S608 - put together from constants

# The catalogue's rows get another xmin when a table, column, key, index or trigger is changed.
_SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
  SELECT format('%s %s %s', tableoid, oid, xmin) AS part FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind <> 'S'
  UNION ALL SELECT format('%s %s', oid, xmin) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT format('%s %s', oid, xmin) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT format('%s %s', t.oid, t.xmin) FROM pg_trigger t JOIN pg_class c
    ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT format('%s %s %s', attrelid, attnum, a.xmin) FROM pg_attribute a JOIN pg_class c
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


def restored(url: str, shape: str) -> bool:
    """Let the database at ``url`` hold what was kept; returns whether it still has its ``shape``.

    Whoever is still connected to it is cut off.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_OTHERS_GO.encode())
        if _shape(connection) != shape:
            return False
        connection.execute(_RESTORE.encode())
    return True


def _shape(connection: psycopg.Connection[tuple[str]]) -> str:
    row = connection.execute(_SHAPE.encode()).fetchone()
    assert row is not None
    return row[0]
