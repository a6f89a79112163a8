"""Which provider the settings name, and what they lack."""

from pathlib import Path
from typing import Any

import pytest

from niwari.config import ConfigError, Settings
from niwari.identity.provider import configured_provider

ISSUER = "https://provider.example.jp"


def settings(home: Path, **given: Any) -> Settings:
    return Settings(
        home=home,
        **{
            "base_url": "https://niwari.example.jp",
            "oidc_issuer": ISSUER,
            "oidc_client_id": "niwari-koriyama",
            **given,
        },
    )


def test_the_secret_is_the_environments(tmp_path: Path) -> None:
    found = configured_provider(settings(tmp_path), {"NIWARI_OIDC_CLIENT_SECRET": "secret"})
    assert found is not None
    assert found.issuer == ISSUER


def test_else_the_secret_is_the_key_files(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "oidc_client_secret.key").write_text("secret\n", encoding="utf-8")
    assert configured_provider(settings(tmp_path), {}) is not None


def test_a_missing_secret_is_named_with_its_two_places(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"oidc_client_secret\.key") as error:
        configured_provider(settings(tmp_path), {})
    assert "NIWARI_OIDC_CLIENT_SECRET" in str(error.value)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"oidc_issuer": ""}, "oidc_issuer"),
        ({"oidc_client_id": ""}, "oidc_client_id"),
        ({"oidc_issuer": "http://provider.example.jp"}, "https://"),
    ],
)
def test_what_production_lacks_is_named(tmp_path: Path, given: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        configured_provider(settings(tmp_path, **given), {"NIWARI_OIDC_CLIENT_SECRET": "secret"})


@pytest.mark.parametrize("environment", ["demo", "test"])
def test_a_demo_may_leave_the_provider_to_the_development_provider(
    tmp_path: Path, environment: str
) -> None:
    here = settings(tmp_path, environment=environment, oidc_issuer="", base_url="http://localhost")
    assert configured_provider(here) is None
