"""What is kept of a person and of a town: handed out, forgotten, removed."""

from typing import Any
from uuid import uuid4

from niwari.api import Subject, transaction
from niwari_tourism_sns import plugin
from niwari_tourism_sns.models import (
    Comment,
    Helper,
    Photo,
    Post,
    Reader,
    Route,
    Spot,
    Stop,
    Version,
)
from niwari_tourism_sns.service import disposing, post_reading, reading_along

from .conftest import Make, jpeg

STAFF, HEAD, NEIGHBOUR = "staff@koriyama", "head@koriyama", "staff@sukagawa"


def records(ctx: Any, subject: Subject) -> list[str]:
    return [one.kind for one in plugin.export_data(ctx, subject)]


def test_who_wrote_is_forgotten_and_what_was_written_stays(
    ctx_for: Any, add_spot: Make, released: Make
) -> None:
    spot = add_spot(STAFF, photo=jpeg())
    post = released(spot=spot)
    ctx = ctx_for(STAFF)
    of = Subject(person_id=ctx.person_id)
    assert {"tourism_sns.spot", "tourism_sns.photo", "tourism_sns.post"} <= set(records(ctx, of))
    with transaction(ctx):
        receipt = plugin.erase_data(ctx, of)
    assert receipt.kept == 4
    assert records(ctx, of) == []
    assert post_reading.get_post(ctx, post).author == ""
    assert Version.select().where(Version.author.is_null()).count() == 1
    # Who released it is another person.
    assert post_reading.get_post(ctx, post).texts[0].released_by != ""


def test_a_town_that_goes_takes_what_it_wrote_below_others(
    ctx_for: Any, add_route: Make, begin_post: Make
) -> None:
    route, post = add_route(), begin_post()
    beside = ctx_for(NEIGHBOUR)
    reading_along.ask_to_read(ctx_for(STAFF), post, [beside.municipality.id])
    reading_along.comment(beside, post, text="よいです。", form_key=str(uuid4()))
    Helper.create(route=route, appointment=beside.acting.id, request_id=3)
    of = Subject(municipality_id=beside.municipality.id)
    with transaction(beside):
        assert plugin.erase_data(beside, of).erased > 3
    assert records(beside, of) == []
    assert (Comment.select().count(), Reader.select().count(), Helper.select().count()) == (0, 0, 0)
    assert [row.municipality.code for row in Spot.select().order_by(Spot.id)] == [
        "072036",
        "075213",
        "072036",
    ]
    assert (Route.select().count(), Stop.select().count(), Post.select().count()) == (1, 2, 1)


def test_old_posts_are_disposed_of_and_new_ones_stay(
    world: Any, ctx_for: Any, released: Make, begin_post: Make
) -> None:
    released()
    world.clock.advance(days=400)
    new = begin_post()
    ctx = ctx_for(STAFF)
    with transaction(ctx):
        assert disposing.dispose(ctx, ctx.today).erased > 2
        assert disposing.dispose(ctx, ctx.today).erased == 0
    assert [row.id for row in Post.select()] == [new]
    assert Photo.select().count() == 0
