"""Handing out and erasing what plugins keep of a person or a municipality, by their own hooks."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from niwari.audit import service as audit
from niwari.audit.values import erase_values
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.subjects import people_of
from niwari.errors import N_, DomainError
from niwari.host.dispatch import Dispatcher
from niwari.host.models import Enablement, Failure, PersonSetting
from niwari.specs.contributions import BadContribution, Receipt, Record, Subject

SETTING = "host.person_setting"
"""The kind of the records that the host itself hands out with a plugin's."""


class CannotTell(DomainError):
    """The plugin has no such hook, has stopped, or failed; nothing was erased."""

    text = N_(
        "%(plugin)s のデータを書き出せませんでした。"
        "サーバーの記録を確かめてください。（%(reason)s）"
    )


class CannotErase(DomainError):
    """The plugin has no such hook, has stopped, or failed; nothing was erased."""

    text = N_(
        "%(plugin)s のデータを消せませんでした。何も変わっていません。"
        "サーバーの記録を確かめてください。（%(reason)s）"
    )


def export(
    ctx: Context,
    dispatcher: Dispatcher,
    plugin: str,
    subject: Subject,
    take: Callable[[Record], object],
) -> int:
    """Give every record that ``plugin`` keeps of ``subject`` to ``take``; returns how many.

    What a person chose in its settings is kept by the host and handed out first. Raises
    ``CannotTell``, and what ``take`` raises counts against the plugin.
    """
    _check_ready(dispatcher, plugin, CannotTell)
    chosen = list(_chosen(plugin, subject))
    for record in chosen:
        take(record)
    hook = dispatcher.host.implementation("export_data", plugin)
    if hook is None:
        if dispatcher.host.plugins[plugin].contributions.models:
            raise CannotTell(plugin=plugin, reason=_reason(None))
        return len(chosen)

    def hand_over() -> int:
        count = len(chosen)
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


def note_export(ctx: Context, plugin: str, subject: Subject) -> None:
    """Note in the audit that somebody's rows are being handed out."""
    with transaction(ctx):
        audit.record(ctx, "plugin.export", *_object_of(subject), plugin=plugin)


def note_whole_export(ctx: Context, plugin: str) -> None:
    """Note in the audit of each municipality that ever switched ``plugin`` that all rows go out."""
    with transaction(ctx):
        known = Enablement.select(Enablement.municipality_id).where(Enablement.plugin == plugin)
        for (municipality_id,) in rows(known.order_by(Enablement.municipality_id)):
            audit.record(
                ctx,
                "plugin.export",
                "municipality",
                municipality_id,
                municipality_id=municipality_id,
                plugin=plugin,
            )


def erase(ctx: Context, dispatcher: Dispatcher, plugin: str, subject: Subject) -> Receipt:
    """Let ``plugin`` erase what it keeps of ``subject``, in one transaction with its audit row.

    What the core keeps for it goes too: the person's settings, whom its failures met, and what its
    acts changed of the person. Raises ``CannotErase``; then nothing was changed.
    """
    _check_ready(dispatcher, plugin, CannotErase)
    try:
        with transaction(ctx):
            forgotten = _forget(plugin, subject)
            outcome = dispatcher.call_one("erase_data", ctx, plugin, subject=subject)
            receipt = outcome.value if outcome is not None else None
            if outcome is None and not dispatcher.host.plugins[plugin].contributions.models:
                receipt = Receipt()
            if not isinstance(receipt, Receipt):
                error = outcome.error if outcome is not None else None
                raise CannotErase(plugin=plugin, reason=_reason(error))
            receipt = replace(receipt, erased=receipt.erased + forgotten)
            audit.record(
                ctx,
                "plugin.erase",
                *_object_of(subject),
                plugin=plugin,
                erased=receipt.erased,
                redacted=receipt.redacted,
                kept=receipt.kept,
            )
    finally:
        dispatcher.failing.write_waiting()
    return receipt


def _object_of(subject: Subject) -> tuple[str, int | None]:
    if subject.person_id is not None:
        return "person", subject.person_id
    return "municipality", subject.municipality_id


def _whole(subject: Subject) -> int | None:
    """Return whose own data the core keeps apart from any post, if they are meant whole.

    Of a person's in one municipality they are not where there are posts in another: settings and what
    was noted of the person belong to those too.
    """
    if subject.person_id is None or not people_of(subject).exists():
        return None
    return subject.person_id


def _chosen(plugin: str, subject: Subject) -> Iterator[Record]:
    person_id = _whole(subject)
    if person_id is None:
        return
    query = PersonSetting.select().where(
        (PersonSetting.plugin == plugin) & (PersonSetting.person_id == person_id)
    )
    for row in query.order_by(PersonSetting.id):
        yield Record(SETTING, row.id, {"key": row.key, "value": json.loads(row.value)})


def _forget(plugin: str, subject: Subject) -> int:
    """Remove what the core keeps of a person for ``plugin``; returns how many rows there were."""
    person_id = _whole(subject)
    if person_id is None:
        return 0
    Failure.update(person_id=None).where(
        (Failure.plugin == plugin) & (Failure.person_id == person_id)
    ).execute()
    gone: int = (
        PersonSetting.delete()
        .where((PersonSetting.plugin == plugin) & (PersonSetting.person_id == person_id))
        .execute()
    )
    return gone + erase_values(person_id, plugin)


def _check_ready(dispatcher: Dispatcher, plugin: str, refusal: type[DomainError]) -> None:
    if not dispatcher.host.is_ready(plugin):
        found = dispatcher.host.plugins.get(plugin)
        raise refusal(plugin=plugin, reason=found.problem if found else "not installed")


def _reason(error: BaseException | None) -> str:
    return type(error).__name__ if error is not None else "no such hook, or a wrong answer"
