"""Requirements: what stands on what, and circles among them."""

import pytest

from niwari.host.discovery import Found
from niwari.host.loaded import Plugin
from niwari.host.registry import Host
from niwari.host.requirements import leaning_on, not_on, required_by
from niwari.testing.workshop import MANIFEST, Workshop


def found(workshop: Workshop, name: str, *requires: str, uses: tuple[str, ...] = ()) -> Found:
    lines = "".join(
        f"{key} = [{', '.join(repr(n) for n in names)}]\n"
        for key, names in (("requires", requires), ("uses", uses))
        if names
    )
    return workshop.make(name, manifest=MANIFEST.format(name=name) + lines)


@pytest.fixture
def host(workshop: Workshop) -> Host:
    """Base, shop on it, stall on both, and kiosk, which only uses base."""
    return Host(
        {},
        [
            found(workshop, "base"),
            found(workshop, "shop", "base"),
            found(workshop, "stall", "base", "shop"),
            found(workshop, "kiosk", uses=("base",)),
        ],
    )


def test_what_must_be_on_before_is_what_is_required_and_not_on(host: Host) -> None:
    stall = host.plugins["stall"]
    assert not_on(stall, set()) == ["base", "shop"]
    assert not_on(stall, {"base"}) == ["shop"]
    assert not_on(stall, {"base", "shop"}) == []


def test_what_is_merely_used_need_not_be_on(host: Host) -> None:
    assert not_on(host.plugins["kiosk"], set()) == []


def test_who_leans_on_a_plugin_is_who_requires_it_and_is_on(host: Host) -> None:
    everybody = host.optional()
    assert leaning_on("base", everybody, {"shop", "stall", "kiosk"}) == ["shop", "stall"]
    assert leaning_on("base", everybody, {"kiosk", "stall"}) == ["stall"]
    assert leaning_on("stall", everybody, {"base", "shop", "stall"}) == []


def test_a_plugin_whose_manifest_cannot_be_read_requires_nothing() -> None:
    assert required_by(Plugin("odd", "niwari_odd")) == ()


@pytest.mark.parametrize("circle", [("aa",), ("aa", "bb"), ("aa", "bb", "cc")])
def test_a_circle_stops_whoever_is_in_it_naming_the_way_round(
    workshop: Workshop, circle: tuple[str, ...]
) -> None:
    following = (*circle[1:], circle[0])
    plugins = [found(workshop, name, after) for name, after in zip(circle, following, strict=True)]
    host = Host({}, [*plugins, found(workshop, "zz")])
    way = " → ".join((*circle, circle[0]))
    assert host.plugins["aa"].error == (
        f"it requires itself in a circle ({way}); turn one requires into uses in plugin.toml"
    )
    assert [plugin.name for plugin in host.loaded()] == ["zz"]


def test_who_stands_on_a_circle_stops_too_and_is_not_called_part_of_it(workshop: Workshop) -> None:
    host = Host(
        {},
        [
            found(workshop, "aa", "bb"),
            found(workshop, "bb", "aa"),
            found(workshop, "outside", "aa"),
        ],
    )
    assert host.plugins["outside"].error == (
        "it requires 'aa', which has stopped; install or mend that plugin"
    )


def test_two_ways_to_one_plugin_are_no_circle(host: Host) -> None:
    assert [plugin.name for plugin in host.loaded()] == ["base", "shop", "stall", "kiosk"]
