"""Routes that compile late build and match the addresses that Werkzeug's own do."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from werkzeug.routing import BaseConverter, BuildError, Rule, UnicodeConverter

from niwari.host.late_rules import LateRule


def app_of(kind: type[Rule]) -> Flask:
    app = Flask("routes", static_folder=None)
    app.url_rule_class = kind
    app.add_url_rule("/", "home", str)
    app.add_url_rule("/部屋/<name>/", "room", str)
    app.add_url_rule("/rows/<int:row>", "row", str, defaults={"page": 1})
    app.add_url_rule("/rows/<int:row>/<int:page>", "row", str)
    return app


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("home", {}),
        ("home", {"after": "あ b"}),
        ("home", {"rule": "x", "self": "y", "values": "z"}),
        ("room", {"name": "会議 1"}),
        ("row", {"row": 3, "page": 1}),
        ("row", {"row": 3, "page": 2, "more": "x"}),
    ],
)
def test_an_address_is_the_same_and_leads_back_at_the_first_and_the_second_time(
    endpoint: str, values: Mapping[str, Any]
) -> None:
    late, own = (app_of(kind).url_map.bind("localhost") for kind in (LateRule, Rule))
    address = own.build(endpoint, values)
    assert [late.build(endpoint, values) for _twice in range(2)] == [address, address]
    path = unquote(address.partition("?")[0])
    assert late.match(path) == own.match(path)


def test_an_address_that_lacks_a_value_is_refused() -> None:
    with pytest.raises(BuildError):
        app_of(LateRule).url_map.bind("localhost").build("room", {})


def test_nothing_is_compiled_before_an_address_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Rule] = []
    compile_builder = Rule._compile_builder

    def noted(self: Rule, append_unknown: bool = True) -> Any:
        asked.append(self)
        return compile_builder(self, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", noted)
    for _again in range(2):
        app = app_of(LateRule)
        app.add_url_rule("/compiled/once/<name>", "once", str)
        addresses = app.url_map.bind("localhost")
        assert {rule.endpoint for rule in asked} <= {"once"}
        addresses.build("once", {"name": "a"})
        assert [rule.endpoint for rule in asked] == ["once"]


def test_what_one_application_compiled_another_one_writes_with_its_own_converters() -> None:
    class Loud(BaseConverter):
        def to_url(self, value: str) -> str:
            return value.upper()

    plain, loud = app_of(LateRule), app_of(LateRule)
    loud.url_map.converters["of"] = Loud
    plain.url_map.converters["of"] = UnicodeConverter
    for app in (plain, loud):
        app.add_url_rule("/calls/<of:name>", "call", str)
    found = [app.url_map.bind("localhost").build("call", {"name": "a"}) for app in (plain, loud)]
    assert found == ["/calls/a", "/calls/A"]
