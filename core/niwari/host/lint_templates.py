"""The lint of a plugin's templates: what would show to people as markup what other people wrote."""

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

FOLDER = "templates"
ENDINGS = (".htm", ".html", ".j2", ".jinja", ".jinja2", ".svg", ".txt", ".xhtml", ".xml")
"""The endings of the files below ``templates/`` that are looked into."""

SAFE = "let it be escaped, and write the markup around it into the template"
ESCAPED = "leave escaping on"
SCRIPT = "put it into a file below static/ and name that with src"

# Up to the next < alone, or every unfinished tag would be looked for to the end of the file.
_SCRIPT = re.compile(r"<script\b([^<>]*)>", re.IGNORECASE)
_OF_A_FILE_OR_DATA = re.compile(
    r"""(?<![\w-])(?:src\s*=|type\s*=\s*["']?application/json)""", re.IGNORECASE
)
# Only to read by; nothing is rendered here.
_READER = Environment(autoescape=True)

Token = tuple[int, str, str]


def is_template(inner: Path) -> bool:
    """Tell whether the file at ``inner``, seen from its package, is a template."""
    return inner.parts[0] == FOLDER and inner.suffix.lower() in ENDINGS


def template_findings(content: bytes) -> Iterator[tuple[int, str, str]]:
    """Yield line, problem and mend of everything in a template that is refused."""
    try:
        tokens: list[Token] = [
            (line, kind, text) for line, kind, text in _READER.lex(content.decode()) if kind
        ]
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        yield line, "cannot be read as a template: it is no UTF-8", "save it as UTF-8"
        return
    except TemplateSyntaxError as error:
        yield error.lineno, f"cannot be read as a template: {error.message}", "mend that line"
        return
    yield from _of_code([token for token in tokens if token[1] != "whitespace"])
    yield from _of_scripts(_markup(tokens))


def _of_code(tokens: list[Token]) -> Iterator[tuple[int, str, str]]:
    for (_, kind, before), (line, kind_of_name, name), (*_, after) in zip(
        tokens, tokens[1:], tokens[2:], strict=False
    ):
        if kind_of_name != "name":
            continue
        if name == "safe" and (before == "|" or (kind == "name" and before == "filter")):
            yield line, "uses the filter safe", SAFE
        elif name == "autoescape" and kind == "block_begin" and after.lower() != "true":
            yield line, "turns escaping off", ESCAPED


def _of_scripts(markup: str) -> Iterator[tuple[int, str, str]]:
    for found in _SCRIPT.finditer(markup):
        if not _OF_A_FILE_OR_DATA.search(found[1]):
            line = markup.count("\n", 0, found.start()) + 1
            yield line, "has a script without src, which no browser runs here", SCRIPT


def _markup(tokens: list[Token]) -> str:
    """Return what stands around the code, which leaves its line breaks alone behind."""
    return "".join(text if kind == "data" else "\n" * text.count("\n") for _, kind, text in tokens)
