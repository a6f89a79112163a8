"""What others than the person read where hours, leave or other requests leave no room (rule L14).

Whoever asks for others could ask for a day after the other to learn of them. So all that depends on
the person is one sentence; what was refused is in the audit; and that often an hour, no more.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.errors import N_, DomainError
from niwari.host.rate_limits import Limit, TooMany, count, is_reached
from niwari.ledger.errors import (
    DayFull,
    InsideLeave,
    LedgerError,
    NoBase,
    NoScheduledTime,
    NotAppointed,
    NotMainPost,
    NotOverYet,
    OverCap,
    OverFree,
    Overlap,
    TooLate,
)

REFUSED = Limit("ledger.refused_for", 60, 3600)
"""How many refusals about others somebody may be told in an hour: three tables of twenty lines."""

Refused = tuple[int | None, date]
"""Whom a refusal is about, ``None`` for nobody that the asker may ask for, and the day asked for."""


class NotPossibleThen(LedgerError):
    """What whoever asks for others is told of all that depends on the person asked for."""

    rule = "L10"
    text = N_("この日時や長さでは申し込めません。本人に確かめてください。")
    field = "work_date"


class NoWorkThen(LedgerError):
    """What a head is told where the person's hours, leave or post leave no room any more."""

    rule = "L10"
    text = N_(
        "申込みのあとに勤務の予定が変わったため、この日時では了承できません。本人と相談してください。"
    )


class RefusedTooOften(DomainError):
    """Nothing more is told about others for now."""

    status = 429
    text = N_(
        "ほかの職員の分の申込みが何度も断られたため、いったん受付を止めています。"
        "1時間ほどたってから、もう一度入力してください。"
    )


_OF_WORK = (NoBase, InsideLeave, NoScheduledTime, NotAppointed)
_OF_PERSON = (*_OF_WORK, DayFull, Overlap, OverCap, OverFree, TooLate, NotOverYet, NotMainPost)


def as_told_to_clerk(error: DomainError) -> DomainError:
    """Return a refusal as who asks for others may read it: no leave, no balance, no other requests.

    What does not depend on the person was checked before, so whatever is left is told alike.
    """
    # Also where it stands must not tell one from the other.
    return NotPossibleThen() if isinstance(error, _OF_PERSON) else error


def as_told_to_head(error: DomainError) -> DomainError:
    """Return a refusal as a head may read it: whether it is leave or hours, and how much, is not told."""
    if isinstance(error, (*_OF_WORK, DayFull, NotOverYet)):
        return NoWorkThen()
    return TooLate() if isinstance(error, TooLate) else error


@contextmanager
def told_to_head() -> Iterator[None]:
    """Let what is refused inside be refused as ``as_told_to_head`` says it."""
    try:
        yield
    except LedgerError as error:
        raise as_told_to_head(error) from error


def check_not_too_often(ctx: Context) -> None:
    """Raise ``RefusedTooOften`` where ``note_refused`` has reached its limit."""
    if is_reached(REFUSED, _who(ctx), ctx.now):
        raise RefusedTooOften


def note_refused(ctx: Context, refused: Sequence[Refused]) -> None:
    """Write that the acting person was refused for others, in a transaction of its own, and count it.

    Called once the transaction that was refused is rolled back. Raises ``RefusedTooOften``.
    """
    if not refused:
        return
    with transaction(ctx):
        audit.record_each(
            ctx,
            "ledger.refused_for",
            "person",
            [(person_id, None, {"day": day.isoformat()}) for person_id, day in refused],
        )
    try:
        count(REFUSED, _who(ctx), ctx.now, times=len(refused))
    except TooMany:  # several at once
        raise RefusedTooOften from None


def _who(ctx: Context) -> str:
    return f"person {ctx.person_id}"
