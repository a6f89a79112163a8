"""``plugin.toml``: what a plugin says of itself, read before any of its code runs."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from niwari.specs.contributions import BadContribution, Label, Verb

API_VERSION = (0, 3)

_NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
RESERVED_NAMES = frozenset(
    [
        "admin",
        "api",
        "app",
        "audit",
        "calendar",
        "catalogue",
        "channels",
        "cli",
        "config",
        "core",
        "dates",
        "db",
        "demo",
        "development_provider",
        "digest",
        "directory",
        "events",
        "features",
        "files",
        "healthz",
        "host",
        "identity",
        "inbox",
        "jobs",
        "ledger",
        "locale",
        "migrate",
        "moderation",
        "my",
        "niwari",
        "notices",
        "pages",
        "plugins",
        "providers",
        "rest",
        "scaffold",
        "search",
        "serve",
        "settings",
        "sign_in",
        "sign_out",
        "signed_out",
        "specs",
        "static",
        "stewardship",
        "tasks",
        "testing",
        "translate",
        "vault",
        "web",
        "worker",
        "writing",
    ]
)
"""Names and addresses of the core, those of areas that are yet to come included."""

_REQUIRED = ("name", "version", "api", "verb", "label", "purpose")
_PERSONAL = frozenset(("category", "retention", "key"))
_KNOWN = frozenset((*_REQUIRED, "requires", "uses", "personal_data", "maintainers"))


class ManifestError(ValueError):
    """The manifest is missing, unreadable or wrong; the message names the plugin and the mend."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A category of personal data that the plugin keeps, and for how long.

    With a ``key`` a municipality may say after how many years it is disposed of (``dispose_data``).
    """

    category: Label
    retention: Label
    key: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The checked manifest. ``api`` is (major, minor) of the host API it was written for."""

    name: str
    version: str
    api: tuple[int, int]
    verb: Verb
    label: Label
    purpose: Label
    requires: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    personal_data: tuple[PersonalData, ...] = ()
    maintainers: tuple[str, ...] = ()


def read_manifest(path: Path) -> Manifest:
    """Read and check the manifest at ``path``; raises ``ManifestError``."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ManifestError(f"{path.name} is missing; put one into the package") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ManifestError(f"{path.name} is not readable as TOML: {error}") from error
    if missing := [key for key in _REQUIRED if key not in raw]:
        raise ManifestError(f"{path.name}: {missing[0]!r} is missing; add it")
    if unknown := sorted(set(raw) - _KNOWN):
        raise ManifestError(
            f"{path.name}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_KNOWN))}"
        )
    try:
        return _checked(raw)
    except BadContribution as error:
        raise ManifestError(f"{path.name}: {error}") from error


def name_problem(name: object) -> str:
    """Return why no plugin can be called ``name``, with the mend; an empty text where one can."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return f"name {name!r}: use 2 to 30 lower-case letters, digits and underscores"
    if name in RESERVED_NAMES:
        return f"name {name!r} belongs to the core; choose another"
    return ""


def _checked(raw: Mapping[str, Any]) -> Manifest:
    name = raw["name"]
    if problem := name_problem(name):
        raise ManifestError(f"plugin.toml: {problem}")
    return Manifest(
        name=name,
        version=_text(raw, "version"),
        api=_api(name, _text(raw, "api")),
        verb=_verb(_text(raw, "verb")),
        label=_label(raw["label"], "label"),
        purpose=_label(raw["purpose"], "purpose"),
        requires=_names(raw, "requires"),
        uses=_names(raw, "uses"),
        personal_data=_personal_data(raw),
        maintainers=_names(raw, "maintainers"),
    )


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw[key]
    if not isinstance(value, str) or not value.strip():
        raise ManifestError(f"plugin.toml: {key} must be a text in quotes, not {value!r}")
    return value


def _names(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ManifestError(f'plugin.toml: {key} must be a list of texts, like ["handover"]')
    return tuple(value)


def _label(value: Any, key: str) -> Label:
    if not isinstance(value, dict) or set(value) != {"ja", "en"}:
        raise ManifestError(f'plugin.toml: {key} must be {{ ja = "…", en = "…" }}')
    try:
        return Label(ja=value["ja"], en=value["en"])
    except BadContribution as error:
        raise ManifestError(f"plugin.toml: {key}: {error}") from error


def _personal_data(raw: Mapping[str, Any]) -> tuple[PersonalData, ...]:
    value = raw.get("personal_data", [])
    if not isinstance(value, list) or not all(
        isinstance(item, dict) and {"category", "retention"} <= set(item) <= _PERSONAL
        for item in value
    ):
        raise ManifestError(
            "plugin.toml: personal_data must be tables [[personal_data]], each with category and "
            "retention, perhaps key, and nothing else"
        )
    found = tuple(
        PersonalData(
            _label(item["category"], "personal_data.category"),
            _label(item["retention"], "personal_data.retention"),
            _key(item.get("key", "")),
        )
        for item in value
    )
    keys = [data.key for data in found if data.key]
    if doubled := sorted({key for key in keys if keys.count(key) > 1}):
        raise ManifestError(
            f"plugin.toml: personal_data.key {doubled[0]!r} stands there twice; "
            "give each category a key of its own"
        )
    return found


def _key(value: object) -> str:
    if value == "" or (isinstance(value, str) and _NAME.fullmatch(value)):
        return value
    raise ManifestError(
        f"plugin.toml: personal_data.key {value!r}: use 2 to 30 lower-case letters, digits and "
        "underscores"
    )


def _verb(value: str) -> Verb:
    try:
        return Verb(value)
    except ValueError as error:
        raise ManifestError(
            f"plugin.toml: verb {value!r} is unknown; use one of {', '.join(Verb)}"
        ) from error


def _api(name: str, value: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)\.(\d+)", value)
    if match is None:
        raise ManifestError(f'plugin.toml: api {value!r}: write it like "0.1"')
    wanted = (int(match[1]), int(match[2]))
    if wanted[0] != API_VERSION[0] or wanted > API_VERSION:
        have = ".".join(map(str, API_VERSION))
        raise ManifestError(
            f"plugin {name} was written for host API {value}; this Niwari offers {have}. "
            "Install a version of the plugin that fits"
        )
    return wanted
