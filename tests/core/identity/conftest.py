"""Browsers that sign in, and a provider whose every answer can be falsified."""

import base64
import hashlib
import hmac
import html
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from niwari.clock import tokyo_day
from niwari.db import connection, database, is_postgresql
from niwari.directory.every import municipality_ids
from niwari.directory.models import Appointment, Person
from niwari.identity.development.in_process import in_process_session
from niwari.identity.protocol.logout_token import EVENT
from niwari.identity.providers import changes as provider_changes
from niwari.identity.providers.drafts import Draft
from niwari.identity.providers.relying_parties import reach_in_process
from niwari.testing.world import World

ISSUER = "https://provider.example.jp"
CLIENT_ID = "niwari-test"


class Visitor:
    """A browser whose person signs in."""

    def __init__(self, world: World) -> None:
        """Open a browser of its own in ``world``."""
        self.client = world.anonymous()

    @property
    def token(self) -> str | None:
        """The session token that the browser holds."""
        cookie = self.client.get_cookie("niwari_session")
        return cookie.value if cookie else None

    @property
    def provider_cookie(self) -> Any:
        """The cookie of the development provider."""
        return self.client.get_cookie("niwari_development_provider", path="/development-provider")

    def get(self, address: str, **options: Any) -> Any:
        """Open ``address``."""
        return self.client.get(address, **options)

    def begin(self, next_address: str = "/") -> str:
        """Press the button of the sign-in page; return the provider's address."""
        begun = self.client.get("/sign-in/start", query_string={"next": next_address})
        assert begun.status_code == 302, begun.text
        return str(begun.location)

    def fill_in(self, provider_page: str, **data: str) -> Any:
        """Fill in the form of the development provider at ``provider_page``."""
        page = self.client.get(provider_page)
        found = re.search(r'<form class="form" method="post" action="([^"]+)"', page.text)
        assert found is not None, page.text
        return self.client.post(html.unescape(found[1]), data=data)

    def answer_for(self, login: str, next_address: str = "/") -> str:
        """Sign in at the development provider; return its answer's address without opening it."""
        answered = self.fill_in(self.begin(next_address), username=login)
        assert answered.status_code == 302, answered.text
        return str(answered.location)

    def sign_in(self, login: str, next_address: str = "/") -> Any:
        """Sign in at the development provider; return the application's response to its answer."""
        return self.client.get(self.answer_for(login, next_address))

    def sign_out(self) -> Any:
        """Press the button in the frame of the home page."""
        return self.client.submit("/sign-out", {}, form_at="/")

    def is_signed_in(self) -> bool:
        """Tell whether the sign-in page sends this browser on, as it does with who is signed in."""
        return bool(self.client.get("/sign-in").status_code == 302)


@cache
def some_key(number: int) -> RSAKey:
    """Return one of the test's keys; making them is slow."""
    return RSAKey.generate_key(
        2048, parameters={"use": "sig", "alg": "RS256", "kid": f"key-{number}"}, private=True
    )


@dataclass
class OtherProvider:
    """A provider of the test's own; without changes it answers as a good one does.

    ``claims`` and ``metadata`` replace single values, ``None`` leaves one out. ``forge`` names a
    way to make the signature; ``published`` is what it says its keys are.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    forge: str = ""
    published: Any = field(default_factory=lambda: KeySet([some_key(1)]).as_dict())
    is_down: bool = False
    token_answer: tuple[int, Any] | None = None
    issuer: str = ISSUER
    id: int = 0
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
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
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
                status, body = self.token_answer
                return (body if isinstance(body, str) else jsonify(body)), status
            return jsonify(
                access_token="opens-nothing", token_type="Bearer", id_token=self._id_token()
            )

        return app

    @property
    def callback(self) -> str:
        """Where its answers go."""
        return f"/sign-in/callback/{self.id}"

    @staticmethod
    def parameters(address: str) -> dict[str, str]:
        """Return the query parameters of ``address``."""
        return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

    def answer_to(self, address: str, **changes: str | None) -> str:
        """Return the address of the answer to the request at ``address``, with ``changes``."""
        asked = self.parameters(address)
        self._nonce = asked["nonce"]
        answer = {"code": "a-code", "state": asked["state"], "iss": self.issuer}
        return f"{self.callback}?{urlencode(_changed(answer, changes))}"

    def _id_token(self) -> str:
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "nonce": self._nonce,
            "iat": now,
            "exp": now + 300,
            "preferred_username": "staff@koriyama",
        }
        return self._signed(_changed(good, self.claims), {})

    def logout_token(self, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """Return a logout token for the session "sid-1" of "subject-1", with ``changes``."""
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "sid": "sid-1",
            "iat": now,
            "exp": now + 120,
            "jti": "a-jti",
            "events": {EVENT: {}},
        }
        return self._signed(_changed(good, changes), {"typ": "logout+jwt", **(header or {})})

    def _signed(self, claims: dict[str, Any], header: dict[str, Any]) -> str:
        if self.forge == "none":
            return f"{_unsigned({'alg': 'none', 'kid': 'key-1'}, claims)}."
        if self.forge == "public key as secret":
            unsigned = _unsigned({"alg": "HS256", "kid": "key-1"}, claims)
            secret = some_key(1).as_pem(private=False)
            return f"{unsigned}.{_base64(hmac.digest(secret, unsigned.encode(), hashlib.sha256))}"
        key = some_key(2) if self.forge in ("other key", "unknown key") else some_key(1)
        known = "key-2" if self.forge == "unknown key" else "key-1"
        named = {"alg": "RS256", "kid": known, **header}
        return jwt.encode(named, claims, key, algorithms=["RS256"])


def _changed(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{_base64(json.dumps(header).encode())}.{_base64(json.dumps(claims).encode())}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def visitor(world: World) -> Visitor:
    """A browser in which nobody is signed in."""
    return Visitor(world)


@pytest.fixture
def another_visitor(world: World) -> Visitor:
    """A second browser, that shares nothing with the first."""
    return Visitor(world)


@pytest.fixture
def other_provider(world: World) -> OtherProvider:
    """A provider of the test's own, with which the application signs in."""
    found = OtherProvider()
    add_provider(world, found)
    provider_changes.set_active(world.system_context(), 1, active=False)
    return found


def add_provider(world: World, found: OtherProvider, **changes: Any) -> None:
    """Let ``found`` be an active provider of every municipality, but for ``changes``."""
    draft = Draft(
        **{
            "label": "試験の窓口",
            "issuer": found.issuer,
            "client_id": CLIENT_ID,
            "login_claim": "preferred_username",
            "domains": (),
            "municipality_ids": tuple(municipality_ids()),
            "secret": "a secret of the test",
            **changes,
        }
    )
    found.id = provider_changes.add(world.system_context(), draft)
    reach_in_process(world.app, found.issuer, in_process_session(found.issuer, found.app()))


@pytest.fixture
def with_provider(world: World) -> Callable[..., OtherProvider]:
    """Add a further provider, with an issuer of its own."""

    def add(issuer: str, **changes: Any) -> OtherProvider:
        found = OtherProvider(issuer=issuer)
        add_provider(world, found, **changes)
        return found

    return add


@pytest.fixture
def leave(world: World) -> Callable[[str], None]:
    """Let a person's appointments end yesterday."""

    def end(login: str) -> None:
        yesterday = tokyo_day(world.clock()) - timedelta(days=1)
        with connection():
            person = Person.get(Person.login == login)
            Appointment.update(ends_on=yesterday).where(Appointment.person == person).execute()

    return end


@pytest.fixture
def key() -> Callable[[int], RSAKey]:
    """The keys of the provider: number 1 signs, 2 does not."""
    return some_key


@pytest.fixture
def plans(world: World) -> Callable[[Callable[[], object]], list[str]]:
    """Run something and return those of its statements that read a table from end to end.

    PostgreSQL is told that a whole table is dear, because the tests' tables are small.
    """

    def whole_tables(run: Callable[[], object]) -> list[str]:
        explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
        found: list[str] = []

        def look(event: Any) -> None:
            verb = event.sql.split()[0]
            if verb not in ("SELECT", "DELETE", "UPDATE"):
                return
            plan = database.execute_sql(f"{explain} {event.sql}", event.params).fetchall()
            lines = [str(row[-1]) for row in plan]
            if any("Seq Scan" in line or line.startswith("SCAN ") for line in lines):
                found.append("\n".join([event.sql, *lines]))

        if is_postgresql():
            database.execute_sql("ANALYZE")
            database.execute_sql("SET enable_seqscan = off")
        database.query_hooks.append(look)
        try:
            run()
        finally:
            database.query_hooks.remove(look)
            if is_postgresql():
                database.execute_sql("RESET enable_seqscan")
        return found

    return whole_tables
