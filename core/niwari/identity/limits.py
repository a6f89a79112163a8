"""How often sign-ins may begin and end, from one address and in all."""

from datetime import datetime

from niwari.config import Settings
from niwari.host.rate_limits import Limit, count, network_of


def count_step(step: str, settings: Settings, address: str | None, now: datetime) -> None:
    """Count one more ``step`` of a sign-in or a logout from ``address``; raises ``TooMany``.

    Each step has limits of its own, a minute long. The address comes first: what it is refused
    does not count in all, so that one machine cannot use up what is there for everybody.
    """
    count(Limit(f"{step} by address", settings.sign_ins_per_address), network_of(address), now)
    count(Limit(step, settings.sign_ins_in_all), "", now)
