"""How Niwari shows the provider that it is its client."""

from typing import Any

import pytest
from flask import request

from niwari.identity.development.in_process import in_process_session
from niwari.identity.oidc import RelyingParty
from niwari.identity.provider import use_provider
from niwari.testing.world import World

ISSUER = "https://provider.example.jp"


@pytest.fixture
def shown(world: World, other_provider: Any) -> list[str]:
    """What the provider is shown, of a client whose id and secret are full of signs."""
    application = other_provider.app()
    found: list[str] = []

    @application.before_request
    def note() -> None:
        if request.authorization is not None:
            found.append(f"{request.authorization.username}:{request.authorization.password}")

    party = RelyingParty(
        issuer=ISSUER,
        client_id="niwari:test",
        client_secret="100% +/=秘",
        base_url="http://localhost",
        session_class=in_process_session(ISSUER, application),
    )
    use_provider(world.app, party)
    other_provider.claims = {"aud": "niwari:test"}
    return found


def test_its_id_and_secret_are_encoded_before_they_are_joined(
    shown: list[str], other_provider: Any, visitor: Any
) -> None:
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.is_signed_in()
    assert shown == ["niwari%3Atest:100%25%20%2B%2F%3D%E7%A7%98"]


@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client"])
def test_where_they_are_refused_the_settings_are_wrong_and_not_the_person(
    other_provider: Any, visitor: Any, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    other_provider.token_answer = (401, {"error": error})
    response = visitor.get(other_provider.answer_to(visitor.begin()))
    assert response.status_code == 503
    assert "いまサインインできません" in response.text
    assert "もう一度サインインする" in response.text
    assert "the provider refused our client id or secret" in caplog.text
    assert not visitor.is_signed_in()
