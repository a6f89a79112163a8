"""A request for something that is offered: its time and place are those of the offer."""

from typing import TYPE_CHECKING

from niwari.errors import Minutes
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.errors import AsOffered, TakesMore
from niwari.ledger.models import Request

if TYPE_CHECKING:
    from niwari.ledger.asking.wishes import Wish


def check_as_offered(opened: OpenAccount, request: Request, wish: "Wish") -> None:
    """Say no to another wish than that with which the person joined, and where less is left.

    The purpose is free, and so is the day of what has no time. Raises ``AsOffered`` and ``TakesMore``.
    """
    if wish.travel or (wish.activity, wish.place) != (request.activity, request.place):
        raise AsOffered
    if request.starts_at is None:
        if wish.interval is not None or wish.minutes != request.minutes:
            raise AsOffered
    elif wish.interval != (request.starts_at, request.ends_at):
        raise AsOffered
    if request.counts and request.minutes > opened.free:
        raise TakesMore(free=Minutes(max(opened.free, 0)), takes=Minutes(request.minutes))
