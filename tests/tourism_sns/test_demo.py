"""The demo's region: what is written of it fits the services, and lies before the demo begins."""

import tomllib
from datetime import datetime
from typing import Any

from niwari.api import TOKYO, Municipality, transaction
from niwari.files.models import Attachment
from niwari.files.uploads import filling
from niwari_tourism_sns import demo
from niwari_tourism_sns.kinds import SPOT_KINDS
from niwari_tourism_sns.mapping import DEGREE, outlines
from niwari_tourism_sns.models import Photo, Post, Route, Spot
from niwari_tourism_sns.networks import NETWORKS
from niwari_tourism_sns.service.listing import Filters, find_spots

BEGINNING = datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO)


def content() -> dict[str, Any]:
    return tomllib.loads(demo.CONTENT.read_text(encoding="utf-8"))


def test_it_is_worth_a_visit_and_lies_before_the_demo_begins() -> None:
    told = content()
    assert len(told["spot"]) >= 12
    assert len({one["by"].partition("@")[2] for one in told["spot"]}) >= 10
    assert {one["kind"] for one in told["spot"]} <= set(SPOT_KINDS)
    assert {one["network"] for one in told["account"]} <= set(NETWORKS)
    times = [one["at"] for post in told["post"] for one in (post, *post.get("comment", ()))]
    assert max(times) < BEGINNING
    assert demo.BEFORE < BEGINNING
    assert all(one["checked_on"] <= demo.BEFORE.date() for one in told["spot"])
    assert all(one["planned_on"] > BEGINNING.date() for one in told["post"] if "planned_on" in one)


def test_what_is_named_is_there_and_every_position_is_on_the_map() -> None:
    told = content()
    names = {one["name"] for one in told["spot"]}
    titles = {one["title"] for one in told["route"]}
    handles = {one["handle"] for one in told["account"]}
    for route in told["route"]:
        assert set(route["stops"]) <= names
    for post in told["post"]:
        assert set(post["accounts"]) <= handles
        assert post.get("spot", post.get("route")) in names | titles
    frames = [outline.frame for outline in outlines().values()]
    for spot in told["spot"]:
        if "at" in spot:
            latitude, longitude = (round(one * DEGREE) for one in spot["at"])
            assert any(
                west <= longitude <= east and south <= latitude <= north
                for west, south, east, north in frames
            ), spot["name"]


def test_every_spot_has_a_small_picture_that_says_it_is_an_illustration() -> None:
    told = content()["spot"]
    assert "写真ではありません" in content()["credit"]
    pictures = [demo.PICTURES / one["picture"] for one in told]
    assert set(pictures) == set(demo.PICTURES.iterdir())
    assert len(set(pictures)) == len(told)
    assert all(picture.stat().st_size <= 120 * 1024 for picture in pictures)
    assert all(one["alt"].startswith("イラスト：") for one in told)


def test_it_is_loaded_with_its_pictures_in_one_transaction_and_once(
    ctx_for: Any, world: Any
) -> None:
    ctx, told = ctx_for("staff@koriyama"), content()
    for town in list(Municipality.select()):
        world.switch(town.code, "tourism_sns", on=True)
    for _ in range(2):
        with transaction(ctx), filling():
            demo.load_demo(ctx_for)
        counts = [model.select().count() for model in (Spot, Route, Post)]
        assert counts == [len(told[name]) for name in ("spot", "route", "post")]
        assert Photo.select().count() == Attachment.select().count() == len(told["spot"])
    listed, _more = find_spots(ctx, Filters())
    shown = {one.name: (one.photo.file.alt, one.photo.credit) for one in listed if one.photo}
    assert shown == {one["name"]: (one["alt"], told["credit"]) for one in told["spot"]}
