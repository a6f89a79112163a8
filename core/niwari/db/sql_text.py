"""The text of queries, with fewer steps for the columns in it, which are most of what Peewee writes."""

from typing import Any

from peewee import SCOPE_VALUES, Context, Field, FieldAlias, SelectBase

_FIELD, _FIELD_ALIAS, _OTHER = range(3)
# By class: what writes itself as Peewee has it. Which it is does not change while a process runs.
_known: dict[type, int] = {}
_as_peewee: Any = Context.sql
_parsed_as_peewee: Any = Context.parse


def _kind_of(of: type) -> int:
    if issubclass(of, FieldAlias):
        # Peewee makes such classes all the time: none is kept.
        return _FIELD_ALIAS if of.__sql__ is FieldAlias.__sql__ else _OTHER
    is_plain = issubclass(of, Field) and of.__sql__ is Field.__sql__
    _known[of] = _FIELD if is_plain else _OTHER
    return _known[of]


class SqlText(Context):
    """What a query is put together in: the same text as Peewee's own ``Context`` makes.

    Peewee goes through some twenty calls for each column, to write ``"t1"."name"``.
    """

    __slots__ = ()

    def as_new(self) -> "SqlText":
        """Return an empty one with the same settings, in which Peewee looks whether a list is empty."""
        return _Look(**self.state.settings)

    def sql(self, obj: Any) -> Any:
        """Write ``obj`` and return itself."""
        of = type(obj)
        kind = _known.get(of)
        if kind is None:
            kind = _kind_of(of)
        if kind == _OTHER or self.state.scope == SCOPE_VALUES:
            return _as_peewee(self, obj)
        source: Any
        if kind == _FIELD:
            source, name = obj.model._meta.table, obj.column_name
            called = source._alias
        else:
            source, name = obj.source, obj.field.column_name
            called = source.alias
        if called:
            self.alias_manager[source] = called
        else:  # in a statement that writes, the name of the table
            called = self.alias_manager[source]
        if '"' in name or '"' in called:
            return _as_peewee(self, obj)
        return self.literal(f'"{called}"."{name}"')


class _Look(SqlText):
    """Peewee writes what stands after IN twice, to see whether it is an empty list. A query never is.

    One inside another would otherwise be written four times, and a third one inside that eight times.
    """

    __slots__ = ()

    def parse(self, node: Any) -> Any:
        return ("(SELECT)", []) if isinstance(node, SelectBase) else _parsed_as_peewee(self, node)
