"""What a revision of a municipality stands for: its plugins, its settings, what its roles may do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from peewee import SQL, Case, Value

from niwari.db.kept import kept
from niwari.db.prepared import prepared
from niwari.host.models import Enablement, MunicipalitySetting, Quarantine, RolePermission

ON, OFF, PAUSED = "on", "off", "paused"

Deviation = tuple[str, str, bool]
"""(role, code of a permission, whether it is given): where a municipality maps otherwise."""


@dataclass(frozen=True, slots=True)
class TownState:
    """What a municipality's revision stands for.

    ``on`` are its plugins, ``paused`` those that it paused. ``dark`` are the quarantined parts, as
    (plugin, surface), with the instant of their next trial. ``settings`` are the values that it set,
    by plugin and key. ``deviations`` say where its roles may do otherwise than declared.
    """

    on: frozenset[str]
    paused: frozenset[str]
    dark: Mapping[tuple[str, str], datetime]
    settings: Mapping[str, Mapping[str, Any]]
    deviations: frozenset[Deviation]


@kept(4096)
def state_of(municipality_id: int, revision: int) -> TownState:
    """Return the state of a municipality as of its ``revision``, by one query.

    The answer of one revision never changes, so it is kept; the cache is bounded, so memory does
    not grow with the number of municipalities.
    """
    found = _Found()
    for what, *row in _said({"town": municipality_id}).rows():
        getattr(found, what)(*row)
    return found.state()


@dataclass(slots=True)
class _Found:
    """The rows of the query, sorted by what they say."""

    states: dict[str, str] = field(default_factory=dict)
    dark: dict[tuple[str, str], datetime] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    deviations: set[Deviation] = field(default_factory=set)

    def plugin(self, name: str, state: str, surface: str | None, retry_at: Any) -> None:
        self.states[name] = state
        if surface is not None and retry_at is not None:
            self.dark[name, surface] = Quarantine.retry_at.python_value(retry_at)

    def setting(self, plugin: str, key: str, value: str, _: None) -> None:
        self.settings.setdefault(plugin, {})[key] = json.loads(value)

    def role(self, role: str, permission: str, is_given: str, _: None) -> None:
        self.deviations.add((role, permission, bool(is_given)))

    def state(self) -> TownState:
        return TownState(
            on=frozenset(name for name, state in self.states.items() if state == ON),
            paused=frozenset(name for name, state in self.states.items() if state == PAUSED),
            dark=MappingProxyType(self.dark),
            settings=MappingProxyType(self.settings),
            deviations=frozenset(self.deviations),
        )


_NOTHING = SQL("NULL")


@prepared
def _said(of: Any) -> Any:
    return _plugins(of.town) + _settings(of.town) + _roles(of.town)


def _plugins(municipality_id: Any) -> Any:
    quarantined = (
        (Quarantine.municipality_id == Enablement.municipality_id)
        & (Quarantine.plugin == Enablement.plugin)
        & Quarantine.closed_at.is_null()
    )
    return (
        Enablement.select(
            Value("plugin"),
            Enablement.plugin,
            Enablement.state,
            Quarantine.surface,
            Quarantine.retry_at,
        )
        .left_outer_join(Quarantine, on=quarantined)
        .where((Enablement.municipality_id == municipality_id) & (Enablement.state != OFF))
    )


def _settings(municipality_id: Any) -> Any:
    return MunicipalitySetting.select(
        Value("setting"),
        MunicipalitySetting.plugin,
        MunicipalitySetting.key,
        MunicipalitySetting.value,
        _NOTHING,
    ).where(MunicipalitySetting.municipality_id == municipality_id)


def _roles(municipality_id: Any) -> Any:
    return RolePermission.select(
        Value("role"),
        RolePermission.role,
        RolePermission.permission,
        Case(None, ((RolePermission.is_given, "given"),), ""),
        _NOTHING,
    ).where(RolePermission.municipality_id == municipality_id)
