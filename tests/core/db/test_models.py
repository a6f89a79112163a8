"""The base model: names of indexes, and what every declared model keeps to."""

from typing import Any

import pytest
from peewee import CharField, IntegerField, IntegrityError, ModelAlias
from peewee import Model as PeeweeModel

from niwari.app import load_host
from niwari.db import MigrationModel, Model, database


def post(base: type[PeeweeModel], table: str) -> Any:
    """A model called Post, as two plugins might both have one."""

    class Post(base):  # type: ignore[misc, valid-type]
        key = CharField(unique=True)
        topic = IntegerField(index=True)
        rank = IntegerField()

        class Meta:
            table_name = table
            indexes = ((("topic", "rank"), True),)

    return Post


@pytest.mark.usefixtures("empty_database")
@pytest.mark.parametrize("base", [Model, MigrationModel])
def test_two_models_of_one_name_both_keep_their_indexes(base: type[PeeweeModel]) -> None:
    for name in ("shop_post", "farm_post"):
        model = post(base, name)
        model.create_table()
        found = {(tuple(index.columns), index.unique) for index in database.get_indexes(name)}
        assert {(("key",), True), (("topic",), False), (("topic", "rank"), True)} <= found
        model.create(key="a", topic=1, rank=1)
        with pytest.raises(IntegrityError):
            model.create(key="a", topic=2, rank=2)


def declared() -> list[type[Model]]:
    return [model for plugin in load_host().loaded() for model in plugin.contributions.models]


def test_every_declared_model_names_its_indexes_after_its_table() -> None:
    assert [m.__name__ for m in declared() if m._meta.legacy_table_names] == []


def test_no_two_declared_models_share_a_table() -> None:
    tables = [model._meta.table_name for model in declared()]
    assert len(tables) == len(set(tables))


def test_names_of_tables_and_indexes_fit_into_postgresqls_63_characters() -> None:
    names = [model._meta.table_name for model in declared()] + [
        index._name for model in declared() for index in model._meta.fields_to_index()
    ]
    assert [name for name in names if len(name) > 63] == []
    assert len(names) > 50


def test_an_alias_has_each_column_as_peewees_own_has_it() -> None:
    model = post(Model, "another_post")
    ours, plain = model.alias(), ModelAlias(model)
    assert isinstance(ours, ModelAlias)
    for field in model._meta.sorted_fields:
        mine, theirs = getattr(ours, field.name), getattr(plain, field.name)
        assert mine is getattr(ours, field.name)
        assert type(mine).__mro__[1:] == type(theirs).__mro__[1:]
        assert mine.source is ours
        assert mine.field is theirs.field
        assert mine.db_value("1") == theirs.db_value("1")
    assert ours.select().model is ours
    with pytest.raises(AttributeError):
        _ = ours.nothing_of_the_kind
