"""Roles and tokens end with the post, also where the post is opened again."""

from datetime import timedelta
from typing import Any

from niwari.clock import tokyo_day
from niwari.directory.models import Appointment
from niwari.identity.ending import end_with_posts
from niwari.identity.models import RoleGrant
from niwari.identity.roles.rules import roles_of
from niwari.identity.tokens.reading import read_token
from niwari.identity.tokens.service import NewToken, create_token
from niwari.testing.world import World

NEW = NewToken("連携", ["rest.read"], 30, "6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a0001")


def last_day(post: int, day: Any) -> None:
    Appointment.update(ends_on=day).where(Appointment.id == post).execute()


def test_a_role_does_not_come_back_with_the_post(world: World) -> None:
    post, today = world.ctx_for("hr@koriyama").acting.id, tokyo_day(world.clock())
    last_day(post, today - timedelta(days=1))
    assert end_with_posts(world.clock()) == 1
    last_day(post, None)
    assert roles_of(post, world.clock()) == {"staff"}
    assert end_with_posts(world.clock()) == 0


def test_a_token_does_not_come_back_with_the_post(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    token = create_token(ctx, NEW, ["rest.read"])
    last_day(ctx.acting.id, ctx.today - timedelta(days=1))
    end_with_posts(world.clock())
    last_day(ctx.acting.id, None)
    assert read_token(world.clock(), token) is None


def test_what_belongs_to_posts_that_go_on_stays(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    token = create_token(ctx, NEW, ["rest.read"])
    before = sorted(RoleGrant.select().tuples())
    last_day(ctx.acting.id, ctx.today)
    assert end_with_posts(world.clock()) == 0
    assert sorted(RoleGrant.select().tuples()) == before
    assert read_token(world.clock(), token) is not None
