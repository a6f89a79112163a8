"""Which relying parties a process keeps, and whose secret opens where."""

from typing import Any

import pytest

from niwari.db import connection
from niwari.identity.models import Provider
from niwari.identity.protocol.oidc import ProviderUnavailable
from niwari.identity.providers.relying_parties import (
    Parties,
    only_relying_party,
    provider_of_issuer,
    relying_party,
)
from niwari.identity.providers.sealed import open_secret, seal_secret
from niwari.keyring import Broken
from niwari.testing.world import World


def stored(number: int, *, is_active: bool = False) -> Any:
    """Store a provider of its own for each ``number``."""
    issuer = f"https://id{number}.example.jp"
    row = Provider.create(issuer=issuer, client_id="niwari", secret="", is_active=is_active)
    row.secret = seal_secret(row.id, issuer, "niwari", f"secret {number}")
    row.save()
    return row


def test_each_revision_has_one_that_is_shared(world: World) -> None:
    with connection():
        row = stored(1)
    parties = Parties(world.settings, {})
    assert parties.of(row) is parties.of(row)
    first = parties.of(row)
    row.revision += 1
    assert parties.of(row) is not first


def test_however_many_providers_there_are_only_the_last_used_are_kept(world: World) -> None:
    with connection():
        rows = [stored(number) for number in range(66)]
    parties = Parties(world.settings, {})
    first = parties.of(rows[0])
    for row in rows[1:64]:
        parties.of(row)
    assert parties.of(rows[0]) is first  # and is now the last used
    for row in rows[64:]:
        parties.of(row)
    assert parties.kept(rows[0].id, 1) is first
    assert parties.kept(rows[1].id, 1) is None
    assert parties.kept(rows[65].id, 1) is not None


@pytest.mark.parametrize(
    "moved",
    [{"issuer": "https://evil.example.jp"}, {"client_id": "another"}, {"id": 77}],
    ids=str,
)
def test_a_secret_opens_for_its_own_row_issuer_and_client_alone(
    world: World, moved: dict[str, Any]
) -> None:
    with connection():
        row = stored(1)
    assert open_secret(row) == "secret 1"
    for name, value in moved.items():
        setattr(row, name, value)
    with pytest.raises(Broken):
        open_secret(row)
    with pytest.raises(ProviderUnavailable, match="its client secret"):
        Parties(world.settings, {}).of(row)


def test_a_secret_that_cannot_be_opened_is_503_and_no_fault_of_the_person(
    world: World, visitor: Any
) -> None:
    with connection():
        Provider.update(client_id="another", revision=9).where(Provider.id == 1).execute()
    answer = visitor.get("/sign-in/start")
    assert answer.status_code == 503
    assert "いまサインインできません" in answer.text


def test_a_party_is_found_by_number_by_issuer_and_where_it_is_the_only_one(world: World) -> None:
    with world.app.test_request_context(), connection():
        only = only_relying_party()
        assert only is relying_party(1)
        assert only is provider_of_issuer("http://localhost/development-provider")
        stopped = stored(1)
        found = provider_of_issuer(stopped.issuer)
        assert found is not None
        assert found.provider_id == stopped.id
        assert provider_of_issuer("") is provider_of_issuer("https://nobody.example.jp") is None
        stored(2, is_active=True)
        assert only_relying_party() is None
