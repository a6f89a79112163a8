"""Rules of recurrence: the part of RFC 5545 that regular desks and courses need, and no more.

Only what surely recurs is taken, so that working out a rule always ends: a rule that names no day
at all, such as the 30th of February, would be searched for until the year 9999.
"""

import calendar
import re
from datetime import date, datetime, time
from functools import lru_cache

from dateutil.rrule import rrulestr

from niwari.errors import N_, Invalid

FIRST_YEAR, LAST_YEAR = 1950, 2098
"""The years in which a day can lie: those whose holidays are known, and the one after too."""

MOST_YEARS = 5
"""For how many years something can recur."""

MOST_TIMES = 500
"""How often something can recur."""

_LONGEST_RULE = 120
_LARGEST_INTERVAL = {"DAILY": 31, "WEEKLY": 26, "MONTHLY": 6, "YEARLY": 1}
_WEEKDAY = r"(?:MO|TU|WE|TH|FR|SA|SU)"
_NTH = rf"[+-]?[1-5]{_WEEKDAY}"
_DAY_OF_MONTH = r"(?:-?(?:3[01]|[12]\d|[1-9]))"
_MONTH = r"(?:1[0-2]|[1-9])"


def _several(part: str) -> str:
    return rf"{part}(?:,{part})*"


_PARTS = {
    "INTERVAL": r"\d{1,2}",
    "BYDAY": rf"{_several(_WEEKDAY)}|{_several(_NTH)}",
    "BYMONTHDAY": _several(_DAY_OF_MONTH),
    "BYMONTH": _several(_MONTH),
    # Every month has at least four of each day of the week.
    "BYSETPOS": r"-?[1-4]",
    "WKST": _WEEKDAY,
}
# With which parts a rule surely recurs, INTERVAL left out.
_SHAPES: dict[str, list[set[str]]] = {
    "DAILY": [set()],
    "WEEKLY": [set(), {"BYDAY"}, {"WKST"}, {"BYDAY", "WKST"}],
    "MONTHLY": [set(), {"BYDAY"}, {"BYMONTHDAY"}, {"BYDAY", "BYSETPOS"}],
    "YEARLY": [set(), {"BYMONTH", "BYMONTHDAY"}, {"BYMONTH", "BYDAY"}],
}


class BadDates(Invalid):
    """A day, a time or a recurrence that cannot be; the sentence is for the form's field."""

    text = N_("日時を確かめてください。")


def check_rule(rule: str) -> None:
    """Raise ``BadDates`` unless ``rule`` is an RRULE that is taken here, without COUNT and UNTIL."""
    parts = _parts_of(rule)
    if {"COUNT", "UNTIL"} & set(parts):
        raise BadDates(
            N_("くり返しの終わりは、RRULEの中ではなく「いつまで」で指定してください。"),
            field="until",
        )
    frequency = parts.pop("FREQ", "")
    if frequency not in _SHAPES:
        raise BadDates(
            N_("くり返しは、毎日・毎週・毎月・毎年のどれかで指定してください。"), field="rule"
        )
    interval = int(parts.pop("INTERVAL", "1"))
    if not 1 <= interval <= _LARGEST_INTERVAL[frequency]:
        raise BadDates(
            N_("くり返しの間隔は、1から%(most)dまでで指定してください。"),
            field="rule",
            most=_LARGEST_INTERVAL[frequency],
        )
    if set(parts) not in _SHAPES[frequency] or not _fits(frequency, parts):
        raise _unreadable(rule)


def weekdays_named(rule: str) -> frozenset[int]:
    """Return the days of the week that a checked rule names, Monday as 0; empty for none."""
    names = re.findall(_WEEKDAY, _parts_of(rule).get("BYDAY", ""))
    return frozenset(["MO", "TU", "WE", "TH", "FR", "SA", "SU"].index(name) for name in names)


@lru_cache(maxsize=1024)
def rule_days(rule: str, start: date, until: date) -> tuple[date, ...]:
    """Return the days of a checked rule from ``start`` to ``until``, both included, in order.

    Raises ``BadDates`` where there are none, more than ``MOST_TIMES``, or more than ``MOST_YEARS``
    lie between.
    """
    if until < start:
        raise BadDates(N_("くり返しの終わりを、始まりより後の日にしてください。"), field="until")
    if (until - start).days > MOST_YEARS * 366:
        raise BadDates(
            N_("くり返しの終わりは、始まりから%(years)d年以内の日にしてください。"),
            field="until",
            years=MOST_YEARS,
        )
    ends = datetime.combine(until, time())
    # Naive: days alone are counted, and those of Tokyo have no summer time.
    found: list[date] = []
    for each in rrulestr(rule, dtstart=datetime.combine(start, time())):
        if each > ends:
            break
        found.append(each.date())
        if len(found) > MOST_TIMES:
            raise BadDates(
                N_("くり返しは%(most)d回までです。終わりを早めるか、間隔を広げてください。"),
                field="until",
                most=MOST_TIMES,
            )
    if not found:
        raise BadDates(N_("始まりから終わりまでに、くり返しの日が1回もありません。"), field="until")
    return tuple(found)


def check_day(day: date) -> None:
    """Raise ``BadDates`` for a day outside the years in which a calendar can be worked out."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadDates(
            N_("日付は%(first)d年から%(last)d年までで指定してください。"),
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )


def _parts_of(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(rule) > _LONGEST_RULE or len(parts) < len(pairs):
        raise _unreadable(rule)
    for name, value in parts.items():
        if name in _PARTS and not re.fullmatch(_PARTS[name], value, re.ASCII):
            raise _unreadable(rule)
    return parts


def _fits(frequency: str, parts: dict[str, str]) -> bool:
    nth = bool(re.search(r"\d", parts.get("BYDAY", "")))
    if frequency == "WEEKLY":
        return not nth
    if frequency == "MONTHLY":
        return nth != ("BYSETPOS" in parts) if "BYDAY" in parts else True
    if "BYDAY" in parts:
        return nth
    months = [int(month) for month in parts.get("BYMONTH", "").split(",") if month]
    days = [abs(int(day)) for day in parts.get("BYMONTHDAY", "").split(",") if day]
    # A leap year's February is the shortest month that must do.
    return all(day <= calendar.monthrange(2028, month)[1] for month in months for day in days)


def _unreadable(rule: str) -> BadDates:
    return BadDates(
        N_("くり返しの決まり「%(rule)s」は使えません。例：FREQ=MONTHLY;BYDAY=3WE（毎月第3水曜日）"),
        field="rule",
        rule=rule[:_LONGEST_RULE],
    )
