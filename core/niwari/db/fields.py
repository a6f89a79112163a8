"""Fields that Peewee does not have."""

from datetime import UTC, datetime
from typing import Any

from peewee import SQL, AutoField, DateTimeField, NodeList

from niwari.db.engine import is_postgresql


class _LastingId(AutoField):
    """A key that counts up, also on SQLite, which forgets without AUTOINCREMENT what it handed out."""

    def ddl(self, ctx: Any) -> Any:
        """Return the column's definition in CREATE TABLE."""
        column = super().ddl(ctx)
        return column if is_postgresql() else NodeList((column, SQL("AUTOINCREMENT")))


class IdField(_LastingId):
    """The key of a row: numbers that count up, of which none is ever handed out twice.

    An id is kept elsewhere as (kind, id) without a foreign key, so that after the last row was erased
    the next one must not take its number.
    """


class BigIdField(_LastingId):
    """The key of a table that more than two thousand million rows pass through in time.

    None is handed out twice either: whoever removes what they have read must not meet another row.
    """

    field_type = "BIGAUTO"


class InstantField(DateTimeField):
    """A moment in time: takes and returns aware values, stores naive UTC.

    Stored alike on both engines, so ordering and comparison agree. A naive value, a day or a text
    raises ``ValueError`` instead of being guessed at.
    """

    def db_value(self, value: Any) -> Any:
        """Turn an aware instant into naive UTC."""
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise ValueError(f"{self.name}: an instant is an aware datetime, got {value!r}")
        if value.tzinfo is None:
            raise ValueError(f"{self.name}: an instant needs a time zone, got {value!r}")
        utc = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(utc)  # type: ignore[no-untyped-call]

    def python_value(self, value: Any) -> Any:
        """Turn what the database holds into an aware UTC instant."""
        parsed = super().python_value(value)  # type: ignore[no-untyped-call]
        return parsed.replace(tzinfo=UTC) if isinstance(parsed, datetime) else parsed
