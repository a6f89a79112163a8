"""What the tables keep of a secret that a browser or a program holds."""

import hashlib


def hashed(token: str) -> str:
    """Return the SHA-256 of a random token in hexadecimal: whoever copies the table has no token."""
    return hashlib.sha256(token.encode()).hexdigest()
