"""How an offer reads: where, how, since when, and what one may say of it on a groupware's board."""

from niwari.context import Context
from niwari.ledger.left import Left
from niwari.ledger.models import State
from niwari.ledger.words import PLACE_LABELS, STATE_LABELS
from niwari.pages.board_text import board_text
from niwari.pages.texts import gettext as _
from niwari.pages.texts import locale
from niwari.pages.times import month_name, time_span
from niwari.pages.wording import minutes
from niwari.specs.contributions import Label, Mode, Offer
from niwari.writing.showing import plain_lines

ASKED_LABELS = {
    **STATE_LABELS,
    State.REQUESTED: Label("了承を待っています", "Waiting for OK"),
    State.AGREED: Label("了承済み", "OK"),
    State.PARTLY_AGREED: Label("短くして了承", "OK for less"),
}


def asked_label(state: State) -> str:
    """Return how far the reader's own request for an offer is."""
    return ASKED_LABELS[state].text(locale())


def when_text(offer: Offer) -> str:
    """Write when it takes place, else that everybody chooses the day."""
    if offer.starts_at is None or offer.ends_at is None:
        return _("日にちは自分で決められます")
    return time_span(offer.starts_at, offer.ends_at)


def place_text(offer: Offer) -> str:
    """Write where one takes part: the place, and that it is online too or alone."""
    if Mode.ON_SITE not in offer.modes:
        return _("オンライン")
    place = offer.place or offer.municipality_name
    return (
        _("%(place)s（オンラインでも参加できます）", place=place)
        if Mode.ONLINE in offer.modes
        else place
    )


def way_text(offer: Offer, way: str) -> str:
    """Write one of ``ways_of``: 会場で（三春交流館）, オンラインで（自宅）."""
    mode, _rest, place = way.partition(":")
    if mode == Mode.ON_SITE:
        return _("会場で（%(place)s）", place=offer.place or offer.municipality_name)
    return _("オンラインで（%(place)s）", place=PLACE_LABELS[place].text(locale()))


def taken(offer: Offer, left: Left) -> int:
    """Return the minutes of the own allowance that an offer takes; breaks and leave take none.

    An offer with a time lies in the month of ``left``.
    """
    if offer.starts_at is None or offer.ends_at is None:
        return offer.takes
    return left.taken_by(offer.starts_at, offer.ends_at)


def shortage_text(ctx: Context, offer: Offer, left: Left, counts: bool) -> str:
    """Say that less is left than the offer takes, where it lies in the month of ``left``; else ''."""
    if not counts or (offer.starts_on or ctx.today) not in left.period:
        return ""
    needed = taken(offer, left)
    if needed <= left.free:
        return ""
    amounts = {"free": minutes(max(left.free, 0)), "takes": minutes(needed)}
    if ctx.today in left.period:
        return _("今月の残りは%(free)sです。この取組には%(takes)sかかります。", **amounts)
    month = month_name(left.period.starts_on)
    return _(
        "%(month)sの残りは%(free)sです。この取組には%(takes)sかかります。", month=month, **amounts
    )


def board_text_of(offer: Offer, address: str) -> str:
    """Lay an offer out for a groupware's board; ``address`` is that of its page."""
    when = when_text(offer)
    length = minutes(offer.takes)
    return board_text(
        title=offer.title,
        when=_("%(when)s（%(length)s）", when=when, length=length),
        place=place_text(offer),
        lines=plain_lines(offer.text),
        address=address,
        contact=_contact(offer),
    )


def _contact(offer: Offer) -> str:
    return f"{offer.municipality_name} {offer.contact}" if offer.contact else ""
