"""Every act that the core writes into the audit has its words, found in the sources themselves."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from niwari import admin
from niwari.admin.acts import ACTS, act_words, code_of
from niwari.testing.world import World

CORE = Path(admin.__file__).parents[1]

MEND = "give it its words in acts.py of its area: Label(ja, en)"

# What cannot be read where the audit is written: the codes that it stands for.
ELSEWHERE = {
    "answer.action": "the calls of _Answer in the same file",
    "kind.action": "the calls of DatedRows",
    "action": "the calls of record_import, planned, _audit and _record; "
    "identity.provider_activate identity.provider_deactivate",
    "f'moderation.{outcome}'": "moderation.kept moderation.held moderation.released",
    "f'plugin.{state}'": "plugin.on plugin.off plugin.paused",
}
_OWN = ("_audit", "_record")
# What says of a kind of import, among else, what the audit calls it.
_KINDS = ("DatedRows",)
_WRITERS = {
    "record": 1,
    "record_each": 1,
    "audit": 1,
    "record_import": 1,
    "planned": 1,
    "_Answer": 0,
    "_audit": 1,
    "_record": 1,
}


def dotted(called: ast.expr) -> str:
    """Return a name as it stands in a source, of anything but a name nothing."""
    if isinstance(called, ast.Attribute):
        return f"{dotted(called.value)}.{called.attr}"
    return called.id if isinstance(called, ast.Name) else ""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield each call that writes into the audit, with its code."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        short = name.removeprefix("audit.")
        place = _WRITERS.get(short)
        is_writer = short in _WRITERS
        if place is None or not is_writer or len(node.args) <= place:
            continue
        # A function of the file's own may be given something else there.
        if name not in _OWN or isinstance(node.args[place], ast.Constant):
            yield name, node.args[place]


def codes(node: ast.expr, names: dict[str, str]) -> Iterator[str]:
    """Yield the codes that an expression may stand for."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from codes(node.body, names)
        yield from codes(node.orelse, names)
    elif isinstance(node, ast.Name) and node.id in names:
        yield names[node.id]
    else:
        said = ELSEWHERE.get(ast.unparse(node))
        assert said is not None, f"{ast.unparse(node)}: write the code of the act as it is"
        known = ("plugin.", "identity.", "moderation.")
        yield from (word for word in said.split() if word.startswith(known))


def handed_on(trees: dict[Path, ast.Module]) -> dict[str, int]:
    """Return the functions and classes that are given the act as ``action``, and at which place."""
    found = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.FunctionDef):
                names = [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
            elif isinstance(node, ast.ClassDef) and node.name in _KINDS:
                fields = [one.target for one in node.body if isinstance(one, ast.AnnAssign)]
                names = [field.id for field in fields if isinstance(field, ast.Name)]
            if "action" in names and isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[node.name] = names.index("action")
    return found


def given(tree: ast.AST, taking: dict[str, int]) -> Iterator[ast.expr]:
    """Yield what the calls of those functions give as ``action``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        place = taking.get(dotted(node.func).rpartition(".")[2])
        if place is not None:
            yield from (one.value for one in node.keywords if one.arg == "action")
            yield from node.args[place : place + 1]


@cache
def written() -> dict[str, str]:
    """Return the code of each act in the sources of the core, with the file."""
    found: dict[str, str] = {}
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(CORE.rglob("*.py"))
    }
    taking = handed_on(trees)
    for path, tree in trees.items():
        names = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        }
        for _name, argument in calls(tree):
            for code in codes(argument, names):
                found[code] = str(path.relative_to(CORE))
        for argument in given(tree, taking):
            if isinstance(argument, ast.Constant | ast.IfExp):
                for code in codes(argument, names):
                    found[code] = str(path.relative_to(CORE))
    return found


def test_every_act_in_the_sources_has_its_words_in_both_languages() -> None:
    found = written()
    assert len(found) > 15
    missing = [f"{code} ({path}): {MEND}" for code, path in found.items() if code not in ACTS]
    assert missing == []


def test_no_words_are_left_of_an_act_that_nobody_writes() -> None:
    assert set(ACTS) - set(written()) == set()


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_no_two_acts_are_called_the_same(locale: str) -> None:
    words = [label.text(locale) for label in ACTS.values()]
    assert len(set(words)) == len(words)


def test_words_lead_to_the_code_and_anything_else_stays_as_it_is() -> None:
    assert code_of("Switched to another post") == "identity.act"
    assert code_of("tea.pour") == "tea.pour"


def test_an_act_of_a_plugin_is_called_after_it_and_one_of_nobody_by_nothing(world: World) -> None:
    with world.app.test_request_context(headers={"Cookie": "niwari_locale=en"}):
        assert act_words(world.host, "consult.ask", "en") == "An action in Consult"
    assert act_words(world.host, "consult.ask", "ja") == "「相談」での操作"
    assert act_words(world.host, "gone.ask", "en") == ""
    assert act_words(world.host, "ledger.unheard", "ja") == ""
