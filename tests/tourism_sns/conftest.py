"""What the tests of local attractions share: spots, photos, routes, accounts and posts by login."""

from collections.abc import Callable
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from niwari.api import NewFile, keep_uploads
from niwari_tourism_sns.models import Text
from niwari_tourism_sns.service import accounts, posts, releasing, routes, spots
from niwari_tourism_sns.service.photos import Allowed
from niwari_tourism_sns.service.posts import Begun, Saved
from niwari_tourism_sns.service.routes import Planned
from niwari_tourism_sns.service.spots import Written

Make = Callable[..., int]
OURS = Allowed("own", "nobody")


def jpeg(size: tuple[int, int] = (640, 480), *, with_gps: bool = False) -> bytes:
    """Return a photo as a phone takes it, with where it was taken if asked."""
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    if with_gps:
        exif[0x010F] = "NIWARI-PHONE"
        exif[0x8825] = {1: "N", 2: (37.0, 23.0, 55.0), 3: "E", 4: (140.0, 21.0, 49.0)}
    to = BytesIO()
    image.save(to, "JPEG", exif=exif)
    return to.getvalue()


@pytest.fixture
def add_spot(ctx_for: Any) -> Make:
    """Add a spot by login; returns its id. Keywords are those of ``Written``, and ``photo``, its bytes."""
    numbers = count(1)

    def do(login: str = "staff@koriyama", photo: bytes = b"", **more: Any) -> int:
        ctx = ctx_for(login)
        more.setdefault("name", f"見どころ{next(numbers)}")
        written = Written(**{"kind": "nature", "place": "中町", "checked_on": ctx.today, **more})
        key = str(uuid4())
        sent = [NewFile("写真.jpg", BytesIO(photo), "湖の向こうに山が見える")] if photo else []
        uploads = keep_uploads(ctx, key, sent)
        return spots.add_spot(ctx, written, form_key=key, uploads=uploads, allowed=OURS)

    return do


@pytest.fixture
def add_route(ctx_for: Any, add_spot: Make) -> Make:
    """Make a route by login, over new spots of three towns unless others are named."""

    def do(
        login: str = "staff@koriyama", stops: tuple[int, ...] = (), title: str = "桜の道"
    ) -> int:
        stops = stops or (
            add_spot("staff@koriyama", latitude=37_3986, longitude=140_3636),
            add_spot("staff@sukagawa"),
            add_spot("staff@miharu"),
        )
        return routes.add_route(ctx_for(login), Planned(title, "", stops), form_key=str(uuid4()))

    return do


@pytest.fixture
def add_account(ctx_for: Any) -> Make:
    """Enter an account by login; returns its id."""
    numbers = count(1)

    def do(network: str = "x", login: str = "head@koriyama") -> int:
        return accounts.add_account(
            ctx_for(login),
            network=network,
            handle=f"@kanko_{next(numbers)}",
            policy="市の見どころを知らせます。",
            audience="region",
            form_key=str(uuid4()),
        )

    return do


@pytest.fixture
def begin_post(ctx_for: Any, add_spot: Make, add_account: Make) -> Make:
    """Begin a post of a spot, or of a route, by login; returns its id."""

    def do(
        login: str = "staff@koriyama",
        spot: int | None = None,
        route: int | None = None,
        accounts: tuple[int, ...] = (),
        title: str = "桜が見ごろです",
    ) -> int:
        if spot is None and route is None:
            spot = add_spot(login)
        begun = Begun(title, accounts or (add_account(),), spot_id=spot, route_id=route)
        return posts.begin_post(ctx_for(login), begun, form_key=str(uuid4()))

    return do


@pytest.fixture
def save(ctx_for: Any) -> Callable[..., None]:
    """Save a post by login with one text for all of its accounts."""

    def do(
        post_id: int, text: str, login: str = "staff@koriyama", base: int = 1, photos: Any = ()
    ) -> None:
        texts = {row.account_id: text for row in Text.select().where(Text.post == post_id)}
        saved = Saved("桜が見ごろです", None, texts, photos)
        posts.save_post(ctx_for(login), post_id, saved, base=base)

    return do


@pytest.fixture
def released(ctx_for: Any, begin_post: Make) -> Make:
    """Begin a post, ask, and let the head release every text; returns its id."""

    def do(**more: Any) -> int:
        post_id = begin_post(**more)
        releasing.ask_release(ctx_for("staff@koriyama"), post_id, version=1)
        for row in Text.select().where(Text.post == post_id):
            releasing.release(ctx_for("head@koriyama"), row.id, version=1)
        return post_id

    return do
