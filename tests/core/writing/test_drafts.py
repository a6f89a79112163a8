"""Drafts: kept sealed for whoever typed them, for two weeks, and within bounds."""

from datetime import timedelta
from typing import Any

import pytest

from niwari.db import database
from niwari.directory.models import Appointment
from niwari.keyring import keyring
from niwari.testing.world import World
from niwari.writing import drafts
from niwari.writing.models import Draft

KEY = "tea.invite party_id=3"
TEXT = {"title": ["お茶"], "body": ["集まりませんか\n場所は未定"]}


def test_a_draft_comes_back_as_it_was_typed_and_with_its_time(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    found = drafts.opened(ctx, KEY)
    assert found is not None
    assert found.values == TEXT
    assert found.kept_at == ctx.now
    assert drafts.opened(ctx, "tea.invite party_id=4") is None


def test_keeping_again_replaces_and_keeping_nothing_removes(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    drafts.keep(ctx, KEY, {"body": ["別の文章"]})
    found = drafts.opened(ctx, KEY)
    assert found is not None
    assert found.values == {"body": ["別の文章"]}
    assert Draft.select().count() == 1
    drafts.keep(ctx, KEY, {"body": [" \n　"]})
    assert Draft.select().count() == 0


def test_nobody_else_gets_it_also_not_by_moving_the_row(world: World) -> None:
    ctx, other = world.ctx_for("staff@koriyama"), world.ctx_for("staff2@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    drafts.keep(other, KEY, {"body": ["わたしの"]})
    drafts.discard(other, KEY)
    assert drafts.opened(ctx, KEY) is not None
    sealed = Draft.get().sealed
    drafts.keep(other, KEY, {"body": ["わたしの"]})
    Draft.update(sealed=sealed).where(Draft.person == other.person_id).execute()
    assert drafts.opened(other, KEY) is None


def test_it_stays_in_the_municipality_in_which_it_was_written(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    acting_elsewhere = type(ctx)(
        world.ctx_for("staff@miharu").municipality, ctx.appointment, ctx.now
    )
    assert drafts.opened(acting_elsewhere, KEY) is None


def test_the_table_tells_neither_words_nor_form_nor_time(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    ((*row,),) = database.execute_sql("SELECT * FROM writing_draft").fetchall()
    text = " ".join(map(str, row))
    for word in ("tea.invite", "party_id", "お茶", "集ま", str(ctx.now.time())[:5]):
        assert word not in text
    short = len(Draft.get().sealed)
    drafts.keep(ctx, KEY, {"body": ["あ" * 800]})
    assert len(Draft.get().sealed) == short


def test_a_new_key_of_the_ring_still_opens_and_leaves_one_row(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    keyring().rotate()
    assert drafts.opened(ctx, KEY) is not None
    drafts.keep(ctx, KEY, {"body": ["あと"]})
    assert Draft.select().count() == 1
    drafts.discard(ctx, KEY)
    assert Draft.select().count() == 0


def test_where_the_key_is_gone_there_is_no_draft(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    Draft.update(sealed="00000000.AAAA").execute()
    assert drafts.opened(ctx, KEY) is None


def test_there_are_twenty_at_the_most_and_the_oldest_goes(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(world.ctx_for("staff2@koriyama"), KEY, TEXT)
    for number in range(drafts.MOST_KEPT + 1):
        drafts.keep(ctx, f"tea.invite party_id={number}", TEXT)
    assert Draft.select().where(Draft.person == ctx.person_id).count() == drafts.MOST_KEPT
    assert drafts.opened(ctx, "tea.invite party_id=0") is None
    assert drafts.opened(ctx, "tea.invite party_id=1") is not None
    assert drafts.opened(world.ctx_for("staff2@koriyama"), KEY) is not None


def test_the_one_that_was_begun_first_and_written_on_last_is_not_the_oldest(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    for number in range(drafts.MOST_KEPT):
        drafts.keep(ctx, f"tea.invite party_id={number}", TEXT)
    drafts.keep(ctx, "tea.invite party_id=0", TEXT)
    drafts.keep(ctx, "tea.invite party_id=99", TEXT)
    assert drafts.opened(ctx, "tea.invite party_id=0") is not None
    assert drafts.opened(ctx, "tea.invite party_id=1") is None


def test_what_is_too_large_is_refused_and_what_was_there_stays(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    with pytest.raises(drafts.DraftTooLarge):
        drafts.keep(ctx, KEY, {"body": ["あ" * 50_001]})
    with pytest.raises(drafts.DraftTooLarge):
        drafts.keep(ctx, "k" * 301, TEXT)
    found = drafts.opened(ctx, KEY)
    assert found is not None
    assert found.values == TEXT


def test_after_two_weeks_it_is_gone(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    last = ctx.at(ctx.now + timedelta(days=14))
    assert drafts.opened(last, KEY) is not None
    assert drafts.purge_old(last.now) == 0
    after = ctx.at(ctx.now + timedelta(days=15))
    assert drafts.opened(after, KEY) is None
    assert drafts.purge_old(after.now) == 1


def test_looking_for_one_costs_one_query(world: World, queries: Any) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    with queries() as log:
        drafts.opened(ctx, KEY)
    assert len(log) == 1


def test_the_draft_of_somebody_who_left_ends_with_the_two_weeks(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    drafts.keep(ctx, KEY, TEXT)
    Appointment.update(ends_on=ctx.today).where(Appointment.person == ctx.person_id).execute()
    assert drafts.purge_old(ctx.now + timedelta(days=15)) == 1
