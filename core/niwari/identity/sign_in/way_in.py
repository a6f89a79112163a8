"""The ways in and out of the present request: which provider was chosen, now or last time."""

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from niwari.errors import NotFound
from niwari.identity.protocol.oidc import ProviderUnavailable
from niwari.identity.providers.relying_parties import (
    only_relying_party,
    provider_of_issuer,
    relying_party,
)
from niwari.identity.sign_in.finding import Way, first_ways, way_by_id, ways_of
from niwari.pages.addresses import whole_number
from niwari.pages.parts import parts

_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Offer:
    """The ways in that this visitor is offered; ``has_others`` tells that there are more."""

    ways: tuple[Way, ...]
    has_others: bool


def offer() -> Offer:
    """Return the only active provider, else what was chosen by address or, in former times, cookie.

    No way means that the visitor has to choose, or where there are no others, that nobody can.
    """
    first = first_ways()
    if first and "choose" in request.args:
        return Offer((), has_others=True)
    if len(first) < 2:
        return Offer(first, has_others=False)
    town = whole_number(request.args.get("municipality"))
    if town is not None:
        return Offer(ways_of(town), has_others=True)
    chosen = asked_provider()
    if chosen is None:
        chosen = whole_number(request.cookies.get(_cookie_name()))
    way = None if chosen is None else way_by_id(chosen)
    return Offer(() if way is None else (way,), has_others=True)


def asked_provider() -> int | None:
    """Return the provider that the address names, or ``None``."""
    return whole_number(request.args.get("provider"))


def start_href(offered: Offer, way: Way, onward: str, account: str | None = None) -> str:
    """Return where the sign-in by ``way`` starts; the only way needs no name."""
    named = way.provider_id if offered.has_others else None
    return url_for("identity.start", provider=named, next=onward, account=account)


def remember(response: Response, provider_id: int) -> None:
    """Let this browser offer the provider first, for a year; the cookie holds its id alone."""
    response.set_cookie(
        _cookie_name(),
        str(provider_id),
        max_age=_YEAR_SECONDS,
        path="/",
        secure=_is_https(),
        httponly=True,
        samesite="Lax",
    )


def way_out(issuer: str, id_token: str | None) -> str | None:
    """Return where the browser ends its session at the provider too, or ``None``.

    ``issuer`` is the session's; where it has ended, it is the provider that was used last here.
    """
    remembered = whole_number(request.cookies.get(_cookie_name()))
    try:
        if issuer:
            party = provider_of_issuer(issuer)
        elif remembered is not None:
            party = relying_party(remembered)
        else:
            party = only_relying_party()
    except (NotFound, ProviderUnavailable):
        return None
    return party.end_session_address(id_token) if party is not None else None


def _is_https() -> bool:
    return parts().settings.base_url.startswith("https://")


def _cookie_name() -> str:
    return "__Host-niwari_provider" if _is_https() else "niwari_provider"
