"""What people are to work on the days that a file names, and leave on which nobody works."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from niwari.clock import TOKYO, tokyo_day
from niwari.context import Context
from niwari.dates.calendar_jp import HolidaysUnknown
from niwari.db.sets import chunks
from niwari.directory.people import municipality_ref
from niwari.errors import N_
from niwari.ledger.conditions import work_conditions
from niwari.ledger.importing.people import LeaveLine, Staff
from niwari.ledger.worktime import Hours, WorkConditions, work_days
from niwari.ledger.worktime.intervals import DAY_MINUTES, Interval, cut
from niwari.tabular import BadLine

_LONGEST = timedelta(days=31)
"""Leave beyond it is not looked at: it has days of work in it, and days off anyway."""

_DAY_OFF = N_(
    "%(day)s には勤務の予定がありません。休暇として取り込みますが、0分と数えます。"
    "振替などで勤務する日なら、勤務の予定も取り込んでください。"
)


def scheduled_hours(
    ctx: Context, days: Iterable[tuple[str, date]], staff: Mapping[str, Staff]
) -> dict[tuple[str, date], Hours]:
    """Return the hours scheduled on the days (login, Tokyo day), without regard to leave.

    Days so far ahead that their holidays are not known are left out: nothing is scheduled yet.
    """
    wanted: dict[int, dict[int, set[date]]] = defaultdict(lambda: defaultdict(set))
    for login, day in days:
        person = staff[login]
        wanted[person.municipality_id][person.person_id].add(day)
    logins = {person.person_id: login for login, person in staff.items()}
    found = {}
    for municipality_id, people in sorted(wanted.items()):
        town = municipality_ref(municipality_id, ctx.today)
        all_days = set().union(*people.values())
        first, last = min(all_days), max(all_days)
        for chunk in chunks(sorted(people)):
            for person_id, conditions in work_conditions(chunk, town, first, last).items():
                for day in people[person_id]:
                    hours = _hours_on(conditions, day)
                    if hours is not None:
                        found[logins[person_id], day] = hours
    return found


def leave_on_days_off(
    ctx: Context, lines: Iterable[LeaveLine], staff: Mapping[str, Staff]
) -> list[BadLine]:
    """Return a remark for each line whose whole leave lies outside of what is scheduled.

    It is no mistake of the file: base falls by the leave that overlaps scheduled time, which is none
    here, and a roster that comes later may make it a day of work.
    """
    short = [line for line in lines if line.end - line.start <= _LONGEST]
    parts = {line: list(_parts(line.start, line.end)) for line in short}
    days = {(line.login, day) for line, found in parts.items() for day, _ in found}
    hours = scheduled_hours(ctx, days, staff)
    return [
        BadLine(line.number, "", _DAY_OFF, {"day": _said([day for day, _ in found])})
        for line, found in parts.items()
        if all(
            (line.login, day) in hours and not cut(hours[line.login, day], part)[1]
            for day, part in found
        )
    ]


def _hours_on(conditions: WorkConditions, day: date) -> Hours | None:
    try:
        (work_day,) = work_days(conditions, day, day)
    except HolidaysUnknown:
        return None
    return work_day.hours


def _parts(start: datetime, end: datetime) -> Iterator[tuple[date, Interval]]:
    """Yield what a leave takes of each Tokyo day."""
    day = tokyo_day(start)
    while (midnight := datetime.combine(day, time(), TOKYO)) < end:
        first, last = (round((moment - midnight).total_seconds() / 60) for moment in (start, end))
        yield day, Interval(max(first, 0), min(last, DAY_MINUTES))
        day += timedelta(days=1)


def _said(days: Sequence[date]) -> str:
    first, last = days[0].isoformat(), days[-1].isoformat()
    return first if first == last else f"{first}〜{last}"
