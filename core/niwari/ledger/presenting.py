"""What the ledger's templates call: codes and reasons in the reader's words."""

from datetime import date, timedelta

from niwari.dates.calendar_jp import holiday_on
from niwari.ledger.attending.words import HOST_LABELS
from niwari.ledger.standing.planning import NotHeld, Planned
from niwari.ledger.standing.terms import Terms
from niwari.ledger.standing.words import NOT_HELD_LABELS, RHYTHM_LABELS, WEEKDAY_LABELS
from niwari.ledger.words import (
    CORRECTION_LABELS,
    LEAVE_LABELS,
    PLACE_LABELS,
    STATE_LABELS,
    SUPPLEMENT_LABELS,
    TRAVEL_LABELS,
)
from niwari.ledger.worktime import (
    DayBase,
    Period,
    PeriodKind,
    Reason,
    Why,
    fiscal_year_of,
    period_of,
)
from niwari.pages import times
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


def host_label(code: str) -> str:
    """Return the words for whether a host has confirmed a record."""
    return _text(HOST_LABELS.get(code), code)


def correction_label(code: str) -> str:
    """Return the words for the state of a correction."""
    return _text(CORRECTION_LABELS.get(code), code)


def supplement_label(code: str) -> str:
    """Return the words for how minutes beyond an agreement stand."""
    return _text(SUPPLEMENT_LABELS.get(code), code)


def travel_label(code: str) -> str:
    """Return the words for a way: there or back."""
    return _text(TRAVEL_LABELS.get(code), code)


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


def previous_period(period: Period) -> str:
    """Return the key of the period before, of the same kind."""
    return period_of(period.kind, period.starts_on - timedelta(days=1)).key


def next_period(period: Period) -> str:
    """Return the key of the period after, of the same kind."""
    return period_of(period.kind, period.ends_on + timedelta(days=1)).key


def period_name(period: Period) -> str:
    """Return what a period is called: 2026年11月, 9月21日（月）から9月27日（日）まで, 2026年度."""
    match period.kind:
        case PeriodKind.MONTH:
            return times.month(period.starts_on)
        case PeriodKind.WEEK:
            first, last = times.day(period.starts_on), times.day(period.ends_on)
            return _("%(first)sから%(last)sまで", first=first, last=last)
        case PeriodKind.QUARTER:
            number = (period.starts_on.month - 4) % 12 // 3 + 1
            year = fiscal_year_of(period.starts_on)
            return _("%(year)s年度 第%(number)s四半期", year=year, number=number)
        case PeriodKind.FISCAL_YEAR:
            return _("%(year)s年度", year=period.starts_on.year)


def standing_when(terms: Terms) -> str:
    """Return what a standing agreement is about: 毎月 第3水曜日 15:00–16:00, or 月に2時間."""
    if terms.kind == "allowance":
        return _("月に%(minutes)s（日にちを決めない）", minutes=minutes(terms.minutes))
    if terms.starts is not None and terms.ends is not None:
        length = f"{terms.starts:%-H:%M}–{terms.ends:%-H:%M}"
    else:
        length = minutes(terms.minutes)
    return f"{_rule(terms.rule)} {length}"


def _rule(rule: str) -> str:
    rhythm = RHYTHM_LABELS.get(rule.removeprefix("FREQ=")[:-2])
    weekday = WEEKDAY_LABELS.get(rule[-2:])
    if rhythm is None or weekday is None:
        return rule
    space = " " if is_english() else ""
    return _text(rhythm, "") + space + _text(weekday, "")


def not_held(time: Planned, *, mine: bool) -> str:
    """Return why a time cannot be held; what kind of time is not free concerns the person alone."""
    reason = time.reason
    if reason is None:
        return ""
    if reason is NotHeld.OVER_FREE:
        return _("この月の残り%(free)sでは足りません", free=minutes(time.free or 0))
    if not mine and reason in (NotHeld.LEAVE, NotHeld.OUTSIDE_HOURS, NotHeld.NO_BASE):
        return _("使える勤務時間がありません")
    return _text(NOT_HELD_LABELS[reason], reason)


def previous_month(period: Period) -> str:
    """Return the key of the month before a month."""
    return month_key(period.starts_on - timedelta(days=1))


def next_month(period: Period) -> str:
    """Return the key of the month after a month."""
    return month_key(period.ends_on + timedelta(days=1))


HELPERS = (
    state_label,
    place_label,
    host_label,
    correction_label,
    supplement_label,
    activity_label,
    travel_label,
    why_text,
    standing_when,
    not_held,
    month_key,
    previous_month,
    next_month,
    previous_period,
    next_period,
    period_name,
)
