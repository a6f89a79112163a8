"""Wiring: pages get their addresses; a plugin that Flask does not take stops alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from niwari.app import create_app
from niwari.host.registry import PluginsStopped
from niwari.testing.workshop import Workshop
from niwari.testing.world import World

PAGES = """
blueprint = Blueprint("shop_floor", __name__)

@hookimpl
def permissions():
    return [Permission("shop_floor.read", Label("読む", "Read"), ("staff",))]

@hookimpl
def routes():
    return [blueprint]

@blueprint.get("/", permission="shop_floor.read")
def page():
    return "the page"
"""

OpenShop = Callable[..., World]


@pytest.fixture
def open_shop(workshop: Workshop, open_world: Callable[..., World]) -> OpenShop:
    """A world with the plugin shop_floor, whose plugin.py goes on with ``more``."""

    def open_it(more: str = "", **options: Any) -> World:
        return open_world([workshop.make("shop_floor", PAGES + more, **options)])

    return open_it


def test_pages_stand_below_the_plugins_name_with_hyphens(open_shop: OpenShop) -> None:
    client = open_shop().client_for("staff@koriyama")
    assert client.get("/shop-floor/").get_data() == b"the page"
    assert client.get("/shop_floor/").status_code == 404


def test_an_address_without_its_last_slash_works_too(open_shop: OpenShop) -> None:
    client = open_shop().client_for("staff@koriyama")
    assert client.get("/shop-floor", follow_redirects=True).get_data() == b"the page"


def test_the_access_of_every_page_is_known(open_shop: OpenShop) -> None:
    table = open_shop().app.extensions["niwari"].access
    access = table.of("shop_floor.page")
    assert (access.plugin, access.core, access.permission, access.public) == (
        "shop_floor",
        False,
        "shop_floor.read",
        None,
    )
    assert table.of("static") is None
    assert table.of(None) is None


def test_static_files_of_a_plugin_are_served_without_signing_in(open_shop: OpenShop) -> None:
    world = open_shop(files={"static/shop_floor/shop.css": "p { color: black; }"})
    with world.anonymous().get("/shop-floor/static/shop_floor/shop.css") as response:
        assert response.status_code == 200
        assert response.get_data() == b"p { color: black; }"
    assert world.anonymous().get("/shop-floor/static/../plugin.py").status_code == 404


@pytest.mark.parametrize(
    "more",
    [
        "\n@blueprint.get('/<int:', permission='shop_floor.read')\ndef odd():\n    pass\n",
        "\n@blueprint.get('/<no_such:x>', permission='shop_floor.read')\ndef odd(x):\n    pass\n",
        "\nblueprint.get('/a', permission='shop_floor.read', endpoint='a.b')(page)\n",
        "\nblueprint.import_name = 'no.such.module'\n",
    ],
)
def test_pages_that_flask_does_not_take_stop_their_plugin_alone(
    open_shop: OpenShop, more: str
) -> None:
    world = open_shop(more)
    assert world.host.plugins["shop_floor"].error.startswith("routes: ")
    client = world.client_for("staff@koriyama")
    assert client.get("/").status_code == 200
    assert client.get("/shop-floor/").status_code == 404


def test_a_strict_application_does_not_start_with_pages_that_flask_does_not_take(
    workshop: Workshop, open_world: Callable[..., World]
) -> None:
    odd = "\n@blueprint.get('/<int:', permission='shop_floor.read')\ndef odd():\n    pass\n"
    found = [workshop.make("shop_floor", PAGES + odd)]
    world = open_world(found)
    settings = replace(world.settings, strict=True)
    with pytest.raises(PluginsStopped, match="shop_floor: routes: "):
        create_app(settings, clock=world.clock, plugins=found)


def test_a_plugins_template_cannot_replace_one_of_the_core(open_shop: OpenShop) -> None:
    world = open_shop(files={"templates/niwari/base.html": "taken over"})
    page = world.client_for("staff@koriyama").get("/").get_data(as_text=True)
    assert "taken over" not in page
    assert "わたしの20%" in page
