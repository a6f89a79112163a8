"""What municipal IT sees and sets of plugins in its municipality, and the secretariat of its region."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, Municipality, Person
from niwari.directory.regions import region_towns
from niwari.host.dispatch import Dispatcher
from niwari.host.loaded import Plugin
from niwari.host.models import Cost, Enablement, Failure, InstalledPlugin, Quarantine
from niwari.host.settings import save_settings, settings_of
from niwari.host.town_state import OFF, ON, PAUSED, state_of
from niwari.specs.contributions.settings import Scope, Value

COSTS_SHOWN = timedelta(days=7)
FAILURES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Feature:
    """A plugin as the page "使う機能の設定" shows it for one municipality.

    ``problem`` is what stopped it, in the words of the log, for whoever runs the server. ``dark``
    is the number of its parts that are in quarantine here. ``plugin`` is ``None`` where the package
    is gone and rows remain (orphaned).
    """

    name: str
    plugin: Plugin | None
    label: str
    purpose: str
    state: str
    since: datetime | None
    changed_by: str
    reason: str
    problem: str
    dark: int
    withdrawn: bool

    @property
    def is_on(self) -> bool:
        """Whether it is on in this municipality."""
        return self.state == ON

    @property
    def is_paused(self) -> bool:
        """Whether it is paused in this municipality."""
        return self.state == PAUSED

    @property
    def version(self) -> str:
        """Its version, where its manifest could be read."""
        return self.plugin.manifest.version if self.plugin and self.plugin.manifest else ""


def features(ctx: Context, dispatcher: Dispatcher) -> list[Feature]:
    """Return every installed or orphaned plugin with its state in the acting municipality."""
    found = {
        row.plugin: (row, changed_by) for row, changed_by in _rows_with_names(ctx.municipality.id)
    }
    dark = state_of(ctx.municipality.id, ctx.municipality.revision).dark
    counts: dict[str, int] = {}
    for plugin, _surface in dark:
        counts[plugin] = counts.get(plugin, 0) + 1
    listed = [
        _feature(ctx, plugin.name, plugin, found, counts) for plugin in dispatcher.host.optional()
    ]
    gone = orphans(dispatcher)
    listed += [_feature(ctx, name, None, found, counts, gone[name]) for name in sorted(gone)]
    return listed


def _feature(
    ctx: Context,
    name: str,
    plugin: Plugin | None,
    found: Mapping[str, tuple[Enablement, str]],
    dark: Mapping[str, int],
    gone: InstalledPlugin | None = None,
) -> Feature:
    row, changed_by = found.get(name, (None, ""))
    manifest = plugin.manifest if plugin else None
    label = manifest.label.text(ctx.locale) if manifest else name
    if gone is not None:
        label = gone.label_en if ctx.locale == "en" else gone.label_ja
    return Feature(
        name=name,
        plugin=plugin,
        label=label,
        purpose=manifest.purpose.text(ctx.locale) if manifest else "",
        state=row.state if row else OFF,
        since=row.since if row else None,
        changed_by=changed_by,
        reason=row.reason if row else "",
        problem=problem_of(plugin) if plugin else "",
        dark=dark.get(name, 0),
        withdrawn=row is not None and row.withdrawn_at is not None,
    )


def _rows_with_names(municipality_id: int) -> list[tuple[Enablement, str]]:
    query = (
        Enablement.select(Enablement, Person.name.alias("changed_by"))
        .left_outer_join(Appointment, on=(Appointment.id == Enablement.changed_by_id))
        .left_outer_join(Person, on=(Person.id == Appointment.person))
        .where(Enablement.municipality_id == municipality_id)
        .objects()
    )
    return [(row, str(row.__dict__.get("changed_by") or "")) for row in query]


def orphans(dispatcher: Dispatcher) -> dict[str, InstalledPlugin]:
    """Return the plugins that ``niwari migrate`` once met and whose package is gone, by name."""
    known = dispatcher.host.plugins
    return {row.name: row for row in InstalledPlugin.select() if row.name not in known}


def problem_of(plugin: Plugin) -> str:
    """Return why a plugin cannot be used, or an empty text.

    What its own code raised stays in the log and in ``niwari plugins list``.
    """
    if plugin.raised:
        return f"its code failed at the stage {plugin.stage.name.lower()}; see: niwari plugins list"
    return plugin.problem


@dataclass(frozen=True, slots=True)
class Dimmed:
    """A part in quarantine in the acting municipality, and when it is tried again."""

    plugin: str
    surface: str
    since: datetime
    retry_at: datetime
    trace: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure that met somebody of the acting municipality; nobody is named."""

    plugin: str
    surface: str
    at: datetime
    trace: str
    what: str


@dataclass(frozen=True, slots=True)
class Expense:
    """What a plugin cost this server in the last days: calls, microseconds each, the slowest."""

    plugin: str
    calls: int
    average_micros: int
    slowest_micros: int
    failed: int


@dataclass(frozen=True, slots=True)
class Health:
    """How the plugins fare: in quarantine, failed lately, cost."""

    dimmed: tuple[Dimmed, ...]
    faults: tuple[Fault, ...]
    expenses: tuple[Expense, ...]


def health(ctx: Context) -> Health:
    """Return how the plugins fare in the acting municipality; costs are those of the whole server."""
    dimmed: Any = Quarantine.select(
        Quarantine.plugin,
        Quarantine.surface,
        Quarantine.since,
        Quarantine.retry_at,
        Quarantine.trace,
    ).where((Quarantine.municipality_id == ctx.municipality.id) & Quarantine.closed_at.is_null())
    faults: Any = (
        Failure.select(Failure.plugin, Failure.surface, Failure.at, Failure.trace, Failure.what)
        .where(Failure.municipality_id == ctx.municipality.id)
        .order_by(Failure.at.desc(), Failure.id.desc())
        .limit(FAILURES_SHOWN)
    )
    calls, micros = fn.SUM(Cost.calls), fn.SUM(Cost.micros)
    expenses: Any = (
        Cost.select(Cost.plugin, calls, micros, fn.MAX(Cost.slowest), fn.SUM(Cost.failed))
        .where(Cost.day > ctx.today - COSTS_SHOWN)
        .group_by(Cost.plugin)
        .order_by(micros.desc())
    )
    return Health(
        tuple(Dimmed(*row) for row in rows(dimmed.order_by(Quarantine.since.desc()))),
        tuple(Fault(*row) for row in rows(faults)),
        tuple(
            Expense(plugin, int(n), int(total // n), slowest, int(failed))
            for plugin, n, total, slowest, failed in rows(expenses)
            if n
        ),
    )


@dataclass(frozen=True, slots=True)
class Matrix:
    """Which municipality of a region has which plugin in which state; a missing pair means off."""

    plugins: tuple[tuple[str, str], ...]
    towns: tuple[tuple[int, str], ...]
    states: Mapping[tuple[int, str], str]


def matrix(ctx: Context, dispatcher: Dispatcher) -> Matrix:
    """Return the municipalities of the acting person's region × the plugins, in two queries."""
    query = region_towns(ctx).select(Municipality.id, Municipality.name)
    towns = rows(query.order_by(Municipality.code))
    ids = [town for town, _name in towns]
    found = Enablement.select(Enablement.municipality_id, Enablement.plugin, Enablement.state)
    plugins = tuple(
        (p.name, p.manifest.label.text(ctx.locale) if p.manifest else p.name)
        for p in dispatcher.host.optional()
    )
    return Matrix(
        plugins,
        tuple((town, name) for town, name in towns),
        {
            (town, plugin): state
            for town, plugin, state in rows(found.where(Enablement.municipality_id.in_(ids)))
        },
    )


def keep_settings(ctx: Context, plugin: str, scope: Scope, values: Mapping[str, Value]) -> None:
    """Keep what was typed into the form of a plugin's settings, of the municipality or of oneself.

    What the municipality chose is noted in its audit with the values before and after; what a person
    chose for themself is nobody's matter. Raises ``NotFound`` and ``BadSetting``; then nothing is
    kept.
    """
    with transaction(ctx):
        before = settings_of(ctx, plugin, scope)
        changed = save_settings(ctx, plugin, scope, values)
        if changed and scope == "municipality":
            audit.record(
                ctx,
                "plugin.settings",
                "municipality",
                ctx.municipality.id,
                plugin=plugin,
                keys=",".join(changed),
                before={key: before[key] for key in changed},
                after={key: values[key] for key in changed},
            )
