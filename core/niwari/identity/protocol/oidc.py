"""The relying party: OpenID Connect sign-in at one provider, by authorization code with PKCE.

Authlib does state, nonce, PKCE and the signature. What it leaves to its caller is checked here:
that the metadata are the issuer's own, that the answer names its issuer (RFC 9207), that the token
is meant for us, and by which algorithms it is signed. All of it goes by the machine's time, never
by a demo's shifted clock, because the provider does.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
from joserfc.errors import JoseError
from requests import RequestException

from niwari.identity.protocol.addresses import redirect_address, signed_out_address
from niwari.identity.protocol.auth_time import NotRecent, age_of_sign_in
from niwari.identity.protocol.client import Client
from niwari.identity.protocol.line import Line, NotAnswering, over
from niwari.identity.protocol.logout_token import Checks, LogoutRefused
from niwari.identity.protocol.metadata import MALFORMED, BadMetadata
from niwari.identity.protocol.outward import AddressRule
from niwari.identity.protocol.published import Published
from niwari.identity.protocol.transport import AddressNotAllowed, AnswerTooLong
from niwari.identity.sign_in.accounts import MAIL, Account
from niwari.identity.sign_in.pending import pending_sign_ins

_LEEWAY_SECONDS = 30
# With groups in it a token has some thousand; it is kept with the session, for signing out.
_LONGEST_TOKEN = 32_768
# How a token endpoint says that it does not take us for its client (RFC 6749, section 5.2).
_NOT_ITS_CLIENT = ("invalid_client", "unauthorized_client")

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
        session_class: type[Any],
        rule: AddressRule,
        line: Line,
    ) -> None:
        """Describe the provider, which ``session_class`` asks over ``line``.

        Nothing is asked of it before the first sign-in.
        """
        self.provider_id = provider_id
        self.revision = revision
        self.issuer = issuer
        self.login_claim = login_claim
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_address(base_url, provider_id)
        self._signed_out_uri = signed_out_address(base_url)
        self._session_class = over(line, session_class)
        self._line = line
        self._published = Published(issuer, self._session_class, rule, line)

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
        try:
            client = self._ready_client()
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
        try:
            known = self._published.keys()
            if not fresh:
                return known
            if not self._line.may_ask_for_new_keys():
                raise LogoutRefused("the token is signed with no known key")
            return self._published.keys_after(known)
        except (RequestException, ValueError) as error:
            raise ProviderUnavailable(f"no keys at the provider: {_why(error)}") from None

    def _check_answer(self, client: Client, arguments: Mapping[str, str]) -> None:
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

    def _redeem(self, client: Client) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        try:
            token = client.authorize_access_token(
                leeway=_LEEWAY_SECONDS,
                claims_options={"iss": {"essential": True, "value": self.issuer}},
            )
            claims = token["userinfo"]
            audience = claims["aud"]
        except (RequestException, BadMetadata) as error:
            self._published.look_again()
            raise ProviderUnavailable(f"the provider failed: {_why(error)}") from None
        except OAuthError as error:
            self._line.answered()
            # Anybody gets here, with a code that is none: no reason to ask for anything anew.
            if error.error in _NOT_ITS_CLIENT:
                # A matter of the settings: nobody who signs in has done anything wrong.
                raise ProviderUnavailable("the provider refused our client id or secret") from None
            raise SignInFailed(f"the token was refused: {type(error).__name__}") from None
        except (AuthlibBaseError, JoseError) as error:
            self._doubt(client)
            raise SignInFailed(f"the token was refused: {type(error).__name__}") from None
        except MALFORMED as error:
            # Whatever a provider sends instead of what it should ends here, not as our failure.
            self._doubt(client)
            raise SignInFailed(f"the token is malformed: {type(error).__name__}") from None
        self._line.answered()
        # A list that is empty, or that names others alone, passes Authlib.
        named = audience if isinstance(audience, list) else [audience]
        if self._client_id not in named:
            raise SignInFailed("the token is for somebody else")
        if len(token["id_token"]) > _LONGEST_TOKEN:
            raise SignInFailed("the token is too long to be kept")
        return token, claims

    def _doubt(self, client: Client) -> None:
        # A token of the provider that does not hold: what is known of it may be wrong. An answer
        # that is no token comes from any code that is none, and with it from anybody.
        if client.has_looked_at_keys:
            self._published.distrust()
        else:
            self._published.look_again()

    def _ready_client(self) -> Client:
        try:
            return Client(
                self._published,
                self._session_class,
                client_id=self._client_id,
                client_secret=self._client_secret,
                scope=f"openid profile{' email' if self.login_claim == MAIL else ''}",
            )
        except BadMetadata as error:
            raise ProviderUnavailable(f"no metadata at the provider: {error}") from None


def _why(error: Exception) -> str:
    # What others say stays out of the log; these say nothing but what is ours.
    is_ours = isinstance(error, (AddressNotAllowed, AnswerTooLong, BadMetadata, NotAnswering))
    return str(error) if is_ours else type(error).__name__


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    value = claims.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise SignInFailed("a claim of the token is not a short text")
    return value
