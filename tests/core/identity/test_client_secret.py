"""How Niwari shows the provider that it is its client."""

from typing import Any

import pytest
from flask import request

from niwari.identity.development.in_process import in_process_session
from niwari.identity.providers import changes as provider_changes
from niwari.identity.providers import records as provider_records
from niwari.identity.providers.drafts import Draft
from niwari.identity.providers.relying_parties import reach_in_process
from niwari.testing.world import World


@pytest.fixture
def shown(world: World, other_provider: Any) -> list[str]:
    """What the provider is shown, of a client whose id and secret are full of signs."""
    application = other_provider.app()
    found: list[str] = []

    @application.before_request
    def note() -> None:
        if request.authorization is not None:
            found.append(f"{request.authorization.username}:{request.authorization.password}")

    reach_in_process(
        world.app, other_provider.issuer, in_process_session(other_provider.issuer, application)
    )
    ctx = world.system_context()
    before = provider_records.record(ctx, other_provider.id)
    draft = Draft(
        label=before.label,
        issuer=before.issuer,
        client_id="niwari:test",
        login_claim=before.login_claim,
        domains=before.domains,
        municipality_ids=before.municipality_ids,
        secret="100% +/=秘",
    )
    provider_changes.edit(ctx, other_provider.id, draft)
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
