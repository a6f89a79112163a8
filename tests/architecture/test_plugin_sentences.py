"""The sentences that docs/plugins quotes are said by the sources, or by plugins made to be told so."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from niwari import api
from niwari.app import load_host
from niwari.clock import system_clock
from niwari.host.dispatch import Dispatcher
from niwari.host.wiring import wire
from niwari.testing.workshop import MANIFEST, Workshop, forgotten_imports

ROOT = Path(__file__).parents[2]


def text_of(document: str) -> str:
    return (ROOT / "docs" / "plugins" / document).read_text(encoding="utf-8")


Sentence = tuple[re.Pattern[str], int]


def in_parts(node: ast.AST) -> list[str]:
    """Return a text of the sources, every second part of it standing for a value."""
    if isinstance(node, ast.JoinedStr):
        whole = [p.value if isinstance(p, ast.Constant) else "%(value)s" for p in node.values]
        return re.split(r"(%\(\w+\)\w)", "".join(whole))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.split(r"(%\(\w+\)\w)", node.value.strip())
    return []


@pytest.fixture(scope="module")
def in_sources() -> list[Sentence]:
    """Every text of the sources as a pattern, and how many characters of it are no values."""
    found: dict[str, int] = {}
    for path in (ROOT / "core" / "niwari").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = in_parts(node)
            said = sum(len(part) for part in parts[::2])
            if said > 3:
                text = "".join(".+" if n % 2 else re.escape(p) for n, p in enumerate(parts))
                found[text] = said
    return [(re.compile(text, re.DOTALL), said) for text, said in found.items()]


def is_said(sentence: str, in_sources: list[Sentence]) -> bool:
    """Tell whether a text of the sources can be the sentence; at least a third must be its own."""
    return any(said * 3 >= len(sentence) and t.fullmatch(sentence) for t, said in in_sources)


# Sentences that are put together at run time, each with the plugin that makes it be said.
PRODUCED = {
    "niwari_tea/views.py:3: imports niwari.db; import it from niwari.api instead": {
        "views.py": "import re\n\nfrom niwari.db import Model\n"
    },
    "niwari_tea/plugin.py:1: cannot be read as Python: invalid syntax; mend that line": {
        "plugin.py": "a plugin\n"
    },
    "ModuleNotFoundError: No module named 'niwari_tea.plugin'": {},
    "LookupError: tea": {
        "plugin.py": "from niwari.api import hookimpl\n\n\n@hookimpl\ndef events():\n"
        "    raise LookupError('tea')\n"
    },
    "hook 'navigations' does not exist; see the hook reference": {
        "plugin.py": "from niwari.api import hookimpl\n\n\n@hookimpl\ndef navigations(ctx):\n"
        "    return []\n"
    },
    "routes: malformed url rule: '/tea/<int:id'": {
        "plugin.py": "from niwari.api import Blueprint, hookimpl\n\n"
        "blueprint = Blueprint('tea', __name__)\n"
        "blueprint.get('/<int:id', public='all')(str)\n\n\n"
        "@hookimpl\ndef routes():\n    return [blueprint]\n"
    },
}


KNOWN = "api, label, maintainers, name, personal_data, purpose, requires, uses, verb, version"
# The same for manifests, each with what is put in place of what in a sound one.
BAD_MANIFESTS = {
    "plugin.toml: 'version' is missing; add it": ('version = "1.2.3"\n', ""),
    f"plugin.toml: unknown key 'licence'; known are {KNOWN}": ("api", "licence = 'MIT'\napi"),
    "plugin.toml: name 'Tea': use 2 to 30 lower-case letters, digits and underscores": (
        'name = "tea"',
        'name = "Tea"',
    ),
    "plugin.toml: name 'search' belongs to the core; choose another": ('"tea"', '"search"'),
    "plugin.toml: version must be a text in quotes, not 0.1": ('"1.2.3"', "0.1"),
    'plugin.toml: requires must be a list of texts, like ["handover"]': (
        "api",
        'requires = "x"\napi',
    ),
    'plugin.toml: label must be { ja = "…", en = "…" }': ("label = {", "label = { fr = '', "),
    "plugin.toml: personal_data must be tables [[personal_data]], each with category and "
    "retention, perhaps key, and nothing else": ("api", "personal_data = 1\napi"),
    "plugin.toml: verb 'play' is unknown; use one of spread, raise, help": ('"help"', '"play"'),
    "plugin.toml: api '2': write it like \"0.1\"": ('"0.3"', '"2"'),
    "plugin tea was written for host API 0.9; this Niwari offers {}.{}. "
    "Install a version of the plugin that fits".format(*api.API_VERSION): ('"0.3"', '"0.9"'),
    "plugin.toml: name 'teas' differs from the entry point 'tea'; make them the same": (
        'name = "tea"',
        'name = "teas"',
    ),
    "plugin.toml is not readable as TOML: Invalid value (at line 3, column 7)": ('"0.3"', "?"),
    "plugin.toml is missing; put one into the package": None,
}


@pytest.mark.parametrize("sentence", BAD_MANIFESTS)
def test_what_is_quoted_of_manifests_is_said(sentence: str, tmp_path: Path) -> None:
    assert f"| `{sentence}` |" in text_of("manifest.md")
    change = BAD_MANIFESTS[sentence]
    manifest = MANIFEST.format(name="tea")
    with forgotten_imports((tmp_path,)):
        found = Workshop(tmp_path).make("tea", manifest=manifest.replace(*(change or ("", ""))))
        if change is None:
            (tmp_path / "niwari_tea" / "plugin.toml").unlink()
        assert load_host([found]).plugins["tea"].error == sentence


@pytest.mark.parametrize("sentence", PRODUCED)
def test_what_is_put_together_is_said(sentence: str, tmp_path: Path) -> None:
    with forgotten_imports((tmp_path,)):
        found = Workshop(tmp_path).make("tea", files=PRODUCED[sentence])
        if not PRODUCED[sentence]:
            (tmp_path / "niwari_tea" / "plugin.py").unlink()
        host = load_host([found])
        wire(Flask("check"), Dispatcher(host, system_clock))
        assert host.plugins["tea"].error == sentence


def quoted(document: str) -> list[str]:
    """Return the sentences in the first column of the document's tables headed "it says"."""
    found = []
    for table in re.findall(r"^\| it says \|.*\n((?:\|.*\n)+)", text_of(document), re.MULTILINE):
        found += re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE)
    return found


def test_every_sentence_quoted_of_manifests_is_produced() -> None:
    assert set(quoted("manifest.md")) == set(BAD_MANIFESTS)


def test_every_quoted_sentence_is_one_that_niwari_says(in_sources: list[Sentence]) -> None:
    sentences = quoted("stages.md")
    assert len(sentences) >= 40
    unsaid = [s for s in sentences if s not in PRODUCED and not is_said(s, in_sources)]
    assert unsaid == [], "stages.md quotes what nobody says"


def test_a_sentence_that_nobody_says_is_found_out(in_sources: list[Sentence]) -> None:
    assert is_said("plugin.toml: 'verb' is missing; add it", in_sources)
    assert not is_said("plugin.toml: 'verb' is missing; write it", in_sources)
