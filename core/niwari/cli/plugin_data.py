"""plugins export, erase, purge: what plugins keep."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from niwari.admin import purging
from niwari.admin.tables import lines_of
from niwari.cli.language import command_context
from niwari.cli.loading import loaded
from niwari.clock import tokyo_day
from niwari.context import Context, MunicipalityRef
from niwari.directory.models import Person
from niwari.directory.people import (
    UnknownPerson,
    home_of,
    municipality_by_code,
    municipality_ref,
)
from niwari.errors import N_, Invalid
from niwari.host.dispatch import Dispatcher
from niwari.pages.texts import locale
from niwari.specs.contributions import Record, Subject
from niwari.stewardship import subjects

_to = click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, a line of JSON for each row. It must not exist yet.",
)
_code = click.option("--municipality", "code", metavar="CODE", help="Only this municipality's.")
_login = click.option("--person", "login", metavar="LOGIN", help="Only this person's.")


@click.command("export")
@click.argument("name")
@_to
@_code
@_login
def export(name: str, target: Path, code: str | None, login: str | None) -> None:
    """Write out what a plugin keeps: all of it, also when its package is gone, or one subject's.

    Without --municipality and --person every row of its tables as it is stored; with them what the
    plugin itself hands out.

    Example: niwari plugins export consult --person staff@koriyama --to staff.jsonl
    """
    with loaded() as dispatcher, _new_file(target) as write:
        if code is None and login is None:
            kept = purging.kept_of(dispatcher, name)
            ctx = command_context(dispatcher.clock(), "niwari plugins export")
            subjects.note_whole_export(ctx, name)
            count = _write_tables(kept, write)
        else:
            ctx, subject = _subject(dispatcher, code, login, "niwari plugins export")
            subjects.note_export(ctx, name, subject)
            count = subjects.export(ctx, dispatcher, name, subject, lambda r: write(_line(name, r)))
    click.echo(f"{count} rows of {name} written to {target}.")


@click.command("erase")
@click.argument("name")
@_code
@_login
@click.option("--confirm", metavar="NAME", help="The plugin's name; asked for where it is missing.")
def erase(name: str, code: str | None, login: str | None, confirm: str | None) -> None:
    """Erase or redact what a plugin keeps of one person or municipality; there is no way back.

    Example: niwari plugins erase consult --person staff@koriyama
    """
    if code is None and login is None:
        raise Invalid(
            N_("だれのデータを消すかを、--person LOGIN か --municipality CODE で指定してください。")
        )
    with loaded() as dispatcher:
        ctx, subject = _subject(dispatcher, code, login, "niwari plugins erase")
        typed = confirm or click.prompt(f"Type {name} to erase the rows of {login or code}")
        if typed != name:
            raise purging.NotTyped(typed=typed, plugin=name)
        receipt = subjects.erase(ctx, dispatcher, name, subject)
    click.echo(f"{name}: {receipt.erased} erased, {receipt.redacted} redacted, {receipt.kept} kept")
    if receipt.reason is not None:
        click.echo(f"  kept because: {receipt.reason.text(locale())}")


@click.command("purge")
@click.argument("name")
@click.option(
    "--export-to",
    "target",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file into which every row is written first. It must not exist yet.",
)
@click.option("--confirm", metavar="NAME", help="The plugin's name; asked for where it is missing.")
def purge(name: str, target: Path, confirm: str | None) -> None:
    """Drop a plugin's tables and everything noted of it, after writing all rows out.

    It must be off everywhere. Stop the web processes or uninstall the package first.

    Example: niwari plugins purge consult --export-to consult.jsonl
    """
    with loaded() as dispatcher:
        kept = purging.kept_of(dispatcher, name)
        purging.check_may_purge(dispatcher, name)
        for table, count in kept.tables:
            click.echo(f"  {table}: {count} rows")
        typed = confirm or click.prompt(f"Type {name} to drop these {len(kept.tables)} tables")
        if typed != name:
            raise purging.NotTyped(typed=typed, plugin=name)
        ctx = command_context(dispatcher.clock(), "niwari plugins purge")

        def save(present: purging.Kept) -> None:
            with _new_file(target) as write:
                _write_tables(present, write)

        done = purging.purge(ctx, dispatcher, name, typed=typed, save=save)
    click.echo(f"{name} is purged; its {done.rows} rows are in {target}.")


def _write_tables(kept: purging.Kept, write: Callable[[str], object]) -> int:
    count = 0
    for table, _count in kept.tables:
        for line in lines_of(table):
            write(line)
            count += 1
    return count


def _line(plugin: str, record: Record) -> str:
    entry: dict[str, Any] = {"plugin": plugin, "kind": record.kind, "id": record.id}
    return json.dumps({**entry, "data": dict(record.data)}, ensure_ascii=False, default=str)


def _subject(
    dispatcher: Dispatcher, code: str | None, login: str | None, actor: str
) -> tuple[Context, Subject]:
    now = dispatcher.clock()
    town = municipality_by_code(code, tokyo_day(now)) if code else None
    person = Person.get_or_none(Person.login == login) if login else None
    if login and person is None:
        raise UnknownPerson(login=login)
    noted_in = town or (_town_of(person, now) if person else None)
    if noted_in is None:
        raise Invalid(
            N_(
                "%(login)s は一度も所属したことがないため、どの市町村の記録（監査）に残すかが"
                "決まりません。--municipality CODE も指定してください。"
            ),
            login=login,
        )
    return (
        command_context(now, actor, noted_in),
        Subject(person.id if person else None, town.id if town else None),
    )


def _town_of(person: Person, now: datetime) -> MunicipalityRef | None:
    """Return the municipality of a person's present post, else of another one, if there is any."""
    today = tokyo_day(now)
    home = home_of(person.id, today)
    return municipality_ref(home, today) if home is not None else None


@contextmanager
def _new_file(target: Path) -> Iterator[Callable[[str], object]]:
    """Give a writer of lines into a file that is new; it is there whole and on disk, or not at all."""
    try:
        file = target.open("x", encoding="utf-8")
    except FileExistsError:
        raise Invalid(
            N_("%(file)s は、もうあります。新しい名前にしてください。"), file=target
        ) from None
    except OSError as error:
        raise Invalid(
            N_("%(file)s に書き出せません（%(reason)s）。別の名前にしてください。"),
            file=target,
            reason=error.strerror,
        ) from error
    try:
        with file:
            yield lambda line: file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
