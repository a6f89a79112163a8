"""Loading: each plugin comes as far as it can, and what stops one stops nothing else."""

import logging
import sys

import pytest

from niwari.app import CORE_AREAS, load_host
from niwari.host.discovery import Found
from niwari.host.registry import Host, Plugin, Stage
from niwari.testing.workshop import MANIFEST, Workshop

GOOD = """
@hookimpl
def permissions():
    return [Permission("good.read", Label("読む", "Read"), ("staff",))]
"""


def loaded(workshop: Workshop, *found: Found) -> Host:
    """A host with the core, the given plugins, and a good one that comes last."""
    good = workshop.make("good", GOOD) if "good" not in {f.name for f in found} else None
    host = load_host([*found, *([good] if good else [])])
    assert host.plugins["good"].error == ""
    assert host.plugins["good"].stage is Stage.DECLARED
    assert "good.read" in host.permissions()
    return host


def stopped(workshop: Workshop, found: Found) -> Plugin:
    plugin = loaded(workshop, found).plugins[found.name]
    assert plugin.error
    return plugin


def test_a_good_plugin_is_declared_and_waits_for_its_migrations(workshop: Workshop) -> None:
    host = loaded(workshop, workshop.make("good", GOOD))
    plugin = host.plugins["good"]
    assert (plugin.stage, plugin.error, plugin.core) == (Stage.DECLARED, "", False)
    assert plugin.manifest is not None
    assert plugin.manifest.version == "1.2.3"
    assert not host.is_ready("good")


def test_the_core_is_ready_from_the_start() -> None:
    host = load_host(())
    assert {p.stage for p in host.plugins.values()} == {Stage.READY}
    assert host.optional() == []
    assert host.is_ready("ledger")


def test_a_plugin_with_underscores_lives_under_hyphens() -> None:
    assert Plugin("tourism_sns", "niwari_tourism_sns").url_prefix == "/tourism-sns"


def test_a_package_that_is_not_there_stops_at_found(workshop: Workshop) -> None:
    plugin = stopped(workshop, Found("gone", "niwari_gone", None))
    assert plugin.stage is Stage.FOUND
    assert plugin.error == "the package 'niwari_gone' cannot be located; install the plugin again"


def test_a_bad_manifest_stops_before_any_code_runs(workshop: Workshop) -> None:
    found = workshop.make(
        "bad", manifest='name = "bad"', files={"__init__.py": "raise RuntimeError('imported')"}
    )
    plugin = stopped(workshop, found)
    assert (plugin.stage, plugin.error) == (
        Stage.FOUND,
        "plugin.toml: 'version' is missing; add it",
    )
    assert "niwari_bad" not in sys.modules


def test_a_manifest_and_an_entry_point_agree_on_the_name(workshop: Workshop) -> None:
    plugin = stopped(workshop, workshop.make("shop", manifest=MANIFEST.format(name="store")))
    assert plugin.error == (
        "plugin.toml: name 'store' differs from the entry point 'shop'; make them the same"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise RuntimeError('no such luck')", "RuntimeError: no such luck"),
        ("raise SystemExit", "SystemExit: SystemExit"),
        ("raise SystemExit('bye')", "SystemExit: bye"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("class Odd(BaseException): pass\nraise Odd", "Odd: Odd"),
        ("from niwari.api import no_such_name", "cannot import name 'no_such_name'"),
    ],
)
@pytest.mark.parametrize("file", ["__init__.py", "plugin.py"])
def test_whatever_is_raised_at_import_is_contained_and_told(
    workshop: Workshop, text: str, said: str, file: str
) -> None:
    plugin = stopped(workshop, workshop.make("bad", files={file: text}))
    assert plugin.stage is Stage.CHECKED
    assert said in plugin.error
    assert plugin.manifest is not None


def test_a_source_that_is_no_python_is_told_before_any_of_it_runs(workshop: Workshop) -> None:
    plugin = stopped(workshop, workshop.make("bad", files={"plugin.py": "def broken(:"}))
    assert plugin.stage is Stage.FOUND
    assert plugin.error.startswith("niwari_bad/plugin.py:1: cannot be read as Python")


def test_a_plugin_that_imports_inner_modules_stops_before_any_of_it_runs(
    workshop: Workshop,
) -> None:
    plugin = stopped(workshop, workshop.make("bad", "from niwari.db import Model"))
    assert plugin.stage is Stage.FOUND
    assert plugin.error.startswith("niwari_bad/plugin.py:2: imports niwari.db")
    assert "niwari.api" in plugin.error
    assert not plugin.raised


def test_a_keyboard_interrupt_still_ends_the_process(workshop: Workshop) -> None:
    found = workshop.make("bad", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        load_host([found])


def test_a_package_without_its_plugin_module_says_so(workshop: Workshop) -> None:
    found = workshop.make("bad")
    (workshop.folder / "niwari_bad" / "plugin.py").unlink()
    assert "niwari_bad.plugin" in stopped(workshop, found).error


@pytest.mark.parametrize("hook", ["permissions", "routes", "models", "migrations", "activities"])
def test_a_declare_hook_that_raises_stops_its_plugin_alone(workshop: Workshop, hook: str) -> None:
    found = workshop.make("bad", f"@hookimpl\ndef {hook}():\n    raise LookupError('{hook}')\n")
    plugin = stopped(workshop, found)
    assert (plugin.stage, plugin.error) == (Stage.LOADED, f"LookupError: {hook}")


def test_a_stopped_plugin_leaves_no_implementation_behind(workshop: Workshop) -> None:
    found = workshop.make(
        "bad",
        """
        @hookimpl
        def navigation(ctx):
            return []

        @hookimpl
        def activities():
            raise LookupError
        """,
    )
    host = loaded(workshop, found)
    assert "bad" not in [impl.plugin_name for impl in host.implementations("navigation")]
    assert "bad" not in [plugin.name for plugin in host.loaded()]


def test_what_stopped_a_plugin_is_logged(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "niwari.host"):
        stopped(workshop, workshop.make("bad", "raise RuntimeError('why')"))
    assert "plugin bad stopped at checked: RuntimeError: why" in caplog.text


# -- hooks ----------------------------------------------------------------------------------------


def hooked(workshop: Workshop, text: str) -> str:
    return stopped(workshop, workshop.make("bad", text)).error


def test_a_hook_with_a_typing_error_is_named(workshop: Workshop) -> None:
    assert hooked(workshop, "@hookimpl\ndef navigatoin(ctx):\n    return []\n") == (
        "hook 'navigatoin' does not exist; see the hook reference"
    )


def test_a_hook_that_is_marked_as_optional_does_not_hide_a_typing_error(workshop: Workshop) -> None:
    text = "@hookimpl(optionalhook=True)\ndef navigatoin(ctx):\n    return []\n"
    assert "hook 'navigatoin' does not exist" in hooked(workshop, text)


def test_a_hook_with_an_unknown_argument_is_named(workshop: Workshop) -> None:
    said = hooked(workshop, "@hookimpl\ndef navigation(context):\n    return []\n")
    assert "navigation" in said
    assert "context" in said


def test_a_hook_may_take_fewer_arguments(workshop: Workshop) -> None:
    host = loaded(workshop, workshop.make("few", "@hookimpl\ndef navigation():\n    return []\n"))
    assert host.plugins["few"].error == ""


@pytest.mark.parametrize("option", ["wrapper=True", "hookwrapper=True"])
def test_a_wrapper_is_refused(workshop: Workshop, option: str) -> None:
    text = f"@hookimpl({option})\ndef cards(ctx):\n    return (yield)\n"
    assert hooked(workshop, text) == "hook 'cards': wrappers are not for plugins"


def test_a_refused_wrapper_leaves_the_hook_to_the_others(workshop: Workshop) -> None:
    wrapper = workshop.make("bad", "@hookimpl(wrapper=True)\ndef cards(ctx):\n    return (yield)\n")
    other = workshop.make("other", "@hookimpl\ndef cards(ctx):\n    return []\n")
    host = loaded(workshop, wrapper, other)
    implemented = {impl.plugin_name for impl in host.implementations("cards")}
    assert implemented - set(CORE_AREAS) == {"other"}


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ledger", "web", "vault", "core", "static", "healthz"])
def test_a_name_of_the_core_is_refused_and_its_plugin_listed(workshop: Workshop, name: str) -> None:
    found = workshop.make(name, package="niwari_intruder", files={"plugin.py": "raise SystemExit"})
    host = loaded(workshop, found)
    (listed,) = [p for p in host.optional() if p.package == "niwari_intruder"]
    assert "the core" in listed.error or "is taken by niwari." in listed.error
    assert listed.stage is Stage.FOUND
    assert "niwari_intruder" not in sys.modules


def test_the_second_of_two_plugins_with_one_name_is_refused_naming_the_first(
    workshop: Workshop,
) -> None:
    first = workshop.make("shop", package="niwari_shop")
    second = workshop.make("shop", package="niwari_store")
    host = loaded(workshop, first, second)
    assert host.plugins["shop"].package == "niwari_shop"
    assert host.plugins["shop"].error == ""
    assert host.plugins["shop (niwari_store)"].error == (
        "the name 'shop' is taken by niwari_shop; rename the plugin"
    )


def test_two_plugins_in_one_package_are_refused_by_their_manifest(workshop: Workshop) -> None:
    found = workshop.make("shop")
    other = Found("farm", found.package, found.folder)
    host = loaded(workshop, found, other)
    assert "differs from the entry point 'farm'" in host.plugins["farm"].error
    assert host.plugins["shop"].error == ""


# -- requirements ---------------------------------------------------------------------------------


def requiring(workshop: Workshop, name: str, *required: str, plugin: str = "") -> Found:
    names = ", ".join(f'"{each}"' for each in required)
    return workshop.make(
        name, plugin, manifest=MANIFEST.format(name=name) + f"requires = [{names}]\n"
    )


def test_a_plugin_stands_on_what_it_requires_whatever_the_order(workshop: Workshop) -> None:
    host = loaded(workshop, requiring(workshop, "aa", "zz"), requiring(workshop, "zz"))
    assert host.plugins["aa"].error == host.plugins["zz"].error == ""


def test_a_plugin_whose_requirement_is_not_installed_stops(workshop: Workshop) -> None:
    plugin = stopped(workshop, requiring(workshop, "aa", "handover"))
    assert plugin.error == (
        "it requires 'handover', which is not installed; install or mend that plugin"
    )


def test_what_stands_on_a_stopped_plugin_stops_with_it(workshop: Workshop) -> None:
    host = loaded(
        workshop,
        requiring(workshop, "aa", "bb"),
        requiring(workshop, "bb", "cc"),
        requiring(workshop, "cc", plugin="raise RuntimeError"),
    )
    assert "it requires 'bb', which has stopped" in host.plugins["aa"].error
    assert "it requires 'cc', which has stopped" in host.plugins["bb"].error
    assert [plugin.name for plugin in host.loaded() if not plugin.core] == ["good"]
