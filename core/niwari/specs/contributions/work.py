"""Work that nobody waits for: jobs by the clock, and tasks that are asked for."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

from niwari.clock import ONE_DAY, TOKYO, tokyo_wall_time
from niwari.specs.contributions.basics import CODE, BadContribution, Label

if TYPE_CHECKING:
    from niwari.context import Context

LONGEST_NAME = 60
"""Characters of the name of a job or a task."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes, counted from midnight in Tokyo."""

    minutes: int
    """1 to 1,440, a number by which a day of 1,440 minutes can be divided: 5, 10, 15, 60, 360."""

    def __post_init__(self) -> None:
        most = _MINUTES_OF_A_DAY
        if not _is_whole(self.minutes, 1, most) or most % self.minutes:
            raise BadContribution(
                f"Every({self.minutes!r}): give minutes that divide a day, as 5, 15, 60 or 360"
            )

    def latest(self, now: datetime) -> datetime:
        """Return when it was due last, at the aware instant ``now`` or before, in UTC."""
        wall = tokyo_wall_time(now)
        minute = wall.hour * 60 + wall.minute
        return _instant(wall.date(), time(*divmod(minute - minute % self.minutes, 60)))

    def following(self, now: datetime) -> datetime:
        """Return when it is due next, after the aware instant ``now``, in UTC."""
        return self.latest(now) + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at a time of day in Tokyo."""

    at: str
    """The time as ``07:30``."""

    def __post_init__(self) -> None:
        _check_time("Daily", self.at)

    def latest(self, now: datetime) -> datetime:
        """Return when it was due last, at the aware instant ``now`` or before, in UTC."""
        return _latest(now, self.at, lambda day: day, lambda day: day - ONE_DAY)

    def following(self, now: datetime) -> datetime:
        """Return when it is due next, after the aware instant ``now``, in UTC."""
        return self.latest(now) + ONE_DAY


@dataclass(frozen=True, slots=True)
class Weekly:
    """Once a week, at a time of day in Tokyo."""

    weekday: Weekday
    """The day: mon, tue, wed, thu, fri, sat or sun."""
    at: str
    """The time as ``07:30``."""

    def __post_init__(self) -> None:
        if self.weekday not in WEEKDAYS:
            raise BadContribution(
                f"Weekly({self.weekday!r}): name the day as one of {', '.join(WEEKDAYS)}"
            )
        _check_time("Weekly", self.at)

    def latest(self, now: datetime) -> datetime:
        """Return when it was due last, at the aware instant ``now`` or before, in UTC."""
        wanted = WEEKDAYS.index(self.weekday)

        def on_or_before(day: date) -> date:
            return day - timedelta(days=(day.weekday() - wanted) % 7)

        return _latest(now, self.at, on_or_before, lambda day: day - timedelta(days=7))

    def following(self, now: datetime) -> datetime:
        """Return when it is due next, after the aware instant ``now``, in UTC."""
        return self.latest(now) + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Monthly:
    """Once a month, at a time of day in Tokyo; in a shorter month on its last day."""

    day: int
    """1 to 31."""
    at: str
    """The time as ``07:30``."""

    def __post_init__(self) -> None:
        if not _is_whole(self.day, 1, 31):
            raise BadContribution(f"Monthly({self.day!r}): give the day of the month, 1 to 31")
        _check_time("Monthly", self.at)

    def latest(self, now: datetime) -> datetime:
        """Return when it was due last, at the aware instant ``now`` or before, in UTC."""

        def on_or_before(day: date) -> date:
            here = self._in_month(day)
            return here if here <= day else before(here)

        def before(day: date) -> date:
            return self._in_month(day.replace(day=1) - ONE_DAY)

        return _latest(now, self.at, on_or_before, before)

    def following(self, now: datetime) -> datetime:
        """Return when it is due next, after the aware instant ``now``, in UTC."""
        last = tokyo_wall_time(self.latest(now)).date()
        next_month = last.replace(day=monthrange(last.year, last.month)[1]) + ONE_DAY
        return _instant(self._in_month(next_month), time.fromisoformat(self.at))

    def _in_month(self, day: date) -> date:
        return day.replace(day=min(self.day, monthrange(day.year, day.month)[1]))


Schedule = Every | Daily | Weekly | Monthly


@dataclass(frozen=True, slots=True)
class Job:
    """Work that the worker does by the clock, once for each municipality that has the plugin on.

    It runs outside of any transaction. What fails counts against the part ``job <name>`` there, and
    the next time that it is due it is tried again. Times that passed while no worker ran are made
    up for once, not one by one.
    """

    name: str
    """``<plugin>.<what>``, in lower case, 60 characters at the most."""
    run: "Callable[[Context], object]"
    """Called with a context that acts as the system actor ``name`` in one municipality; what it
    returns is ignored. An endless one holds a thread of the worker for ever."""
    schedule: Schedule
    """When: ``Every``, ``Daily``, ``Weekly`` or ``Monthly``."""
    label: Label
    """What municipal IT reads in the list of jobs."""
    again: bool = True
    """Whether a run that was cut off, as by a power cut, may be done again from the start."""

    def __post_init__(self) -> None:
        _check_work("Job", self.name, self.run)
        if not isinstance(self.schedule, Schedule):
            raise BadContribution(
                f"Job {self.name!r}: schedule must be Every, Daily, Weekly or Monthly, "
                f"not {self.schedule!r}"
            )


@dataclass(frozen=True, slots=True)
class Task:
    """Work that is asked for with ``later`` and done by the worker, outside of any transaction.

    At least once: a worker that is killed at it leaves it to the next one, from the start. One that
    fails is tried again, 12 times in all, first after a minute and then each time after twice as
    long, six hours at the most.
    """

    name: str
    """``<plugin>.<what>``, in lower case, 60 characters at the most."""
    run: "Callable[..., object]"
    """Called with a context that acts as the system actor ``name`` in the municipality of whoever
    asked, and with the values that were given to ``later`` by name; what it returns is ignored."""
    label: Label
    """What municipal IT reads where it waits or has failed."""
    hidden: bool = False
    """Whether it does what somebody does without their name, asked for with ``later_hidden``: it is
    then done at the next quarter of an hour, in a transaction, with the context, the ``HiddenAuthor``
    and the values by name."""
    writes: bool = True
    """Of a hidden one: whether it writes something for others to read. What does not, as withdrawing
    or choosing an answer, somebody may still do whom a moderator paused."""

    def __post_init__(self) -> None:
        _check_work("Task", self.name, self.run)


def _check_work(kind: str, name: Any, run: Any) -> None:
    where = f"{kind} {name!r}"
    if not isinstance(name, str) or not CODE.fullmatch(name) or "." not in name:
        raise BadContribution(f"{where}: name it like 'tea.brew', in lower case")
    if len(name) > LONGEST_NAME:
        raise BadContribution(f"{where}: choose a name of {LONGEST_NAME} characters at the most")
    if not callable(run):
        raise BadContribution(f"{where}: run must be a function of ctx")


def _check_time(kind: str, at: Any) -> None:
    if not isinstance(at, str) or not _TIME.fullmatch(at):
        raise BadContribution(f"{kind}: give the time like '07:30', not {at!r}")


def _is_whole(number: Any, least: int, most: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and least <= number <= most


def _latest(
    now: datetime,
    at: str,
    on_or_before: Callable[[date], date],
    before: Callable[[date], date],
) -> datetime:
    """Return the last due instant: that of the last day, or while it is to come of the day before."""
    wall = tokyo_wall_time(now)
    day = on_or_before(wall.date())
    due = _instant(day, time.fromisoformat(at))
    return due if due <= now else _instant(before(day), time.fromisoformat(at))


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, TOKYO).astimezone(UTC)
