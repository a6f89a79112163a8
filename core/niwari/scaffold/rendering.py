"""From the templates of a kind of project to its files, in memory.

The templates of a kind lie in ``templates/<kind>/`` as the project has them, each with the ending
``.jinja``; those in ``templates/every/`` belong to every kind. In their paths ``PACKAGE`` and
``NAME`` stand for the plugin's. Because what they make is full of braces and square brackets, they
are written with ``<< value >>``, ``<% if %>`` and ``<# remark #>``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from niwari.scaffold.catalogue import English

_ENDING = ".jinja"
_ENGLISH = "english.json"
_EVERY = "every"
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of a project by paths with slashes, and the English of their texts by msgid."""

    files: Mapping[str, str]
    english: English


def render(kind: str, values: Mapping[str, Any]) -> Rendered:
    """Return the files of a project of ``kind``.

    ``values`` are those of ``Naming.values()`` and whatever else the templates of the kind ask for;
    one that is missing raises ``jinja2.UndefinedError``. The ``english.json`` of the kind and of
    every kind give the English of the texts.
    """
    environment = _environment()
    files: dict[str, str] = {}
    english: dict[str, str | Sequence[str]] = {}
    for template in sorted(environment.list_templates()):
        folder, _, inner = template.partition("/")
        if folder not in (_EVERY, kind) or not inner.endswith(_ENDING):
            continue
        text = environment.get_template(template).render(values)
        path = inner.removesuffix(_ENDING)
        if path == _ENGLISH:
            english |= json.loads(text)
            continue
        files[path.replace("PACKAGE", values["package"]).replace("NAME", values["name"])] = text
    return Rendered(files, english)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("niwari.scaffold", "templates"),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - what it makes are sources; the filters quote for them
    )
    environment.filters |= {"python": python_text, "toml": toml_text, "markdown": markdown_text}
    environment.globals["from_import"] = from_import
    return environment


def python_text(text: str) -> str:
    """Return ``text`` as a literal of Python, in the quotes that need fewer escapes."""
    double = json.dumps(text, ensure_ascii=False)
    if text.count('"') <= text.count("'"):
        return double
    return "'" + double[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def toml_text(text: str) -> str:
    """Return ``text`` as a basic string of TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def markdown_text(text: str) -> str:
    """Return ``text`` as plain words of Markdown, also in a table."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|{}" else char for char in text)


def from_import(module: str, *names: str) -> str:
    """Return ``from module import names``, over several lines where it is long."""
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= _WIDTH:
        return line
    return f"from {module} import (\n{''.join(f'    {name},{chr(10)}' for name in names)})"
