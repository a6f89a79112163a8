"""Handing out and erasing what plugins keep of a person or a municipality, by their own hooks."""

from collections.abc import Callable
from dataclasses import dataclass

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.errors import N_, DomainError
from niwari.host.dispatch import Dispatcher
from niwari.specs.contributions import BadContribution, Receipt, Record, Subject


class CannotTell(DomainError):
    """The plugin has no such hook, has stopped, or failed; nothing was erased."""

    text = N_("%(plugin)s からは取り出せませんでした（%(reason)s）。")


class CannotErase(DomainError):
    """The plugin has no such hook, has stopped, or failed; nothing was erased."""

    text = N_("%(plugin)s の内容は消せませんでした（%(reason)s）。何も変わっていません。")


@dataclass(frozen=True, slots=True)
class Holder:
    """A plugin that can be asked for what it keeps."""

    name: str
    exports: bool
    erases: bool


def holders(dispatcher: Dispatcher) -> list[Holder]:
    """Return the plugins that are ready and keep rows, whether or not they are on somewhere."""
    exporting, erasing = (
        {impl.plugin_name for impl in dispatcher.host.implementations(hook)}
        for hook in ("export_data", "erase_data")
    )
    return [
        Holder(plugin.name, plugin.name in exporting, plugin.name in erasing)
        for plugin in dispatcher.host.optional()
        if dispatcher.host.is_ready(plugin.name) and plugin.contributions.models
    ]


def export(
    ctx: Context,
    dispatcher: Dispatcher,
    plugin: str,
    subject: Subject,
    take: Callable[[Record], object],
) -> int:
    """Give every record that ``plugin`` keeps of ``subject`` to ``take``; returns how many.

    Raises ``CannotTell``, and what ``take`` raises counts against the plugin.
    """
    _check_ready(dispatcher, plugin, CannotTell)

    hook = dispatcher.host.implementation("export_data", plugin)
    if hook is None:
        raise CannotTell(plugin=plugin, reason=_reason(None))

    def hand_over() -> int:
        count = 0
        for record in hook(ctx=ctx, subject=subject) or ():
            if not isinstance(record, Record):
                raise BadContribution(f"export_data returned {type(record).__name__}, no Record")
            take(record)
            count += 1
        return count

    outcome = dispatcher.guarded(ctx, plugin, "export_data", hand_over)
    if outcome.error is not None:
        raise CannotTell(plugin=plugin, reason=_reason(outcome.error))
    count: int = outcome.value
    return count


def erase(ctx: Context, dispatcher: Dispatcher, plugin: str, subject: Subject) -> Receipt:
    """Let ``plugin`` erase what it keeps of ``subject``, in one transaction with its audit row.

    Raises ``CannotErase``; then nothing was changed.
    """
    _check_ready(dispatcher, plugin, CannotErase)
    try:
        with transaction(ctx):
            outcome = dispatcher.call_one("erase_data", ctx, plugin, subject=subject)
            receipt = outcome.value if outcome is not None else None
            if not isinstance(receipt, Receipt):
                error = outcome.error if outcome is not None else None
                raise CannotErase(plugin=plugin, reason=_reason(error))
            audit.record(
                ctx,
                "plugin.erase",
                "person" if subject.person_id is not None else "municipality",
                subject.person_id if subject.person_id is not None else subject.municipality_id,
                plugin=plugin,
                erased=receipt.erased,
                redacted=receipt.redacted,
                kept=receipt.kept,
            )
    finally:
        dispatcher.failing.write_waiting()
    return receipt


def _check_ready(dispatcher: Dispatcher, plugin: str, refusal: type[DomainError]) -> None:
    if not dispatcher.host.is_ready(plugin):
        found = dispatcher.host.plugins.get(plugin)
        raise refusal(plugin=plugin, reason=found.problem if found else "not installed")


def _reason(error: BaseException | None) -> str:
    return type(error).__name__ if error is not None else "no such hook, or a wrong answer"
