"""The host API is what it is promised to be: names and signatures, pinned in api.txt."""

import importlib
import re
import sys
from difflib import unified_diff
from pathlib import Path

import peewee
import pytest

from niwari import api
from niwari.testing.workshop import forgotten_imports

ROOT = Path(__file__).parents[2]
PIN = Path(__file__).with_name("api.txt")

MEND = """
The host API differs from tests/architecture/api.txt, on which plugins elsewhere rely (- promised, + found).
- Something is new: raise the minor number of API_VERSION (core/niwari/host/manifest.py) if this release has
  not done so yet, and name it in CHANGELOG.md.
- Something is gone or its signature changed: that breaks plugins. Keep the old name working and deprecated
  for two minor versions first (docs/plugins/compatibility.md).
Then: .venv/bin/python tools/hook_reference.py && .venv/bin/python tools/hook_reference.py --pin

"""


@pytest.fixture(scope="module")
def found() -> str:
    """The host API as the sources have it."""
    with forgotten_imports((ROOT / "tools",)):
        return str(importlib.import_module("api_reference").pinned())


def test_names_and_signatures_are_the_promised_ones(found: str) -> None:
    promised = PIN.read_text(encoding="utf-8")
    difference = unified_diff(promised.splitlines(), found.splitlines(), lineterm="", n=0)
    assert found == promised, MEND + "\n".join(list(difference)[2:])


@pytest.mark.parametrize("name", sorted(set(api.__all__) - {"API_VERSION"}))
def test_the_pinned_text_has_every_name(name: str, found: str) -> None:
    assert re.search(rf"^(@contextmanager )?(class |def )?{name}\b", found, re.MULTILINE)


def inside() -> set[str]:
    """Return the names of Niwari's classes, and of the functions that deal with tables in files."""
    modules = [module for name, module in sys.modules.items() if name.startswith("niwari.")]
    things = [thing for module in modules for thing in vars(module).values()]
    classes = {t.__name__ for t in things if isinstance(t, type) and t.__module__ in sys.modules}
    own = {t.__name__ for t in things if isinstance(t, type) and t.__module__[:7] == "niwari."}
    functions = {
        t.__name__
        for t in things
        if callable(t) and (getattr(t, "__module__", "") or "").startswith("niwari.tabular.")
    }
    return (classes & own) | functions


def test_signatures_name_nothing_of_niwari_that_a_plugin_cannot_import(found: str) -> None:
    named = set(re.findall(r"(?<![\w.'])[A-Za-z]\w+", found.partition("\nhook ")[0]))
    assert named & inside() - set(api.__all__) == set()


def test_the_page_names_nothing_of_niwari_that_a_plugin_cannot_import() -> None:
    page = (ROOT / "docs" / "plugins" / "api.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    assert named & inside() - set(api.__all__) == set()


def test_the_module_offers_what_it_says_and_nothing_else() -> None:
    public = {
        name
        for name, thing in vars(api).items()
        if not name.startswith("_") and not isinstance(thing, type(re))
    }
    assert public == set(api.__all__), "niwari.api.__all__ names exactly what the module offers"


def test_the_pinned_version_is_the_present_one(found: str) -> None:
    assert found.startswith("host API {}.{}\n".format(*api.API_VERSION))


def test_no_column_that_the_api_gives_hides_what_a_model_can_do() -> None:
    models = [getattr(api, name) for name in api.__all__]
    models = [one for one in models if isinstance(one, type) and issubclass(one, peewee.Model)]
    assert api.HidesAuthor in models
    hidden = {
        f"{model.__name__}.{name}"
        for model in models
        for name in model._meta.fields  # type: ignore[attr-defined]
        if hasattr(peewee.Model, name)
    }
    assert hidden == set()


def test_a_plugin_has_all_it_needs_without_silencing_the_type_checker() -> None:
    sources = [*ROOT.glob("plugins/*/niwari_*/**/*.py")]
    sources += (ROOT / "core" / "niwari" / "scaffold" / "templates").glob("**/*.py.jinja")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sources
        if "type: ignore" in (text := path.read_text(encoding="utf-8"))
        or "from wtforms.fields import SelectChoice" in text
    ]
    assert len(sources) > 100
    assert found == []
