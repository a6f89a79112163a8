"""Reading signatures and docstrings from sources, as they are written there.

Not from live objects: those say ``typing.Any`` where the source says ``Any``, and say it differently
in each version of Python.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent
from typing import Any


@dataclass(frozen=True)
class Field:
    """A field of a dataclass, or a column of a model."""

    name: str
    kind: str
    default: str
    doc: str


@dataclass(frozen=True)
class Method:
    """A public method or property; ``signature`` is as one writes the call."""

    name: str
    signature: str
    doc: str


@dataclass(frozen=True)
class Described:
    """A class as its source shows it; ``constants`` are the members of an enumeration and the like."""

    name: str
    bases: tuple[str, ...]
    doc: str
    fields: tuple[Field, ...]
    methods: tuple[Method, ...]
    constants: tuple[str, ...]


def signature(function: Any, name: str = "") -> str:
    """Return ``def name(…) -> …`` as the source says it."""
    node = _node(function)
    marks = [mark for mark in map(ast.unparse, node.decorator_list) if mark == "contextmanager"]
    return "".join(f"@{mark}\n" for mark in marks) + f"def {name or node.name}{_call(node)}"


def described(kind: type[Any]) -> Described:
    """Return what the source of a class shows to its users."""
    node = _node(kind)
    fields, constants = [], []
    for here, below in zip(node.body, [*node.body[1:], ast.Pass()], strict=True):
        if isinstance(here, ast.AnnAssign) and not _target(here).startswith("_"):
            fields.append(_field(here, below))
        elif isinstance(here, ast.Assign) and not _target(here).startswith("_"):
            constants.append(ast.unparse(here))
    return Described(
        node.name,
        tuple(ast.unparse(base) for base in node.bases),
        inspect.cleandoc(ast.get_docstring(node) or ""),
        tuple(fields),
        tuple(_methods(node)),
        tuple(constants),
    )


def one_line(thing: Any) -> str:
    """Return the first sentence of a docstring, in one line."""
    return first_sentence(inspect.getdoc(thing) or "")


def first_sentence(doc: str) -> str:
    """Return the first paragraph of a docstring, in one line."""
    return " ".join(doc.split("\n\n")[0].split())


def plain(text: str) -> str:
    """Turn a docstring's ``code`` into Markdown's, and leave the rest."""
    return re.sub(r"``(.+?)``", r"`\1`", text)


def _node(thing: Any) -> Any:
    (node,) = ast.parse(dedent(inspect.getsource(thing))).body
    return node


def _target(node: ast.AnnAssign | ast.Assign) -> str:
    return ast.unparse(node.target if isinstance(node, ast.AnnAssign) else node.targets[0])


def _field(node: ast.AnnAssign, below: ast.stmt) -> Field:
    doc = ""
    if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
        doc = " ".join(str(below.value.value).split())
    default = ast.unparse(node.value) if node.value else ""
    return Field(_target(node), _annotation(node.annotation), default, doc)


def _annotation(node: ast.expr) -> str:
    # A name that is imported for the type checker alone stands in quotes.
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ast.unparse(node)


def _call(node: Any, *, bound: bool = False) -> str:
    arguments = node.args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        if isinstance(argument.annotation, ast.Constant):
            argument.annotation = ast.Name(str(argument.annotation.value))
    text = ast.unparse(arguments)
    if bound:
        text = re.sub(r"^(self|cls)(, /)?(, )?", "", text)
    returns = f" -> {_annotation(node.returns)}" if node.returns else ""
    return f"({text}){returns}"


def _methods(node: ast.ClassDef) -> Iterator[Method]:
    for item in node.body:
        if not isinstance(item, ast.FunctionDef):
            continue
        if item.name.startswith("_") and item.name != "__init__":
            continue
        doc = first_sentence(ast.get_docstring(item) or "")
        marks = {ast.unparse(mark) for mark in item.decorator_list}
        if "property" in marks:
            kind = f": {_annotation(item.returns)}" if item.returns else ""
            yield Method(item.name, f"{item.name}{kind}", doc)
        elif item.name == "__init__":
            yield Method("__init__", f"{node.name}{_call(item, bound=True).split(' -> ')[0]}", doc)
        else:
            yield Method(item.name, f"{item.name}{_call(item, bound=True)}", doc)
