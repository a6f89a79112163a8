"""Switching a plugin for a municipality: the one place that asks what must hold before.

Used by the admin pages and by ``niwari plugins``; the acting context's municipality is switched.
"""

from collections.abc import Iterable

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory import enabling
from niwari.errors import N_, DomainError, NotFound
from niwari.host import enablement
from niwari.host.dispatch import Dispatcher
from niwari.host.loaded import Plugin
from niwari.host.models import InstalledPlugin
from niwari.host.quarantine import dark_parts, end_quarantines
from niwari.host.requirements import leaning_on, not_on
from niwari.host.town_state import OFF, ON, PAUSED
from niwari.specs.contributions import Label


class UnknownPlugin(NotFound):
    """No plugin of that name is installed."""

    text = N_("%(plugin)s という機能は入っていません。入っているのは次のとおりです：%(known)s")


class NotReady(DomainError):
    """The plugin stands at a stage at which it cannot be switched on."""

    text = N_("「%(plugin)s」は、サーバーでの準備が終わっていないため、今は使えません。")


class Lacks(DomainError):
    """What the plugin requires is not on in the municipality."""

    text = N_("「%(plugin)s」を使うには、先に「%(names)s」を使えるようにしてください。")


class LeanedOn(DomainError):
    """Other plugins that are on in the municipality require this one."""

    text = N_(
        "「%(names)s」は「%(plugin)s」を必要としています。"
        "先に「%(names)s」を休止するか、使わない設定にしてください。"
    )


class StillDark(DomainError):
    """Parts of it are in quarantine in the municipality, from before it was switched off."""

    text = N_(
        "「%(plugin)s」は、不具合が続いた部分（%(count)s個）を止めたままです。"
        "「機能の調子」の画面で「今すぐ試す」を押してから、もう一度操作してください。"
    )


class Blocked(DomainError):
    """The plugin itself says that something is in the way."""

    text = N_("「%(plugin)s」の設定を変えられませんでした。理由：%(blockers)s")


class Unprepared(DomainError):
    """The plugin failed while it prepared the municipality; nothing was changed."""

    text = N_(
        "「%(plugin)s」を使えるようにする準備ができませんでした。何も変わっていません。"
        "もう一度試しても同じときは、番号 %(trace)s をサーバーの担当者に伝えてください。"
    )


class NothingToPause(DomainError):
    """Only what is on can be paused."""

    text = N_("「%(plugin)s」は使われていないため、休止できません。")


def switch(
    ctx: Context, dispatcher: Dispatcher, name: str, state: str, *, reason: str = ""
) -> bool:
    """Bring the plugin ``name`` into ``state`` (on, off, paused) in the acting municipality.

    Returns whether anything changed. Raises ``UnknownPlugin``; for on ``NotReady``, ``Lacks``,
    ``StillDark``, ``Blocked``, ``Unprepared``; for off and paused ``LeanedOn`` and, for off,
    ``Blocked``; for paused ``NothingToPause``. A plugin that has stopped, or whose package is gone,
    can always be switched off.
    """
    plugin = switchable_plugin(dispatcher, name)
    label = label_of(plugin, ctx.locale)
    try:
        with transaction(ctx):
            # Before anything is asked: what the checks found must still hold when it is written.
            enablement.hold(ctx.municipality.id)
            rows = enablement.enablements(ctx.municipality.id)
            before = rows[name].state if name in rows else OFF
            if before == state:
                return False
            on = {row.plugin for row in rows.values() if row.state == ON}
            if state == ON:
                _check_may_begin(ctx, dispatcher, plugin, on, before)
            else:
                _check_may_end(ctx, dispatcher, plugin, on, state, before)
            enabling.switch(ctx, ctx.municipality.id, name, state, reason=reason)
            _tell(ctx, dispatcher, plugin, before, state, label)
    finally:
        # What failed inside the transaction is counted once it is over.
        dispatcher.failing.write_waiting()
    return True


def try_again(ctx: Context, name: str) -> int:
    """Let every part of a plugin that is in quarantine in the acting municipality be lit again.

    Returns how many there were.
    """
    with transaction(ctx):
        parts = end_quarantines(ctx.municipality.id, name, ctx.now)
        if parts:
            audit.record(
                ctx,
                "plugin.try_again",
                "municipality",
                ctx.municipality.id,
                plugin=name,
                parts=parts,
            )
    return parts


def set_withdrawn(ctx: Context, dispatcher: Dispatcher, name: str, *, withdrawn: bool) -> bool:
    """Hide from other towns what the acting municipality shared through a plugin, or show it again.

    Returns whether that changed anything. Works whatever the state of the plugin.
    """
    switchable_plugin(dispatcher, name)
    with transaction(ctx):
        if not enablement.withdraw(ctx, ctx.municipality.id, name, withdrawn=withdrawn):
            return False
        audit.record(
            ctx,
            "plugin.withdraw" if withdrawn else "plugin.share_again",
            "municipality",
            ctx.municipality.id,
            plugin=name,
        )
    return True


def known_plugin(dispatcher: Dispatcher, name: str) -> Plugin:
    """Return an installed plugin that a municipality can switch; raises ``UnknownPlugin``."""
    plugin = dispatcher.host.plugins.get(name)
    if plugin is None or plugin.core:
        known = "、".join(p.name for p in dispatcher.host.optional()) or "–"
        raise UnknownPlugin(plugin=name, known=known)
    return plugin


def switchable_plugin(dispatcher: Dispatcher, name: str) -> Plugin:
    """Return a plugin that a municipality can switch, also one whose package is gone.

    Raises ``UnknownPlugin``.
    """
    noted = InstalledPlugin.select().where(InstalledPlugin.name == name)
    if name not in dispatcher.host.plugins and noted.exists():
        return Plugin(name, "", error="its package is gone and its rows are kept; install it again")
    return known_plugin(dispatcher, name)


def label_of(plugin: Plugin, locale: str) -> str:
    """Return what people call the plugin; its name where its manifest could not be read."""
    return plugin.manifest.label.text(locale) if plugin.manifest else plugin.name


def labels_of(dispatcher: Dispatcher, names: Iterable[str], locale: str) -> str:
    """Return what people call the plugins ``names``, in one line; also those that are not there."""
    plugins = dispatcher.host.plugins
    separator = ", " if locale == "en" else "、"
    return separator.join(label_of(plugins[n], locale) if n in plugins else n for n in names)


def _check_may_begin(
    ctx: Context, dispatcher: Dispatcher, plugin: Plugin, on: set[str], before: str
) -> None:
    label = label_of(plugin, ctx.locale)
    migrations = plugin.migration_set()
    # Asked again: its tables may have been purged since this process started.
    if not dispatcher.host.is_ready(plugin.name) or (migrations and migrations.pending()):
        raise NotReady(plugin=label)
    if missing := not_on(plugin, on):
        raise Lacks(plugin=label, names=labels_of(dispatcher, missing, ctx.locale))
    if dark := dark_parts(ctx.municipality.id, plugin.name):
        raise StillDark(plugin=label, count=len(dark))
    if before == PAUSED:
        return  # going on needs no preparation
    outcome = dispatcher.call_one("can_enable", ctx, plugin.name)
    if outcome is not None and outcome.error is not None:
        raise Unprepared(plugin=label, trace=ctx.request_id or "–")
    _raise_if_blocked(ctx, label, outcome.value if outcome else ())


def _check_may_end(
    ctx: Context, dispatcher: Dispatcher, plugin: Plugin, on: set[str], state: str, before: str
) -> None:
    label = label_of(plugin, ctx.locale)
    if state == PAUSED and before != ON:
        raise NothingToPause(plugin=label)
    if leaning := leaning_on(plugin.name, dispatcher.host.optional(), on):
        raise LeanedOn(plugin=label, names=labels_of(dispatcher, leaning, ctx.locale))
    if state == OFF:
        outcome = dispatcher.call_one("can_disable", ctx, plugin.name)
        # One that fails is not in the way: what fails must be able to be switched off.
        _raise_if_blocked(ctx, label, outcome.value if outcome and not outcome.error else ())


def _raise_if_blocked(ctx: Context, label: str, blockers: Iterable[Label]) -> None:
    sentences = [blocker.text(ctx.locale) for blocker in blockers]
    if sentences:
        raise Blocked(plugin=label, blockers=" ".join(sentences))


def _tell(
    ctx: Context, dispatcher: Dispatcher, plugin: Plugin, before: str, state: str, label: str
) -> None:
    if state == ON and before == OFF:
        outcome = dispatcher.call_one("enabled", ctx, plugin.name)
        if outcome is not None and outcome.error is not None:
            raise Unprepared(plugin=label, trace=ctx.request_id or "–")
    elif state == OFF:
        # Undone to a savepoint where it fails; the plugin is off all the same.
        dispatcher.call_one("disabled", ctx, plugin.name)
