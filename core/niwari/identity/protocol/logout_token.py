"""Logout tokens: a provider's word that somebody's session there is over.

OpenID Connect Back-Channel Logout 1.0, section 2.4 to 2.6. The token comes from nobody who could be
asked back, so it is believed by its signature and claims alone.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError, MissingKeyError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from niwari.identity.protocol.metadata import MALFORMED

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LEEWAY_SECONDS = 30

_LONGEST_TOKEN = 16_384
# A token that is good for longer would have to be remembered for longer.
_LONGEST_LIFE_SECONDS = 24 * 3600
_LATEST = 10**11
# Providers from before the type had a name of its own say JWT, or nothing.
_TYPES = ("logout+jwt", "application/logout+jwt", "jwt")


class LogoutRefused(Exception):
    """A logout token that is not believed; the message is ours and safe to log."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What tokens of one provider are checked against.

    ``keys`` returns the provider's keys (JWKS), asked for anew with ``True``.
    """

    issuer: str
    client_id: str
    algorithms: Collection[str]
    keys: Callable[[bool], Any]


@dataclass(frozen=True, slots=True)
class LogoutToken:
    """Whose session is over: that of ``idp_session``, or of ``subject``; one may be empty.

    ``id`` is the SHA-256 of issuer and ``jti``; the token runs out in ``seconds_left``.
    """

    issuer: str
    id: str
    subject: str
    idp_session: str
    seconds_left: float


def read_logout_token(token: str, checks: Checks, now: float) -> LogoutToken:
    """Return what ``token`` says at ``now`` (seconds of the epoch, by the machine).

    Raises ``LogoutRefused``; whether it was used before is not known here.
    """
    if not token or len(token) > _LONGEST_TOKEN:
        raise LogoutRefused("no logout token, or one that is too long")
    decoded = _decoded(token, checks)
    kind = decoded.header.get("typ", "jwt")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise LogoutRefused("the token is of another type")
    claims = decoded.claims
    if claims.get("iss") != checks.issuer:
        raise LogoutRefused("the token is of another issuer")
    audience = claims.get("aud")
    if checks.client_id not in (audience if isinstance(audience, list) else [audience]):
        raise LogoutRefused("the token is for somebody else")
    if "nonce" in claims:
        raise LogoutRefused("the token has a nonce: it is an ID token")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise LogoutRefused("the token tells of no logout")
    subject, idp_session = _text(claims, "sub", 255), _text(claims, "sid", 200)
    if not subject and not idp_session:
        raise LogoutRefused("the token names neither a person nor a session")
    jti = _text(claims, "jti", 255)
    if not jti:
        raise LogoutRefused("the token has no identifier")
    return LogoutToken(
        checks.issuer,
        hashlib.sha256(f"{checks.issuer}\n{jti}".encode()).hexdigest(),
        subject,
        idp_session,
        _seconds_left(claims, now),
    )


def _decoded(token: str, checks: Checks) -> jwt.Token:
    # With the keys at hand, and where the key is not among them with those of the moment.
    for fresh in (False, True):
        try:
            return jwt.decode(
                token,
                KeySet.import_key_set(checks.keys(fresh)),
                registry=JWSRegistry(algorithms=list(checks.algorithms), strict_check_header=False),
            )
        except (InvalidKeyIdError, MissingKeyError):
            continue
        except JoseError as error:
            raise LogoutRefused(f"the token was refused: {type(error).__name__}") from None
        except MALFORMED as error:
            raise LogoutRefused(f"the token is malformed: {type(error).__name__}") from None
    raise LogoutRefused("the token is signed with no key of the provider")


def _seconds_left(claims: Mapping[str, Any], now: float) -> float:
    issued, ends = _moment(claims, "iat"), _moment(claims, "exp")
    begins = _moment(claims, "nbf") if "nbf" in claims else issued
    if max(issued, begins) > now + LEEWAY_SECONDS:
        raise LogoutRefused("the token is not valid yet")
    left = ends + LEEWAY_SECONDS - now
    if left <= 0:
        raise LogoutRefused("the token has expired")
    if left > _LONGEST_LIFE_SECONDS:
        raise LogoutRefused("the token is good for more than a day")
    return left


def _moment(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    # NaN is a number in JSON as Python reads it, and is neither before nor after anything.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LATEST:
        raise LogoutRefused(f"the token's {name} is no moment")
    return value


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise LogoutRefused(f"the token's {name} is not a short text")
    return value
