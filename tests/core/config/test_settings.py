"""Settings: typed, in order of precedence; a wrong one is an error that names it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from niwari.clock import TOKYO
from niwari.config import ConfigError, Settings, load_settings
from niwari.db.engine import open_database


def loaded(
    home: Path, text: str = "", environ: dict[str, str] | None = None, **given: Any
) -> Settings:
    (home / "niwari.toml").write_text(text, encoding="utf-8")
    return load_settings(home, environ or {}, **given)


def refused(home: Path, text: str = "", environ: dict[str, str] | None = None, **given: Any) -> str:
    with pytest.raises(ConfigError) as error:
        loaded(home, text, environ, **given)
    return str(error.value)


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert settings == Settings(home=tmp_path)
    assert settings.environment == "production"
    assert settings.is_production
    assert settings.database_url == f"sqlite:///{tmp_path / 'niwari.db'}"


def test_the_environment_wins_over_the_file_and_what_is_given_over_both(tmp_path: Path) -> None:
    text = 'session_hours = 1\nsession_idle_minutes = 1\nbase_url = "http://localhost:1"'
    environ = {"NIWARI_SESSION_IDLE_MINUTES": "2", "NIWARI_BASE_URL": "http://localhost:2"}
    settings = loaded(tmp_path, text, environ, base_url="http://localhost:3")
    assert (settings.session_hours, settings.session_idle_minutes, settings.base_url) == (
        1,
        2,
        "http://localhost:3",
    )


def test_the_process_environment_is_read_where_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIWARI_SESSION_HOURS", "3")
    assert load_settings(tmp_path).session_hours == 3


def test_an_unknown_key_in_the_file_is_named_with_the_file_and_the_known_ones(
    tmp_path: Path,
) -> None:
    said = refused(tmp_path, "sesion_hours = 3")
    assert said.startswith(f"{tmp_path / 'niwari.toml'}: unknown key 'sesion_hours'; known are ")
    assert "session_hours" in said


@pytest.mark.parametrize("key", ["home", "secret_key"])
def test_what_does_not_belong_into_the_file_is_unknown_there(tmp_path: Path, key: str) -> None:
    assert f"unknown key {key!r}" in refused(tmp_path, f'{key} = "x"')


@pytest.mark.parametrize("key", ["oidc_issuer", "oidc_client_id", "oidc_label"])
def test_a_provider_in_the_file_is_refused_with_the_command_that_names_one(
    tmp_path: Path, key: str
) -> None:
    said = refused(tmp_path, f'{key} = "https://id.example.jp"')
    assert said.startswith(f"{tmp_path / 'niwari.toml'}: {key}: ")
    assert "niwari identity provider add" in said


def test_so_is_one_in_the_environment_without_its_secret_being_repeated(tmp_path: Path) -> None:
    said = refused(tmp_path, environ={"NIWARI_OIDC_CLIENT_SECRET": "told-to-nobody"})
    assert said.startswith("NIWARI_OIDC_CLIENT_SECRET: ")
    assert "niwari identity provider add" in said
    assert "told-to-nobody" not in said


def test_an_unknown_variable_is_named(tmp_path: Path) -> None:
    said = refused(tmp_path, environ={"NIWARI_SESION_HOURS": "3"})
    assert said.startswith("NIWARI_SESION_HOURS: unknown setting; known are ")


def test_a_list_is_one_in_the_file_and_words_in_the_environment(tmp_path: Path) -> None:
    text = 'provider_hosts = ["a.example.jp", "b.example.jp"]\nprovider_networks = ["10.1.2.3"]'
    settings = loaded(tmp_path, text)
    assert settings.provider_hosts == ("a.example.jp", "b.example.jp")
    assert settings.provider_networks == ("10.1.2.3",)
    environ = {"NIWARI_PROVIDER_NETWORKS": "10.1.0.0/16, fd00::/8"}
    assert loaded(tmp_path, text, environ).provider_networks == ("10.1.0.0/16", "fd00::/8")


def test_other_variables_are_none_of_its_business(tmp_path: Path) -> None:
    environ = {"HOME": "/", "NIWARI_HOME": "x", "NIWARI_SKIP": "browser", "XNIWARI_A": "1"}
    assert loaded(tmp_path, environ=environ) == Settings(home=tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('session_hours = "many"', "session_hours: 'many' is not a whole number"),
        ("session_hours = true", "session_hours: True is not a whole number"),
        ("session_hours = 1.5", "session_hours: 1.5 is not a whole number"),
        ('session_hours = "--5"', "session_hours: '--5' is not a whole number"),
        ('session_hours = "²"', "session_hours: '²' is not a whole number"),
        ('session_hours = ""', "session_hours: '' is not a whole number"),
        ("session_hours = []", "session_hours: [] is not a whole number"),
        ("session_hours = 0", "session_hours: 0 is too small; give 1 or more"),
        ("session_idle_minutes = -1", "session_idle_minutes: -1 is too small; give 1 or more"),
        ("trusted_proxies = -1", "trusted_proxies: -1 is too small; give 0 or more"),
        ("base_url = 3", "base_url: 3 is not a text; put it in quotes"),
        ("provider_hosts = 3", "provider_hosts: 3 is no list of texts"),
        ("provider_hosts = [3]", "provider_hosts: [3] is no list of texts"),
        ('provider_hosts = ["https://a"]', "provider_hosts: 'https://a' is no name of a host"),
        ('provider_networks = ["10.1.0.0"]\nprovider_hosts = [""]', "provider_hosts: '' is no"),
        ('provider_networks = ["10.1.0.1/16"]', "provider_networks: '10.1.0.1/16' is no network"),
        ('provider_networks = ["inside"]', "provider_networks: 'inside' is no network"),
        ('webhook_networks = ["10.1.0.1/16"]', "webhook_networks: '10.1.0.1/16' is no network"),
        ('base_url = "niwari.example.jp"', "base_url: 'niwari.example.jp' is no address"),
        ('base_url = "https://"', "base_url: 'https://' is no address"),
        ('base_url = "https://x:port"', "base_url: 'https://x:port' is no address"),
        ('base_url = "https://x?a=1"', "base_url: 'https://x?a=1' is no address"),
        ('base_url = "ftp://x"', "base_url: 'ftp://x' is no address"),
        ('base_url = ""', "base_url: '' is no address"),
        ('base_url = "http://niwari.example.jp"', "must begin with https://"),
        (
            'environment = "demo"\nbase_url = "https://niwari.example.jp"',
            "is not this machine; a demo lets everybody in without a password",
        ),
        (
            'environment = "test"\nbase_url = "http://127.0.0.1.evil.example"',
            "is not this machine; a test lets everybody in without a password",
        ),
        ("trusted_proxies = 6", "trusted_proxies: 6 is too many; give 0 to 5"),
        ('environment = "prod"', "environment: 'prod' is unknown; use one of production, demo"),
        ("environment = 1", "environment: 1 is not a text"),
        (
            'environment = "demo"\nclock_start = "soon"',
            "clock_start: 'soon' is no date-time; write it like 2026-11-10T09:00",
        ),
        ('environment = "demo"\nclock_start = 3', "clock_start: 3 is no date-time"),
        ("clock_start = 2026-11-10T09:00:00", "clock_start: only a demo or a test may set"),
    ],
)
def test_a_value_that_cannot_be_is_told_with_its_key(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, text)


@pytest.mark.parametrize("content", [b"session_hours", b"\xff", "label = '表'".encode("cp932")])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "niwari.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"niwari\.toml: not readable as TOML"):
        load_settings(tmp_path, {})


@pytest.mark.parametrize("written", ['"2026-11-10T09:00"', "2026-11-10T09:00:00"])
def test_a_clock_without_a_zone_is_in_tokyo(tmp_path: Path, written: str) -> None:
    settings = loaded(tmp_path, f'environment = "demo"\nclock_start = {written}')
    assert settings.clock_start == datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO)


def test_a_clock_may_name_its_zone(tmp_path: Path) -> None:
    settings = loaded(tmp_path, 'environment = "test"\nclock_start = 2026-11-10T00:00:00Z')
    assert settings.clock_start == datetime(2026, 11, 10, tzinfo=UTC)


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(AttributeError):
        settings.environment = "demo"  # type: ignore[misc]


def test_an_engine_that_is_not_supported_is_a_wrong_setting(tmp_path: Path) -> None:
    settings = loaded(tmp_path, 'database_url = "mysql://x/y"')
    with pytest.raises(ConfigError, match="database_url: 'mysql' is not supported"):
        open_database(settings.database_url)
