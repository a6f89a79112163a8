"""Fields that Peewee does not have."""

from datetime import UTC, datetime
from typing import Any

from peewee import DateTimeField


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
