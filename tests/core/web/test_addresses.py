"""Addresses that are built once: as Flask builds them, below every root and for every method."""

import pytest
from flask import url_for

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
        assert [url_for("cup", number=number) for number in (1, 2)] == ["/cups/1", "/cups/2"]
        assert url_for("tea", _anchor="hot") == "/read#hot"
        assert url_for("tea") == "/read"


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
