"""Keyset paging: a cursor says after which row the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from niwari.rest.reading import WrongParameters
from niwari.rest.shapes import Page, WrongParameter
from niwari.texts import is_illegible

Row = TypeVar("Row")
Item = TypeVar("Item")


def read_cursor(after: str | None, kind: Any) -> Any:
    """Return the values in a cursor as a ``kind`` (a tuple), or ``None`` for the first page.

    Raises ``WrongParameters`` for anything that this application did not make.
    """
    if after is None:
        return None
    try:
        # The padding that it was made without; more than is needed does no harm.
        values = msgspec.json.decode(urlsafe_b64decode(f"{after}==="), type=kind)
    except (Error, ValueError, msgspec.MsgspecError) as error:
        raise _not_ours() from error
    if any(isinstance(value, str) and is_illegible(value) for value in values):
        raise _not_ours()
    return values


def page_of(
    found: Sequence[Row], limit: int, item: Callable[[Row], Item], key: Callable[[Row], Any]
) -> Page[Item]:
    """Make a page of up to ``limit`` rows out of ``found``, which has one more where there is more.

    ``key`` returns the values after which the next page begins.
    """
    shown = found[:limit]
    more = len(found) > limit
    return Page(tuple(map(item, shown)), _cursor(key(shown[-1])) if more else None)


def _cursor(values: Any) -> str:
    return urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def _not_ours() -> WrongParameters:
    return WrongParameters((WrongParameter("query", "after", "no cursor of this list"),))
