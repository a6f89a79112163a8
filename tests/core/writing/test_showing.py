"""People and rows in texts: who is shown to whom, and at what cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import g

from niwari.context import Context
from niwari.directory.models import Appointment, Person, RegionMembership
from niwari.testing.world import World
from niwari.writing.people import people_named
from niwari.writing.showing import markdown, prepare_texts
from niwari_consult.service import posting
from niwari_consult.texts import Plain


def ask(ctx: Context, audience: str = "region", title: str = "通勤手当") -> int:
    return posting.ask(
        ctx, topic="pay", title=title, text=Plain("どうですか"), audience=audience,
        form_key=str(uuid4()),
    ).id  # fmt: skip


@pytest.fixture
def reader(world: World) -> Iterator[Context]:
    """A request of somebody in Koriyama, within which texts are shown."""
    with world.app.test_request_context():
        g.ctx = world.ctx_for("staff@koriyama")
        yield g.ctx


def mention(world: World, login: str) -> str:
    return f"[@x](person:{world.ctx_for(login).person_id})"


def test_people_of_the_region_are_shown_with_their_place(world: World, reader: Context) -> None:
    html = markdown(mention(world, "staff@miharu"))
    assert '<span class="person-place">（三春町 ' in html


def test_who_has_no_post_any_more_is_a_name_alone(world: World, reader: Context) -> None:
    text = mention(world, "staff@miharu")
    gone = world.ctx_for("staff@miharu")
    yesterday = reader.today - timedelta(days=1)
    Appointment.update(ends_on=yesterday).where(Appointment.person == gone.person_id).execute()
    html = markdown(text)
    assert f"@{gone.acting.person_name}" in html
    assert "三春町" not in html


def test_whoever_works_outside_the_region_is_not_shown(world: World, reader: Context) -> None:
    text = mention(world, "staff@miharu")
    name = world.ctx_for("staff@miharu").acting.person_name
    town = world.ctx_for("staff@miharu").municipality.id
    RegionMembership.delete().where(RegionMembership.municipality == town).execute()
    html = markdown(text)
    assert "（今は表示できない職員）" in html
    assert name not in html


def test_who_may_not_look_people_up_reads_no_names_in_what_others_posted(
    world: World, reader: Context, queries: Any
) -> None:
    question = ask(world.ctx_for("staff@miharu"))
    text = f"{mention(world, 'staff@miharu')}\n/consult/{question}"
    g.ctx = replace(reader, permissions=reader.permissions - {"directory.read"})
    with queries() as log:
        html = markdown(text)
    assert "（今は表示できない職員）" in html
    assert world.ctx_for("staff@miharu").acting.person_name not in html
    assert "通勤手当" in html
    assert len(log) == 1


def test_a_name_is_text_and_no_markup(world: World, reader: Context) -> None:
    text = mention(world, "staff2@koriyama")
    Person.update(name="<b>x</b>").where(
        Person.id == world.ctx_for("staff2@koriyama").person_id
    ).execute()
    assert "&lt;b&gt;x" in markdown(text)


def test_a_card_shows_title_feature_and_town_to_who_may_open_the_row(
    world: World, reader: Context
) -> None:
    question = ask(world.ctx_for("staff@miharu"))
    html = markdown(f"見てください。\nhttp://localhost/consult/{question}#answer-3")
    assert f'<a href="/consult/{question}#answer-3">' in html
    assert "通勤手当" in html
    assert "相談（三春町）" in html


def test_a_row_that_one_may_not_open_is_a_plain_sentence(world: World, reader: Context) -> None:
    hidden = ask(world.ctx_for("staff@miharu"), "municipality", "内緒の題")
    for address in (f"/consult/{hidden}", "/consult/99999"):
        html = markdown(address)
        assert "（今は表示できません）" in html
        assert "<a " not in html
        assert "内緒" not in html


def test_where_the_feature_is_off_here_a_card_is_plain(world: World, reader: Context) -> None:
    question = ask(world.ctx_for("staff@miharu"))
    world.switch("072036", "consult", on=False)
    g.ctx = world.ctx_for("staff@koriyama")
    assert "通勤手当" not in markdown(f"/consult/{question}")


@pytest.mark.parametrize("address", ["/ledger/", "/nothing", "/consult/ask", "/static/x", "//x"])
def test_an_address_of_no_row_is_no_card(reader: Context, address: str) -> None:
    assert "link-card" not in markdown(address)


def test_a_page_asks_once_for_all_people_and_once_for_each_kind(
    world: World, reader: Context, queries: Any
) -> None:
    questions = [ask(world.ctx_for("staff@sukagawa")) for _ in range(3)]
    logins = ("staff@miharu", "staff2@koriyama", "staff@sukagawa")
    texts = [
        f"{mention(world, login)}\n/consult/{question}"
        for login, question in zip(logins, questions, strict=True)
    ]
    with queries() as log:
        prepare_texts([*texts, "何もない文章", "a/b"])
        for text in texts:
            assert "link-card-title" in markdown(text)
    assert len(log) == 2


def test_texts_that_name_nobody_ask_nothing(reader: Context, queries: Any) -> None:
    with queries() as log:
        prepare_texts(["一つ", "**二つ** https://example.jp/x"])
        markdown("- 三つ\n/ledger/")
    assert len(log) == 0


def test_without_a_reader_nobody_is_shown(world: World) -> None:
    text = mention(world, "staff@miharu")
    with world.app.test_request_context():
        assert "三春町" not in markdown(text)


def test_very_many_people_are_looked_up_within_bounds(reader: Context, queries: Any) -> None:
    texts = ["".join(f"[x](person:{n})" for n in range(1, 450))] * 3
    with queries() as log:
        prepare_texts(texts)
        markdown(texts[0])
    assert len(log) == 1


def test_the_main_post_of_today_is_the_one_that_is_shown(world: World, reader: Context) -> None:
    ctx = world.ctx_for("staff@miharu")
    other = world.ctx_for("staff2@koriyama")
    Appointment.create(
        person=ctx.person_id,
        municipality=other.municipality.id,
        section=other.acting.section_id,
        employment="full_time",
        is_main=False,
        starts_on=reader.today,
    )
    assert people_named(reader, [ctx.person_id])[ctx.person_id].place.startswith("三春町 ")
