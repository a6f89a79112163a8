"""Routes over several towns, and helpers who join them from the catalogue."""

from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import Mode, Wanted
from niwari_tourism_sns.drawing import LETTER, map_of_region, map_of_route
from niwari_tourism_sns.errors import (
    HelpHalf,
    HelpOver,
    NoPlaceLeft,
    NoSuchSpot,
    NotOurs,
    OneTown,
    TooFewStops,
    TwiceThere,
)
from niwari_tourism_sns.models import Helper, Route, Spot
from niwari_tourism_sns.service import helping, listing, routes
from niwari_tourism_sns.service.figures import figures
from niwari_tourism_sns.service.helping import Call
from niwari_tourism_sns.service.routes import Planned

from .conftest import Make

STAFF, NEIGHBOUR, MIHARU = "staff@koriyama", "staff@sukagawa", "staff@miharu"


def test_a_route_keeps_its_order_and_its_spots_stay_their_towns(
    ctx_for: Any, add_route: Make
) -> None:
    told = routes.get_route(ctx_for(NEIGHBOUR), add_route())
    assert told.towns == ("郡山市", "須賀川市", "三春町")
    assert not told.is_ours
    owners = [row.municipality_id for row in Spot.select().order_by(Spot.id)]
    assert len(set(owners)) == 3


def test_a_route_needs_two_towns(ctx_for: Any, add_spot: Make) -> None:
    ctx = ctx_for(STAFF)
    one, two, beside = add_spot(STAFF), add_spot(STAFF), add_spot(NEIGHBOUR)
    secret = add_spot(NEIGHBOUR, audience="municipality")
    for stops, error in (
        ((one,), TooFewStops),
        (tuple(range(1, 15)), TooFewStops),
        ((one, two), OneTown),
        ((one, beside, one), TwiceThere),
        ((one, secret), NoSuchSpot),
        ((one, 2147483647), NoSuchSpot),
    ):
        with pytest.raises(error) as refused:
            routes.add_route(ctx, Planned("道", "", stops), form_key=str(uuid4()))
        assert refused.value.field == "stops"
    assert Route.select().count() == 0


def test_a_form_sent_twice_makes_one_route(ctx_for: Any, add_spot: Make) -> None:
    planned = Planned("道", "", (add_spot(STAFF), add_spot(NEIGHBOUR)))
    key = str(uuid4())
    assert len({routes.add_route(ctx_for(STAFF), planned, form_key=key) for _ in range(2)}) == 1
    assert Route.select().count() == 1


def test_only_the_town_that_made_it_changes_it(ctx_for: Any, add_route: Make) -> None:
    route = add_route()
    stops = tuple(stop.spot_id for stop in routes.get_route(ctx_for(STAFF), route).stops)
    turned = Planned("逆回り", "", stops[::-1])
    with pytest.raises(NotOurs):
        routes.save_route(ctx_for(NEIGHBOUR), route, turned, base=1)
    for _ in range(2):
        routes.save_route(ctx_for(STAFF), route, turned, base=1)
    told = routes.get_route(ctx_for(STAFF), route)
    assert (told.version, told.towns[0]) == (2, "三春町")


def test_a_spot_that_its_town_took_back_has_no_name_in_a_route(
    ctx_for: Any, add_route: Make
) -> None:
    route = add_route()
    hidden = routes.get_route(ctx_for(STAFF), route).stops[2].spot_id
    Spot.update(audience="municipality").where(Spot.id == hidden).execute()
    stops = routes.get_route(ctx_for(STAFF), route).stops
    assert (stops[2].spot_id, stops[2].name, stops[2].town) == (0, "", "")
    assert routes.get_route(ctx_for(MIHARU), route).stops[2].name


def test_the_line_goes_through_the_spots_and_below_the_names_of_their_towns(
    ctx_for: Any, add_route: Make
) -> None:
    ctx = ctx_for(STAFF)
    route = routes.get_route(ctx, add_route())
    drawing = map_of_route(route)
    assert drawing is not None
    (line,) = drawing.lines
    assert len(line.stops) == 3
    assert [town.name for town in drawing.towns] == ["郡山市", "須賀川市", "三春町"]
    vague = [
        stop for stop, one in zip(line.stops, route.stops, strict=True) if one.latitude is None
    ]
    assert len(vague) == 2
    known = zip(vague, drawing.towns[1:], strict=True)
    assert all(y - town.y > 8 for (_x, y), town in known)  # the circle is clear of the name above
    region = map_of_region(ctx, listing.count_spots(ctx))
    assert region is not None
    assert [one.title for one in region.lines] == ["桜の道"]
    assert len(region.dots) == 1
    assert all(one.source.ja.startswith("国土数値情報") for one in region.sources)
    assert [(one.spots.town, one.spots.spots, one.routes) for one in figures(ctx)] == [
        ("郡山市", 1, 1),
        ("須賀川市", 1, 1),
        ("三春町", 1, 1),
    ]


def call(ctx: Any, **more: Any) -> Call:
    values = {"minutes": 120, "places": 1, "until": ctx.today + timedelta(days=7), "text": "写真"}
    return Call(**{**values, **more})


def test_helpers_are_looked_for_in_the_catalogue(ctx_for: Any, add_route: Make) -> None:
    ctx, route = ctx_for(STAFF), add_route()
    for wrong, error in (
        ({"minutes": None}, HelpHalf),
        ({"until": ctx.today - timedelta(days=1)}, HelpOver),
    ):
        with pytest.raises(error):
            helping.look_for_help(ctx, route, call(ctx, **wrong))
    with pytest.raises(NotOurs):
        helping.look_for_help(ctx_for(NEIGHBOUR), route, call(ctx))
    helping.look_for_help(ctx, route, call(ctx))
    (offer,) = helping.offers(ctx_for(NEIGHBOUR), Wanted(5))
    assert (offer.id, offer.minutes, offer.seats_left, offer.joined) == (route, 120, 1, False)
    assert helping.offers(ctx, Wanted(5, most_minutes=60)) == []
    helping.stop_looking(ctx, route)
    assert helping.offers(ctx, Wanted(5)) == []


def test_staff_outside_tourism_join_with_their_own_time(
    world: Any, ctx_for: Any, client_for: Any, add_route: Make
) -> None:
    ctx, route = ctx_for(STAFF), add_route()
    helping.look_for_help(ctx, route, call(ctx))
    page = client_for(NEIGHBOUR).get(f"/catalogue/tourism_sns.route/{route}")
    assert page.status_code == 200
    assert "桜の道" in page.get_data(as_text=True)
    helping.hold(ctx_for(NEIGHBOUR), route, Mode.ON_SITE, 7)
    helping.hold(ctx_for(NEIGHBOUR), route, Mode.ON_SITE, 8)  # joined again
    assert [(row.request_id, row.is_fixed) for row in Helper.select()] == [(8, False)]
    with pytest.raises(NoPlaceLeft):
        helping.hold(ctx_for(MIHARU), route, Mode.ONLINE, 9)
    assert helping.count_helpers(ctx_for(NEIGHBOUR), route) == (1, True)


def test_buttons_put_spots_in_and_save_nothing(client_for: Any, send: Any, add_spot: Make) -> None:
    client = client_for(STAFF)
    one, two = add_spot(STAFF), add_spot(NEIGHBOUR)
    page = f"/tourism-sns/routes/new?spot={one}"
    answer = send(client, page, "/tourism-sns/routes/new", act=f"add:{two}", title="道")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f'value="{one} {two}"' in text
    assert 'value="道"' in text
    assert Route.select().count() == 0
    for odd in ("add:", "up:x", "drop:99999999999", "fly:1"):
        assert send(client, page, "/tourism-sns/routes/new", act=odd).status_code == 200


def test_names_of_neighbouring_towns_do_not_touch_on_the_map(ctx_for: Any) -> None:
    drawing = map_of_region(ctx_for("staff@koriyama"), [])
    assert drawing is not None
    assert len(drawing.towns) == 17
    for one, other in combinations(drawing.towns, 2):
        if abs(one.y - other.y) < LETTER:
            assert 2 * abs(one.x - other.x) >= (len(one.name) + len(other.name)) * LETTER, one.name
