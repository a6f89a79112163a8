"""Limits on how often something may be asked for, counted in the database for all processes.

Time is cut into fixed windows. A count is one row of its window, changed by one statement outside of
any transaction, so that nobody holds the row longer than that. The row is called by a keyed name:
neither an address nor anything else that was counted can be read from it, and the names of two
windows have nothing in common.
"""

import ipaddress
import math
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from niwari.db import database
from niwari.db.transaction import immediate
from niwari.errors import N_, DomainError
from niwari.host.models import RateCount
from niwari.keyring import keyring

PORTION = 1_000
"""How many rows are swept in one transaction, so that nobody who writes waits long."""

# What thousands may do in a window lies in several rows: a row is locked until its commit is on
# the disk, which bounds how often one row can be counted up.
_SEVERAL = 16
_THOUSANDS = 100 * _SEVERAL


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` times in each window of ``seconds``, counted apart for each ``who``.

    A limit of 1,600 or more strikes within some percent of ``most``, a smaller one exactly.
    """

    name: str
    most: int
    seconds: int = 60


class TooMany(DomainError):
    """The limit of this window is reached; ``retry_after`` are the seconds until the next."""

    status = 429
    text = N_("短い間にたくさんの操作があったため、いったん受付を止めています。")

    def __init__(self, retry_after: int) -> None:
        """Say when to come again."""
        super().__init__()
        self.retry_after = retry_after


def count(limit: Limit, who: str, now: datetime) -> None:
    """Count once more for ``who`` in the window of ``now``, an aware instant.

    Raises ``TooMany`` beyond the limit, and ``RuntimeError`` inside a transaction: there the row
    would stay locked until its end, and a rollback would take the count back.
    """
    if database.in_transaction():
        raise RuntimeError(f"limit {limit.name!r}: count before the transaction, not inside it")
    number = int(now.timestamp()) // limit.seconds + 1
    ends_at = datetime.fromtimestamp(number * limit.seconds, UTC)
    rows = _SEVERAL if limit.most >= _THOUSANDS else 1
    named = f"{limit.name}\n{limit.seconds}\n{number}\n{secrets.randbelow(rows)}\n{who}"
    counted = (
        RateCount.insert(
            id=keyring().names("rate limit", named.encode())[0], ends_at=ends_at, hits=1
        )
        .on_conflict(conflict_target=(RateCount.id,), update={RateCount.hits: RateCount.hits + 1})
        .returning(RateCount.hits)
        .execute()
    )
    if next(iter(counted)).hits > limit.most // rows:
        raise TooMany(max(1, math.ceil((ends_at - now).total_seconds())))


def network_of(address: str | None) -> str:
    """Return whom an address stands for in a limit: itself, or of IPv6 its network (/64).

    A household or an office has a whole /64 and could take another address for each request.
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def purge_old(now: datetime) -> int:
    """Remove the counts of windows that are over; returns how many."""
    over = RateCount.select(RateCount.id).where(RateCount.ends_at <= now).limit(PORTION)
    removed = 0
    while True:
        with immediate():
            gone: int = RateCount.delete().where(RateCount.id.in_(over)).execute()
        removed += gone
        if gone < PORTION:
            return removed
