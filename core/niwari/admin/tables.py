"""The tables of a plugin, read without its code: so that it also works once the package is gone."""

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from niwari.db import database, is_postgresql
from niwari.host.dispatch import Dispatcher
from niwari.host.models import InstalledPlugin

PAGE = 1000


def tables_of(dispatcher: Dispatcher, name: str) -> list[str]:
    """Return the tables of a plugin that exist, in an order in which they can be created.

    Those that its models name and those that ``niwari migrate`` once noted.
    """
    plugin = dispatcher.host.plugins.get(name)
    declared = plugin.contributions.models if plugin and not plugin.core else ()
    noted = InstalledPlugin.get_or_none(InstalledPlugin.name == name)
    wanted = [model._meta.table_name for model in declared]
    wanted += json.loads(noted.tables) if noted else []
    present = set(database.get_tables())
    return [
        table
        for table in dict.fromkeys(wanted)
        # Only what bears its name: a note is no licence to drop the core's tables.
        if table in present and table.startswith(f"{name}_") and table.isidentifier()
    ]


def lines_of(table: str) -> Iterator[str]:
    """Yield each row of a table of ``tables_of`` as a line of JSON, a bounded number at a time.

    Instants are written in UTC as they are stored, bytes in base 64.
    """
    mark = "%s" if is_postgresql() else "?"
    after = 0
    while True:
        cursor = database.execute_sql(
            f'SELECT * FROM "{table}" WHERE id > {mark} ORDER BY id LIMIT {PAGE}',  # noqa: S608
            (after,),
        )
        names = [column[0] for column in cursor.description]
        found = cursor.fetchall()
        for row in found:
            values = dict(zip(names, map(_plain, row), strict=True))
            yield json.dumps({"table": table, **values}, ensure_ascii=False)
        if len(found) < PAGE:
            return
        after = found[-1][names.index("id")]


def count_of(table: str) -> int:
    """Return the number of rows of a table of ``tables_of``."""
    ((count,),) = database.execute_sql(f'SELECT COUNT(*) FROM "{table}"').fetchall()  # noqa: S608
    return int(count)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value if isinstance(value, str | int | float | bool | None) else str(value)
