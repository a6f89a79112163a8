"""What a start asks of the providers, and the development provider's row."""

from dataclasses import replace
from pathlib import Path

import pytest

from niwari.config import ConfigError, Settings
from niwari.db import connection
from niwari.directory.models import Municipality
from niwari.identity.development import store_development_provider
from niwari.identity.models import Provider, ProviderMunicipality
from niwari.identity.providers.start import require_provider
from niwari.testing.world import World


def test_production_without_an_active_provider_is_refused_with_the_command(
    world: World, tmp_path: Path
) -> None:
    production = Settings(home=tmp_path)
    with connection():
        require_provider(production)
        Provider.update(is_active=False).execute()
        with pytest.raises(ConfigError, match="niwari identity provider add"):
            require_provider(production)
        require_provider(world.settings)


def test_the_development_provider_serves_everybody(world: World) -> None:
    with connection():
        assert ProviderMunicipality.select().count() == Municipality.select().count()


def test_it_follows_the_demo_to_another_port_and_stays_one_row(world: World) -> None:
    moved = replace(world.settings, base_url="http://localhost:8010")
    assert store_development_provider(moved) == store_development_provider(moved) == 1
    with connection():
        (row,) = Provider.select()
    assert row.issuer == "http://localhost:8010/development-provider"
    assert row.revision == 2


def test_it_stays_out_where_another_provider_was_first(world: World) -> None:
    with connection():
        ProviderMunicipality.delete().execute()
        Provider.delete().execute()
        Provider.insert(issuer="https://id.example.jp", client_id="niwari", secret="").execute()
    assert store_development_provider(world.settings) is None


def test_whoever_stopped_it_beside_another_finds_it_stopped_and_alone_it_is_used_again(
    world: World,
) -> None:
    with connection():
        other = Provider.create(issuer="https://id.example.jp", client_id="niwari", secret="")
        Provider.update(is_active=False).where(Provider.id == 1).execute()
        store_development_provider(world.settings)
        assert not Provider.get_by_id(1).is_active
        other.is_active = False
        other.save()
        store_development_provider(world.settings)
        assert Provider.get_by_id(1).is_active
