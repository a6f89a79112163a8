"""An OpenID provider for demos and tests, in the same process: it asks for the account alone.

It stands for a municipality's own provider, so it keeps to the rules of a real one (PKCE S256,
codes for one use, RFC 9207, logout by the relying party) and to the machine's time. It refuses to
be made in production.
"""

from niwari.identity.development.mounting import mount_development_provider
from niwari.identity.development.storing import store_development_provider

__all__ = ["mount_development_provider", "store_development_provider"]
