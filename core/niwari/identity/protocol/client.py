"""Authlib's client of a provider, as it is made for each request: it keeps nothing of its own."""

from typing import Any

from authlib.integrations.flask_client import FlaskOAuth2App

from niwari.identity.protocol.client_authentication import show_client_secret
from niwari.identity.protocol.published import Published
from niwari.identity.protocol.transport import TIMEOUT_SECONDS
from niwari.identity.sign_in.pending import PendingMemory

_NAME = "oidc"


class Client(FlaskOAuth2App):  # type: ignore[misc]
    """This installation as a client, with the metadata and keys that all requests share."""

    def __init__(
        self,
        published: Published,
        session_class: type[Any],
        *,
        client_id: str,
        client_secret: str,
        scope: str,
    ) -> None:
        """Take what is ``published``; raises ``BadMetadata``."""
        super().__init__(
            PendingMemory(_NAME),
            _NAME,
            client_id=client_id,
            client_secret=client_secret,
            client_kwargs={
                "scope": scope,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": show_client_secret,
                "default_timeout": TIMEOUT_SECONDS,
            },
            **published.metadata(),
        )
        self.client_cls = session_class
        self._published = published
        self._keys: Any = None

    @property
    def has_looked_at_keys(self) -> bool:
        """Whether a token was checked: the provider answered with one."""
        return self._keys is not None

    def fetch_jwk_set(self, force: bool = False) -> Any:
        """Return the provider's keys, with ``force`` others than those that did not do."""
        known = self._keys
        self._keys = self._published.keys_after(known) if force else self._published.keys()
        return self._keys
