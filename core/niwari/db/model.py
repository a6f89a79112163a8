"""The base of every model, and the registers of tables that have triggers."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from peewee import AutoField, Field, FieldAlias, ModelAlias
from peewee import Model as PeeweeModel

from niwari.db.engine import database
from niwari.db.fields import IdField

_append_only: dict[str, str] = {}
_watched: set[str] = set()

M = TypeVar("M", bound=type[PeeweeModel])


@cache
def _field_alias(of: type[Field]) -> Any:
    return type("FieldAlias", (FieldAlias, of), {})


class _Alias(ModelAlias):
    """An alias that finds the class of a field's alias, which Peewee makes for each field anew."""

    def __getattr__(self, attr: str) -> Any:
        field = getattr(self.model, attr, None)
        if not isinstance(field, Field):
            return super().__getattr__(attr)
        of: Any = type(field)
        self.__dict__[attr] = _field_alias(of)(self, field)
        return self.__dict__[attr]


class Model(PeeweeModel):
    """The base of every model of the core, and below ``PluginModel`` of plugins.

    ``legacy_table_names`` is off because Peewee otherwise names indexes after the class alone: two
    plugins with a ``Post`` would silently lose the second one's indexes, UNIQUE included.
    """

    id: Any = AutoField()

    @classmethod
    def alias(cls, alias: str | None = None) -> Any:
        """Return the table under another name, for a query in which it stands twice."""
        return _Alias(cls, alias)

    class Meta:
        database = database
        legacy_table_names = False


class PluginModel(Model):
    """The base of every model of a plugin; its ids are never handed out twice (see ``IdField``).

    Indexes are named after the table (``legacy_table_names``), so that plugins with a model of the
    same name both keep theirs.
    """

    id: Any = IdField()


class MigrationModel(PeeweeModel):
    """The base of the frozen models inside migration files; a plugin's have ``id = IdField()``."""

    class Meta:
        database = database
        legacy_table_names = False


def append_only(model: M) -> M:
    """Declare that rows of ``model`` are never changed or removed.

    The migration runner keeps triggers on the table that refuse UPDATE and DELETE on both engines,
    and sets them again after every migration (ledger rule L6).
    """
    _append_only[model._meta.table_name] = ""
    return model


def append_only_but(removable: str) -> Callable[[M], M]:
    """Declare as ``append_only``, but for rows of which ``removable`` is true when they are deleted.

    It is a condition in the SQL that both engines know, about the columns of ``OLD``. It has to ask
    for what no committed row says, so that nobody but the one transaction that means it can delete.
    """

    def declare(model: M) -> M:
        _append_only[model._meta.table_name] = removable
        return model

    return declare


def append_only_tables() -> frozenset[str]:
    """Return the names of all tables declared append-only so far."""
    return frozenset(_append_only)


def removable_rows() -> Mapping[str, str]:
    """Return the append-only tables, each with the condition of what may be removed; empty for none."""
    return MappingProxyType(_append_only)


def watched(model: M) -> M:
    """Declare that whatever changes in rows of ``model``, by whatever statement, is noted.

    The migration runner keeps triggers on the table that write its name and the row's id into
    ``search_changed``, in the transaction of the change.
    """
    _watched.add(model._meta.table_name)
    return model


def watched_tables() -> frozenset[str]:
    """Return the names of all tables declared watched so far."""
    return frozenset(_watched)
