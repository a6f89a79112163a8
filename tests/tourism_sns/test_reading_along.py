"""Reading a draft along: optional, by the towns that were asked, for two working days."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import DomainError, NotFound
from niwari_tourism_sns.errors import NotInvited, NotOurs, NoTowns, ReadingClosed
from niwari_tourism_sns.models import Comment, Reader
from niwari_tourism_sns.service import post_listing, post_reading, reading_along, releasing

from .conftest import Make

STAFF, NEIGHBOUR, MIHARU = "staff@koriyama", "staff@sukagawa", "staff@miharu"


@pytest.fixture
def asked(ctx_for: Any, begin_post: Make) -> int:
    """A draft that 三春町 is asked to read, on Tuesday 10 November."""
    post = begin_post()
    town = ctx_for(MIHARU).municipality.id
    assert reading_along.ask_to_read(ctx_for(STAFF), post, [town]) == date(2026, 11, 12)
    return post


def say(ctx: Any, post: int, text: str = "よいと思います。") -> int:
    return reading_along.comment(ctx, post, text=text, form_key=str(uuid4()))


def test_before_it_is_asked_no_other_town_sees_a_draft(ctx_for: Any, begin_post: Make) -> None:
    with pytest.raises(NotFound):
        post_reading.get_post(ctx_for(MIHARU), begin_post())


def test_the_town_that_was_asked_reads_and_says_something(
    ctx_for: Any, told: Any, asked: int
) -> None:
    assert [one.id for one in post_listing.find_posts(ctx_for(MIHARU), state="reading")[0]] == [
        asked
    ]
    assert post_listing.find_posts(ctx_for(NEIGHBOUR), state="reading")[0] == []
    say(ctx_for(MIHARU), asked)
    (said,) = post_reading.get_post(ctx_for(STAFF), asked).comments
    assert (said.town, said.text) == ("三春町", "よいと思います。")
    assert [(one.login, one.code) for one in told()] == [(STAFF, "tourism_sns.commented")]


def test_a_town_that_was_not_asked_says_nothing(ctx_for: Any, asked: int) -> None:
    with pytest.raises(NotInvited):
        say(ctx_for(NEIGHBOUR), asked)
    assert not post_reading.get_post(ctx_for(NEIGHBOUR), asked).may_comment


@pytest.mark.parametrize(("days", "is_open"), [(2, True), (3, False)])
def test_it_closes_after_two_working_days(
    world: Any, ctx_for: Any, asked: int, days: int, is_open: bool
) -> None:
    world.clock.advance(days=days)
    ctx = ctx_for(MIHARU)
    assert post_reading.get_post(ctx, asked).may_comment is is_open
    if is_open:
        say(ctx, asked)
    else:
        with pytest.raises(ReadingClosed):
            say(ctx, asked)
    assert Comment.select().count() == int(is_open)


def test_nothing_waits_for_it(ctx_for: Any, asked: int) -> None:
    releasing.ask_release(ctx_for(STAFF), asked, version=1)
    assert post_reading.get_post(ctx_for(STAFF), asked).state == "asked"


def test_asking_twice_asks_once(ctx_for: Any, asked: int) -> None:
    town = ctx_for(MIHARU).municipality.id
    reading_along.ask_to_read(ctx_for(STAFF), asked, [town])
    assert Reader.select().count() == 1


def test_only_others_of_the_region_are_asked_and_by_the_own_town(ctx_for: Any, asked: int) -> None:
    own, beside = ctx_for(STAFF).municipality.id, ctx_for(NEIGHBOUR).municipality.id
    for towns in ([], [own], [beside, 2147483647]):
        with pytest.raises(NoTowns):
            reading_along.ask_to_read(ctx_for(STAFF), asked, towns)
    with pytest.raises(NotOurs):
        reading_along.ask_to_read(ctx_for(MIHARU), asked, [beside])


def test_a_comment_sent_twice_is_there_once(ctx_for: Any, asked: int) -> None:
    key = str(uuid4())
    for _ in range(2):
        reading_along.comment(ctx_for(MIHARU), asked, text="朝がきれいです。", form_key=key)
    assert Comment.select().count() == 1
    with pytest.raises(DomainError):
        say(ctx_for(MIHARU), asked, " 　")
