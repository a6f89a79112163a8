"""Discovery: what is installed is found without running any of it."""

import sys

from niwari.host.discovery import Found, installed_plugins, located
from niwari.host.manifest import read_manifest
from niwari.testing.workshop import Workshop

LOUD = {"__init__.py": "raise RuntimeError('imported')", "plugin.py": "raise SystemExit"}


def test_an_installed_plugin_is_found_by_its_entry_point(workshop: Workshop) -> None:
    workshop.make("shop")
    workshop.install("shop")
    found = {plugin.name: plugin for plugin in installed_plugins()}
    assert found["shop"] == Found("shop", "niwari_shop", workshop.folder / "niwari_shop")


def test_our_own_plugin_is_found_like_any_other() -> None:
    assert "consult" in {plugin.name for plugin in installed_plugins()}


def test_finding_imports_nothing(workshop: Workshop) -> None:
    workshop.make("shop")
    workshop.install("shop")
    before = set(sys.modules)
    installed_plugins()
    located([("shop", "niwari_shop")])
    assert {name for name in set(sys.modules) - before if "shop" in name} == set()


def test_a_plugin_that_raises_at_import_is_found_with_its_manifest(workshop: Workshop) -> None:
    found = workshop.make("shop", files=LOUD)
    assert found.folder is not None
    assert read_manifest(found.folder / "plugin.toml").version == "1.2.3"
    assert not [name for name in sys.modules if name.startswith("niwari_shop")]


def test_plugins_are_found_in_order_of_their_names(workshop: Workshop) -> None:
    ours = {plugin.name for plugin in installed_plugins()}
    for name in ("zoo", "apples", "mill"):
        workshop.make(name)
        workshop.install(name)
    found = [plugin.name for plugin in installed_plugins()]
    assert found == sorted({*ours, "apples", "mill", "zoo"})


def test_two_packages_with_one_name_are_both_found(workshop: Workshop) -> None:
    workshop.make("shop", package="niwari_shop")
    workshop.make("shop", package="niwari_store")
    workshop.install("shop", "niwari_shop")
    workshop.install("shop", "niwari_store")
    found = [plugin for plugin in installed_plugins() if plugin.name == "shop"]
    assert [plugin.package for plugin in found] == ["niwari_shop", "niwari_store"]


def test_a_package_that_is_not_there_is_found_without_a_folder(workshop: Workshop) -> None:
    workshop.install("shop")
    (found,) = [plugin for plugin in installed_plugins() if plugin.name == "shop"]
    assert found.folder is None


def test_an_entry_point_that_names_no_top_level_package_is_not_followed() -> None:
    before = set(sys.modules)
    names = ("xml.dom", "json:loads", "", "no-package", "json.tool")
    found = located((str(number), name) for number, name in enumerate(names))
    assert [plugin.folder for plugin in found] == [None] * len(names)
    assert set(sys.modules) == before


def test_a_single_module_is_no_package(workshop: Workshop) -> None:
    (workshop.folder / "niwari_single.py").write_text("", encoding="utf-8")
    (found,) = located([("single", "niwari_single")])
    assert found.folder is None
