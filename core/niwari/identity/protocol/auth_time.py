"""When somebody last showed the provider who they are, by the word of an ID token."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

RECENTLY = timedelta(minutes=10)
"""How long ago that may be for what is sensitive."""


_LATEST = 10**11


class NotRecent(ValueError):
    """The token does not prove what was asked for; the message is ours and safe to log."""


def age_of_sign_in(
    claims: Mapping[str, Any], now: float, max_age: float | None, leeway: float
) -> timedelta | None:
    """Return how long before ``now`` (seconds of the epoch) it was, by ``auth_time``, or ``None``.

    Where ``max_age`` seconds were asked for, it must be said and be no longer ago: when the token
    was issued (``iat``) is no proof, because a provider issues tokens to whoever is still signed in
    there. Raises ``NotRecent``.
    """
    said = claims.get("auth_time")
    if said is None:
        if max_age is not None:
            raise NotRecent("the token does not say when the person signed in")
        return None
    # NaN is a number in JSON as Python reads it, and is neither before nor after anything.
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 < said < _LATEST:
        raise NotRecent("the token says in no moment when the person signed in")
    age = now - said
    if age < -leeway or (max_age is not None and age > max_age + leeway):
        raise NotRecent("the person did not sign in anew")
    return timedelta(seconds=max(0.0, age))
