"""How many notices wait in the inbox: one query on every page, so its text is put together once."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from niwari.context import Context
from niwari.db import database, is_postgresql
from niwari.host.registry import Host
from niwari.host.running import running
from niwari.notices.kinds import kind_codes

MOST_COUNTED = 99
"""Nobody counts further; the page says 99+."""

_UNREAD = """
SELECT COUNT(*) FROM (
    SELECT 1 FROM notices_received r
    JOIN notices_notice n ON n.id = r.notice_id AND n.kind IN ({kinds})
    WHERE r.person_id = :person AND r.read_at IS NULL
    AND (r.plugin IN ({core}) OR (r.plugin IN ({ready}) AND EXISTS (
        SELECT 1 FROM host_enablement e
        WHERE e.municipality_id = r.municipality_id AND e.plugin = r.plugin AND e.state = 'on')))
    AND (r.municipality_id = :own
        OR EXISTS (SELECT 1 FROM directory_municipality f
            WHERE f.id = r.municipality_id AND f.successor_id = :own)
        OR EXISTS (SELECT 1 FROM directory_municipality f
            JOIN identity_provider_municipality s
                ON s.municipality_id = f.id OR s.municipality_id = f.successor_id
            JOIN identity_provider w ON w.id = s.provider_id
            WHERE f.id = r.municipality_id AND w.issuer = :issuer))
    LIMIT {most}) waiting
"""


def unread_and(ctx: Context, others: Sequence[Any]) -> tuple[int, ...]:
    """Return how many unread notices the acting person has within reach, 100 at most; and ``others``.

    These are queries for one number each, as what else waits for the person. All is one query.
    """
    text, names = _text(running().host, is_postgresql())
    known = {"person": ctx.person_id, "own": ctx.municipality.id, "issuer": ctx.issuer}
    asked, values = [text], [known[name] for name in names]
    for query in others:
        other, its_values = query.sql()
        asked.append(other)
        values += its_values
    columns = ", ".join(f"({one})" for one in asked)
    ((*counts,),) = database.execute_sql(f"SELECT {columns}", values).fetchall()
    return tuple(int(count) for count in counts)


@lru_cache(maxsize=8)
def _text(host: Host, postgresql: bool) -> tuple[str, tuple[str, ...]]:
    """Return the query with a mark for each of its values, and the names of these in order."""
    core = [plugin.name for plugin in host.loaded() if plugin.core]
    ready = [plugin.name for plugin in host.optional() if host.is_ready(plugin.name)]
    # As the inbox: a kind that its plugin declares no longer has no sentence to show.
    text = _UNREAD.format(
        core=_listed(core),
        ready=_listed(ready),
        kinds=_listed(kind_codes(host)),
        most=MOST_COUNTED + 1,
    )
    marked = re.sub(r":\w+", "%s" if postgresql else "?", text)
    return marked, tuple(re.findall(r":(\w+)", text))


def _listed(names: list[str]) -> str:
    # Names of plugins are identifiers, codes of kinds two with a dot: the host lets no others in.
    plain = [name for name in names if all(part.isidentifier() for part in name.split("."))]
    return ", ".join(f"'{name}'" for name in plain) or "NULL"
