"""Reading and writing the typed settings that plugins declare.

What a municipality set belongs to its revision and is kept under it; what a person chose is read
when it is asked for, by one query.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from peewee import SQL, fn

from niwari.context import Context, MunicipalityRef
from niwari.db import rows, transaction
from niwari.errors import N_, Invalid, NotFound
from niwari.host.enablement import bump_revision
from niwari.host.models import MunicipalitySetting, PersonSetting
from niwari.host.running import running
from niwari.host.town_state import state_of
from niwari.specs.contributions.settings import Scope, Setting, Value


class BadSetting(Invalid):
    """The value cannot be that of the setting."""

    text = N_("「%(label)s」に、その値は使えません。別の値にしてください。")


def settings_of(
    ctx: Context, plugin: str, scope: Scope | None = None, *, owner: MunicipalityRef | None = None
) -> Mapping[str, Value]:
    """Return every setting of ``plugin`` by key, as it is for the acting person and municipality.

    With ``owner`` as it is in that municipality, as for a row that another one shared. Municipality
    settings cost no query while the municipality's revision stands; where the plugin has settings per
    person, they cost one, so a card gives ``scope="municipality"`` and gets those alone. Raises
    ``NotFound`` for an unknown plugin.
    """
    declared = [s for s in _declared(plugin) if scope is None or s.scope == scope]
    values = {setting.key: setting.default for setting in declared}
    town = owner or ctx.municipality
    kept = dict(state_of(town.id, town.revision).settings.get(plugin, {}))
    if ctx.appointment is not None and any(s.scope == "person" for s in declared):
        kept |= _of_person(ctx.appointment.person_id, plugin)
    for setting in declared:
        value = kept.get(setting.key)
        # A value from before an upgrade, which the setting does not take any more, is none.
        if value is not None and not setting.problem_of(value):
            values[setting.key] = value
    return MappingProxyType(values)


def declared_settings(plugin: str, scope: Scope) -> tuple[Setting, ...]:
    """Return the settings of one scope that ``plugin`` declares, in its order."""
    return tuple(setting for setting in _declared(plugin) if setting.scope == scope)


def save_settings(
    ctx: Context, plugin: str, scope: Scope, values: Mapping[str, Value]
) -> list[str]:
    """Keep the given values of one scope, whole or not at all; returns the keys that changed.

    Raises ``NotFound`` for an unknown key and ``BadSetting``, naming the field, for a value that
    the setting does not take. A value equal to the default is not kept, so that a plugin's better
    default reaches whoever never chose.
    """
    known = {setting.key: setting for setting in declared_settings(plugin, scope)}
    before = settings_of(ctx, plugin, scope)
    for key, value in values.items():
        if key not in known:
            raise NotFound(N_("%(key)s という設定はありません。"), key=key)
        if known[key].problem_of(value):
            raise BadSetting(field=key, label=known[key].label.text(ctx.locale))
    changed = [key for key, value in values.items() if before[key] != value]
    if not changed:
        return []
    with transaction(ctx):
        for key in changed:
            _write(ctx, plugin, known[key], values[key])
        if scope == "municipality":
            bump_revision(ctx.municipality.id)
    return changed


def chosen_by(municipality_id: Any, plugin: str, key: str, value: Value) -> Any:
    """Return the condition that the municipality set ``key`` of ``plugin`` to ``value``, for a query.

    ``municipality_id`` is a column of the query. ``value`` must not be the default, which is not kept.
    """
    return fn.EXISTS(
        MunicipalitySetting.select(SQL("1")).where(
            (MunicipalitySetting.municipality_id == municipality_id)
            & (MunicipalitySetting.plugin == plugin)
            & (MunicipalitySetting.key == key)
            & (MunicipalitySetting.value == json.dumps(value, ensure_ascii=False))
        )
    )


def _write(ctx: Context, plugin: str, setting: Setting, value: Value) -> None:
    model: Any
    if setting.scope == "municipality":
        model, owner = MunicipalitySetting, {"municipality_id": ctx.municipality.id}
    else:
        model, owner = PersonSetting, {"person_id": ctx.person_id}
    (column,) = owner
    target = [getattr(model, column), model.plugin, model.key]
    if value == setting.default:
        model.delete().where(
            (target[0] == owner[column]) & (model.plugin == plugin) & (model.key == setting.key)
        ).execute()
        return
    text = json.dumps(value, ensure_ascii=False)
    model.insert(**owner, plugin=plugin, key=setting.key, value=text).on_conflict(
        conflict_target=target, update={"value": text}
    ).execute()


def _declared(plugin: str) -> tuple[Setting, ...]:
    found = running().host.plugins.get(plugin)
    if found is None:
        raise NotFound(N_("%(plugin)s という機能は入っていません。"), plugin=plugin)
    return found.contributions.settings


def _of_person(person_id: int, plugin: str) -> dict[str, Value]:
    query = PersonSetting.select(PersonSetting.key, PersonSetting.value).where(
        (PersonSetting.person_id == person_id) & (PersonSetting.plugin == plugin)
    )
    return {key: json.loads(value) for key, value in rows(query)}
