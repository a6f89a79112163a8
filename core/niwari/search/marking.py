"""Having rows indexed anew that nobody changed: after an update of their plugin, or on demand."""

from collections.abc import Callable
from typing import Any

from peewee import SQL, Value, fn

from niwari.context import Context
from niwari.db import database, rows, transaction
from niwari.db.sets import chunks
from niwari.errors import N_, NotFound
from niwari.host.running import running
from niwari.search.indexing import index_due
from niwari.search.models import Changed, Entry
from niwari.search.writing import remove_plugin
from niwari.specs.contributions import Resource

PORTION = 1_000


class NoSuchPlugin(NotFound):
    """No plugin of that name is ready."""

    text = N_(
        "%(plugin)s という機能は、入っていないか、使える状態にありません。"
        "niwari plugins list で確かめてください。"
    )


def mark_all(ctx: Context, plugin: str) -> int:
    """Note all rows that ``plugin`` shares as changed, by one statement each kind; returns how many.

    The worker indexes them then. For a plugin that describes its rows in another way than before.
    """
    with transaction(ctx):
        return sum(_note(resource, SQL("1 = 1")) for resource in _resources(plugin))


def _resources(plugin: str) -> list[Resource]:
    host = running().host
    return list(host.plugins[plugin].contributions.resources) if host.is_ready(plugin) else []


def _note(resource: Resource, which: Any) -> int:
    model = resource.model
    ids = model.select(Value(model._meta.table_name), model.id).where(which)
    Changed.insert_from(ids, (Changed.table_name, Changed.row_id)).execute()
    count: int = model.select().where(which).count()
    return count


def reindex(
    ctx: Context,
    plugin: str = "",
    progress: Callable[[int, int], object] = lambda done, everything: None,
) -> tuple[int, int]:
    """Index all rows of ``plugin``, or of every plugin that is ready, anew.

    Returns how many rows were gone through and how many entries there are then. ``progress`` is told
    how many are done, of how many. In portions, while people work; cut off, it can be begun again.
    Entries of rows that are gone leave too. Raises ``NoSuchPlugin``.
    """
    host = running().host
    if plugin and (plugin not in host.plugins or not host.is_ready(plugin)):
        raise NoSuchPlugin(plugin=plugin)
    names = [plugin] if plugin else [p.name for p in host.loaded() if host.is_ready(p.name)]
    resources = [resource for name in names for resource in _resources(name)]
    everything = sum(resource.model.select().count() for resource in resources)
    done = 0
    for resource in resources:
        for count in _in_portions(ctx, resource):
            done += count
            progress(done, everything)
    kinds = [resource.kind for resource in resources]
    left: int = Entry.select().where(Entry.kind.in_(kinds)).count() if kinds else 0
    return done, left


def _in_portions(ctx: Context, resource: Resource) -> Any:
    """Yield how many rows each portion had; after the rows come entries without one."""
    model, last = resource.model, 0
    while True:
        query = model.select(model.id).where(model.id > last).order_by(model.id).limit(PORTION)
        ids = [row_id for (row_id,) in rows(query)]
        if not ids:
            break
        last = ids[-1]
        with transaction(ctx):
            _note(resource, model.id.in_(ids))
        index_due(ctx.now, most=PORTION)
        yield len(ids)
    _note_orphans(ctx, resource)
    while index_due(ctx.now):
        pass


def _note_orphans(ctx: Context, resource: Resource) -> None:
    model, table = resource.model, resource.model._meta.table_name
    gone = Entry.select(Entry.row_id).where(
        (Entry.kind == resource.kind)
        & ~fn.EXISTS(model.select(SQL("1")).where(model.id == Entry.row_id))
    )
    for some in chunks(row_id for (row_id,) in rows(gone)):
        with transaction(ctx):
            Changed.insert_many(
                [(table, row_id) for row_id in some], (Changed.table_name, Changed.row_id)
            ).execute()


def forget_plugin(plugin: str, tables: list[str]) -> int:
    """Remove all entries of a plugin whose tables are removed, in the caller's transaction.

    Returns how many there were.
    """
    if not database.in_transaction():
        raise RuntimeError("forget_plugin() needs a transaction(ctx) around it")
    removed = 0
    while count := remove_plugin(plugin):
        removed += count
    Changed.delete().where(Changed.table_name.in_(tables)).execute()
    return removed
