"""How often sign-ins may begin and end, from one network and in all."""

from datetime import datetime, timedelta

from flask import Flask, current_app

from niwari.config import Settings
from niwari.host.rate_limits import (
    Full,
    Limit,
    TooMany,
    network_of,
    networks_of,
    remember,
    remembers,
)

SIGN_IN = "sign-in"
LOGOUT = "provider logout"

_PLACE = "niwari.identity.sign_in.limits"
_REMEMBERED = timedelta(days=90)


def install_limits(app: Flask) -> None:
    """Let ``app`` count; again forgets which limits this process has found reached."""
    app.extensions[_PLACE] = Full()


def count_step(
    step: str, settings: Settings, address: str | None, now: datetime, *, what: str = SIGN_IN
) -> None:
    """Count one more ``step`` of a sign-in or a logout from ``address``; raises ``TooMany``.

    Each step has limits of its own, a minute long. The network comes first: what it is refused does
    not count in all, so that one machine cannot use up what is there for everybody. Wider networks
    of IPv6 may do so two and four times as often. When what is there for all is used up, networks
    from which ``what`` was done in the last weeks go on within their own limits: a town hall is not
    locked out by a flood from elsewhere.
    """
    full: Full = current_app.extensions[_PLACE]
    networks = networks_of(address)
    own = [
        (Limit(_name(step, network), settings.sign_ins_per_address * 2**wider), network)
        for wider, network in enumerate(networks)
    ]
    in_all = Limit(step, settings.sign_ins_in_all)
    for limit, network in own:
        full.check(limit, network, now)
    is_full = full.has(in_all, "", now)
    if is_full and not remembers(what, networks[0], now):
        full.check(in_all, "", now)
    for limit, network in own:
        full.count(limit, network, now)
    if is_full:
        return
    try:
        full.count(in_all, "", now)
    except TooMany:
        if not remembers(what, networks[0], now):
            raise


def remember_network(address: str | None, now: datetime, *, what: str = SIGN_IN) -> None:
    """Remember for 90 days, under a keyed name, that ``what`` was done from there."""
    remember(what, network_of(address), now, _REMEMBERED)


def _name(step: str, network: str) -> str:
    _address, _slash, width = network.rpartition("/")
    return f"{step} by /{width}" if _slash else f"{step} by address"
