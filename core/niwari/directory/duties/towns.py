"""What a municipality chose: whether it takes part in 業務別の担当者名簿, and which systems it uses."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.duties.models import LONGEST_SYSTEM, MunicipalitySystem
from niwari.directory.duties.standard import folded
from niwari.directory.models import Municipality
from niwari.directory.regions import region_towns
from niwari.errors import N_, Invalid, NotFound
from niwari.host.enablement import hold
from niwari.host.settings import chosen_by, save_settings, settings_of
from niwari.texts import is_illegible

AREA, SHOWN = "directory", "duties_shown"
MOST_SYSTEMS = 100


class BadSystems(Invalid):
    """The list of systems is too long, or a name in it is."""

    field = "systems"
    text = N_("システムは%(most)s件までにしてください（%(found)s件あります）。")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a municipality chose; ``systems`` in the order of their names."""

    shown: bool
    systems: tuple[str, ...]


def takes_part(ctx: Context) -> bool:
    """Tell whether the acting person's municipality sees the directory of duties and is in it."""
    return bool(settings_of(ctx, AREA, "municipality")[SHOWN])


def require_part(ctx: Context) -> None:
    """Raise ``NotFound`` unless the acting person's municipality takes part."""
    if not takes_part(ctx):
        raise NotFound


def choice_of(ctx: Context) -> Choice:
    """Return what the own municipality chose."""
    found = _systems_of(ctx).order_by(MunicipalitySystem.key)
    return Choice(takes_part(ctx), tuple(row.name for row in found))


def choose(ctx: Context, *, shown: bool, systems: Iterable[str]) -> None:
    """Let the municipality take part or not, and keep its systems: the whole list, empty lines left out.

    Of names that differ in width, case or spaces alone, the first is kept. Raises ``BadSystems``.
    """
    names = _by_key(systems)
    with transaction(ctx):
        # Two people of the same town at once: the second waits, and writes the whole list too.
        hold(ctx.municipality.id)
        changed = save_settings(ctx, AREA, "municipality", {SHOWN: shown})
        known = {row.key: row.name for row in _systems_of(ctx)}
        if known != names:
            _write_systems(ctx, known, names)
        if changed or known != names:
            audit.record(
                ctx,
                "directory.duties_choose",
                "municipality",
                ctx.municipality.id,
                shown=shown,
                systems=len(names),
            )


def towns(ctx: Context) -> Any:
    """Return the query of the municipalities that the acting person may see in the directory of duties.

    They are of the own region today and take part. Where the own one does not, nothing may be shown:
    ask ``require_part`` first.
    """
    return region_towns(ctx).where(chosen_by(Municipality.id, AREA, SHOWN, value=True))


@dataclass(frozen=True, slots=True)
class System:
    """A system by one of its names, and the municipalities that use it."""

    name: str
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Systems:
    """A page of systems; ``following`` is where the next one begins, empty on the last."""

    systems: Sequence[System]
    following: str


PAGE = 50


def systems_in_use(ctx: Context, after: str = "") -> Systems:
    """Return up to ``PAGE`` systems in use in the region after the one with the key ``after``.

    What no key can be begins the list. Raises ``NotFound`` where the own municipality does not take
    part.
    """
    require_part(ctx)
    if is_illegible(after):
        after = ""
    of_region = MunicipalitySystem.municipality.in_(towns(ctx))
    keys = [
        key
        for (key,) in rows(
            MunicipalitySystem.select(MunicipalitySystem.key)
            .where(of_region & (MunicipalitySystem.key > after))
            .group_by(MunicipalitySystem.key)
            .order_by(MunicipalitySystem.key)
            .limit(PAGE + 1)
        )
    ]
    shown = keys[:PAGE]
    found: dict[str, list[tuple[str, str]]] = {key: [] for key in shown}
    query = (
        MunicipalitySystem.select(
            MunicipalitySystem.key, MunicipalitySystem.name, Municipality.name
        )
        .join(Municipality)
        .where(of_region & MunicipalitySystem.key.in_(shown))
        .order_by(Municipality.code)
    )
    for key, name, town in rows(query) if shown else ():
        found[key].append((name, town))
    return Systems(
        [System(uses[0][0], tuple(town for _, town in uses)) for uses in found.values()],
        shown[-1] if len(keys) > PAGE else "",
    )


def _systems_of(ctx: Context) -> Any:
    return MunicipalitySystem.select().where(MunicipalitySystem.municipality == ctx.municipality.id)


def _by_key(systems: Iterable[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for system in systems:
        name = unicodedata.normalize("NFKC", system).strip()
        if not name:
            continue
        if len(name) > LONGEST_SYSTEM:
            raise BadSystems(
                N_("「%(name)s…」が長すぎます。1行は%(most)s文字までにしてください。"),
                name=name[:10],
                most=LONGEST_SYSTEM,
            )
        if is_illegible(name):
            raise BadSystems(N_("使えない文字（制御文字など）が入っています。"))
        names.setdefault(folded(name), name)
    if len(names) > MOST_SYSTEMS:
        raise BadSystems(most=MOST_SYSTEMS, found=len(names))
    return names


def _write_systems(ctx: Context, known: dict[str, str], names: dict[str, str]) -> None:
    gone = [key for key, name in known.items() if names.get(key) != name]
    MunicipalitySystem.delete().where(
        (MunicipalitySystem.municipality == ctx.municipality.id) & MunicipalitySystem.key.in_(gone)
    ).execute()
    new = [
        {"municipality": ctx.municipality.id, "name": name, "key": key}
        for key, name in names.items()
        if known.get(key) != name
    ]
    if new:
        MunicipalitySystem.insert_many(new).execute()
