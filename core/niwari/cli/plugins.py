"""plugins list, enable, disable."""

import click

from niwari.app import load_host
from niwari.cli.opening import opened
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import rows
from niwari.directory import enabling
from niwari.directory.models import Municipality
from niwari.directory.people import municipality_by_code
from niwari.errors import N_, DomainError
from niwari.host.enablement import ON, Enablement
from niwari.host.registry import Stage


class UnknownPlugin(DomainError):
    """No plugin of that name is installed."""

    text = N_("%(name)s という機能は入っていません。入っているのは次のとおりです：%(known)s")


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
    with opened():
        host = load_host()
        host.check_migrations()
        found = (
            Enablement.select(Enablement.plugin, Municipality.name)
            .join(Municipality, on=(Enablement.municipality_id == Municipality.id))
            .where(Enablement.state == ON)
            .order_by(Municipality.code)
        )
        on: dict[str, list[str]] = {}
        for plugin, town in rows(found):
            on.setdefault(plugin, []).append(town)
    if not host.optional():
        click.echo("No plugin is installed.")
    for item in host.optional():
        version = item.manifest.version if item.manifest else "?"
        stage = item.stage.name.lower()
        click.echo(f"{item.name} {version}  {stage}  on: {'、'.join(on.get(item.name, [])) or '–'}")
        if item.error:
            click.echo(f"  stopped: {item.error}")
        elif item.stage is Stage.DECLARED:
            click.echo("  waits for its migrations; run: niwari migrate")


def _switch(name: str, code: str, *, on: bool) -> None:
    with opened() as installation:
        host = load_host()
        host.check_migrations()
        plugin = host.plugins.get(name)
        if plugin is None or plugin.core:
            known = "、".join(p.name for p in host.optional()) or "–"
            raise UnknownPlugin(name=name, known=known)
        if on and not host.is_ready(name):
            reason = plugin.error or "its migrations have not run; run: niwari migrate"
            raise UnusablePlugin(name=name, reason=reason)
        now = installation.clock()
        town = municipality_by_code(code, tokyo_day(now))
        actor = f"niwari plugins {'enable' if on else 'disable'}"
        changed = enabling.switch(Context(town, None, now, actor=actor), town.id, name, on=on)
    state = "on" if on else "off"
    click.echo(f"{name} {'is now' if changed else 'was already'} {state} for {town.name} ({code}).")


_code = click.option(
    "--municipality",
    "code",
    required=True,
    metavar="CODE",
    help="The six-digit code of the municipality, as 072036.",
)


@plugins_group.command("enable")
@click.argument("name")
@_code
def enable(name: str, code: str) -> None:
    """Switch a plugin on for one municipality, at once and without a restart.

    Example: niwari plugins enable consult --municipality 072036
    """
    _switch(name, code, on=True)


@plugins_group.command("disable")
@click.argument("name")
@_code
def disable(name: str, code: str) -> None:
    """Switch a plugin off for one municipality; its data stays.

    Example: niwari plugins disable consult --municipality 072079
    """
    _switch(name, code, on=False)
