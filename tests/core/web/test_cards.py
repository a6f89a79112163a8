"""Cards of the home page: shown to whoever may open the page that they lead to."""

from collections.abc import Callable

import pytest

from niwari.host.discovery import Found
from niwari.testing.workshop import Workshop
from niwari.testing.world import KORIYAMA, World

PAGES = """
blueprint = Blueprint("{plugin}", __name__)

@hookimpl
def routes():
    return [blueprint]
"""

DOOR = """
@hookimpl
def permissions():
    return [Permission("door.read", Label("読む", "Read"), ("hr",))]

@blueprint.get("/", permission="door.read")
def page():
    return "the page"

@blueprint.get("/open", public="anybody may")
def for_all():
    return "the page"
"""

CARD = """
@hookimpl
def cards(ctx):
    return [Card("x", Label("{plugin}の札", "Card"), "{plugin}/card.html", {}, "{endpoint}")]
"""


def made(workshop: Workshop, plugin: str, text: str, endpoint: str) -> Found:
    """A plugin with a card that leads to ``endpoint``."""
    return workshop.make(
        plugin,
        (PAGES + text + CARD).replace("{plugin}", plugin).replace("{endpoint}", endpoint),
        files={f"templates/{plugin}/card.html": "<p>なか</p>"},
    )


def home(world: World, login: str) -> str:
    response = world.client_for(login).get("/")
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


@pytest.mark.parametrize(
    ("login", "endpoint", "is_shown"),
    [
        ("hr@koriyama", "door.page", True),
        ("staff@koriyama", "door.page", False),
        ("staff@koriyama", "door.for_all", True),
        ("staff@koriyama", "", True),
    ],
)
def test_a_card_is_for_whoever_may_open_its_page(
    open_world: Callable[..., World],
    workshop: Workshop,
    login: str,
    endpoint: str,
    is_shown: bool,
) -> None:
    world = open_world([made(workshop, "door", DOOR, endpoint)])
    assert ("doorの札" in home(world, login)) is is_shown


def test_a_card_that_leads_into_a_plugin_that_is_off_is_left_out(
    open_world: Callable[..., World], workshop: Workshop
) -> None:
    guide = made(workshop, "guide", "", "door.page")
    world = open_world([made(workshop, "door", DOOR, ""), guide])
    assert "guideの札" in home(world, "hr@koriyama")
    world.switch(KORIYAMA, "door", on=False)
    assert "guideの札" not in home(world, "hr@koriyama")
