"""Why a day has the base that it has (L21), as codes and data. Sentences belong to the views."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Stable codes: they appear in JSON and are never renamed."""

    SCHEDULED = "scheduled"
    ROSTER = "roster"
    REST_DAY = "rest_day"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    LEAVE = "leave"
    NOT_APPOINTED = "not_appointed"
    BREAK = "break"
    OUTSIDE_HOURS = "outside_hours"


@dataclass(frozen=True, slots=True)
class Reason:
    """One step from nothing to the base of a day: the `minutes` of all steps add up to it.

    `subject` depends on the code: the Japanese name of a holiday, the code of a closure, the
    kind of a leave, `roster` on a rest day that the roster gives; else empty.
    """

    code: Why
    minutes: int = 0
    subject: str = ""


def reason_code(reason: Reason, *, with_leave_kind: bool) -> str:
    """Return the ASCII form for JSON: `scheduled:465`, `holiday:-465`, `closed.new_year:-465`.

    Leave is `leave.annual:-210` in the person's own view and `leave:-210` in any other (L14, L21).
    Holidays carry no name: the day tells which it is.
    """
    secret = reason.code is Why.LEAVE and not with_leave_kind
    named = reason.subject and reason.code is not Why.HOLIDAY and not secret
    text = f"{reason.code}.{reason.subject}" if named else str(reason.code)
    return f"{text}:{reason.minutes}" if reason.minutes else text
