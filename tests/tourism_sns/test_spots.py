"""Spots: what is kept and refused, positions, who may change them, and their lists."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import Blank, Illegible, NotChosen, NotFound, StaleForm, TooLong
from niwari_tourism_sns.errors import (
    BadChecked,
    HalfPosition,
    NotOurs,
    OutOfTown,
    SavedMeanwhile,
    TwoPositions,
)
from niwari_tourism_sns.mapping import outlines, squares
from niwari_tourism_sns.models import Month, Spot
from niwari_tourism_sns.service import listing, spots
from niwari_tourism_sns.service.listing import Filters
from niwari_tourism_sns.service.spots import Written

from .conftest import Make

STAFF, NEIGHBOUR = "staff@koriyama", "staff@sukagawa"


def written(ctx: Any, **more: Any) -> Written:
    values = {"name": "猪苗代湖", "kind": "nature", "place": "湖南町", "checked_on": ctx.today}
    return Written(**{**values, **more})


def test_a_spot_is_kept_once_however_often_the_form_is_sent(ctx_for: Any) -> None:
    ctx, key = ctx_for(STAFF), str(uuid4())
    given = written(ctx, months=("8", "7"), best_days="夏の朝", square=squares("072036")[0].name)
    ids = {spots.add_spot(ctx, given, form_key=key) for _ in range(2)}
    assert len(ids) == Spot.select().count() == 1
    told = listing.get_spot(ctx, ids.pop())
    assert (told.name, told.months, told.best_days, told.for_region) == (
        "猪苗代湖",
        (7, 8),
        "夏の朝",
        True,
    )
    with pytest.raises(StaleForm):
        spots.add_spot(ctx_for(NEIGHBOUR), replace(given, square=""), form_key=key)


@pytest.mark.parametrize(
    ("wrong", "error", "field"),
    [
        ({"name": " 　"}, Blank, "name"),
        ({"name": "あ" * 61}, TooLong, "name"),
        ({"name": "湖\u202e"}, Illegible, "name"),
        ({"kind": "castle"}, NotChosen, "kind"),
        ({"place": ""}, Blank, "place"),
        ({"months": ("13",)}, NotChosen, "months"),
        ({"audience": "section"}, NotChosen, "audience"),
        ({"square": "Z9"}, NotChosen, "square"),
        ({"latitude": 373986}, HalfPosition, "longitude"),
        ({"longitude": 1403636}, HalfPosition, "latitude"),
        ({"latitude": 356812, "longitude": 1397671}, OutOfTown, "latitude"),
        ({"square": "A1", "latitude": 373986, "longitude": 1403636}, TwoPositions, "square"),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field(
    ctx_for: Any, wrong: dict[str, Any], error: type[Exception], field: str
) -> None:
    ctx = ctx_for(STAFF)
    with pytest.raises(error) as refused:
        spots.add_spot(ctx, written(ctx, **wrong), form_key=str(uuid4()))
    assert refused.value.field == field  # type: ignore[attr-defined]
    assert Spot.select().count() == 0


def test_nobody_looked_at_it_tomorrow(ctx_for: Any) -> None:
    ctx = ctx_for(STAFF)
    with pytest.raises(BadChecked):
        spots.add_spot(
            ctx, written(ctx, checked_on=ctx.today + timedelta(days=1)), form_key=str(uuid4())
        )


def test_every_square_lies_in_its_town() -> None:
    for code, outline in outlines().items():
        named = squares(code)
        assert len(named) > 10
        assert len({one.name for one in named}) == len(named)
        west, south, east, north = outline.frame
        for square in named:
            assert west < square.position[0] < east
            assert south < square.position[1] < north


def test_the_town_changes_its_spots_and_nobody_else(ctx_for: Any, add_spot: Make) -> None:
    spot = add_spot(STAFF)
    ctx = ctx_for("hr@koriyama")
    spots.save_spot(ctx, spot, written(ctx, name="布引高原", months=("9",)), base=1)
    assert listing.get_spot(ctx, spot).name == "布引高原"
    assert [row.month for row in Month.select()] == [9]
    beside = ctx_for(NEIGHBOUR)
    for act in (
        lambda: spots.save_spot(beside, spot, written(beside), base=2),
        lambda: spots.mark_checked(beside, spot),
        lambda: listing.get_own_spot(beside, spot),
    ):
        with pytest.raises(NotOurs, match="郡山市"):
            act()


def test_who_saves_after_somebody_else_overwrites_nothing(ctx_for: Any, add_spot: Make) -> None:
    spot, ctx = add_spot(STAFF), ctx_for(STAFF)
    mine = written(ctx, name="わたしの名前")
    spots.save_spot(ctx, spot, mine, base=1)
    spots.save_spot(ctx, spot, mine, base=1)  # the same form again
    assert Spot.get_by_id(spot).version == 2
    with pytest.raises(SavedMeanwhile):
        spots.save_spot(ctx, spot, written(ctx, name="ほかの名前"), base=1)
    assert Spot.get_by_id(spot).name == "わたしの名前"


def test_a_spot_for_the_own_town_is_not_there_for_the_neighbour(
    ctx_for: Any, add_spot: Make
) -> None:
    spot = add_spot(STAFF, audience="municipality", latitude=373986, longitude=1403636)
    beside = ctx_for(NEIGHBOUR)
    with pytest.raises(NotFound):
        listing.get_spot(beside, spot)
    assert listing.find_spots(beside, Filters()) == ([], None)
    assert listing.pins(beside) == []
    assert listing.count_spots(beside) == []
    assert listing.spots_to_choose(beside, 0, "") == []


def test_a_list_is_narrowed_by_town_month_and_kind(ctx_for: Any, add_spot: Make) -> None:
    ctx = ctx_for(STAFF)
    april = add_spot(STAFF, months=("4", "5"), kind="flowers")
    add_spot(STAFF, months=("8",))
    beside = add_spot(NEIGHBOUR, months=("4",), kind="food")
    town = ctx_for(NEIGHBOUR).municipality.id

    def found(**narrowed: Any) -> list[int]:
        return [one.id for one in listing.find_spots(ctx, Filters(**narrowed))[0]]

    assert found(month=4) == [beside, april]
    assert found(month=4, kind="flowers") == [april]
    assert found(town=town) == [beside]
    assert found(month=12) == []


def test_pages_follow_each_other_and_end(ctx_for: Any, add_spot: Make) -> None:
    ctx = ctx_for(STAFF)
    ids = [add_spot() for _ in range(2 * listing.PAGE + 1)]
    seen, before = [], 0
    while True:
        page, following = listing.find_spots(ctx, Filters(), before=before)
        seen += [one.id for one in page]
        if following is None:
            break
        before = following
    assert seen == ids[::-1]


def test_what_nobody_looked_at_for_a_year_is_marked_until_somebody_does(
    ctx_for: Any, add_spot: Make
) -> None:
    ctx = ctx_for(STAFF)
    spot = add_spot(STAFF, checked_on=ctx.today - timedelta(days=366))
    assert listing.get_spot(ctx, spot).is_old
    assert [one.old for one in listing.count_spots(ctx)] == [1]
    spots.mark_checked(ctx, spot)
    assert not listing.get_spot(ctx, spot).is_old
    assert [one.old for one in listing.count_spots(ctx)] == [0]


def test_spots_close_together_are_one_pin(ctx_for: Any, add_spot: Make) -> None:
    for latitude in (373901, 373902, 374500):
        add_spot(STAFF, latitude=latitude, longitude=1403601)
    add_spot(STAFF)
    assert sorted(pin.count for pin in listing.pins(ctx_for(STAFF))) == [1, 2]


def test_without_a_region_there_is_no_audience_of_one(ctx_for: Any) -> None:
    ctx = ctx_for(STAFF)
    alone = replace(ctx, municipality=replace(ctx.municipality, region_id=None))
    assert spots.audiences(alone) == ("municipality",)


def test_what_was_typed_is_kept_where_a_form_is_refused(client_for: Any, send: Any) -> None:
    answer = send(
        client_for(STAFF),
        "/tourism-sns/spots/new",
        name="開成山公園",
        kind="flowers",
        place="開成",
        checked_on="2026-11-10",
        latitude="北緯37度",
        longitude="140.3636",
        audience="region",
    )
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "「北緯37度」は数として読めません。37.4005のように入力してください。" in text
    assert 'value="開成山公園"' in text
    assert Spot.select().count() == 0
