"""What people share through plugins, read by programs: who sees a page sees the row, nobody else."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest

from niwari.directory.audience import MUNICIPALITY, REGION, SECTION
from niwari.directory.models import Municipality, RegionMembership
from niwari.host.discovery import Found
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World
from tests.core.rest.conftest import IT, NEIGHBOUR, STAFF, Program, make_token

LIST = "/resources/dummy.note"


@pytest.fixture
def town(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    """A world with the dummy, on everywhere."""
    return open_world([trial_plugins["dummy"]])


def program(town: World, login: str = STAFF, **options: Any) -> Program:
    return Program(town.anonymous(), make_token(town, login, **options))


def write(town: World, audience: str = REGION, login: str = STAFF) -> int:
    from niwari_dummy import service  # importable while the trial plugins are

    note: int = service.write(
        town.ctx_for(login),
        title="会議室の鍵",
        body="総務にあります。",
        audience=audience,
        form_key=str(uuid4()),
    )
    return note


def test_the_kinds_are_told_with_their_names(town: World) -> None:
    said = program(town).get("/resources", headers={"Accept-Language": "en"}).json
    assert said == [{"kind": "dummy.note", "label": "Note"}]


def test_a_row_is_told_with_its_page(town: World) -> None:
    note = write(town)
    said = program(town, NEIGHBOUR).get(f"{LIST}/{note}").json
    assert said == {
        "kind": "dummy.note",
        "id": note,
        "title": "会議室の鍵",
        "text": "総務にあります。",
        "dated": "2026-11-10T00:00:00Z",
        "audience": "region",
        "municipality_code": KORIYAMA,
        "url": f"http://localhost/dummy/{note}",
    }


@pytest.mark.parametrize(
    ("audience", "colleague", "neighbour", "municipality"),
    [(REGION, 1, 1, 1), (MUNICIPALITY, 1, 0, 1), (SECTION, 0, 0, 0)],
)
def test_a_row_is_there_for_its_audience_alone(
    town: World, audience: str, colleague: int, neighbour: int, municipality: int
) -> None:
    note = write(town, audience)
    assert len(program(town).get(LIST).json["items"]) == 1
    for one, sees in (
        (program(town, IT), colleague),
        (program(town, NEIGHBOUR), neighbour),
        (program(town, IT, of_municipality=True), municipality),
    ):
        assert len(one.get(LIST).json["items"]) == sees
        assert one.get(f"{LIST}/{note}").status_code == (200 if sees else 404)


def test_a_municipality_of_another_region_sees_nothing_of_it(town: World) -> None:
    write(town)
    RegionMembership.delete().where(
        RegionMembership.municipality == Municipality.get(Municipality.code == MIHARU).id
    ).execute()
    assert program(town, NEIGHBOUR).get(LIST).json["items"] == []


def test_where_the_plugin_is_off_its_rows_and_its_kind_are_not_there(town: World) -> None:
    note = write(town)
    one = program(town)
    town.switch(KORIYAMA, "dummy", on=False)
    assert one.get("/resources").json == []
    assert one.get(LIST).status_code == 404
    assert one.get(f"{LIST}/{note}").status_code == 404
    assert program(town, NEIGHBOUR).get(f"{LIST}/{note}").status_code == 200


def test_where_the_plugin_is_off_its_scope_is_not_offered(town: World) -> None:
    town.switch(SUKAGAWA, "dummy", on=False)
    page = town.client_for("staff@sukagawa").get("/my/tokens/new").text
    assert "dummy.read" not in page
    assert "dummy.read" in town.client_for(STAFF).get("/my/tokens/new").text


def test_without_the_plugins_own_scope_its_rows_are_not_there(town: World) -> None:
    write(town)
    one = program(town, scopes=["rest.read"])
    assert one.get("/resources").json == []
    assert one.get(LIST).status_code == 404


@pytest.mark.parametrize("kind", ["dummy.nothing", "nobody.note", "note", "%00", "ledger.request"])
def test_a_kind_that_is_none_is_not_there(town: World, kind: str) -> None:
    assert program(town).get(f"/resources/{kind}").status_code == 404


def test_rows_come_page_by_page_the_newest_first(town: World) -> None:
    notes = [write(town) for _number in range(5)]
    one = program(town)
    first = one.get(f"{LIST}?limit=3").json
    second = one.get(f"{LIST}?limit=3&after={first['next_cursor']}").json
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert ids == notes[::-1]
    assert second["next_cursor"] is None


def test_a_page_costs_the_same_however_many_rows_there_are(town: World, queries: Any) -> None:
    write(town)
    one = program(town)
    one.get(LIST)
    with queries() as few:
        one.get(LIST)
    for login in (STAFF, NEIGHBOUR, "staff@sukagawa"):
        write(town, login=login)
    with queries() as many:
        one.get(LIST)
    assert len(few) == len(many) <= 3


@pytest.mark.parametrize("part", ["title", "text", "dated"])
def test_a_plugin_that_fails_is_a_problem_and_the_rest_of_the_api_works(
    town: World, part: str
) -> None:
    write(town)
    (resource,) = town.host.plugins["dummy"].contributions.resources
    object.__setattr__(resource, part, lambda _row: 1 / 0)
    one = program(town)
    answer = one.get(LIST)
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert one.get("/me").status_code == 200
