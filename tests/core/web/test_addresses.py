"""Addresses that are built once: as Flask builds them, below every root and for every method."""

import pytest
from flask import Blueprint, Flask, url_for

from niwari.web.addresses import Pages


@pytest.fixture
def pages() -> Pages:
    made = Pages("pages")
    made.add_url_rule("/read", "tea", lambda: "", methods=["GET"])
    made.add_url_rule("/write", "tea", methods=["POST"])
    made.add_url_rule("/cups/<int:number>", "cup", lambda number: "")
    return made


def test_it_is_built_once_whoever_asks(pages: Pages) -> None:
    with pages.test_request_context("/read"):
        asked = {ask("tea") for ask in (url_for, pages.url_for, url_for)}
    assert asked == {"/read"}
    assert pages._address.cache_info()[:2] == (2, 1)


def test_each_root_has_its_own(pages: Pages) -> None:
    found = []
    for root in ("", "/niwari", "", "/niwari"):
        with pages.test_request_context("/read", environ_overrides={"SCRIPT_NAME": root}):
            found.append(url_for("tea"))
    assert found == ["/read", "/niwari/read", "/read", "/niwari/read"]


def test_each_method_has_its_own(pages: Pages) -> None:
    found = []
    for method in ("POST", "GET", "POST"):
        with pages.test_request_context("/read", method=method):
            found.append(url_for("tea"))
    assert found == ["/write", "/read", "/write"]


def test_values_are_never_those_of_before(pages: Pages) -> None:
    with pages.test_request_context("/read"):
        assert [url_for("cup", number=number) for number in (1, 0)] == ["/cups/1", "/cups/0"]
        assert url_for("tea", _anchor="hot") == "/read#hot"
        assert url_for("tea") == "/read"


def test_an_invented_method_is_not_kept(pages: Pages) -> None:
    with pages.test_request_context("/read", method="PROPFIND"):
        assert url_for("tea") == Flask.url_for(pages, "tea")
    assert pages._address.cache_info().currsize == 0


def test_each_host_has_its_own_where_it_is_named(pages: Pages) -> None:
    for host in ("http://one.example.jp", "http://two.example.jp"):
        with pages.test_request_context("/read", base_url=host):
            assert url_for("tea") == "/read"
            assert url_for("tea", _external=True) == f"{host}/read"


def test_each_blueprint_has_its_own(pages: Pages) -> None:
    for name in ("green", "black"):
        blueprint = Blueprint(name, name, url_prefix=f"/{name}")
        blueprint.add_url_rule("/", "pot", lambda: "")
        pages.register_blueprint(blueprint)
    for name in ("green", "black", "green"):
        with pages.test_request_context(f"/{name}/"):
            assert url_for(".pot") == f"/{name}/"


def test_outside_a_request_it_is_a_whole_address(pages: Pages) -> None:
    pages.config["SERVER_NAME"] = "niwari.example.jp"
    with pages.test_request_context("/read"):
        assert url_for("tea") == "/read"
    with pages.app_context():
        assert url_for("tea") == "http://niwari.example.jp/read"


def test_a_default_that_is_added_counts(pages: Pages) -> None:
    pages.url_defaults(lambda _endpoint, values: values.setdefault("sugar", "no"))
    with pages.test_request_context("/read"):
        assert url_for("tea") == "/read?sugar=no"


def test_what_is_known_is_bounded(pages: Pages) -> None:
    for number in range(5_000):
        overrides = {"SCRIPT_NAME": f"/{number}"}
        with pages.test_request_context("/read", environ_overrides=overrides):
            assert url_for("tea") == f"/{number}/read"
    assert 1_000 < pages._address.cache_info().currsize < 5_000
