"""What our text of a query is made of is Peewee's, letter by letter."""

from collections.abc import Callable
from typing import Any

import peewee
import pytest
from peewee import JOIN, CharField, EnclosedNodeList, ForeignKeyField, IntegerField, TextField, fn

from niwari.db import Model, database, open_database
from niwari.db.sql_text import SqlText


class Shelf(Model):
    """Where books stand."""

    name = CharField(column_name="label")
    floor = IntegerField(default=0)


class Loud(TextField):
    """A field that writes itself in its own way."""

    def __sql__(self, ctx: Any) -> Any:
        return ctx.literal("upper(").sql(self.column).literal(")")


class Book(Model):
    """What stands there."""

    title = TextField()
    cry = Loud(default="")
    odd = IntegerField(column_name='so "odd"', default=1)
    shelf = ForeignKeyField(Shelf, null=True, column_name="stands_on")
    follows = ForeignKeyField("self", null=True)


class Odd(Model):
    """A table whose name has a quote in it."""

    number = IntegerField()

    class Meta:
        table_name = 'so "odd"'


Other: Any = Book.alias()
Named: Any = Book.alias("named")
_inner = Other.select(fn.COUNT(Other.id)).where(Other.follows == Book.id)
_cte = Book.select(Book.id, Book.title).cte("chosen", columns=("id", "title"))
QUERIES: dict[str, Callable[[], Any]] = {
    "all columns": Book.select,
    "two tables": lambda: Book.select(Book, Shelf).join(Shelf, JOIN.LEFT_OUTER),
    "itself": lambda: Book.select(Book, Other.title).join(Other, on=(Book.follows == Other.id)),
    "a named alias": lambda: Named.select().where(Named.title == "x"),
    "a column with a quote": lambda: Book.select(Book.odd, Other.odd).join(
        Other, on=Other.odd == 1
    ),
    "a query in a column": lambda: Book.select(Book.id, _inner.alias("many")).order_by(_inner),
    "a query in a condition": lambda: Book.select().where(Book.id.in_(Other.select(Other.id))),
    "queries in queries": lambda: Book.select().where(
        Book.id.in_(Other.select(Other.id).where(Other.shelf.not_in(Shelf.select(Shelf.id))))
    ),
    "an empty list": lambda: Book.select().where(Book.id.in_([]) | Book.odd.not_in(())),
    "an empty list of parts": lambda: Book.select().where(Book.id.in_(EnclosedNodeList([]))),
    "a query as a table": lambda: Book.select(Book.id).from_(Other.select(Other.id).alias("one")),
    "groups": lambda: (
        Book.select(Book.shelf, fn.MAX(Book.odd)).group_by(Book.shelf).having(fn.MAX(Book.odd) > 1)
    ),
    "two queries": lambda: Book.select(Book.title) | Shelf.select(Shelf.name),
    "a query with a name": lambda: _cte.select_from(_cte.c.title).where(_cte.c.id > 1),
    "a window": lambda: Book.select(fn.RANK().over(partition_by=[Book.shelf], order_by=[Book.id])),
    "a plain table": lambda: Book._meta.table.select(Book._meta.table.title),
    "an aliased table": lambda: Book._meta.table.alias("t").select(Book.title),
    "an insert": lambda: Book.insert(title="x").on_conflict(
        conflict_target=[Book.id], update={Book.title: Book.title.concat("!")}
    ),
    "an insert of a query": lambda: Shelf.insert_from(Book.select(Book.title), [Shelf.name]),
    "an update": lambda: Book.update({Book.odd: Book.odd + 1}).where(
        Book.shelf.in_(Shelf.select(Shelf.id).where(Shelf.floor == Book.odd))
    ),
    "a deletion": lambda: Book.delete().where((Book.odd == 1) & (Book.cry != "x")),
    "a table with a quote": lambda: (
        Odd.update({Odd.number: Odd.number + 1})
        .where(Odd.id.in_(Odd.alias('of "it"').select()))
        .returning(Odd.number)
    ),
    "what is returned": lambda: Book.update(title="y").returning(Book.id, Book.odd),
}


@pytest.fixture
def url(empty_database_url: str) -> str:
    open_database(empty_database_url)
    return empty_database_url


@pytest.mark.parametrize("name", QUERIES)
def test_it_is_what_peewee_writes(url: str, name: str) -> None:
    query = QUERIES[name]()
    ours = database.get_sql_context()
    assert type(ours) is SqlText
    peewees = peewee.Context(**database.get_context_options())
    assert ours.sql(query).query() == peewees.sql(query).query()


def test_a_query_after_in_is_written_once(url: str) -> None:
    written: list[str] = []

    class Counted(TextField):
        def __sql__(self, ctx: Any) -> Any:
            written.append(self.name)
            return ctx.sql(self.column)

    class Page(Model):
        text = Counted()

    inner = Page.select(Page.id).where(Page.text == "x")
    for _ in range(3):
        inner = Page.alias().select(Page.id).where(Page.id.in_(inner))
    assert database.get_sql_context().sql(inner).query()[1] == ["x"]
    assert written == ["text"]


def test_a_new_one_is_of_the_same_kind_and_settings(url: str) -> None:
    begun = database.get_sql_context(quote='""', param="%s")
    again = begun.as_new()
    assert isinstance(again, SqlText)
    assert again.state.settings == begun.state.settings
    assert again.sql(Book.title == "x").query() == ('("t1"."title" = %s)', ["x"])


def test_a_field_that_writes_itself_does_so(url: str) -> None:
    text, _ = database.get_sql_context().sql(Book.select(Book.cry)).query()
    assert 'upper("t1"."cry")' in text
