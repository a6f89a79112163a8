"""The development provider's signing keys, shared by all processes through the database."""

import json

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
    return RSAKey.import_key(json.loads(row.jwk))


def published_keys() -> KeySet:
    """Return all keys that a token may be signed with."""
    signing_key()
    rows = DevelopmentKey.select().order_by(DevelopmentKey.id)
    return KeySet([RSAKey.import_key(json.loads(row.jwk)) for row in rows])
