"""How amounts and refusals read in the reader's language."""

from datetime import date, datetime
from typing import Any

from niwari.errors import DomainError, Minutes
from niwari.pages.texts import gettext, locale

_DAYS_JA = "月火水木金土日"
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def is_english() -> bool:
    """Tell whether the present reader reads English."""
    return locale() == "en"


def minutes(amount: int) -> str:
    """Write whole minutes as 1時間30分 or 1 h 30 min; never as 1:30."""
    sign = "−" if amount < 0 else ""
    hours, rest = divmod(abs(amount), 60)
    hour, minute, space = (" h", " min", " ") if is_english() else ("時間", "分", "")
    parts = [f"{hours:,}{hour}"] if hours else []
    parts += [f"{rest}{minute}"] if rest or not hours else []
    return sign + space.join(parts)


def day(value: date, *, year: bool = False) -> str:
    """Write a day as 11月18日（水） or Wed 18 Nov, with the year where asked."""
    if is_english():
        text = f"{_DAYS_EN[value.weekday()]} {value.day} {MONTHS_EN[value.month - 1]}"
        return f"{text} {value.year}" if year else text
    text = f"{value.month}月{value.day}日（{_DAYS_JA[value.weekday()]}）"
    return f"{value.year}年{text}" if year else text


def sentence_of(error: DomainError) -> str:
    """Return what a refusal says, with the rule that it comes from."""
    sentence = gettext(error.text, **_shown(error.params)) if error.params else gettext(error.text)
    return f"{sentence}（{error.rule}）" if error.rule else sentence


def _shown(params: dict[str, Any]) -> dict[str, Any]:
    return {name: _word(value) for name, value in params.items()}


def _word(value: Any) -> Any:
    if isinstance(value, Minutes):
        return minutes(value)
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return day(value, year=True) if is_day else value
