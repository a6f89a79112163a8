"""Asking again, inside a transaction, whether a plugin is on: at home and at a row's owner."""

from niwari.db import transaction
from niwari.host.enablement import active_now
from niwari.testing.world import KORIYAMA, SUKAGAWA, World


def test_the_rows_of_now_answer_and_not_those_of_the_session(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    with transaction(ctx):
        assert active_now(ctx, "consult")
    world.switch(KORIYAMA, "consult", on=False)
    with transaction(ctx):
        assert not active_now(ctx, "consult")


def test_the_owner_of_a_row_is_asked_for_itself(world: World) -> None:
    ctx, owner = world.ctx_for("staff@koriyama"), world.ctx_for("staff@sukagawa").municipality
    world.switch(SUKAGAWA, "consult", on=False)
    with transaction(ctx):
        assert active_now(ctx, "consult")
        assert not active_now(ctx, "consult", owner)
