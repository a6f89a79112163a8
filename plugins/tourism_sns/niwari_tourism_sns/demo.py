"""Spots, routes and posts for the demo, made through the services like everybody else's."""

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from niwari.api import REGION, TOKYO, Context, NewFile, Uploads, keep_uploads
from niwari_tourism_sns.mapping import DEGREE
from niwari_tourism_sns.models import Account, Post, Route, Spot, Text
from niwari_tourism_sns.service import (
    accounts,
    helping,
    posts,
    reading_along,
    releasing,
    routes,
    spots,
)
from niwari_tourism_sns.service.helping import Call
from niwari_tourism_sns.service.photos import Allowed
from niwari_tourism_sns.service.posts import Begun
from niwari_tourism_sns.service.routes import Planned
from niwari_tourism_sns.service.spots import Written

CONTENT = Path(__file__).with_name("demo.toml")
PICTURES = Path(__file__).with_name("demo_pictures")
BEFORE = datetime(2026, 10, 30, 9, 0, tzinfo=TOKYO)
"""When spots, routes and accounts are entered."""

Login = Callable[[str], Context]


def load_demo(ctx_for: Login) -> None:
    """Enter the demo's spots, accounts, routes and posts, each by its account.

    ``ctx_for`` makes the context of a demo account by login. Loading again adds nothing.
    """
    told = tomllib.loads(CONTENT.read_text(encoding="utf-8"))
    for spot in told["spot"]:
        _add_spot(ctx_for(spot["by"]).at(BEFORE), spot, told["credit"])
    for account in told["account"]:
        accounts.add_account(
            ctx_for(account["by"]).at(BEFORE),
            network=account["network"],
            handle=account["handle"],
            policy=account["policy"],
            audience=REGION,
            form_key=_key(account["handle"]),
        )
    for route in told["route"]:
        _add_route(ctx_for, route)
    for post in told["post"]:
        if not Post.select().where(Post.form_key == _key(post["title"])).exists():
            _add_post(ctx_for, post)


def _add_spot(ctx: Context, told: dict[str, Any], credit: str) -> None:
    key = _key(told["name"])
    if Spot.select().where(Spot.form_key == key).exists():
        return
    latitude, longitude = (round(one * DEGREE) for one in told.get("at", (0, 0)))
    written = Written(
        name=told["name"],
        kind=told["kind"],
        place=told["place"],
        checked_on=told["checked_on"],
        months=tuple(told["months"]),
        best_days=told["best_days"],
        access=told["access"],
        story=told["story"],
        contact=told["contact"],
        latitude=latitude or None,
        longitude=longitude or None,
    )
    spots.add_spot(
        ctx,
        written,
        form_key=key,
        uploads=_picture(ctx, key, told),
        allowed=Allowed("own", "nobody", credit),
    )


def _picture(ctx: Context, key: str, told: dict[str, Any]) -> Uploads:
    path = PICTURES / told["picture"]
    with path.open("rb") as content:
        return keep_uploads(
            ctx, key, [NewFile(f"{told['name']}{path.suffix}", content, told["alt"])]
        )


def _add_route(ctx_for: Login, told: dict[str, Any]) -> None:
    key = _key(told["title"])
    if Route.select().where(Route.form_key == key).exists():
        return
    stops = tuple(Spot.get(Spot.form_key == _key(name)).id for name in told["stops"])
    ctx = ctx_for(told["by"]).at(BEFORE)
    route_id = routes.add_route(ctx, Planned(told["title"], told["text"], stops), form_key=key)
    if "help" in told:
        call = told["help"]
        helping.look_for_help(
            ctx_for(call["by"]).at(BEFORE),
            route_id,
            Call(call["minutes"], call["places"], call["until"], call["text"]),
        )


def _add_post(ctx_for: Login, told: dict[str, Any]) -> None:
    ctx = ctx_for(told["by"]).at(told["at"])
    begun = Begun(
        told["title"],
        [Account.get(Account.form_key == _key(one)).id for one in told["accounts"]],
        told.get("planned_on"),
        Spot.get(Spot.form_key == _key(told["spot"])).id if "spot" in told else None,
        Route.get(Route.form_key == _key(told["route"])).id if "route" in told else None,
    )
    post_id = posts.begin_post(ctx, begun, form_key=_key(told["title"]))
    if "read_by" in told:
        towns = reading_along.towns_to_ask(ctx)
        asked = [id_ for id_, name in towns.items() if name in told["read_by"]]
        reading_along.ask_to_read(ctx, post_id, asked)
    for said in told.get("comment", ()):
        reading_along.comment(
            ctx_for(said["by"]).at(said["at"]),
            post_id,
            text=said["text"],
            form_key=_key(said["text"]),
        )
    if told.get("asked"):
        releasing.ask_release(ctx, post_id, version=1)
    if "released_by" in told:
        approver = ctx_for(told["released_by"]).at(told["at"])
        for text in Text.select().where(Text.post == post_id):
            releasing.release(approver, text.id, version=1)


def _key(words: str) -> str:
    """Return a key that is the same at every loading, so that nothing is entered twice."""
    return str(uuid5(NAMESPACE_URL, f"niwari-tourism-sns-demo:{words}"))
