"""What the API tells of a request for 20% time."""

from datetime import UTC, datetime
from typing import Any

from niwari.ledger.models import Correction, Request, Supplement
from niwari.rest.ledger_shapes import (
    LedgerCorrection,
    LedgerRequest,
    LedgerSupplement,
    LedgerWay,
)


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
        row.travel,
        row.travel_for_id,
        tuple(_way(one) for one in row.ways),
    )


def _way(row: Request) -> LedgerWay:
    return LedgerWay(
        row.id,
        row.travel,
        row.state,
        utc(row.starts_at),
        utc(row.ends_at),
        row.minutes,
        row.agreed_minutes,
        row.counts,
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


def told_supplement(row: Supplement, state: Any = None) -> LedgerSupplement:
    """Return what is beyond an agreement as the API tells it; in its own state if none is given."""
    return LedgerSupplement(
        row.id,
        row.request_id,
        state or row.state,
        row.minutes,
        row.decision_note,
        row.asked_at.astimezone(UTC),
    )


def utc(instant: datetime | None) -> datetime | None:
    """Return an instant in UTC."""
    return instant.astimezone(UTC) if instant is not None else None
