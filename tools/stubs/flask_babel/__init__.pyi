# What Niwari uses of Flask-Babel, which ships no types.
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from babel import Locale
from flask import Flask

class Babel:
    def __init__(
        self,
        app: Flask | None = ...,
        *,
        default_locale: str = ...,
        default_timezone: str = ...,
        locale_selector: Callable[[], str] | None = ...,
    ) -> None: ...

def gettext(string: str, **variables: Any) -> str: ...
def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str: ...
def lazy_gettext(string: str, **variables: Any) -> Any: ...
def get_locale() -> Locale | None: ...
def format_date(date: date | datetime | None = ..., format: str | None = ...) -> str: ...
def force_locale(locale: str) -> Any: ...
