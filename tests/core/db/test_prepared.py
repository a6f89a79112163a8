"""Queries whose text is made once."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from peewee import SQL, CharField, DateField, IntegerField, fn

from niwari.context import AppointmentRef, Context
from niwari.db import InstantField, Model, prepared, prepared_condition


class Kept(Model):
    """A row to look up."""

    town: Any = IntegerField()
    name: Any = CharField()
    since: Any = InstantField(null=True)
    day: Any = DateField(null=True)

    class Meta:
        table_name = "test_kept"


@pytest.fixture(autouse=True)
def table(empty_database: str, ctx: Context) -> None:
    Kept.create_table()
    for town, name in ((1, "一"), (2, "二"), (1, "三")):
        Kept.create(town=town, name=name, since=ctx.now, day=date(2026, 11, town))


def names(query: Any) -> list[str]:
    """The names that a query finds, in the order of their ids."""
    return [row.name for row in query.order_by(Kept.id)]


def test_the_text_is_made_at_the_first_call_and_each_call_fills_in_its_values() -> None:
    made = []

    @prepared
    def by_town(of: Any) -> Any:
        made.append(of)
        return Kept.select(Kept.name).where(Kept.town == of.town).order_by(Kept.id)

    assert by_town({"town": 1}).rows() == [("一",), ("三",)]
    assert by_town({"town": 2}).rows() == [("二",)]
    assert by_town({"town": 3}).rows() == []
    assert len(made) == 1


def test_each_shape_has_a_text_of_its_own() -> None:
    @prepared
    def of(_of: Any, columns: tuple[str, ...]) -> Any:
        return Kept.select(*(getattr(Kept, name) for name in columns)).order_by(Kept.id).limit(1)

    assert of({}, ("name",)).rows() == [("一",)]
    assert of({}, ("town", "name")).rows() == [(1, "一")]


def test_what_is_none_may_change_the_text() -> None:
    @prepared
    def by_town(of: Any) -> Any:
        query = Kept.select(fn.COUNT(Kept.id))
        return query if of.town is None else query.where(Kept.town == of.town)

    assert by_town({"town": None}).rows() == [(3,)]
    assert by_town({"town": 2}).rows() == [(1,)]


def test_a_value_is_stored_as_its_column_stores_it(ctx: Context) -> None:
    @prepared
    def since(ctx: Any) -> Any:
        return Kept.select(fn.COUNT(Kept.id)).where(
            (Kept.since >= ctx.now - timedelta(hours=1))
            & (Kept.since <= ctx.now)
            & (Kept.day <= ctx.today)
        )

    assert since(ctx).rows() == [(3,)]
    assert since(ctx.at(ctx.now + timedelta(minutes=59))).rows() == [(3,)]
    assert since(ctx.at(ctx.now + timedelta(minutes=61))).rows() == [(0,)]
    assert since(ctx.at(ctx.now - timedelta(seconds=1))).rows() == [(0,)]


def test_whoever_decides_by_a_value_while_the_text_is_made_is_told() -> None:
    @prepared
    def by_town(of: Any) -> Any:
        return Kept.select() if of.town else Kept.select().where(Kept.town == 1)

    with pytest.raises(TypeError, match="town is filled in later"):
        by_town({"town": 1})


@prepared_condition
def ours(ctx: Any, model: Any) -> Any:
    """Rows of the acting municipality that have another of the same town beside them."""
    other = Kept.alias()
    beside = other.select(SQL("1")).where((other.town == model.town) & (other.id != model.id))
    mine = (model.town == ctx.municipality.id) & fn.EXISTS(beside)
    return mine if ctx.appointment is None else mine & (model.id == ctx.acting.section_id)


def test_a_condition_holds_of_a_model_and_of_its_alias(ctx: Context) -> None:
    assert names(Kept.select().where(ours(ctx, Kept))) == ["一", "三"]
    first, second = Kept.alias(), Kept.alias()
    found = (
        first.select(first.name, second.name.alias("other"))
        .join(second, on=(first.town == second.town) & (first.id < second.id))
        .where(ours(ctx, second) & (first.name == "一"))
        .tuples()
    )
    assert list(found) == [("一", "三")]


def test_it_can_be_turned_joined_and_selected(ctx: Context) -> None:
    assert names(Kept.select().where(~ours(ctx, Kept))) == ["二"]
    assert names(Kept.select().where(ours(ctx, Kept) & (Kept.name != "一"))) == ["三"]
    assert names(Kept.select().where(ours(ctx, Kept) | (Kept.name == "二"))) == ["一", "二", "三"]
    row = Kept.select(ours(ctx, Kept).alias("is_ours")).order_by(Kept.id).tuples().first()
    assert bool(row[0]) is True


def test_one_condition_may_stand_inside_another(ctx: Context) -> None:
    @prepared_condition
    def with_ours_after(ctx: Any, model: Any) -> Any:
        later = Kept.alias()
        return fn.EXISTS(
            later.select(SQL("1")).where(
                (later.id > model.id) & (later.town == ctx.municipality.id)
            )
        )

    inner = Kept.alias()
    follows = inner.select(inner.id).where(with_ours_after(ctx, inner) & ours(ctx, inner))
    assert names(Kept.select().where(Kept.id.in_(follows) & with_ours_after(ctx, Kept))) == ["一"]


def test_what_writes_asks_by_the_same_condition(ctx: Context) -> None:
    assert Kept.update(name="四").where(ours(ctx, Kept)).execute() == 2
    assert names(Kept.select()) == ["四", "二", "四"]


def test_a_post_makes_another_text_than_none(ctx: Context) -> None:
    post = AppointmentRef(1, 1, "職員", 3, "課")
    acting = Context(ctx.municipality, post, ctx.now)
    assert names(Kept.select().where(ours(acting, Kept))) == ["三"]
    assert names(Kept.select().where(ours(ctx, Kept))) == ["一", "三"]


def test_objects_are_the_rows_that_the_query_would_give(ctx: Context) -> None:
    def of_town(of: Any) -> Any:
        return Kept.select().where(Kept.town == of.town).order_by(Kept.id)

    found = prepared(of_town)({"town": 1}).objects()
    asked = list(of_town(SimpleNamespace(town=1)))
    assert [row.__data__ for row in found] == [row.__data__ for row in asked]
    assert [(row.name, row.since, row.day) for row in found] == [
        ("一", ctx.now, date(2026, 11, 1)),
        ("三", ctx.now, date(2026, 11, 1)),
    ]
    assert prepared(of_town)({"town": 3}).objects() == []


def test_what_writes_tells_how_many_rows_it_wrote() -> None:
    @prepared
    def renamed(of: Any) -> Any:
        return Kept.update(name="新").where(Kept.town == of.town)

    assert [renamed({"town": town}).execute() for town in (1, 2, 3)] == [2, 1, 0]
    assert names(Kept.select()) == ["新", "新", "新"]


def test_a_condition_can_stand_in_a_text_that_is_made_once() -> None:
    @prepared_condition
    def of_town(of: Any, model: Any) -> Any:
        return model.town == of.town

    @prepared
    def listed(of: Any) -> Any:
        return Kept.select(Kept.name).where(of_town({"town": of.town}, Kept)).order_by(Kept.id)

    assert [listed({"town": town}).rows() for town in (1, 2)] == [[("一",), ("三",)], [("二",)]]
