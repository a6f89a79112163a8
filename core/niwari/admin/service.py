"""What municipal IT sees and does about plugins in the own municipality."""

from dataclasses import dataclass
from datetime import datetime

from niwari.context import Context
from niwari.db import transaction
from niwari.directory import enabling
from niwari.errors import N_, DomainError, NotFound
from niwari.host import enablement
from niwari.host.registry import Host, Plugin, Stage


class CannotEnable(DomainError):
    """The plugin stands at a stage at which it cannot be switched on."""

    text = N_("「%(plugin)s」は、サーバーでの準備が終わっていないため、今は使えません。")


@dataclass(frozen=True, slots=True)
class Feature:
    """A plugin as the page "使う機能の設定" shows it for one municipality.

    ``problem`` is what stopped it, in the words of the log, for whoever runs the server.
    """

    plugin: Plugin
    label: str
    purpose: str
    state: str
    since: datetime | None
    problem: str

    @property
    def is_on(self) -> bool:
        """Whether it is on in this municipality."""
        return self.state == enablement.ON


def features(ctx: Context, host: Host) -> list[Feature]:
    """Return every installed plugin with its state in the acting person's municipality."""
    rows = enablement.enablements(ctx.municipality.id)
    found = []
    for plugin in host.optional():
        row = rows.get(plugin.name)
        manifest = plugin.manifest
        found.append(
            Feature(
                plugin,
                manifest.label.text(ctx.locale) if manifest else plugin.name,
                manifest.purpose.text(ctx.locale) if manifest else "",
                row.state if row else enablement.OFF,
                row.since if row else None,
                problem_of(plugin),
            )
        )
    return found


def problem_of(plugin: Plugin) -> str:
    """Return why a plugin cannot be used, or an empty text.

    What its own code raised stays in the log and in ``niwari plugins list``.
    """
    if plugin.raised:
        return f"its code failed at the stage {plugin.stage.name.lower()}; see: niwari plugins list"
    if plugin.error:
        return plugin.error
    if plugin.stage is Stage.DECLARED:
        return "its migrations have not run; run: niwari migrate"
    return ""


def switch(ctx: Context, host: Host, name: str, *, on: bool, reason: str = "") -> bool:
    """Switch a plugin in the acting municipality; returns whether anything changed.

    Raises ``NotFound`` for a plugin that is not installed and ``CannotEnable`` for one that
    stopped at its stage. Switching off always works.
    """
    plugin = host.plugins.get(name)
    if plugin is None or plugin.core:
        raise NotFound(N_("%(plugin)s という機能は入っていません。"), plugin=name)
    if on and problem_of(plugin):
        raise CannotEnable(plugin=name)
    with transaction(ctx):
        return enabling.switch(ctx, ctx.municipality.id, name, on=on, reason=reason)
