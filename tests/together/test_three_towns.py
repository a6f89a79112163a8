"""All features installed, and three towns: all of them on in one, two in the next, none in the last.

What people see of a feature anywhere, on pages, in lists and through the API, is seen where it is on.
"""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import REGION
from niwari.clock import FrozenClock
from niwari.db import rows
from niwari.demo.content import context_maker
from niwari.demo.loading import load_features
from niwari.directory.models import Municipality
from niwari.testing.engines import Engines
from niwari.testing.lent import Lent
from niwari.testing.plugin import START
from niwari.testing.told import told
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World, prepare_town
from niwari_consult.service import posting
from niwari_consult.texts import Plain
from tests.core.rest.conftest import Program, make_token

ALL = {"consult", "handover", "leave_cafe", "mentoring", "tourism_sns"}
TWO = {"consult", "tourism_sns"}
IN_TOWN: dict[str, set[str]] = {
    "staff@koriyama": ALL,
    "staff@sukagawa": TWO,
    "staff@miharu": set(),
}
DATED = ALL - {"leave_cafe"}
IN_CALENDAR = {"handover", "mentoring", "tourism_sns"}
OFFERING = {"mentoring", "tourism_sns"}
OFF = {KORIYAMA: set(), SUKAGAWA: ALL - TWO, MIHARU: ALL}
people = pytest.mark.parametrize("login", IN_TOWN)


@pytest.fixture(scope="module")
def towns(database_engines: Engines, lent_application: Lent) -> Iterator[World]:
    """The demo's content, written while everything was on everywhere; then two towns switch off."""
    url = database_engines.copy_of("town", prepare_town)
    with lent_application.world(url, FrozenClock(START)) as world:
        for (code,) in rows(Municipality.select(Municipality.code)):
            for name in sorted(ALL):
                world.switch(code, name, on=True)
        load_features(world.host, context_maker(world.host))
        world.work()
        world.index()
        switch_off(world)
        yield world
    database_engines.drop(url)


def switch_off(world: World) -> None:
    for code, names in OFF.items():
        for name in sorted(names):
            world.switch(code, name, on=False)


def part(page: Any, tag: str) -> str:
    assert page.status_code == 200, page.status
    found = re.search(rf"<{tag}[ >].*?</{tag}>", page.get_data(as_text=True), re.DOTALL)
    assert found is not None
    return found[0]


def address(name: str) -> str:
    return f"/{name.replace('_', '-')}/"


def features_in(html: str) -> set[str]:
    """Tell to which of the features links of ``html`` lead."""
    return {name for name in ALL if f'href="{address(name)}' in html}


def options_of(html: str, name: str) -> set[str]:
    (select,) = re.findall(rf'<select[^>]*name="{name}".*?</select>', html, re.DOTALL)
    return set(re.findall(r'<option[^>]*value="(\w+)"', select)) & ALL


@people
def test_the_menu_leads_to_what_is_on(towns: World, login: str) -> None:
    page = towns.client_for(login).get("/")
    assert features_in(part(page, "nav")) == IN_TOWN[login]


@people
def test_the_home_page_shows_what_is_on(towns: World, login: str) -> None:
    page = towns.client_for(login).get("/")
    assert features_in(part(page, "main")) == IN_TOWN[login]


@people
@pytest.mark.parametrize("name", sorted(ALL))
def test_its_first_page_is_there_where_it_is_on(towns: World, login: str, name: str) -> None:
    page = towns.client_for(login).get(address(name))
    assert (page.status_code == 200) == (name in IN_TOWN[login])
    assert page.status_code in {200, 404}


@people
def test_the_search_finds_in_what_is_on(towns: World, login: str) -> None:
    person = towns.client_for(login)
    everything = part(person.get("/search?q=の"), "main")
    assert options_of(everything, "feature") == IN_TOWN[login]
    assert features_in(everything) <= IN_TOWN[login]
    for name in ALL:
        answer = person.get(f"/search?q=の&feature={name}")
        if name in IN_TOWN[login]:
            assert features_in(part(answer, "main")) == {name}
        else:
            assert answer.status_code == 422


@people
def test_the_calendar_has_the_dates_of_what_is_on(towns: World, login: str) -> None:
    person = towns.client_for(login)
    pages = [part(person.get(f"/calendar/?month=2026-{month}"), "main") for month in (11, 12)]
    assert options_of(pages[0], "of") == IN_TOWN[login] & DATED
    shown = set.union(*map(features_in, pages))
    assert shown == IN_TOWN[login] & IN_CALENDAR


@people
def test_the_catalogue_offers_what_is_on(towns: World, login: str) -> None:
    page = towns.client_for(login).get("/catalogue/")
    offered = re.findall(r'href="/catalogue/(\w+)\.', part(page, "main"))
    assert set(offered) == IN_TOWN[login] & OFFERING


@people
def test_people_choose_among_the_notices_of_what_is_on(towns: World, login: str) -> None:
    page = part(towns.client_for(login).get("/notices/settings"), "main")
    for name in ALL:
        labels = [kind.label.ja for kind in towns.host.plugins[name].contributions.notices]
        assert labels, f"{name} tells nobody anything"
        assert {label in page for label in labels} == {name in IN_TOWN[login]}


@people
def test_programs_read_what_is_on(towns: World, login: str) -> None:
    program = Program(towns.anonymous(), make_token(towns, login))
    listed = {one["kind"] for one in program.get("/resources").json}
    assert {kind.split(".")[0] for kind in listed} == IN_TOWN[login]
    for name in ALL:
        for resource in towns.host.plugins[name].contributions.resources:
            answer = program.get(f"/resources/{resource.kind}")
            assert answer.status_code == (200 if name in IN_TOWN[login] else 404)


@people
def test_what_was_told_of_a_feature_goes_dark_with_it(towns: World, login: str) -> None:
    told_before = {one.code.partition(".")[0] for one in told() if one.login == login}
    assert told_before, "nobody was told anything while all was on"
    inbox = part(towns.client_for(login).get("/notices/"), "main")
    shown = inbox.count('class="row-title"')
    assert (shown > 0) == bool(told_before & IN_TOWN[login])


def test_what_happens_is_told_where_it_is_on(towns: World) -> None:
    before = len(told())
    posting.ask(
        towns.ctx_for("staff@koriyama"),
        topic="personnel",
        title="採用試験の受付を、電子申請にしましたか",
        text=Plain("郵送と並べて受け付けたところがあれば、教えてください。"),
        audience=REGION,
        form_key=str(uuid4()),
    )
    heard = {one.login.partition("@")[2] for one in told()[before:]}
    assert "sukagawa" in heard
    assert "miharu" not in heard
