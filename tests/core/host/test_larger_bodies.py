"""Routes that take more than a form: who may say so, and how much."""

import pytest

from niwari.host.blueprint import LARGEST_BODY, MOST_BYTES, Blueprint
from niwari.specs.contributions import BadContribution


def view() -> str:
    """Answer."""
    return ""


@pytest.mark.parametrize("options", [{"attachments": True}, {"largest_body": 2**20}])
def test_much_is_taken_only_from_those_who_hold_a_permission_and_change_something(
    options: dict[str, int],
) -> None:
    tea = Blueprint("tea", __name__)
    with pytest.raises(BadContribution, match="anybody could make the server read it"):
        tea.post("/", public="whoever comes by", **options)
    with pytest.raises(BadContribution, match="anybody could make the server read it"):
        tea.get("/", permission="tea.read", **options)
    tea.post("/", permission="tea.write", **options)(view)


@pytest.mark.parametrize("size", [0, -1, MOST_BYTES + 1])
def test_a_route_takes_no_more_than_what_fits_into_memory(size: int) -> None:
    with pytest.raises(BadContribution, match="largest_body is 1 to"):
        Blueprint("tea", __name__).post("/", permission="tea.write", largest_body=size)


def test_a_route_that_says_nothing_takes_a_form() -> None:
    tea = Blueprint("tea", __name__)
    tea.post("/", permission="tea.write")(view)
    (route,) = tea.routes
    assert (route.largest_body, route.attachments) == (LARGEST_BODY, False)
