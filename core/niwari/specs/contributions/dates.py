"""When something happens: days or instants, a place, and whether it recurs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeGuard, get_args

from niwari.clock import tokyo_day
from niwari.errors import N_
from niwari.specs.contributions.rules import BadDates, check_day, check_rule, rule_days
from niwari.texts import is_illegible

OnHoliday = Literal["keep", "skip", "before", "after", "next_week"]
ON_HOLIDAY: tuple[OnHoliday, ...] = get_args(OnHoliday)

LONGEST = timedelta(days=366)
"""How long something can last that happens once."""

LONGEST_RECURRING = timedelta(days=31)
"""How long each time can last of something that recurs."""

LONGEST_PLACE = 200


@dataclass(frozen=True, slots=True)
class Repeats:
    """That something recurs: by which rule, until when, and what becomes of a closed day.

    Raises ``BadDates``, an ``Invalid`` whose sentence and field a form can show, for a rule that
    is not taken or has no end.
    """

    rule: str
    """An RRULE (RFC 5545) of FREQ=DAILY, WEEKLY, MONTHLY or YEARLY, with INTERVAL, BYDAY,
    BYMONTHDAY, BYMONTH or BYSETPOS, and neither COUNT nor UNTIL: ``FREQ=MONTHLY;BYDAY=3WE``."""
    until: date
    """The last Tokyo day on which it can happen by the rule; at most five years after the start."""
    on_holiday: OnHoliday = "skip"
    """What becomes of a time that falls on a day on which the offices are closed: it is kept,
    skipped, or moved to the working day before or after, or to the same weekday a week later. Closed
    are holidays, 29 December to 3 January, and weekends unless the rule names that weekday. A time
    that would be moved onto the day of another is skipped."""

    def __post_init__(self) -> None:
        if not isinstance(self.rule, str):
            raise BadDates(N_("くり返しの決まりを文字で指定してください。"), field="rule")
        check_rule(self.rule)
        if not _is_day(self.until):
            raise BadDates(
                N_("くり返しがいつまで続くかを、日付で指定してください。"), field="until"
            )
        check_day(self.until)
        if self.on_holiday not in ON_HOLIDAY:
            raise BadDates(N_("閉庁日に当たったときの扱いを選んでください。"), field="on_holiday")


@dataclass(frozen=True, slots=True)
class When:
    """When a row takes place, as ``Resource.dated`` returns it.

    ``start`` and ``end`` are both Tokyo days, ``end`` being the last one, or both aware instants,
    ``end`` being later. With ``repeats`` they are those of the first time, or where the rule does
    not name that day, of the first day from then on that it names. Raises ``BadDates``, an
    ``Invalid`` whose sentence and field a form can show.
    """

    start: date | datetime
    """The day, or the aware instant, at which it begins."""
    end: date | datetime | None = None
    """The last day, or the instant at which it ends; ``None`` for one day, or an open end."""
    place: str = ""
    """Where, in one line of at most 200 characters: a room, or that it is online."""
    repeats: Repeats | None = None
    """Whether it happens again."""

    def __post_init__(self) -> None:
        self._check_span()
        if len(self.place) > LONGEST_PLACE or is_illegible(self.place) or "\n" in self.place:
            raise BadDates(
                N_("場所は、1行で%(most)d文字以内で入力してください。"),
                field="place",
                most=LONGEST_PLACE,
            )
        if self.repeats is not None:
            rule_days(self.repeats.rule, self.first_day, self.repeats.until)

    @property
    def is_timed(self) -> bool:
        """Whether it begins at a time of the day, and does not take whole days."""
        return isinstance(self.start, datetime)

    @property
    def first_day(self) -> date:
        """The Tokyo day of ``start``."""
        return tokyo_day(self.start) if isinstance(self.start, datetime) else self.start

    @property
    def length(self) -> timedelta:
        """From ``start`` to ``end``; nothing without an end, and for one whole day."""
        return timedelta() if self.end is None else self.end - self.start

    def _check_span(self) -> None:
        for field, value in (("start", self.start), ("end", self.end)):
            if isinstance(value, datetime):
                if value.tzinfo is None:
                    raise BadDates(N_("時刻を、時差とともに指定してください。"), field=field)
                check_day(value.date())  # near the end of time there is no other zone
                check_day(tokyo_day(value))
            elif value is not None or field == "start":
                if not _is_day(value):
                    raise BadDates(N_("日付を指定してください。"), field=field)
                check_day(value)
        if self.end is None:
            return
        if isinstance(self.end, datetime) != self.is_timed:
            raise BadDates(
                N_("始まりと終わりは、両方とも日付か、両方とも時刻で指定してください。"),
                field="end",
            )
        if self.length < timedelta() or (self.is_timed and not self.length):
            raise BadDates(N_("終わりを、始まりより後にしてください。"), field="end")
        if self.length > (LONGEST_RECURRING if self.repeats else LONGEST):
            raise BadDates(
                N_("始まりから終わりまでを、%(days)d日以内にしてください。"),
                field="end",
                days=(LONGEST_RECURRING if self.repeats else LONGEST).days,
            )


def when_of(dated: object) -> When | None:
    """Return what ``Resource.dated`` gave as a ``When``: a day or an instant alone is a start."""
    if dated is None or isinstance(dated, When):
        return dated
    if isinstance(dated, date):  # an instant is one too
        return When(dated)
    raise BadDates(N_("日付を指定してください。"), field="start")


def _is_day(value: object) -> TypeGuard[date]:
    return isinstance(value, date) and not isinstance(value, datetime)
