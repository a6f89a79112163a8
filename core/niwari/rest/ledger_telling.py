"""What the API tells of a request for 20% time."""

from datetime import UTC, datetime

from niwari.ledger.models import Correction, Request
from niwari.rest.ledger_shapes import LedgerCorrection, LedgerRequest


def told(row: Request) -> LedgerRequest:
    """Return a request as the API tells it; hide a discreet class before, where it is another's."""
    return LedgerRequest(
        row.id,
        row.activity,
        row.purpose,
        row.place,
        row.state,
        row.work_date,
        utc(row.starts_at),
        utc(row.ends_at),
        row.minutes,
        row.agreed_minutes,
        row.requested_at.astimezone(UTC),
        row.ended_reason,
        row.after_fact,
        row.oral_answer,
        utc(row.attended_at),
    )


def told_correction(row: Correction) -> LedgerCorrection:
    """Return a correction as the API tells it."""
    return LedgerCorrection(
        row.id,
        row.request_id,
        row.state,
        row.former,
        row.minutes,
        row.after_closing,
        row.reason,
        row.decision_note,
        row.asked_at.astimezone(UTC),
    )


def utc(instant: datetime | None) -> datetime | None:
    """Return an instant in UTC."""
    return instant.astimezone(UTC) if instant is not None else None
