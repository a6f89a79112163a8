"""Limits on how often something may be asked for, counted in the database for all processes.

Time is cut into fixed windows. A count is one row of its window, changed by one statement outside of
any transaction, so that nobody holds the row longer than that. The row is called by a keyed name:
neither an address nor anything else that was counted can be read from it, and the names of two
windows have nothing in common.
"""

import ipaddress
import math
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

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

# How much wider networks of IPv6 are than the narrowest: a customer has a whole /48 at times, a
# provider of servers, and with it whoever rents them by the hour, a /32.
_WIDTHS = (64, 48, 32)
_MOST_FULL = 1024


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


def count(limit: Limit, who: str, now: datetime, times: int = 1) -> None:
    """Count once more, or ``times``, for ``who`` in the window of ``now``, an aware instant.

    Raises ``TooMany`` beyond the limit, and ``RuntimeError`` inside a transaction: there the row
    would stay locked until its end, and a rollback would take the count back.
    """
    if database.in_transaction():
        raise RuntimeError(f"limit {limit.name!r}: count before the transaction, not inside it")
    number, ends_at = _window(limit, now)
    rows = _SEVERAL if limit.most >= _THOUSANDS else 1
    counted = (
        RateCount.insert(
            id=_counted(limit, number, secrets.randbelow(rows), who), ends_at=ends_at, hits=times
        )
        .on_conflict(
            conflict_target=(RateCount.id,), update={RateCount.hits: RateCount.hits + times}
        )
        .returning(RateCount.hits)
        .execute()
    )
    if next(iter(counted)).hits > limit.most // rows:
        raise _too_many(ends_at, now)


def is_reached(limit: Limit, who: str, now: datetime) -> bool:
    """Tell whether ``count`` would refuse ``who`` in the window of ``now``; nothing is counted.

    For limits below 1,600.
    """
    number, _ends_at = _window(limit, now)
    counted = RateCount.get_or_none(RateCount.id == _counted(limit, number, 0, who))
    return counted is not None and counted.hits >= limit.most


class Full:
    """Which limits one process has found reached in their present windows; all threads share it.

    What is refused by it costs no row: so an attacker who comes from ever new networks makes no
    more rows than the limits let through.
    """

    def __init__(self) -> None:
        """Know of none."""
        self._found: OrderedDict[tuple[Limit, str], int] = OrderedDict()
        self._lock = Lock()

    def has(self, limit: Limit, who: str, now: datetime) -> bool:
        """Tell whether the limit was found reached for ``who`` in the window of ``now``."""
        with self._lock:
            return self._found.get((limit, who)) == _window(limit, now)[0]

    def check(self, limit: Limit, who: str, now: datetime) -> None:
        """Raise ``TooMany`` where ``has`` tells so; nothing is counted."""
        if self.has(limit, who, now):
            raise _too_many(_window(limit, now)[1], now)

    def count(self, limit: Limit, who: str, now: datetime) -> None:
        """Count as ``count`` does, and note a refusal."""
        try:
            count(limit, who, now)
        except TooMany:
            with self._lock:
                self._found[limit, who] = _window(limit, now)[0]
                self._found.move_to_end((limit, who))
                while len(self._found) > _MOST_FULL:
                    self._found.popitem(last=False)
            raise


def remember(what: str, who: str, now: datetime, lasts: timedelta) -> None:
    """Remember for so long that ``who`` did ``what``, under a keyed name, by one statement."""
    until = now + lasts
    RateCount.insert(id=_remembered(what, who), ends_at=until, hits=0).on_conflict(
        conflict_target=(RateCount.id,),
        update={RateCount.ends_at: until},
        # Not at each time anew.
        where=RateCount.ends_at < until - lasts / 10,
    ).execute()


def remembers(what: str, who: str, now: datetime) -> bool:
    """Tell whether it is remembered that ``who`` did ``what``."""
    found: bool = (
        RateCount.select()
        .where((RateCount.id == _remembered(what, who)) & (RateCount.ends_at > now))
        .exists()
    )
    return found


def network_of(address: str | None) -> str:
    """Return whom an address stands for in a limit: itself, or of IPv6 its network (/64).

    A household or an office has a whole /64 and could take another address for each request.
    """
    return networks_of(address)[0]


def networks_of(address: str | None) -> tuple[str, ...]:
    """Return the networks in which an address is to be counted, the narrowest first.

    Of IPv6 these are /64, /48 and /32: whoever has a wide one has thousands of narrow ones.
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return (address or "",)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return tuple(
            str(ipaddress.IPv6Network((int(found), width), strict=False)) for width in _WIDTHS
        )
    return (str(getattr(found, "ipv4_mapped", None) or found),)


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


def _window(limit: Limit, now: datetime) -> tuple[int, datetime]:
    number = int(now.timestamp()) // limit.seconds + 1
    return number, datetime.fromtimestamp(number * limit.seconds, UTC)


def _too_many(ends_at: datetime, now: datetime) -> TooMany:
    return TooMany(max(1, math.ceil((ends_at - now).total_seconds())))


def _counted(limit: Limit, number: int, row: int, who: str) -> str:
    named = f"{limit.name}\n{limit.seconds}\n{number}\n{row}\n{who}"
    return keyring().names("rate limit", named.encode())[0]


def _remembered(what: str, who: str) -> str:
    return keyring().names("rate limit", f"remembered\n{what}\n{who}".encode())[0]
