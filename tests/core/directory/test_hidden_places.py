"""Rows whose authors are hidden: nothing that lists, links or hands them out names their town."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest
from flask import g

from niwari.directory.linking import Ref, linked
from niwari.host.discovery import Found
from niwari.search.finding import Result, search
from niwari.search.queries import Query, read_phrases
from niwari.testing.world import MIHARU, World
from niwari.writing.showing import markdown
from tests.core.rest.conftest import Program, make_token
from tests.core.whispering import whisper as write

AUTHOR, READER = "staff@miharu", "staff@koriyama"
KIND, TEXT, TOWN = "whisper.whisper", "ひみつの相談", "三春町"


@pytest.fixture
def town(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """Somebody of Miharu whispered with and without a name, about a day; envelopes alone tell which."""
    world = open_world([trial_plugins["whisper"]])
    plugin = world.host.plugins["whisper"]
    (resource,) = plugin.contributions.resources
    assert resource.hidden_place is None
    dated = replace(resource, dated=lambda row: date(2026, 11, 18))
    plugin.contributions = replace(plugin.contributions, resources=(dated,))
    return world


def whisper(world: World, *, hidden: bool = True) -> int:
    number = write(world.ctx_for(AUTHOR), TEXT, hidden=hidden)
    world.index()
    return number


def results(world: World, municipality_id: int | None = None) -> list[Result]:
    query = Query(read_phrases(TEXT), municipality_id=municipality_id)
    return list(search(world.ctx_for(READER), query).results)


@pytest.mark.parametrize(("hidden", "place"), [(True, ""), (False, f"（{TOWN}）")])
def test_a_card_names_the_town_of_an_open_author_alone(
    town: World, hidden: bool, place: str
) -> None:
    number = whisper(town, hidden=hidden)
    link = linked(town.ctx_for(READER), [Ref(KIND, number)])[Ref(KIND, number)]
    assert (link.is_open, link.town) == (True, "" if hidden else TOWN)
    with town.app.test_request_context():
        g.ctx = town.ctx_for(READER)
        html = markdown(f"/whisper/{number}")
    assert f"つぶやき{place}<" in html
    assert (TOWN in html) is not hidden


@pytest.mark.parametrize("hidden", [True, False])
def test_a_result_names_it_and_its_filter_finds_it_for_an_open_author_alone(
    town: World, hidden: bool
) -> None:
    whisper(town, hidden=hidden)
    (found,) = results(town)
    assert (found.row.municipality, bool(found.row.section)) == ("" if hidden else TOWN, not hidden)
    miharu = town.ctx_for(AUTHOR).municipality.id
    assert len(results(town, municipality_id=miharu)) == (0 if hidden else 1)


@pytest.mark.parametrize("hidden", [True, False])
def test_where_its_town_alone_paused_the_feature_nothing_says_so_of_a_hidden_author(
    town: World, hidden: bool
) -> None:
    whisper(town, hidden=hidden)
    town.switch(MIHARU, "whisper", on=False)
    (found,) = results(town)
    assert found.row.paused is not hidden
    week = text_of(town, "/calendar/week?day=2026-11-18")
    assert TEXT in week
    assert ("この市町村では休止中" in week) is not hidden


def test_the_calendar_neither_names_it_nor_finds_it_by_its_filter(town: World) -> None:
    whisper(town)
    miharu = town.ctx_for(AUTHOR).municipality.id
    week = text_of(town, "/calendar/week?day=2026-11-18")
    rows = week.partition('<ul class="rows">')[2].partition("</ul>")[0]
    assert TEXT in rows
    assert TOWN not in rows
    assert TEXT not in text_of(town, f"/calendar/week?day=2026-11-18&town={miharu}")


@pytest.mark.parametrize("hidden", [True, False])
def test_programs_are_told_its_town_for_an_open_author_alone(town: World, hidden: bool) -> None:
    number = whisper(town, hidden=hidden)
    program = Program(town.anonymous(), make_token(town, READER))
    said = program.get(f"/resources/{KIND}/{number}").json
    assert said["municipality_code"] == (None if hidden else MIHARU)


def text_of(world: World, address: str) -> str:
    answer = world.client_for(READER).get(address)
    assert answer.status_code == 200
    text: str = answer.get_data(as_text=True)
    return text
