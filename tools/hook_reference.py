"""Write the references of hooks and of niwari.api, which say what the sources say.

.venv/bin/python tools/hook_reference.py          write docs/plugins/hooks.md and api.md
.venv/bin/python tools/hook_reference.py --check  fail where they are stale or say nothing
.venv/bin/python tools/hook_reference.py --pin    let the host API as it is now be the promised one
"""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

from api_reference import api_page, pinned
from source_reading import Described, described, one_line, plain, signature

from niwari.specs import FAMILIES
from niwari.specs import contributions as package
from niwari.specs.contributions import (
    basics,
    data,
    notices,
    offers,
    settings,
    surface,
    together,
    work,
)
from niwari.testing.conformance import all_rules

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "plugins"
PIN = ROOT / "tests" / "architecture" / "api.txt"

_PARTS = ("Called", "Returns", "Transaction", "Raising")
_PART = re.compile(rf"^({'|'.join(_PARTS)}): (.*(?:\n +\S.*)*)", re.MULTILINE)

# What holds for every declare hook is said here, once.
_DECLARE = {
    "Called": "once, at the start of each process (web, worker, command, `niwari migrate`).",
    "Transaction": "none. The database may not even be open: a declare hook reads no row, no clock "
    "and no setting.",
    "Raising": "the plugin stops at the stage *loaded* with the reason; everything else starts.",
}

_HEAD = """\
# Hooks

<!-- Written by tools/hook_reference.py from core/niwari/specs. Change it there. -->

A hook is a function in `plugin.py` with the decorator `hookimpl` and the name and arguments below.
Implement those that you need. An argument that you do not use may be left out. A name that is no hook
stops the plugin, so a slip of the pen is found at the start. Wrappers (`hookimpl(wrapper=True)`) are
refused.

**Declare** hooks take no argument, run once at the start and return what the plugin brings. The host
checks it and freezes it; a conflict names both sides. **Runtime** hooks take a `ctx`
([`Context`](api.md#context)): who acts, for which municipality, when. The host calls them one by one,
core first, then by the plugin's name. Each call is timed, and what it raises stays with the plugin that
raised it ([containment.md](containment.md)). An answer of another type than the named one is a failure
too.

The examples are those of a plugin `tea` whose package is `niwari_tea`. A test runs all of them as one
plugin.

| hook | kind | what for |
|---|---|---|
"""


_RULES_HEAD = """\
# The conformance rules

<!-- Written by tools/hook_reference.py from core/niwari/testing/conformance. Change it there. -->

`pytest --niwari-conformance NAME` checks an installed plugin against each of these, from its name alone;
[testing.md](testing.md) says how to run it. A failed rule names the code, what must hold, and each problem
with its mend. Rows for the pages come from `sample` of your [`Resource`](hooks.md#resource)s.\
"""


@dataclass(frozen=True)
class Hook:
    """One hook as its specification says it."""

    name: str
    signature: str
    runtime: bool
    prose: str
    parts: dict[str, str]
    example: str


def hooks(family: ModuleType) -> Iterator[Hook]:
    """Yield the hooks of one family, in the order of its source."""
    for name, function in vars(family).items():
        if not hasattr(function, "niwari_spec"):
            continue
        prose, _, example = (inspect.getdoc(function) or "").partition("Example::")
        parts = {part: " ".join(text.split()) for part, text in _PART.findall(prose)}
        runtime = bool(inspect.signature(function).parameters)
        yield Hook(
            name,
            signature(function),
            runtime,
            _PART.sub("", prose).strip(),
            parts if runtime else {**_DECLARE, **parts},
            dedent(example).strip("\n"),
        )


def contributions() -> list[Described]:
    """Return the classes that hooks return or are given, in the order of their sources."""
    modules = (basics, surface, offers, data, settings, together, notices, work)
    found = [vars(module)[name] for module in modules for name in _classes(module)]
    return [described(item) for item in found if item.__name__ in package.__all__]


def _classes(module: ModuleType) -> Iterator[str]:
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef):
            yield node.name


def hooks_page() -> str:
    """Return the text of hooks.md."""
    lines, rows = [], []
    for family in FAMILIES:
        title = one_line(family).removeprefix("Hooks ").removesuffix(".")
        lines.append(f"## Hooks {title}\n")
        for hook in hooks(family):
            kind = "runtime" if hook.runtime else "declare"
            summary = plain(" ".join(hook.prose.split("\n\n")[0].split()))
            rows.append(f"| [`{hook.name}`](#{hook.name}) | {kind} | {summary} |")
            lines.append(_hook(hook, kind))
    lines.append("## What hooks return and are given\n\nFrozen dataclasses of `niwari.api`.\n")
    lines += [_contribution(item) for item in contributions()]
    return _HEAD + "\n".join(rows) + "\n\n" + "\n".join(lines).rstrip() + "\n"


def _hook(hook: Hook, kind: str) -> str:
    facts = "\n".join(
        f"| {'when it raises' if part == 'Raising' else part.lower()} | {plain(hook.parts[part])} |"
        for part in _PARTS
        if part in hook.parts
    )
    return (
        f"### {hook.name}\n\n```python\n{hook.signature}\n```\n\n{plain(hook.prose)}\n\n"
        f"| | |\n|---|---|\n| kind | {kind} |\n{facts}\n\n```python\n{hook.example}\n```\n"
    )


def _contribution(item: Described) -> str:
    text = f"### {item.name}\n\n{plain(item.doc)}\n"
    if not item.fields:
        return (
            text + "".join(f"\n- `{line}`" for line in item.constants) + "\n" * bool(item.constants)
        )
    rows = "\n".join(
        f"| `{field.name}` | `{field.kind}`".replace(" | None", " \\| None")
        + f" | {f'`{field.default}`' if field.default else 'required'} | {plain(field.doc)} |"
        for field in item.fields
    )
    return f"{text}\n| field | type | default | what |\n|---|---|---|---|\n{rows}\n"


def silent() -> list[str]:
    """Return what has no documentation, in sentences that say where to write it."""
    gaps = []
    for family in FAMILIES:
        for hook in hooks(family):
            missing = [part for part in _PARTS if part not in hook.parts]
            missing += [what for what in ("prose", "example") if not getattr(hook, what)]
            gaps += [f"hook {hook.name}: its docstring has no {part}" for part in missing]
    for rule in all_rules():
        if not (rule.promise.strip() and rule.check.__doc__):
            gaps.append(f"rule {rule.code}: say what it promises and how it is tried")
    for item in contributions():
        if not item.doc:
            gaps.append(f"{item.name}: it has no docstring")
        gaps += [
            f"{item.name}.{field.name}: write a docstring below the field"
            for field in item.fields
            if not field.doc
        ]
    return gaps


def rules_page() -> str:
    """Return the text of conformance.md."""
    parts, module = [_RULES_HEAD], ""
    for rule in all_rules():
        if rule.check.__module__ != module:
            module = rule.check.__module__
            title = one_line(sys.modules[module]).partition(":")[0].removesuffix(".")
            parts.append(f"\n## {title}\n\n| code | what holds | how it is tried |\n|---|---|---|")
        how = plain(" ".join((inspect.getdoc(rule.check) or "").split()))
        # Outside of code, Markdown takes <name> for an element.
        parts.append(f"| `{rule.code}` | {rule.promise} | {how} |".replace("<", "&lt;"))
    return "\n".join(parts) + "\n"


WRITTEN: dict[str, Callable[[], str]] = {
    "hooks.md": hooks_page,
    "api.md": api_page,
    "conformance.md": rules_page,
}


def stale() -> list[str]:
    """Return the names of the pages that are not what this tool writes."""
    return [
        name
        for name, page in WRITTEN.items()
        if not (PAGES / name).exists() or (PAGES / name).read_text(encoding="utf-8") != page()
    ]


def main(arguments: list[str]) -> int:
    """Write, check or pin; 1 where something is stale or silent."""
    gaps: list[Any] = silent()
    for gap in gaps:
        print(gap)
    if "--check" in arguments:
        names = stale()
        for name in names:
            print(f"docs/plugins/{name} is stale; run tools/hook_reference.py")
        return int(bool(gaps or names))
    if "--pin" in arguments:
        PIN.write_text(pinned(), encoding="utf-8")
        return int(bool(gaps))
    PAGES.mkdir(parents=True, exist_ok=True)
    for name, page in WRITTEN.items():
        (PAGES / name).write_text(page(), encoding="utf-8")
    return int(bool(gaps))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
