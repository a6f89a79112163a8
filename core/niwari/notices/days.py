"""When what does not leave at once leaves: on the next working morning, at the next quarter of an hour."""

from datetime import date, datetime, time, timedelta

from niwari.clock import TOKYO
from niwari.dates.working_days import is_working_day

MORNING = time(8, 0)
"""When the one mail of a day leaves, in Tokyo."""

_LAST_TO_JOIN = time(7, 45)
"""Until when something joins the mail of that morning: by eight it is committed."""

_QUARTER = 15


def digest_day(now: datetime) -> date:
    """Return the Tokyo day whose morning mail tells what happens ``now``: the next working day's."""
    here = now.astimezone(TOKYO)
    day = here.date() if here.time() < _LAST_TO_JOIN else here.date() + timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def next_quarter(now: datetime) -> datetime:
    """Return the next full quarter of an hour after ``now``."""
    begun = now.replace(minute=now.minute // _QUARTER * _QUARTER, second=0, microsecond=0)
    return begun + timedelta(minutes=_QUARTER)
