"""Blueprint: describes own pages with their access, and reaches nothing else."""

from typing import Any

import pytest

from niwari.host.blueprint import Blueprint, Route
from niwari.specs.contributions import BadContribution


@pytest.fixture
def blueprint() -> Blueprint:
    return Blueprint("shop", __name__)


def page() -> str:
    return "page"


def refused(**options: Any) -> str:
    with pytest.raises(BadContribution) as error:
        Blueprint("shop", __name__).route(**{"rule": "/x", **options})(page)
    return str(error.value)


def test_routes_are_collected_with_their_access_and_nothing_is_registered(
    blueprint: Blueprint,
) -> None:
    blueprint.get("/", permission="shop.read")(page)
    blueprint.post("/buy", permission="shop.buy", endpoint="buy")(page)
    blueprint.get("/hours", public="anybody may know", endpoint="hours")(page)
    blueprint.post("/till", permission="shop.till", endpoint="till", recent=True)(page)
    assert blueprint.routes == [
        Route("/", "page", page, ("GET",), "shop.read", None),
        Route("/buy", "buy", page, ("POST",), "shop.buy", None),
        Route("/hours", "hours", page, ("GET",), None, "anybody may know"),
        Route("/till", "till", page, ("POST",), "shop.till", None, recent=True),
    ]


def test_the_view_stays_the_function_it_was(blueprint: Blueprint) -> None:
    assert blueprint.get("/", permission="shop.read")(page) is page


def test_methods_may_be_written_in_small_letters(blueprint: Blueprint) -> None:
    blueprint.route("/", permission="shop.buy", methods=["get", "post"])(page)
    assert blueprint.routes[0].methods == ("GET", "POST")


@pytest.mark.parametrize(
    "access",
    [
        {},
        {"permission": None, "public": None},
        {"permission": "shop.read", "public": "anybody may know"},
        {"permission": ""},
        {"public": ""},
        {"public": "  "},
    ],
)
def test_a_route_says_its_permission_or_why_it_is_public(access: dict[str, Any]) -> None:
    assert refused(**access) == (
        'shop: route \'/x\': say permission="shop.…" or public="the reason", one of the two'
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "post"])
def test_a_permission_to_read_opens_no_unsafe_method(method: str) -> None:
    said = refused(permission="shop.read", methods=["GET", method])
    assert said.startswith(f"shop: route '/x': {method.upper()} changes something")
    assert said.endswith("declare a permission that does not end in .read")


def test_a_public_page_asks_nobody_again_who_they_are() -> None:
    said = refused(public="anybody may know", recent=True)
    assert said.startswith("shop: route '/x': recent=True asks who the person is")


def test_an_address_begins_with_a_slash() -> None:
    assert refused(rule="x", permission="shop.read").endswith("begin the address with /")


@pytest.mark.parametrize("methods", ["POST", (), []])
def test_methods_are_a_list(methods: Any) -> None:
    assert "write its methods as a list" in refused(permission="shop.buy", methods=methods)


def test_a_view_is_a_function(blueprint: Blueprint) -> None:
    with pytest.raises(BadContribution, match="'page' is no function"):
        blueprint.get("/", permission="shop.read", endpoint="page")("page")  # type: ignore[type-var]


@pytest.mark.parametrize("endpoint", ["static", "eco_static"])
def test_a_page_is_not_named_like_static_files(endpoint: str) -> None:
    assert "is a name of static files" in refused(permission="shop.read", endpoint=endpoint)


@pytest.mark.parametrize(
    "name",
    [
        "record",
        "record_once",
        "before_request",
        "after_request",
        "teardown_request",
        "before_app_request",
        "after_app_request",
        "teardown_app_request",
        "app_context_processor",
        "context_processor",
        "app_errorhandler",
        "errorhandler",
        "register_error_handler",
        "register_blueprint",
        "register",
        "app_template_filter",
        "app_template_global",
        "app_url_defaults",
        "url_value_preprocessor",
        "add_url_rule",
        "cli",
    ],
)
def test_what_reaches_the_application_is_refused_with_a_sentence(
    blueprint: Blueprint, name: str
) -> None:
    with pytest.raises(AttributeError) as error:
        getattr(blueprint, name)
    assert str(error.value) == (
        f"shop: a Niwari Blueprint has no {name!r}: a plugin describes its own pages, "
        "the host does the rest (see the hook reference)"
    )
