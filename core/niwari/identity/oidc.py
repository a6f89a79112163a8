"""The relying party: OpenID Connect sign-in at one provider, by authorization code with PKCE.

Authlib does state, nonce, PKCE and the signature. What it leaves to its caller is checked here:
that the metadata are the issuer's own, that the answer names its issuer (RFC 9207), that the token
is meant for us, and by which algorithms it is signed. All of it goes by the machine's time, never
by a demo's shifted clock, because the provider does.
"""

import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App
from joserfc.errors import JoseError
from requests import RequestException

from niwari.identity.accounts import MAIL, Account
from niwari.identity.auth_time import NotRecent, age_of_sign_in
from niwari.identity.client_authentication import show_client_secret
from niwari.identity.logout_token import Checks, LogoutRefused
from niwari.identity.metadata import TIMEOUT_SECONDS, BadMetadata, Transport, fetch_metadata
from niwari.identity.pending import PendingMemory, pending_sign_ins

_LEEWAY_SECONDS = 30
_REFRESH_SECONDS = 3600
# Whoever sends tokens of unknown keys does not make us ask the provider for its keys each time.
_NEW_KEYS_SECONDS = 30
# How a token endpoint says that it does not take us for its client (RFC 6749, section 5.2).
_NOT_ITS_CLIENT = ("invalid_client", "unauthorized_client")
_NAME = "oidc"

# Authlib writes verifiers and tokens to its debug log.
logging.getLogger("authlib").setLevel(logging.INFO)


class SignInFailed(Exception):
    """A sign-in that is refused: forged, replayed, cancelled or broken.

    The message is one of ours and safe to log: it never repeats what came from outside.
    """


class Cancelled(SignInFailed):
    """The person (or the provider for them) chose not to sign in."""


class ProviderUnavailable(SignInFailed):
    """The provider did not answer, not as a provider does, or refused our id or secret."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A sign-in that succeeded: whose, and what is kept for signing out and going on.

    ``age`` is how long ago the person showed the provider who they are, ``None`` where it did not
    say. ``was_recent`` tells that this was asked for (see ``begin``) and is proved, ``session_id``
    the session in which it was.
    """

    account: Account
    id_token: str
    next_address: str
    age: timedelta | None
    was_recent: bool
    session_id: int | None = None


class RelyingParty:
    """This installation as a client of one provider, as of one revision; all threads share it."""

    def __init__(
        self,
        *,
        provider_id: int,
        revision: int,
        issuer: str,
        client_id: str,
        client_secret: str,
        base_url: str,
        login_claim: str = "preferred_username",
        session_class: type[Any] = Transport,
    ) -> None:
        """Describe the provider; nothing is asked of it before the first sign-in."""
        self.provider_id = provider_id
        self.revision = revision
        self.issuer = issuer
        self.login_claim = login_claim
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_address(base_url, provider_id)
        self._signed_out_uri = signed_out_address(base_url)
        self._session_class = session_class
        self._memory = PendingMemory(_NAME)
        self._client: Any = None
        self._client_made_at = 0.0
        self._keys_renewed_at = -math.inf

    def begin(
        self,
        next_address: str,
        *,
        login_hint: str | None = None,
        max_age: timedelta | None = None,
        session_id: int | None = None,
    ) -> str:
        """Return the provider's address at which a sign-in starts.

        What its answer is checked against goes into the browser's cookie, with ``next_address``.
        With ``max_age`` the provider is to ask who the person is, and only an answer that proves
        that it did so no longer ago is taken, by the session ``session_id`` alone. Raises
        ``ProviderUnavailable``.
        """
        client = self._ready_client()
        asked: dict[str, Any] = {"login_hint": login_hint}
        if max_age is not None:
            asked |= {"prompt": "login", "max_age": int(max_age.total_seconds())}
        prepared = client.create_authorization_url(self._redirect_uri, **asked)
        address: str = prepared.pop("url")
        client.save_authorize_data(
            redirect_uri=self._redirect_uri,
            next_address=next_address,
            provider_id=self.provider_id,
            revision=self.revision,
            max_age=asked.get("max_age"),
            session_id=session_id,
            **prepared,
        )
        return address

    def finish(self, arguments: Mapping[str, str]) -> Answer:
        """Check the provider's answer, the ``arguments`` of the present request, and redeem it.

        An answer is good once: what it is checked against is forgotten here, whatever comes of it.
        Raises ``SignInFailed``, ``Cancelled`` or ``ProviderUnavailable``.
        """
        state = arguments.get("state", "")
        pending = pending_sign_ins().get(state)
        # It counts at the address of the provider alone that was asked (mix-up, RFC 9207).
        if pending is None or pending["provider_id"] != self.provider_id:
            raise SignInFailed("the answer belongs to no sign-in of this browser")
        client = self._ready_client()
        try:
            self._check_answer(client, arguments)
            token, claims = self._redeem(client)
            age = age_of_sign_in(claims, time.time(), pending["max_age"], _LEEWAY_SECONDS)
        except NotRecent as error:
            raise SignInFailed(str(error)) from None
        finally:
            pending_sign_ins().forget(state)
        account = Account(
            provider_id=self.provider_id,
            claim=self.login_claim,
            issuer=self.issuer,
            subject=_text(claims, "sub", 255),
            login=_text(claims, self.login_claim, 254),
            has_verified_mail=claims.get("email_verified") is True,
            idp_session=_text(claims, "sid", 200),
        )
        if not account.subject:
            raise SignInFailed("the token names no subject")
        was_recent = pending["max_age"] is not None
        return Answer(
            account,
            token["id_token"],
            pending["next_address"],
            age,
            was_recent,
            pending["session_id"],
        )

    def end_session_address(self, id_token: str | None) -> str | None:
        """Return where the browser ends the provider's session too, or ``None`` where it cannot.

        Without ``id_token``, of a session that has ended, the provider asks the person first.
        """
        try:
            client = self._ready_client()
        except ProviderUnavailable:
            return None
        if "end_session_endpoint" not in client.server_metadata:
            return None
        prepared = client.create_logout_url(
            post_logout_redirect_uri=self._signed_out_uri,
            id_token_hint=id_token,
            # Providers cannot tell the client from a token whose audience is a list.
            client_id=self._client_id,
        )
        return str(prepared["url"])

    def checks(self) -> Checks:
        """Return what a logout token of the provider is checked against.

        Raises ``ProviderUnavailable``, as the keys do.
        """
        algorithms = self._ready_client().server_metadata["id_token_signing_alg_values_supported"]
        return Checks(self.issuer, self._client_id, algorithms, self._keys)

    def _keys(self, fresh: bool) -> Any:
        if fresh:
            if time.monotonic() - self._keys_renewed_at < _NEW_KEYS_SECONDS:
                raise LogoutRefused("the token is signed with no known key")
            self._keys_renewed_at = time.monotonic()
        try:
            return self._ready_client().fetch_jwk_set(force=fresh)
        except (RequestException, ValueError) as error:
            raise ProviderUnavailable(f"no keys at the provider: {type(error).__name__}") from None

    def _check_answer(self, client: Any, arguments: Mapping[str, str]) -> None:
        named = arguments.get("iss")
        advertised = client.server_metadata["authorization_response_iss_parameter_supported"]
        if named is None and advertised:
            raise SignInFailed("the answer does not name its issuer")
        if named is not None and named != self.issuer:
            raise SignInFailed("the answer names another issuer")
        if arguments.get("error") == "access_denied":
            raise Cancelled("the sign-in was cancelled")
        if "error" in arguments:
            raise SignInFailed("the provider answered with an error")
        if not arguments.get("code"):
            raise SignInFailed("the answer has no code")

    def _redeem(self, client: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        try:
            token = client.authorize_access_token(
                leeway=_LEEWAY_SECONDS,
                claims_options={"iss": {"essential": True, "value": self.issuer}},
            )
            claims = token["userinfo"]
            audience = claims["aud"]
        except RequestException as error:
            self._forget()
            raise ProviderUnavailable(f"the provider failed: {type(error).__name__}") from None
        except (AuthlibBaseError, JoseError) as error:
            self._forget()
            if getattr(error, "error", None) in _NOT_ITS_CLIENT:
                # A matter of the settings: nobody who signs in has done anything wrong.
                raise ProviderUnavailable("the provider refused our client id or secret") from None
            raise SignInFailed(f"the token was refused: {type(error).__name__}") from None
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # Whatever a provider sends instead of what it should ends here, not as our failure.
            self._forget()
            raise SignInFailed(f"the token is malformed: {type(error).__name__}") from None
        # A list that is empty, or that names others alone, passes Authlib.
        named = audience if isinstance(audience, list) else [audience]
        if self._client_id not in named:
            raise SignInFailed("the token is for somebody else")
        return token, claims

    def _ready_client(self) -> Any:
        client = self._client
        if client is None or time.monotonic() - self._client_made_at > _REFRESH_SECONDS:
            client = FlaskOAuth2App(
                self._memory,
                self._memory.name,
                client_id=self._client_id,
                client_secret=self._client_secret,
                client_kwargs={
                    "scope": f"openid profile{' email' if self.login_claim == MAIL else ''}",
                    "code_challenge_method": "S256",
                    "token_endpoint_auth_method": show_client_secret,
                    "default_timeout": TIMEOUT_SECONDS,
                },
                **self._metadata(),
            )
            client.client_cls = self._session_class
            self._client, self._client_made_at = client, time.monotonic()
        return client

    def _metadata(self) -> dict[str, Any]:
        try:
            return fetch_metadata(self.issuer, self._session_class)
        except BadMetadata as error:
            raise ProviderUnavailable(f"no metadata at the provider: {error}") from None

    def _forget(self) -> None:
        # With the client go its metadata and keys: one empty or outdated answer of the provider
        # must not break sign-in for good. Other threads finish with the client that they hold.
        self._client = None


def redirect_address(base_url: str, provider_id: int) -> str:
    """Return the redirect address that is registered with a provider."""
    return f"{base_url.rstrip('/')}/sign-in/callback/{provider_id}"


def logout_address(base_url: str, provider_id: int) -> str:
    """Return where a provider announces sign-outs (back-channel logout)."""
    return f"{base_url.rstrip('/')}/sign-in/back-channel-logout/{provider_id}"


def signed_out_address(base_url: str) -> str:
    """Return the address after signing out that is registered with every provider."""
    return f"{base_url.rstrip('/')}/signed-out"


def pending_revision(provider_id: int, state: str) -> int | None:
    """Return as of which revision this browser asked a provider for the answer ``state``."""
    pending = pending_sign_ins().get(state)
    if pending is None or pending["provider_id"] != provider_id:
        return None
    revision: int = pending["revision"]
    return revision


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    value = claims.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise SignInFailed("a claim of the token is not a short text")
    return value
