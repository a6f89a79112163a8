"""What the development provider grants: codes, bound to PKCE, and ID tokens for them."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin, InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode, UserInfo
from joserfc.jwk import RSAKey

from niwari.clock import system_clock
from niwari.directory.models import Person
from niwari.identity.development.keys import ALGORITHM, signing_key
from niwari.identity.hashing import hashed
from niwari.identity.models import DevelopmentCode

_CODE_LIFETIME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has an account at the provider, and the provider's session with them."""

    login: str
    session: str


@dataclass(frozen=True, slots=True)
class Client(ClientMixin):  # type: ignore[misc]
    """The one client of the provider: this installation."""

    client_id: str
    client_secret: str
    redirect_uri: str
    client_metadata: dict[str, Any]

    def get_client_id(self) -> str:
        """Return the client's identifier."""
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        """Return where answers go."""
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        """Return the part of ``scope`` that is granted."""
        return " ".join(part for part in scope.split() if part in {"openid", "profile"})

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Tell whether answers may go to ``redirect_uri``; it must match exactly."""
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        """Tell whether ``client_secret`` is the client's."""
        return secrets.compare_digest(client_secret, self.client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Tell whether the client may prove itself by ``method``."""
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        """Tell whether the client may ask for ``response_type``."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Tell whether the client may use ``grant_type``."""
        return grant_type == "authorization_code"


class IssuedCode(AuthorizationCodeMixin):  # type: ignore[misc]
    """An authorization code as Authlib asks about it."""

    def __init__(self, row: DevelopmentCode) -> None:
        """Stand for ``row``."""
        self.row = row
        self.code_challenge = row.challenge
        self.code_challenge_method = "S256"

    def get_redirect_uri(self) -> str:
        """Return the address that the code was sent to."""
        return str(self.row.redirect_uri)

    def get_scope(self) -> str:
        """Return the granted scope."""
        return str(self.row.scope)

    def get_nonce(self) -> str:
        """Return the nonce of the request."""
        return str(self.row.nonce)

    def get_auth_time(self) -> int:
        """Return when the person gave the account, in seconds of the epoch."""
        return int(self.row.issued_at.timestamp())


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """Codes kept in the database as hashes; each is used up by the first attempt to redeem it."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Keep a new code."""
        now = system_clock()
        DevelopmentCode.delete().where(DevelopmentCode.expires_at <= now).execute()
        DevelopmentCode.insert(
            code_hash=hashed(code),
            login=request.user.login,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            nonce=request.payload.data.get("nonce", ""),
            challenge=request.payload.data["code_challenge"],
            session=request.user.session,
            issued_at=now,
            expires_at=now + _CODE_LIFETIME,
        ).execute()

    def query_authorization_code(self, code: str, client: Client) -> IssuedCode | None:
        """Take the code out of the table, so that of two requests with it one at most succeeds."""
        taken = (
            DevelopmentCode.delete()
            .where(DevelopmentCode.code_hash == hashed(code))
            .returning(DevelopmentCode)
            .execute()
        )
        for row in taken:
            return IssuedCode(row) if row.expires_at > system_clock() else None
        return None

    def delete_authorization_code(self, authorization_code: IssuedCode) -> None:
        """It is gone since it was looked up."""

    def authenticate_user(self, authorization_code: IssuedCode) -> Holder:
        """Return whose code it is."""
        return Holder(authorization_code.row.login, authorization_code.row.session)


class S256Challenge(CodeChallenge):  # type: ignore[misc]
    """PKCE without exceptions: Authlib asks it of public clients alone, and allows plain."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse a request without an S256 challenge; a method without challenge Authlib refuses."""
        if grant.request.payload.data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Unsupported 'code_challenge_method'")
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):  # type: ignore[misc]
    """The ID token that comes with an access token."""

    def __init__(self, issuer: str) -> None:
        """Issue tokens in the name of ``issuer``."""
        super().__init__(require_nonce=True)
        self._issuer = issuer

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        """Tell whether an open code has the nonce already."""
        return bool(DevelopmentCode.select().where(DevelopmentCode.nonce == nonce).exists())

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        """Return the key to sign with."""
        return signing_key()

    def get_encode_header(self, client: Client) -> dict[str, Any]:
        """Return the header, which names the key."""
        return {"alg": ALGORITHM, "kid": signing_key().kid}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        """Return who issues the token to whom."""
        return {"iss": self._issuer, "aud": client.client_id}

    def get_authorization_code_claims(self, authorization_code: IssuedCode) -> dict[str, Any]:
        """Return nonce and time of sign-in, and the provider's session."""
        claims: dict[str, Any] = super().get_authorization_code_claims(authorization_code)
        return {**claims, "sid": authorization_code.row.session}

    def generate_user_info(self, user: Holder, scope: str) -> UserInfo:
        """Return who the person is: a subject for good, and today's login and name."""
        person = Person.get(Person.login == user.login)
        return UserInfo(sub=str(person.id), preferred_username=person.login, name=person.name)
