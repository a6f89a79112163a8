"""Queries whose text is put together once, for what every page or every list asks.

Peewee makes the text of a query anew at every call, which for a long condition takes many times what
the database then needs. Here it is made with marks in the place of the values, and kept; a call fills
in the values. What changes the text itself, as a model or a list of kinds, is its ``shape``.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import count
from types import SimpleNamespace
from typing import Any

from peewee import SCOPE_VALUES, SQL, ColumnBase, ModelAlias, Node

from niwari.context import Context
from niwari.db.engine import database

_KEPT = 1024
# What builders may compare with columns, by where it lies in a context.
_OF_CONTEXT: Mapping[str, Callable[[Context], Any]] = {
    "municipality.id": lambda ctx: ctx.municipality.id,
    "municipality.region_id": lambda ctx: ctx.municipality.region_id,
    "acting.id": lambda ctx: ctx.appointment and ctx.appointment.id,
    "acting.person_id": lambda ctx: ctx.appointment and ctx.appointment.person_id,
    "acting.section_id": lambda ctx: ctx.appointment and ctx.appointment.section_id,
    "today": lambda ctx: ctx.today,
    "now": lambda ctx: ctx.now,
    "issuer": lambda ctx: ctx.issuer,
}
# The aliases of each text are its own, so that one can stand inside another.
_numbers = count(1)
_OUTER = "niwari_outer"
_Known = tuple[tuple[str, bool], ...]


class _Mark(Node):
    """Stands for a value, or for what is so much before or after it.

    It may be compared with columns and asked whether it is ``None``.
    """

    def __init__(self, name: str, after: timedelta = timedelta(0)) -> None:
        self.name = name
        self.after = after

    def __add__(self, time: timedelta) -> "_Mark":
        return _Mark(self.name, self.after + time)

    def __sub__(self, time: timedelta) -> "_Mark":
        return _Mark(self.name, self.after - time)

    def __sql__(self, ctx: Any) -> Any:
        return ctx.value(_Taken(self.name, self.after, ctx.state.converter), converter=False)

    def __bool__(self) -> bool:
        raise TypeError(f"{self.name} is filled in later: only whether it is None is known now")


@dataclass(frozen=True, slots=True)
class _Taken:
    """Where a value goes that is filled in, and how its column stores it."""

    name: str
    after: timedelta
    converter: Callable[[Any], Any] | None

    def of(self, values: Mapping[str, Any]) -> Any:
        value = values[self.name]
        if self.after:
            value += self.after
        return self.converter(value) if self.converter is not None else value


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a query or a condition and its values, some of which are ``_Taken`` yet."""

    sql: str
    values: tuple[Any, ...]
    query: Any = None

    def filled(self, values: Mapping[str, Any]) -> list[Any]:
        return [one.of(values) if isinstance(one, _Taken) else one for one in self.values]


@dataclass(frozen=True, slots=True)
class Statement:
    """A query that is ready to run, or by ``sql`` to stand in a text."""

    _text: _Text
    _values: Mapping[str, Any]

    def sql(self) -> tuple[str, list[Any]]:
        """Return the text and its values, as a query of Peewee does."""
        return self._text.sql, self._text.filled(self._values)

    def rows(self) -> list[tuple[Any, ...]]:
        """Run it and return its rows as the engine gives them: days and booleans differ by engine."""
        found: list[tuple[Any, ...]] = database.execute_sql(*self.sql()).fetchall()
        return found

    def objects(self) -> list[Any]:
        """Run it and return what the query would: rows of its model, as it says."""
        return list(self._text.query._get_cursor_wrapper(database.execute_sql(*self.sql())))

    def execute(self) -> int:
        """Run it, a query that writes; returns how many rows it wrote."""
        written: int = database.execute_sql(*self.sql()).rowcount
        return written


def prepared(build: Callable[..., Any]) -> Callable[..., Statement]:
    """Let a function that returns a query return a ``Statement``, whose text is made once per shape.

    It is called with the context, or a mapping of values, and then the shape, all of it hashable. The
    function gets marks in their place: it may compare them with columns and ask whether they are
    ``None``, and nothing else.
    """

    @lru_cache(_KEPT)
    def text(_engine: object, known: _Known, is_context: bool, *shape: Hashable) -> _Text:
        query = build(_marked(known, is_context), *shape)
        sql, values = _begun().sql(query).query()
        return _Text(sql, tuple(values), query)

    def statement(given: Context | Mapping[str, Any], *shape: Hashable) -> Statement:
        values = _values(given)
        return Statement(text(*_key(given, values), *shape), values)

    return statement


def prepared_condition(build: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function that returns a condition on a model's rows return it with a text made once.

    It is called with the context, or a mapping of values, then the model or an alias of it, then
    further shape, all of it hashable. The function gets marks and the model in their place.
    """

    @lru_cache(_KEPT)
    def text(
        _engine: object, known: _Known, is_context: bool, model: Any, *shape: Hashable
    ) -> _Text:
        context = _begun()
        context.alias_manager[model._meta.table] = _OUTER
        condition = build(_marked(known, is_context), model, *shape)
        sql, values = context.sql(model.select(SQL("1")).where(condition)).query()
        return _Text(sql.split(" WHERE ", 1)[1], tuple(values))

    def condition(given: Context | Mapping[str, Any], model: Any, *shape: Hashable) -> Any:
        is_alias = isinstance(model, ModelAlias)
        values = _values(given)
        if any(isinstance(value, Node) for value in values.values()):
            # Inside a text that is made once: its marks are filled in with that.
            return build(_plain(given), model, *shape)
        return _Condition(
            lambda: text(*_key(given, values), model.model if is_alias else model, *shape),
            lambda: build(_plain(given), model, *shape),
            model if is_alias else model._meta.table,
            values,
        )

    return condition


class _Condition(ColumnBase):
    """A condition with a text made once, on whatever its table is called in a query."""

    def __init__(
        self,
        text: Callable[[], _Text],
        built: Callable[[], Any],
        source: Any,
        values: Mapping[str, Any],
    ) -> None:
        self._text = text
        self._built = built
        self._source = source
        self._values = values

    def __sql__(self, ctx: Any) -> Any:
        # A statement that writes calls its table by no alias.
        if ctx.scope == SCOPE_VALUES or ctx.state.value_literals:
            return ctx.sql(self._built())
        text = self._text()
        outer = ctx.alias_manager[self._source]
        ctx.literal(f"({text.sql.replace(_OUTER, outer)})")
        for value in text.filled(self._values):
            ctx.value(value, converter=False, add_param=False)
        return ctx


def _values(given: Context | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(given, Context):
        return {name: of(given) for name, of in _OF_CONTEXT.items()}
    return given


def _plain(given: Context | Mapping[str, Any]) -> Any:
    return given if isinstance(given, Context) else SimpleNamespace(**given)


def _begun() -> Any:
    """Return what a text is put together in."""
    begun = database.get_sql_context()
    begun.alias_manager._counter = next(_numbers) * 1000
    return begun


def _key(given: Context | Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what a text depends on beside its shape: the kind of engine, and what is ``None``."""
    known = tuple((name, value is not None) for name, value in values.items())
    return type(database.obj), known, isinstance(given, Context)


def _marked(known: _Known, is_context: bool) -> SimpleNamespace:
    """Return marks in the place of the values that are known."""
    marks = {name: _Mark(name) if is_known else None for name, is_known in known}
    if not is_context:
        return SimpleNamespace(**marks)
    acting = SimpleNamespace(
        id=marks["acting.id"],
        person_id=marks["acting.person_id"],
        section_id=marks["acting.section_id"],
    )
    return SimpleNamespace(
        municipality=SimpleNamespace(
            id=marks["municipality.id"], region_id=marks["municipality.region_id"]
        ),
        acting=acting,
        appointment=acting if acting.id is not None else None,
        person_id=acting.person_id,
        today=marks["today"],
        now=marks["now"],
        issuer=marks["issuer"],
    )
