"""``niwari <plugin> <command> --municipality CODE``: the commands that plugins bring."""

from copy import copy
from typing import Any

import click

from niwari.admin.switching import label_of
from niwari.cli.language import command_context
from niwari.cli.loading import loaded
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.directory.people import municipality_by_code
from niwari.errors import N_, DomainError
from niwari.host.dispatch import Dispatcher
from niwari.host.enablement import active
from niwari.host.loaded import Plugin
from niwari.host.quarantine import COMMAND
from niwari.host.registry import Host
from niwari.pages.texts import locale

_TOWN = "municipality_code"


class NotOnHere(DomainError):
    """The plugin whose command was called is off in the municipality."""

    text = N_(
        "「%(plugin)s」は%(town)sで使われていません。"
        "先に使えるようにしてください：niwari plugins enable %(name)s --municipality %(code)s"
    )


class CommandFailed(RuntimeError):
    """A plugin's command raised; the log has the whole of it."""


def group_of(host: Host, name: str) -> click.Group | None:
    """Return the commands of the plugin ``name`` as a group; ``None`` where it brings none."""
    plugin = host.plugins.get(name)
    if plugin is None or plugin.core or not plugin.contributions.commands:
        return None
    group = click.Group(name, help=_help(plugin))
    for command in plugin.contributions.commands:
        group.add_command(_for_a_town(host, name, command))
    return group


def _help(plugin: Plugin) -> str:
    return plugin.manifest.purpose.en if plugin.manifest else ""


def _for_a_town(host: Host, plugin: str, command: click.Command) -> click.Command:
    """Return ``command`` with ``--municipality``, run in that town's name where the plugin is on."""
    gated = copy(command)
    gated.params = [*command.params, _town_option()]

    @click.pass_context
    def run(click_ctx: click.Context, /, **values: Any) -> None:
        with loaded(host) as dispatcher:
            ctx = _context(dispatcher, plugin, str(command.name), values.pop(_TOWN))
            click_ctx.obj = ctx
            outcome = dispatcher.guarded(
                ctx,
                plugin,
                f"{COMMAND}{command.name}",
                lambda: _answered(click_ctx, command, values),
            )
        if outcome.error is not None:
            kind = type(outcome.error).__name__
            if isinstance(outcome.error, DomainError):
                raise outcome.error
            raise CommandFailed(f"{plugin} {command.name} failed: {kind}; the log above says where")
        if isinstance(outcome.value, BaseException):
            raise outcome.value

    gated.callback = run
    return gated


def _town_option() -> click.Option:
    return click.Option(
        ["--municipality", _TOWN],
        required=True,
        metavar="CODE",
        help="The six-digit code of the municipality in whose name it runs, as 072036.",
    )


def _context(dispatcher: Dispatcher, plugin: str, command: str, code: str) -> Context:
    now = dispatcher.clock()
    town = municipality_by_code(code, tokyo_day(now))
    if not (active(town, plugin) and dispatcher.host.is_ready(plugin)):
        label = label_of(dispatcher.host.plugins[plugin], locale())
        raise NotOnHere(plugin=label, name=plugin, town=town.name, code=code)
    return command_context(now, f"niwari {plugin} {command}", town)


def _answered(
    click_ctx: click.Context, command: click.Command, values: dict[str, Any]
) -> BaseException | None:
    """Run the command; what click itself raises is an answer and no failure of the plugin."""
    try:
        if command.callback is not None:
            click_ctx.invoke(command.callback, **values)
    except (click.ClickException, click.exceptions.Exit, click.Abort) as answer:
        return answer
    return None
