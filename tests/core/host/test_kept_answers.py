"""What a transaction read and then undid is never kept as the answer of a revision."""

import gc
from collections.abc import Callable
from weakref import ref

import pytest

from niwari.admin import switching
from niwari.admin.switching import Unprepared
from niwari.db import connection, database, open_database
from niwari.db.kept import kept
from niwari.host.enablement import active_plugins
from niwari.host.town_state import OFF, ON
from niwari.testing.workshop import Workshop
from niwari.testing.world import KORIYAMA, World

ASKS_AND_FAILS = """
blueprint = Blueprint("asking", __name__)

@blueprint.get("/", permission="asking.read")
def page():
    return "seen"

@hookimpl
def permissions():
    return [Permission("asking.read", Label("見る", "See"), ("staff",))]

@hookimpl
def routes():
    return [blueprint]

FAILS = []

@hookimpl
def enabled(ctx):
    town = Municipality.get_by_id(ctx.municipality.id)
    active(MunicipalityRef(town.id, town.code, town.name, town.revision), "asking")
    if FAILS:
        raise ValueError
"""


def test_a_switch_that_was_undone_leaves_nothing_for_the_next_revision(
    open_world: Callable[..., World], workshop: Workshop
) -> None:
    world = open_world([workshop.make("asking", ASKS_AND_FAILS), workshop.make("other")])
    world.switch(KORIYAMA, "asking", on=False)
    world.host.plugins["asking"].module.FAILS.append(1)  # type: ignore[union-attr]
    with pytest.raises(Unprepared):
        switching.switch(world.ctx_for("it@koriyama"), world.dispatcher, "asking", ON)
    switching.switch(world.ctx_for("it@koriyama"), world.dispatcher, "other", OFF)
    assert world.client_for("staff@koriyama").get("/asking/").status_code == 404
    assert active_plugins(world.ctx_for("staff@koriyama").municipality) == frozenset()


def noting(asked: list[int]) -> Callable[[int], int]:
    """Return what answers with the number it is given, and notes each that it was really asked."""

    @kept(10)
    def answer(number: int) -> int:
        asked.append(number)
        return number

    return answer


def test_an_answer_is_kept_outside_a_transaction_alone(empty_database: str) -> None:
    asked: list[int] = []
    answer = noting(asked)
    with database.atomic():
        assert (answer(1), answer(1)) == (1, 1)
    assert asked == [1, 1]
    assert (answer(1), answer(1)) == (1, 1)
    assert asked == [1, 1, 1]


def test_another_database_begins_with_nothing(empty_database: str) -> None:
    asked: list[int] = []
    answer = noting(asked)
    for _database in range(2):
        open_database(empty_database)
        with connection():
            assert (answer(1), answer(1)) == (1, 1)
    assert asked == [1, 1]


def test_what_is_kept_for_somebody_goes_with_them() -> None:
    class Asker:
        def __init__(self) -> None:
            self.answer = kept(10)(self.find)

        def find(self, number: int) -> int:
            return number

    asker = Asker()
    seen = ref(asker)
    del asker
    gc.collect()
    assert seen() is None
