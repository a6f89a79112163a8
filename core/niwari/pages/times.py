"""How days and times are written in the reader's language: 11月18日（水）15:00–16:00."""

from datetime import date, datetime, time, timedelta

from flask_babel import format_date

from niwari.clock import tokyo_day, tokyo_wall_time
from niwari.pages.wording import MONTHS_EN, is_english
from niwari.pages.wording import day as day


def month(value: date) -> str:
    """Write a month as 2026年11月 or Nov 2026."""
    if is_english():
        return f"{MONTHS_EN[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月"


def month_name(value: date) -> str:
    """Write a month without its year, as 11月 or November."""
    return format_date(value, "MMMM")


def clock_time(instant: datetime) -> str:
    """Write an instant's time of day in Tokyo as 15:00."""
    wall = tokyo_wall_time(instant)
    return f"{wall.hour}:{wall.minute:02d}"


def moment(instant: datetime, *, year: bool = False) -> str:
    """Write an instant as 11月18日（水）15:00 in Tokyo, with the year where asked."""
    space = " " if is_english() else ""
    return f"{day(tokyo_day(instant), year=year)}{space}{clock_time(instant)}"


def deadline(instant: datetime) -> str:
    """Write until when one may, as ``moment``: at the end of a day, which is 0:00 of the next, the day."""
    wall = tokyo_wall_time(instant)
    return moment(instant) if wall.time() > time() else day(wall.date() - timedelta(days=1))


def iso(value: date | datetime) -> str:
    """Write a day or an instant for a ``datetime`` attribute, instants in Tokyo's offset."""
    if isinstance(value, datetime):
        return tokyo_wall_time(value).isoformat(timespec="minutes")
    return value.isoformat()


def time_span(starts_at: datetime, ends_at: datetime) -> str:
    """Write a time on one Tokyo day as 11月18日（水）15:00–16:00."""
    return f"{moment(starts_at)}–{clock_time(ends_at)}"
