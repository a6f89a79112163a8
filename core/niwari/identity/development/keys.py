"""The development provider's signing keys, shared by all processes through the database."""

import json
from functools import lru_cache

from joserfc.jwk import KeySet, RSAKey

from niwari.clock import system_clock
from niwari.identity.models import DevelopmentKey

ALGORITHM = "RS256"


def signing_key() -> RSAKey:
    """Return the private key to sign with, making it on first use.

    Two processes that start together may each make one; both are published, the older one signs.
    """
    row = DevelopmentKey.select().order_by(DevelopmentKey.id).first()
    if row is None:
        made = RSAKey.generate_key(
            2048, parameters={"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True
        )
        DevelopmentKey.insert(
            jwk=json.dumps(made.as_dict(private=True)), made_at=system_clock()
        ).execute()
        return signing_key()
    return _imported(row.jwk)


def published_keys() -> KeySet:
    """Return all keys that a token may be signed with."""
    signing_key()
    rows = DevelopmentKey.select().order_by(DevelopmentKey.id)
    return KeySet([_imported(row.jwk) for row in rows])


@lru_cache(maxsize=8)
def _imported(jwk: str) -> RSAKey:
    # The numbers of a private key are tested each time it is read, which takes a page's time.
    return RSAKey.import_key(json.loads(jwk))
