"""Purging: removing a plugin's rows for good, after they were written out and the name was typed."""

from collections.abc import Callable
from dataclasses import dataclass

from peewee import PeeweeException

from niwari.admin.tables import count_of, tables_of
from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import database, is_postgresql, locked, rows, transaction
from niwari.db.counting_on import note_dropped
from niwari.db.schema import foreign_keys
from niwari.digest.forgetting import forget_rows_of
from niwari.directory.models import Municipality
from niwari.directory.readers import forget_readers_of
from niwari.errors import N_, DomainError, NotFound
from niwari.events.models import Delivery, Event
from niwari.files.service import remove_all_of
from niwari.host.codes import is_of
from niwari.host.dispatch import Dispatcher
from niwari.host.enablement import bump_revision, hold
from niwari.host.models import (
    Cost,
    Enablement,
    Failure,
    InstalledPlugin,
    MunicipalitySetting,
    PersonSetting,
    Quarantine,
    RolePermission,
)
from niwari.host.requirements import required_by
from niwari.host.town_state import OFF
from niwari.moderation.subjects import forget_plugin as forget_reports
from niwari.notices.forgetting import forget_plugin as forget_notices
from niwari.search.marking import forget_plugin as forget_entries


class NothingKept(NotFound):
    """Neither is such a plugin installed nor was one noted."""

    text = N_("%(plugin)s という機能は、入っておらず、データも残っていません。")


class StillOn(DomainError):
    """Municipalities have it on or paused."""

    text = N_(
        "%(plugin)s は、%(towns)sで使用中か休止中のため、消せません。"
        "先に、これらの市町村で使わない設定にしてください。"
    )


class StillNeeded(DomainError):
    """Installed plugins require it."""

    text = N_(
        "%(names)s が %(plugin)s を必要としているため、消せません。"
        "先に %(names)s をサーバーから外してください。"
    )


class NotTyped(DomainError):
    """The typed name is another one."""

    text = N_(
        "入力した「%(typed)s」は、機能の名前 %(plugin)s と違います。何も消していません。"
        "名前を確かめて、やり直してください。"
    )


class Referred(DomainError):
    """Rows of something else refer to its rows."""

    text = N_(
        "%(plugin)s のデータを、ほかの機能のデータが参照しているため、消せません。"
        "何も消していません。先に、参照している側の機能を消してください。（%(reason)s）"
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """What there is to purge: each table with its number of rows."""

    plugin: str
    tables: tuple[tuple[str, int], ...]

    @property
    def rows(self) -> int:
        """All rows together."""
        return sum(count for _, count in self.tables)


def kept_of(dispatcher: Dispatcher, name: str) -> Kept:
    """Return what a plugin keeps, installed or not; raises ``NothingKept``."""
    plugin = dispatcher.host.plugins.get(name)
    noted = InstalledPlugin.select().where(InstalledPlugin.name == name).exists()
    if (plugin is None or plugin.core) and not noted:
        raise NothingKept(plugin=name)
    return Kept(name, tuple((table, count_of(table)) for table in tables_of(dispatcher, name)))


def check_may_purge(dispatcher: Dispatcher, name: str) -> None:
    """Raise ``StillOn`` or ``StillNeeded`` where a plugin cannot be purged."""
    towns = [
        town
        for (town,) in rows(
            Municipality.select(Municipality.name)
            .join(Enablement, on=(Enablement.municipality_id == Municipality.id))
            .where((Enablement.plugin == name) & (Enablement.state != OFF))
            .order_by(Municipality.code)
        )
    ]
    if towns:
        raise StillOn(plugin=name, towns="、".join(towns))
    needing = [p.name for p in dispatcher.host.optional() if name in required_by(p)]
    if needing:
        raise StillNeeded(plugin=name, names="、".join(needing))


def _check_nothing_refers(kept: Kept) -> None:
    """Raise ``Referred`` where a table of somebody else points here: SQLite would empty it too."""
    own = {table for table, _count in kept.tables}
    for key in foreign_keys():
        if key.refers_to in own and key.table not in own:
            raise Referred(plugin=kept.plugin, reason=f"{key.table}.{key.column}")


def purge(
    ctx: Context,
    dispatcher: Dispatcher,
    name: str,
    *,
    typed: str,
    save: Callable[[Kept], object],
) -> Kept:
    """Drop a plugin's tables and history and whatever the host notes of it; returns what was there.

    In one transaction, with an audit row for each municipality that ever switched it or decided who
    may do what in it; installed again it begins as declared, everywhere, with ids above all that were
    handed out. ``save`` is called first, while nobody can write into the tables; what it raises stops
    the purge. Raises ``NothingKept``,
    ``StillOn``, ``StillNeeded``, ``NotTyped`` unless ``typed`` is the name, and ``Referred`` where
    foreign keys of others point to its tables; then nothing is changed.
    """
    if typed != name:
        raise NotTyped(typed=typed, plugin=name)
    with transaction(ctx):
        if is_postgresql():
            _keep_others_out(name)  # SQLite's one writer is this transaction
        kept = kept_of(dispatcher, name)
        check_may_purge(dispatcher, name)
        _check_nothing_refers(kept)
        if is_postgresql():
            for table, _count in kept.tables:
                database.execute_sql(f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE')
        save(kept)
        note_dropped(database.obj, [table for table, _count in kept.tables])
        try:
            for table, _count in reversed(kept.tables):
                database.execute_sql(f'DROP TABLE "{table}"')
        except PeeweeException as error:
            raise Referred(plugin=name, reason=type(error).__name__) from error
        database.execute_sql(f'DROP TABLE IF EXISTS "niwari_migration_{name}"')
        _forget(ctx, name, kept)
    return kept


def _keep_others_out(name: str) -> None:
    """Let nobody switch it on meanwhile, try a part of it, or decide who may do what in it.

    In the order in which a trial and then a switch take the same locks: parts, municipalities, the
    tables. In another one the two would wait for each other.
    """
    parts = Quarantine.select(Quarantine.id).where(Quarantine.plugin == name)
    rows(locked(parts.order_by(Quarantine.id)))
    for municipality_id in _towns_of(name):
        hold(municipality_id)
    database.execute_sql(
        "LOCK TABLE host_enablement, host_role_permission IN SHARE ROW EXCLUSIVE MODE"
    )


def _towns_of(name: str) -> list[int]:
    """Return the municipalities that ever switched it or mapped a permission of it, by id."""
    switched = Enablement.select(Enablement.municipality_id).where(Enablement.plugin == name)
    mapped = RolePermission.select(RolePermission.municipality_id).where(
        is_of(RolePermission.permission, name)
    )
    return sorted({town for query in (switched, mapped) for (town,) in rows(query)})


def _forget(ctx: Context, name: str, kept: Kept) -> None:
    for municipality_id in _towns_of(name):
        bump_revision(municipality_id)
        audit.record(
            ctx,
            "plugin.purge",
            "municipality",
            municipality_id,
            municipality_id=municipality_id,
            plugin=name,
            rows=kept.rows,
        )
    forget_entries(name, [table for table, _count in kept.tables])
    events = Event.select(Event.id).where(is_of(Event.name, name))
    Delivery.delete().where((Delivery.plugin == name) | Delivery.event.in_(events)).execute()
    Event.delete().where(Event.id.in_(events)).execute()
    RolePermission.delete().where(is_of(RolePermission.permission, name)).execute()
    remove_all_of(name)
    forget_rows_of(name)
    for model in (Enablement, MunicipalitySetting, PersonSetting, Failure, Quarantine, Cost):
        model.delete().where(model.plugin == name).execute()
    InstalledPlugin.delete().where(InstalledPlugin.name == name).execute()
    forget_readers_of(name)
    forget_reports(name)
    forget_notices(name)
