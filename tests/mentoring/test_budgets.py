"""Browsing ten thousand profiles costs what browsing a few does, page by page without a repetition."""

from typing import Any

import pytest

from niwari.directory.models import Person
from niwari_mentoring.models import LearnerProfile
from niwari_mentoring.service import profiles
from niwari_mentoring.service.profiles import Filters

from .conftest import NEIGHBOUR, STAFF, Do

SHELL, OWN = 3, 5
MANY = 10_000


@pytest.fixture
def many(ctx_for: Any, offer: Do) -> None:
    """Ten thousand people who offer something, of whom every hundredth does so about taxes."""
    offer(NEIGHBOUR)
    like = LearnerProfile.get().__data__
    first = (Person.select(Person.id).order_by(Person.id.desc()).get()).id + 1
    people = [
        {"id": first + n, "issuer": "x", "login": f"many{n}", "name": f"職員{n}"}
        for n in range(MANY)
    ]
    known = set(Person._meta.fields)
    for some in range(0, MANY, 100):
        Person.insert_many(
            [{k: v for k, v in one.items() if k in known} for one in people[some : some + 100]]
        ).execute()
        rows = [
            {
                **{name: value for name, value in like.items() if name != "id"},
                "person": first + n,
                "field": "tax" if n % 100 == 0 else "digital",
            }
            for n in range(some, some + 100)
        ]
        LearnerProfile.insert_many(rows).execute()


@pytest.mark.slow
def test_a_page_of_ten_thousand_stays_within_the_budget(
    many: None, client_for: Any, queries: Any, ctx_for: Any
) -> None:
    client = client_for(STAFF)
    for address in ("/mentoring/people", "/mentoring/people?field=tax&way=offering&town=072079"):
        assert client.get(address).status_code == 200
        with queries() as log:
            client.get(address)
        assert len(log) <= SHELL + OWN
    first, following = profiles.found(ctx_for(STAFF), Filters(field="tax"))
    second, _ = profiles.found(ctx_for(STAFF), Filters(field="tax"), after=following)
    assert len(first) == len(second) == profiles.PAGE
    assert not {one.id for one in first} & {one.id for one in second}
