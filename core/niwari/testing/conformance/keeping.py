"""Rules about what a plugin keeps: its tables, where they point, and how it is handed out and erased."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from niwari.app import load_host, migrate_all
from niwari.context import Context
from niwari.db import connection, database, open_database
from niwari.db.triggers import set_triggers
from niwari.directory.models import Appointment, Person
from niwari.errors import DomainError
from niwari.specs.contributions import Record, Subject
from niwari.stewardship import subjects
from niwari.testing.conformance.bench import NEIGHBOUR, OWNER, Bench, Stand
from niwari.testing.conformance.rule import rule
from niwari.testing.fingerprint import Fingerprint, difference, fingerprint


@rule("Its migrations build from nothing what its models say, and run again change nothing.")
def migrations(bench: Bench) -> Iterator[str]:
    """On the engine of this run: run it with --engine=sqlite and with --engine=postgresql."""
    host = load_host((bench.found, *bench.beside))
    plugins = [plugin for plugin in host.loaded() if not plugin.core]
    models = [model for plugin in plugins for model in plugin.contributions.models]

    def create() -> None:
        for model in models:
            model.create_table(safe=False)
        set_triggers()

    again: list[tuple[str, str]] = []

    def migrate_twice() -> None:
        migrate_all(host)
        again.extend(migrate_all(host))

    built = _built(bench, create), _built(bench, migrate_twice)
    own = [{k: v for k, v in facts.items() if k.startswith(f"{bench.name}_")} for facts in built]
    yield from difference(own[0], own[1], ("models", "migrations")).splitlines()
    yield from (f"migration {name}/{migration} ran twice" for name, migration in again)


def _built(bench: Bench, build: Callable[[], object]) -> Fingerprint:
    url = bench.with_core()
    open_database(url)
    try:
        with connection():
            build()
            return fingerprint()
    finally:
        bench.engines.drop(url)


@rule("A column that a later migration adds may be left out by who does not know it yet.")
def added_columns(bench: Bench) -> Iterator[str]:
    """Processes that still serve write rows while the new tables are there already."""
    host = load_host((bench.found, *bench.beside))
    own = host.plugins[bench.name].migration_set()
    if own is None:
        return
    url = bench.with_core()
    open_database(url)
    try:
        with connection():
            migrate_all(load_host(bench.beside))
            before: dict[str, set[str]] = {}
            for name in own.pending():
                own.runner().up(name)
                for table in (t for t in database.get_tables() if t.startswith(f"{bench.name}_")):
                    columns = database.get_columns(table)
                    for column in columns:
                        new = table in before and column.name not in before[table]
                        if new and not column.null and column.default is None:
                            yield (
                                f"{own.name}/{name} adds {table}.{column.name}, which may not be left "
                                'out; give it a default of the server: constraints=[SQL("DEFAULT '
                                '…")], in the model too'
                            )
                    before[table] = {column.name for column in columns}
    finally:
        bench.engines.drop(url)


@rule("Foreign keys point to its own tables and the core's, never to another plugin's.")
def foreign_keys(bench: Bench) -> Iterator[str]:
    """The models' foreign keys."""
    host = load_host((bench.found, *bench.beside))
    owners = {m._meta.table_name: p for p in host.loaded() for m in p.contributions.models}
    for model in host.plugins[bench.name].contributions.models:
        for field in model._meta.refs:
            target = field.rel_model._meta.table_name
            owner = owners.get(target)
            if owner is None or (not owner.core and owner.name != bench.name):
                yield (
                    f"{model._meta.table_name}.{field.name} points to {target}, which is another "
                    "plugin's; keep (kind, id) instead and show it with linked()"
                )


@rule(
    "What it keeps of people is named in the manifest, handed out by export_data, erased by erase_data."
)
def declares_personal_data(bench: Bench) -> Iterator[str]:
    """A table with a foreign key to a person or an appointment keeps personal data."""
    with bench.stand(sampled=False) as stand:
        plugin, host = stand.plugin, stand.world.host
        personal = [
            model._meta.table_name
            for model in plugin.contributions.models
            if any(f.rel_model in (Person, Appointment) for f in model._meta.refs)
        ]
        if not personal and not plugin.contributions.resources:
            return
        if plugin.manifest is not None and not plugin.manifest.personal_data:
            yield (
                f"{', '.join(personal) or 'its resources'} name people, but plugin.toml has no "
                "[[personal_data]]; say what is kept and for how long"
            )
        for hook in ("export_data", "erase_data"):
            if host.implementation(hook, plugin.name) is None:
                yield f"it keeps personal data but does not implement {hook}"


@rule(
    "Export hands out a person's rows; after erasing nothing of that person is left, nor lost of others."
)
def export_erase(bench: Bench) -> Iterator[str]:
    """Export → erase → export, for a person and then for the neighbour's whole municipality.

    What is handed out are texts, numbers, yes and no, lists and mappings of these: nothing else can
    be kept in a file as it is.
    """
    with bench.stand() as stand:
        if not _hands_out(stand):
            return
        here, there = stand.world.ctx_for(OWNER), stand.world.ctx_for(NEIGHBOUR)
        others = stand.sample(NEIGHBOUR)
        person, other = Subject(person_id=here.person_id), Subject(person_id=there.person_id)
        town = Subject(municipality_id=there.municipality.id)
        try:
            before = _exported(stand, here, other)
            of_person = _exported(stand, here, person)
            yield from _missing(stand.ids, of_person, "the person's")
            yield from _not_plain(of_person)
            yield from _erased(stand, here, person, stand.ids, "a person")
            if _exported(stand, here, other) != before:
                yield "erasing one person changed what is kept of another"
            yield from _missing(others, _exported(stand, there, town), "the municipality's")
            yield from _erased(stand, there, town, others, "a municipality")
        except DomainError as refused:
            yield str(refused)


def _hands_out(stand: Stand) -> bool:
    return all(
        stand.world.host.implementation(hook, stand.plugin.name) is not None
        for hook in ("export_data", "erase_data")
    )


def _exported(stand: Stand, ctx: Context, subject: Subject) -> list[Record]:
    found: list[Record] = []
    subjects.export(ctx, stand.world.dispatcher, stand.plugin.name, subject, found.append)
    return found


def _missing(ids: dict[str, int], found: list[Record], whose: str) -> Iterator[str]:
    handed = {(record.kind, record.id) for record in found}
    for kind, row in ids.items():
        if (kind, row) not in handed:
            yield f"export_data leaves out {whose} {kind}"


def _not_plain(found: list[Record]) -> Iterator[str]:
    kinds = (
        (f"{record.kind}: {where}", kind) for record in found for where, kind in _strange(record)
    )
    for where, kind in dict.fromkeys(kinds):
        yield (
            f"export_data hands out {where} as {kind}; give texts, numbers, True, False, None, lists "
            "and mappings of these: a day as day.isoformat(), a Decimal as str"
        )


def _strange(record: Record) -> Iterator[tuple[str, str]]:
    """Yield where a record holds what is no plain value, and its type."""
    waiting: list[tuple[str, Any]] = [("data", record.data)]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(f"{where}[{key!r}]", inner) for key, inner in value.items()]
            strange = [type(key).__name__ for key in value if not isinstance(key, str)]
            yield from ((f"a key of {where}", kind) for kind in strange)
        elif isinstance(value, list | tuple):
            waiting += [(f"{where}[{place}]", inner) for place, inner in enumerate(value)]
        elif not isinstance(value, str | int | float | None):
            yield where, type(value).__name__


def _erased(
    stand: Stand, ctx: Context, subject: Subject, ids: dict[str, int], whom: str
) -> Iterator[str]:
    texts = {kind: _text_of(stand, kind, row) for kind, row in ids.items()}
    receipt = subjects.erase(ctx, stand.world.dispatcher, stand.plugin.name, subject)
    left = _exported(stand, ctx, subject)
    if len(left) > receipt.kept:
        kinds = ", ".join(sorted({record.kind for record in left}))
        yield f"after erase_data of {whom}, export_data still hands out {len(left)} rows: {kinds}"
    if receipt.erased + receipt.redacted + receipt.kept < len(ids):
        yield f"the receipt of erasing {whom} counts fewer rows than there were"
    for kind, row in ids.items():
        if not receipt.kept and texts[kind] and _text_of(stand, kind, row) == texts[kind]:
            yield f"after erase_data of {whom}, {kind} still says what it said"
    if subjects.erase(ctx, stand.world.dispatcher, stand.plugin.name, subject).erased:
        yield f"erase_data of {whom}, called again, erased more"


def _text_of(stand: Stand, kind: str, row_id: int) -> str:
    """Return what a row says, or nothing where it is gone."""
    resource = next(r for r in stand.plugin.contributions.resources if r.kind == kind)
    row = resource.model.get_or_none(resource.model.id == row_id)
    return f"{resource.title(row)}\n{resource.text(row)}" if row is not None else ""
