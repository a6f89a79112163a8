"""Settings: typed, from ``niwari.toml`` and the environment; a wrong one is an error that names it.

Precedence: the environment (``NIWARI_DATABASE_URL``) over the file (``database_url = …``) over the
default. Secrets are files under ``keys/`` or environment variables, never lines of the file.
"""

import ipaddress
import os
import re
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from niwari.clock import TOKYO
from niwari.disk import keep_entries, make_private_folder

ENVIRONMENTS = ("production", "demo", "test")

# Variables that begin with NIWARI_ and are read elsewhere: by the command line and by the tests.
_FOREIGN_VARIABLES = frozenset(
    {
        "NIWARI_HOME",
        "NIWARI_KEYRING",
        "NIWARI_LOCALE",
        "NIWARI_SKIP",
        "NIWARI_CHROMIUM",
        "NIWARI_TEST_PG_URL",
        "NIWARI_PORT",
        "NIWARI_MAIL_PASSWORD",
    }
)


_TABLES = frozenset({"files", "mail"})
_MOST_PROXIES = 5
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


# Settings of former versions, which are rows of the database now.
_PROVIDER_SETTINGS = frozenset(
    {"oidc_issuer", "oidc_client_id", "oidc_label", "oidc_client_secret"}
)


class ConfigError(ValueError):
    """A setting is unknown or has a value that it cannot have; the message names both."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one installation.

    ``home`` is the folder with the database, keys and ``niwari.toml``. ``base_url`` is the address
    under which browsers reach the installation. ``trusted_proxies`` is the number of reverse
    proxies in front (0: none; their headers are then ignored). ``strict`` starts only when every
    plugin is ready, ``safe_mode`` starts the core alone. ``clock_start`` lets a demo or test
    installation begin at a moment of its own. ``sign_ins_per_address`` and ``sign_ins_in_all`` are how
    many sign-ins may begin in a minute, from one address (a town hall has one for everybody) and in
    all. ``provider_hosts`` are the hosts on which a provider's endpoints may be beside that of its
    issuer, ``provider_networks`` the private networks in which providers may be (10.0.0.0/8), and
    ``webhook_networks`` those in which the chats of municipalities may be.

    Those that begin with ``files_`` are the table ``[files]`` of the file: the folder of attached files
    (empty: ``files`` in ``home``), how large one may be, how many a row may have, and how many megabytes
    a municipality may have in all.
    ``mail_…``, in the file as ``[mail]``, say where mail leaves (see ``niwari.channels.smtp``).
    """

    home: Path
    environment: str = "production"
    database_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    session_idle_minutes: int = 120
    session_hours: int = 12
    sign_ins_per_address: int = 600
    sign_ins_in_all: int = 6000
    provider_hosts: tuple[str, ...] = ()
    provider_networks: tuple[str, ...] = ()
    webhook_networks: tuple[str, ...] = ()
    strict: bool = False
    safe_mode: bool = False
    clock_start: datetime | None = None
    files_folder: str = ""
    files_megabytes: int = 10
    files_per_row: int = 10
    files_town_megabytes: int = 10_240
    mail_host: str = ""
    mail_port: int = 0
    mail_security: str = "tls"
    mail_user: str = ""
    mail_sender: str = ""

    def __post_init__(self) -> None:
        if self.environment not in ENVIRONMENTS:
            raise ConfigError(
                f"environment: {self.environment!r} is unknown; use one of {', '.join(ENVIRONMENTS)}"
            )
        if not _is_address(self.base_url):
            raise ConfigError(
                f"base_url: {self.base_url!r} is no address; write it like https://niwari.example.jp"
            )
        if not _is_this_machine(self.base_url):
            if not self.is_production:
                raise ConfigError(
                    f"base_url: {self.base_url!r} is not this machine; a {self.environment} lets "
                    "everybody in without a password, so it answers on 127.0.0.1 alone"
                )
            if not self.base_url.startswith("https://"):
                raise ConfigError(f"base_url: {self.base_url!r} must begin with https://")
        if self.environment == "production" and self.clock_start is not None:
            raise ConfigError("clock_start: only a demo or a test may set the clock; remove it")
        for name, least in (
            ("session_idle_minutes", 1),
            ("session_hours", 1),
            ("sign_ins_per_address", 1),
            ("sign_ins_in_all", 1),
            ("trusted_proxies", 0),
            ("files_megabytes", 1),
            ("files_per_row", 1),
            ("files_town_megabytes", 1),
        ):
            if getattr(self, name) < least:
                raise ConfigError(
                    f"{name}: {getattr(self, name)} is too small; give {least} or more"
                )
        if self.trusted_proxies > _MOST_PROXIES:
            raise ConfigError(
                f"trusted_proxies: {self.trusted_proxies} is too many; give 0 to {_MOST_PROXIES}"
            )
        for name, most in (("files_megabytes", 100), ("files_per_row", 50)):
            if getattr(self, name) > most:
                raise ConfigError(f"{name}: {getattr(self, name)} is too much; give 1 to {most}")
        _check_hosts(self.provider_hosts)
        _check_networks("provider_networks", self.provider_networks)
        _check_networks("webhook_networks", self.webhook_networks)
        if not self.database_url:
            url = f"sqlite:///{(self.home / 'niwari.db').resolve()}"
            object.__setattr__(self, "database_url", url)

    @property
    def is_production(self) -> bool:
        """Whether real people work here: the development provider then refuses to start."""
        return self.environment == "production"


def load_settings(home: Path, environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Read the settings of the installation in ``home``.

    ``given`` values win over everything, for the demo and for tests. Raises ``ConfigError`` for an
    unknown key, a value of the wrong type or a file that is not TOML.
    """
    environ = os.environ if environ is None else environ
    known = {f.name: f for f in fields(Settings) if f.name != "home"}
    values: dict[str, Any] = {}
    path = home / "niwari.toml"
    if path.exists():
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: not readable as TOML: {error}") from error
        for key, value in _flat(path, found):
            _refuse_provider_setting(f"{path}: {key}", key)
            if key not in known:
                raise ConfigError(f"{path}: unknown key {key!r}; known are {', '.join(known)}")
            values[key] = _typed(f"{path}: {key}", known[key], value)
    for variable, value in environ.items():
        if not variable.startswith("NIWARI_") or variable in _FOREIGN_VARIABLES:
            continue
        key = variable.removeprefix("NIWARI_").lower()
        _refuse_provider_setting(variable, key)
        if key not in known:
            raise ConfigError(f"{variable}: unknown setting; known are {', '.join(known)}")
        values[key] = _typed(variable, known[key], value)
    return Settings(home=home, **{**values, **given})


def _flat(path: Path, found: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the settings of a file, those of a table under its name: folder of [files] is files_folder."""
    for key, value in found.items():
        if key not in _TABLES:
            yield key, value
        elif isinstance(value, dict):
            yield from ((f"{key}_{inner}", one) for inner, one in value.items())
        else:
            raise ConfigError(f"{path}: {key}: {value!r} is no table; write it as [{key}]")


def _refuse_provider_setting(where: str, key: str) -> None:
    if key in _PROVIDER_SETTINGS:
        raise ConfigError(
            f"{where}: providers lie in the database now; take this setting away, "
            "then name the provider once by: niwari identity provider add --help"
        )


def _is_address(url: str) -> bool:
    try:
        address = urlsplit(url)
        named = address.hostname and (address.port is None or address.port)
    except ValueError:  # a port that is no number
        return False
    return bool(named and address.scheme in ("http", "https") and not address.query)


def _is_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in _THIS_MACHINE


def _check_hosts(hosts: tuple[str, ...]) -> None:
    for host in hosts:
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", host):
            raise ConfigError(
                f"provider_hosts: {host!r} is no name of a host; write it like keys.example.jp"
            )


def _check_networks(name: str, networks: tuple[str, ...]) -> None:
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ConfigError(
                f"{name}: {network!r} is no network ({error}); write it like 10.1.0.0/16"
            ) from None


def _typed(where: str, spec: Any, value: Any) -> Any:
    default = None if spec.default is MISSING else spec.default
    if spec.name == "clock_start":
        return _instant(where, value)
    if isinstance(default, bool):
        words = {"true": True, "1": True, "false": False, "0": False}
        found = words.get(str(value).lower())
        if found is None:
            raise ConfigError(f"{where}: {value!r} is neither true nor false")
        return found
    if isinstance(default, int):
        if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]+", str(value)):
            raise ConfigError(f"{where}: {value!r} is not a whole number")
        return int(value)
    if isinstance(default, tuple):
        return _listed(where, value)
    if not isinstance(value, str):
        raise ConfigError(f"{where}: {value!r} is not a text; put it in quotes")
    return value


def _listed(where: str, value: Any) -> tuple[str, ...]:
    # A list in the file; in the environment, which has none, words between commas.
    found = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise ConfigError(f'{where}: {value!r} is no list of texts; write it like ["a", "b"]')
    return tuple(found)


def _instant(where: str, value: Any) -> datetime:
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"{where}: {value!r} is no date-time; write it like 2026-11-10T09:00"
        ) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=TOKYO)


def read_key(settings: Settings, name: str) -> str:
    """Return the installation's key called ``name``, making it on first use.

    It lies in ``home/keys/NAME.key``, readable by the owner alone. Two processes that start
    together get the same one.
    """
    path = settings.home / "keys" / f"{name}.key"
    if not path.exists():
        with suppress(FileExistsError):
            write_key(path, secrets.token_urlsafe(48))
    key = path.read_text(encoding="ascii").strip()
    if not key:
        raise ConfigError(f"{path}: the key is empty; remove the file to have a new one made")
    return key


def write_key(path: Path, key: str) -> None:
    """Write a new key file that the owner alone can read; it is on the disk when this returns.

    Folders that are not there yet are the owner's alone too. Raises ``FileExistsError`` where there
    is such a file: of several that write at once, one wins.
    """
    make_private_folder(path.parent)
    # Written aside and then given its name, so that nobody ever reads half a key.
    aside = path.with_suffix(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    keep_entries(path.parent)
