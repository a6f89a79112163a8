"""What pages cost, and how much is sent, with 5,000 spots of several towns."""

from typing import Any
from uuid import uuid4

import pytest

from niwari.api import transaction
from niwari_tourism_sns.models import Month, Spot
from niwari_tourism_sns.service.listing import PAGE

from .conftest import Make, jpeg

STAFF, NEIGHBOUR = "staff@koriyama", "staff@sukagawa"
LARGEST_TRANSFER = 300 * 1024


def many_spots(ctx: Any, author: int, count: int) -> None:
    """Write rows as the service does, without asking it thousands of times."""
    with transaction(ctx):
        for start in range(0, count, 500):
            rows = [
                {
                    **Spot.owned_by(ctx),
                    "audience": "region",
                    "name": f"見どころ{number}",
                    "kind": ("nature", "food", "onsen")[number % 3],
                    "place": "中町",
                    "checked_on": ctx.today,
                    "latitude": 372700 + number % 2500,
                    "longitude": 1401000 + number * 7 % 3500,
                    "author": author,
                    "changed_at": ctx.now,
                    "form_key": str(uuid4()),
                }
                for number in range(start, start + 500)
            ]
            Spot.insert_many(rows).execute()
        own = Spot.select(Spot.id).where(Spot.municipality == ctx.municipality.id)
        months = [{"spot": id_, "month": id_ % 12 + 1} for (id_,) in own.tuples()]
        for start in range(0, len(months), 500):
            Month.insert_many(months[start : start + 500]).execute()


@pytest.mark.slow
def test_5000_spots_cost_no_more_and_fit_into_the_transfer(
    ctx_for: Any, client_for: Any, queries: Any, add_spot: Make
) -> None:
    for login in (STAFF, NEIGHBOUR):
        ctx = ctx_for(login)
        many_spots(ctx, ctx.acting.id, 2500)
    for number in range(PAGE):
        add_spot(STAFF, photo=jpeg((1600 + number, 1200)), months=("4",))
    client = client_for(STAFF)
    client.get("/tourism-sns/")
    for page in (
        "/tourism-sns/",
        "/tourism-sns/spots",
        "/tourism-sns/spots?month=4",
        "/tourism-sns/spots?kind=food",
        "/tourism-sns/spots?before=2600",
        "/tourism-sns/figures",
        "/tourism-sns/routes/new",
    ):
        client.get(page)
        with queries() as log:
            assert client.get(page).status_code == 200
        assert len(log) <= 8, (page, log.statements)
    sent = client.get("/tourism-sns/spots", headers={"Accept-Encoding": "gzip"})
    size = len(sent.data)
    thumbnails = {
        address.split('"')[0]
        for address in client.get("/tourism-sns/spots").get_data(as_text=True).split('src="')
        if address.startswith("/files/")
    }
    assert len(thumbnails) == PAGE
    for address in thumbnails:
        with client.get(address.replace("&amp;", "&")) as answer:
            size += len(answer.data)
    assert size <= LARGEST_TRANSFER
