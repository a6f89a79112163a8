"""Pointing at rows of other plugins: a title where one may see them, a plain sentence where not."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from niwari.db.counting import QueryLog
from niwari.db.transaction import immediate
from niwari.directory.linking import Ref, linked
from niwari.host.discovery import Found
from niwari.host.models import Failure
from niwari.testing.world import SUKAGAWA, World

PLAIN = "（今は表示できません）"


@pytest.fixture
def noted(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """The dummy is on, and somebody of 郡山市 wrote two notes for the region."""
    world = open_world([trial_plugins["dummy"]])
    (note,) = world.host.plugins["dummy"].contributions.resources
    for _ in range(2):
        note.sample(world.ctx_for("staff@koriyama"))
    return world


def shown(world: World, login: str, ref: Ref) -> tuple[str, str]:
    link = linked(world.ctx_for(login), [ref])[ref]
    return link.title, link.endpoint


def test_a_row_is_shown_by_its_title_and_can_be_opened(noted: World) -> None:
    ref = Ref("dummy.note", 1)
    link = linked(noted.ctx_for("staff@sukagawa"), [ref])[ref]
    assert (link.title, link.endpoint, link.values) == (
        "会議室の鍵は総務にあります",
        "dummy.show",
        {"note_id": 1},
    )


def test_where_its_plugin_is_off_a_row_is_a_plain_sentence(noted: World) -> None:
    noted.switch(SUKAGAWA, "dummy", on=False)
    assert shown(noted, "staff@sukagawa", Ref("dummy.note", 1)) == (PLAIN, "")
    assert shown(noted, "staff@koriyama", Ref("dummy.note", 1))[1] == "dummy.show"


def test_a_row_that_one_may_not_see_looks_like_one_that_is_gone(noted: World) -> None:
    model = noted.host.plugins["dummy"].contributions.models[0]
    with immediate():
        model.update(audience="municipality").where(model.id == 1).execute()
    for ref in (Ref("dummy.note", 1), Ref("dummy.note", 99), Ref("gone.thing", 1)):
        assert shown(noted, "staff@sukagawa", ref) == (PLAIN, "")


def test_who_may_not_open_the_page_of_such_rows_is_not_told_their_titles(
    noted: World, queries: Callable[[], AbstractContextManager[QueryLog]]
) -> None:
    ctx = noted.ctx_for("staff@sukagawa")
    ref = Ref("dummy.note", 1)
    assert linked(ctx, [ref])[ref].is_open
    may_less = replace(ctx, permissions=ctx.permissions - {"dummy.read"})
    with queries() as log:
        link = linked(may_less, [ref])[ref]
    assert (link.title, link.endpoint) == (PLAIN, "")
    assert len(log) == 0


def test_many_rows_of_a_kind_cost_one_query(
    noted: World, queries: Callable[[], AbstractContextManager[QueryLog]]
) -> None:
    ctx = noted.ctx_for("staff@koriyama")
    refs = [Ref("dummy.note", number) for number in range(1, 40)]
    linked(ctx, refs)
    with queries() as log:
        links = linked(ctx, refs)
    assert len(log) == 1
    assert [link.is_open for link in links.values()] == [True, True] + [False] * 37


def test_the_sentence_is_in_the_readers_language(noted: World) -> None:
    ctx = replace(noted.ctx_for("staff@koriyama"), locale="en")
    ref = Ref("dummy.note", 99)
    assert linked(ctx, [ref])[ref].title == "(cannot be shown now)"


def test_a_title_that_raises_is_a_plain_sentence_and_counted(noted: World) -> None:
    plugin = noted.host.plugins["dummy"]
    (resource,) = plugin.contributions.resources
    object.__setattr__(resource, "title", lambda _row: 1 / 0)
    assert shown(noted, "staff@koriyama", Ref("dummy.note", 1)) == (PLAIN, "")
    (failure,) = Failure.select()
    assert (failure.plugin, failure.surface) == ("dummy", "resource dummy.note")
