"""The table of who may do what in a municipality: permission × role, by area."""

from collections.abc import Mapping
from dataclasses import dataclass

from niwari.context import Context
from niwari.host.loaded import Plugin
from niwari.host.registry import Host
from niwari.host.town_state import OFF, ON, PAUSED, state_of
from niwari.identity.roles.explaining import Decision, decisions
from niwari.identity.roles.rules import Fixed, fixed, is_given
from niwari.specs.contributions import ROLES, Permission, Role


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a role brings a permission; ``decision`` where it differs from the declaration."""

    role: Role
    is_given: bool
    fixed: Fixed | None
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Line:
    """One permission with a cell for each role, in the order of ``ROLES``."""

    permission: Permission
    cells: tuple[Cell, ...]

    @property
    def decided(self) -> tuple[Cell, ...]:
        """The cells in which the municipality decided otherwise."""
        return tuple(cell for cell in self.cells if cell.decision is not None)


@dataclass(frozen=True, slots=True)
class Area:
    """A core area or a plugin that declares permissions; ``state`` is on, paused or off here."""

    plugin: Plugin
    state: str
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """Its name in addresses and in the audit."""
        return self.plugin.name

    @property
    def open_lines(self) -> tuple[Line, ...]:
        """The lines in which a municipality can choose something."""
        return tuple(line for line in self.lines if any(cell.fixed is None for cell in line.cells))


@dataclass(frozen=True, slots=True)
class Orphan:
    """A decision about a permission that nothing declares: its plugin is gone or has stopped."""

    role: Role
    permission: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class PermissionTable:
    """All areas of the installation as one municipality maps them."""

    areas: tuple[Area, ...]
    orphans: tuple[Orphan, ...]

    @property
    def used(self) -> tuple[Area, ...]:
        """The core's areas, and the plugins that are on here."""
        return tuple(area for area in self.areas if area.state == ON)

    @property
    def unused(self) -> tuple[Area, ...]:
        """The plugins that are paused or off here."""
        return tuple(area for area in self.areas if area.state != ON)


def permission_table(ctx: Context, host: Host) -> PermissionTable:
    """Return who may do what in the acting municipality as it is now, by one query."""
    decided = decisions(ctx.municipality.id)
    state = state_of(ctx.municipality.id, ctx.municipality.revision)
    areas = []
    for plugin in host.loaded():
        if plugin.contributions.permissions:
            is_on = plugin.core or plugin.name in state.on
            here = ON if is_on else PAUSED if plugin.name in state.paused else OFF
            lines = tuple(_line(p, decided) for p in plugin.contributions.permissions)
            areas.append(Area(plugin, here, lines))
    known = host.permissions()
    orphans = tuple(
        Orphan(role, code, decided[role, code])
        for role in ROLES
        for code in sorted(code for held, code in decided if held == role and code not in known)
    )
    return PermissionTable(tuple(areas), orphans)


def _line(permission: Permission, decided: Mapping[tuple[str, str], Decision]) -> Line:
    mapped = {pair: decision.is_given for pair, decision in decided.items()}
    return Line(permission, tuple(_cell(permission, role, decided, mapped) for role in ROLES))


def _cell(
    permission: Permission,
    role: Role,
    decided: Mapping[tuple[str, str], Decision],
    mapped: Mapping[tuple[str, str], bool],
) -> Cell:
    rule, given = fixed(permission, role), is_given(permission, role, mapped)
    differs = rule is None and given != (role in permission.roles)
    return Cell(role, given, rule, decided[role, permission.code] if differs else None)
