"""What the ledger's templates call: codes and reasons in the reader's words."""

from datetime import date, timedelta

from niwari.ledger.calendar_jp import holiday_on
from niwari.ledger.words import LEAVE_LABELS, PLACE_LABELS, STATE_LABELS
from niwari.ledger.worktime import DayBase, Period, Reason, Why
from niwari.pages.parts import known_activities
from niwari.pages.texts import gettext as _
from niwari.pages.texts import locale
from niwari.pages.wording import is_english, minutes
from niwari.specs.contributions import Label


def _text(label: Label | None, code: str) -> str:
    return label.text(locale()) if label else code


def state_label(code: str) -> str:
    """Return the words for a request's state."""
    return _text(STATE_LABELS.get(code), code)


def place_label(code: str) -> str:
    """Return the words for a place of work."""
    return _text(PLACE_LABELS.get(code), code)


def activity_label(code: str) -> str:
    """Return the words for a ledger class; a class whose plugin is gone shows its code."""
    activity = known_activities().get(code)
    return _text(activity.label if activity else None, code)


def why_text(day: DayBase) -> str:
    """Return why a day has its base, in words, for the person alone (rule L21).

    A holiday or closed day is called that alone: that it would have been a work day says nothing.
    """
    off = [reason for reason in day.why if reason.code in (Why.HOLIDAY, Why.CLOSED)]
    return _("、").join(filter(None, (_reason(day.day, reason) for reason in off or day.why)))


def _reason(day: date, reason: Reason) -> str:
    match reason.code:
        case Why.SCHEDULED | Why.ROSTER:
            return _("勤務日")
        case Why.REST_DAY:
            return _("休みの日")
        case Why.HOLIDAY:
            return _holiday_name(day)
        case Why.CLOSED:
            return _("閉庁日")
        case Why.LEAVE:
            leave = _text(LEAVE_LABELS.get(reason.subject), reason.subject)
            return _("%(leave)s %(minutes)s", leave=leave, minutes=minutes(-reason.minutes))
        case Why.NOT_APPOINTED:
            return _("在職していない日")
    return ""


def _holiday_name(day: date) -> str:
    holiday = holiday_on(day)
    if holiday is None:
        return ""
    return holiday.english_name if is_english() else holiday.name


def month_key(day: date) -> str:
    """Return ``2026-11`` for a day in November 2026."""
    return f"{day:%Y-%m}"


def previous_month(period: Period) -> str:
    """Return the key of the month before."""
    return month_key(period.starts_on - timedelta(days=1))


def next_month(period: Period) -> str:
    """Return the key of the month after."""
    return month_key(period.ends_on + timedelta(days=1))


HELPERS = (
    state_label,
    place_label,
    activity_label,
    why_text,
    month_key,
    previous_month,
    next_month,
)
