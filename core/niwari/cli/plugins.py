"""plugins list, show, check, enable, disable, pause, export, erase, purge."""

from collections.abc import Iterator

import click
from flask import Flask

from niwari.admin import switching
from niwari.admin.service import orphans
from niwari.app import load_host
from niwari.cli.language import command_context
from niwari.cli.loading import loaded
from niwari.cli.migrating import migrate_installation
from niwari.cli.plugin_data import erase, export, purge
from niwari.clock import system_clock, tokyo_day
from niwari.db import rows
from niwari.directory.models import Municipality
from niwari.directory.people import municipality_by_code
from niwari.errors import N_, DomainError
from niwari.host.dispatch import Dispatcher
from niwari.host.loaded import Plugin
from niwari.host.models import Enablement
from niwari.host.town_state import OFF, ON, PAUSED
from niwari.host.wiring import wire


class UnusablePlugin(DomainError):
    """The plugin stopped at a stage at which it cannot be enabled."""

    text = N_("%(name)s は使えるようにできません。理由：%(reason)s")


@click.group("plugins")
def plugins_group() -> None:
    """See the installed plugins and switch them for a municipality."""


@plugins_group.command("list")
def list_plugins() -> None:
    """List the installed plugins, how far each came, and where it is on.

    Example: niwari plugins list
    """
    with loaded() as dispatcher:
        found = (
            Enablement.select(Enablement.plugin, Municipality.name)
            .join(Municipality, on=(Enablement.municipality_id == Municipality.id))
            .where(Enablement.state == ON)
            .order_by(Municipality.code)
        )
        on: dict[str, list[str]] = {}
        for plugin, town in rows(found):
            on.setdefault(plugin, []).append(town)
        gone = orphans(dispatcher)
        plugins = dispatcher.host.optional()
    if not plugins and not gone:
        click.echo("No plugin is installed.")
    for item in plugins:
        version = item.manifest.version if item.manifest else "?"
        stage = item.stage.name.lower()
        click.echo(f"{item.name} {version}  {stage}  on: {'、'.join(on.get(item.name, [])) or '–'}")
        if item.error:
            click.echo(f"  stopped: {item.error}")
        elif item.problem:
            click.echo("  waits for its migrations; run: niwari migrate")
    for name, row in sorted(gone.items()):
        click.echo(
            f"{name} {row.version}  orphaned  on: {'、'.join(on.get(name, [])) or '–'}\n"
            "  its package is gone and its rows are kept; install it again"
        )


class NotSound(RuntimeError):
    """A plugin did not pass ``plugins check``; names each with what stopped it."""


@plugins_group.command("check")
@click.argument("name", required=False)
def check(name: str | None) -> None:
    """Check the installed plugins, or one: manifest, sources, declarations, pages. Needs no database.

    What a running Niwari would say of it. For its behaviour: pytest --niwari-conformance NAME

    Example: niwari plugins check consult
    """
    dispatcher = Dispatcher(load_host(), system_clock)
    wire(Flask("check"), dispatcher)
    chosen = [switching.known_plugin(dispatcher, name)] if name else dispatcher.host.optional()
    for plugin in chosen:
        if not plugin.error:
            version = plugin.manifest.version if plugin.manifest else "?"
            click.echo(f"{plugin.name} {version}: sound")
    if stopped := [plugin for plugin in chosen if plugin.error]:
        raise NotSound(
            "\n".join(f"{p.name} stopped after {p.stage.name.lower()}: {p.error}" for p in stopped)
        )
    if not chosen:
        click.echo("No plugin is installed.")


@plugins_group.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Show what a plugin brings: pages, permissions, tables, settings, events, commands.

    Example: niwari plugins show consult
    """
    with loaded() as dispatcher:
        plugin = switching.known_plugin(dispatcher, name)
    for line in _described(plugin):
        click.echo(line)


def _described(plugin: Plugin) -> Iterator[str]:
    manifest, brought = plugin.manifest, plugin.contributions
    yield f"{plugin.name}  stage: {plugin.stage.name.lower()}"
    if plugin.problem:
        yield f"  problem: {plugin.problem}"
    if manifest is not None:
        yield f"  {manifest.label.ja} / {manifest.label.en}, version {manifest.version}"
        for key in ("requires", "uses", "maintainers"):
            if values := getattr(manifest, key):
                yield f"  {key}: {', '.join(values)}"
        for data in manifest.personal_data:
            yield f"  personal data: {data.category.ja} ({data.retention.ja})"
    for blueprint in brought.blueprints:
        for route in blueprint.routes:
            access = route.permission or f"public: {route.public}"
            methods = ",".join(route.methods)
            yield f"  page: {methods} {plugin.url_prefix}{route.rule}  {access}"
    for permission in brought.permissions:
        yield f"  permission: {permission.code}  {', '.join(permission.roles)}"
    for model in brought.models:
        yield f"  table: {model._meta.table_name}"
    for resource in brought.resources:
        yield f"  resource: {resource.kind}"
    for service in brought.services:
        yield f"  service: {plugin.name} {service.version}  {service.protocol.__name__}"
    for setting in brought.settings:
        yield f"  setting: {setting.key}  {setting.scope}  default {setting.default!r}"
    for event in brought.events:
        yield f"  event: {plugin.name}.{event.__name__}"
    for subscription in brought.subscriptions:
        yield f"  subscribes to: {subscription.event}"
    for activity in brought.activities:
        yield f"  class of the ledger: {activity.code}"
    for command in brought.commands:
        yield f"  command: niwari {plugin.name} {command.name}"


def _switch(name: str, code: str, state: str, reason: str, *, migrate: bool = False) -> None:
    host = load_host() if migrate else None
    for line in migrate_installation(host) if host else ():
        click.echo(line)
    with loaded(host) as dispatcher:
        plugin = switching.switchable_plugin(dispatcher, name)
        if state == ON and plugin.problem:
            raise UnusablePlugin(name=name, reason=plugin.problem)
        now = dispatcher.clock()
        town = municipality_by_code(code, tokyo_day(now))
        ctx = command_context(now, f"niwari plugins {_COMMANDS[state]}", town)
        changed = switching.switch(ctx, dispatcher, name, state, reason=reason)
    click.echo(f"{name} {'is now' if changed else 'was already'} {state} for {town.name} ({code}).")


_COMMANDS = {ON: "enable", OFF: "disable", PAUSED: "pause"}
_code = click.option(
    "--municipality",
    "code",
    required=True,
    metavar="CODE",
    help="The six-digit code of the municipality, as 072036.",
)
_reason = click.option(
    "--reason", default="", help="Why; shown to municipal IT, and to staff while paused."
)


@plugins_group.command("enable")
@click.argument("name")
@_code
@_reason
@click.option("--migrate", is_flag=True, help="Do first what niwari migrate does.")
def enable(name: str, code: str, reason: str, migrate: bool) -> None:
    """Switch a plugin on for one municipality, at once and without a restart.

    A package that was installed after the server started needs its restart.

    Example: niwari plugins enable consult --municipality 072036
    """
    _switch(name, code, ON, reason, migrate=migrate)


@plugins_group.command("disable")
@click.argument("name")
@_code
@_reason
def disable(name: str, code: str, reason: str) -> None:
    """Switch a plugin off for one municipality; its data stays.

    Example: niwari plugins disable consult --municipality 072079
    """
    _switch(name, code, OFF, reason)


@plugins_group.command("pause")
@click.argument("name")
@_code
@_reason
def pause(name: str, code: str, reason: str) -> None:
    """Pause a plugin for one municipality; enable goes on where it stopped.

    Example: niwari plugins pause consult --municipality 072079 --reason "until April"
    """
    _switch(name, code, PAUSED, reason)


for _command in (export, erase, purge):
    plugins_group.add_command(_command)
