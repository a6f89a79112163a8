"""Browsers that sign in, and a provider whose every answer can be falsified."""

import base64
import hashlib
import hmac
import html
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from niwari.identity.development.in_process import in_process_session
from niwari.identity.oidc import RelyingParty
from niwari.identity.provider import use_provider
from niwari.testing.world import World

ISSUER = "https://provider.example.jp"
CLIENT_ID = "niwari-test"


def parameters(address: str) -> dict[str, str]:
    """Return the query parameters of ``address``."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def provider_form(page: Any) -> str:
    """Return where the form on the development provider's page is sent."""
    found = re.search(r'<form class="form" method="post" action="([^"]+)"', page.text)
    assert found is not None, page.text
    return html.unescape(found[1])


def answer_of_provider(client: Any, login: str, next_address: str = "/") -> str:
    """Begin to sign in at the development provider and return the address of its answer."""
    begun = client.get("/sign-in/start", query_string={"next": next_address})
    answered = client.post(provider_form(client.get(begun.location)), data={"username": login})
    assert answered.status_code == 302, answered.text
    return str(answered.location)


def sign_in(client: Any, login: str, next_address: str = "/") -> Any:
    """Sign in as ``login`` at the development provider; return the response of the callback."""
    return client.get(answer_of_provider(client, login, next_address))


def session_cookie(client: Any) -> str | None:
    """Return the token that the browser holds."""
    cookie = client.get_cookie("niwari_session")
    return cookie.value if cookie else None


@cache
def some_key(number: int) -> RSAKey:
    """Return one of the test's keys; making them is slow."""
    return RSAKey.generate_key(
        2048, parameters={"use": "sig", "alg": "RS256", "kid": f"key-{number}"}, private=True
    )


@dataclass
class OtherProvider:
    """A provider of the test's own; without changes it answers as a good one does.

    ``claims`` and ``metadata`` replace single values, ``None`` leaves one out. ``forge`` names a way
    to make the signature; ``published`` is what it says its keys are.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    forge: str = ""
    published: Any = field(default_factory=lambda: KeySet([some_key(1)]).as_dict())
    is_down: bool = False
    token_answer: tuple[int, Any] | None = None
    asked: list[str] = field(default_factory=list)
    redeemed: list[dict[str, str]] = field(default_factory=list)
    _nonce: str = ""

    def app(self) -> Flask:
        """Return the provider as a WSGI application."""
        app = Flask("other_provider")

        @app.before_request
        def note() -> Any:
            self.asked.append(request.path)
            return ("down", 503) if self.is_down else None

        @app.get("/.well-known/openid-configuration")
        def metadata() -> Any:
            found = {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/jwks",
                "id_token_signing_alg_values_supported": ["RS256"],
                "authorization_response_iss_parameter_supported": True,
            }
            return jsonify(_changed(found, self.metadata))

        @app.get("/jwks")
        def jwks() -> Any:
            return jsonify(self.published)

        @app.post("/token")
        def token() -> Any:
            self.redeemed.append(request.form.to_dict())
            if self.token_answer is not None:
                return jsonify(self.token_answer[1]), self.token_answer[0]
            return jsonify(
                access_token="opens-nothing", token_type="Bearer", id_token=self._id_token()
            )

        return app

    def answer_to(self, address: str, **changes: str | None) -> str:
        """Return the address of the answer to the request at ``address``, with ``changes``."""
        asked = parameters(address)
        self._nonce = asked["nonce"]
        answer = {"code": "a-code", "state": asked["state"], "iss": ISSUER}
        return f"/sign-in/callback?{urlencode(_changed(answer, changes))}"

    def _id_token(self) -> str:
        now = int(time.time())
        good = {
            "iss": ISSUER,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "nonce": self._nonce,
            "iat": now,
            "exp": now + 300,
            "preferred_username": "staff@koriyama",
        }
        claims = _changed(good, self.claims)
        if self.forge == "none":
            return f"{_unsigned({'alg': 'none', 'kid': 'key-1'}, claims)}."
        if self.forge == "public key as secret":
            unsigned = _unsigned({"alg": "HS256", "kid": "key-1"}, claims)
            secret = some_key(1).as_pem(private=False)
            return f"{unsigned}.{_base64(hmac.digest(secret, unsigned.encode(), hashlib.sha256))}"
        key = some_key(2) if self.forge == "other key" else some_key(1)
        return jwt.encode({"alg": "RS256", "kid": "key-1"}, claims, key, algorithms=["RS256"])


def _changed(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{_base64(json.dumps(header).encode())}.{_base64(json.dumps(claims).encode())}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def other_provider(world: World) -> Iterator[OtherProvider]:
    """A provider of the test's own, with which the application signs in."""
    found = OtherProvider()
    use_provider(
        world.app,
        RelyingParty(
            issuer=ISSUER,
            client_id=CLIENT_ID,
            client_secret="a secret of the test",
            base_url="http://localhost",
            session_class=in_process_session(ISSUER, found.app()),
        ),
    )
    yield found
