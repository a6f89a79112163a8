"""Where the next page of a list by an instant begins, as its address says it."""

from datetime import UTC, datetime, timedelta

from niwari.api import NotFound

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def cursor_of(at: datetime, row_id: int) -> str:
    """Return the cursor behind a row of ``at``."""
    return f"{(at - _EPOCH) // _MICROSECOND}-{row_id}"


def parsed_cursor(after: str) -> tuple[datetime, int]:
    """Return instant and id of a cursor; raises ``NotFound`` for one that no page returned."""
    micros, _, id_ = after.partition("-")
    try:
        # More than an integer key can hold would stop the query instead of finding nothing.
        return _EPOCH + int(micros) * _MICROSECOND, min(max(int(id_), 0), 2**31 - 1)
    except (ValueError, OverflowError) as error:
        raise NotFound from error
