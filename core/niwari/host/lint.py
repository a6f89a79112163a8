"""The lint of a plugin's sources and templates: what it may import, use and call, told before any of it runs.

It guards against mistakes, not against malice: a plugin runs inside the process, and who wants to
get around these rules can. Plugins are reviewed, not sandboxed. Compiled modules (``.pyc``, ``.so``)
are not looked into. What is refused, and the mend for each, stands in ``lint_rules``.
"""

import ast
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from niwari.host.lint_rules import (
    CALLED,
    FOLLOWED,
    Refusal,
    call_refused,
    name_refused,
    other_refused,
    reach_refused,
)
from niwari.host.lint_sources import read_sources
from niwari.host.lint_templates import is_template, template_findings

_LOOKED_AT = frozenset([ast.Call, ast.If, ast.Import, ast.ImportFrom])
_NOTHING_BELOW = frozenset(
    [type(None), bool, int, str, ast.Constant, ast.Load, ast.Store, ast.Name, ast.alias]
)
_IMPORTERS = ("import_module", "__import__")
_WATCHED = CALLED | {"service", *_IMPORTERS}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a plugin may not do: where it stands, what it is, and how to mend it.

    ``file`` begins with the package, with slashes on every system; ``line`` counts from 1.
    """

    file: str
    line: int
    problem: str
    mend: str

    @property
    def sentence(self) -> str:
        """The finding in one line, as a person reads it."""
        return f"{self.file}:{self.line}: {self.problem}; {self.mend}"


def lint_package(
    folder: Path,
    package: str,
    plugin: str,
    *,
    known_packages: Collection[str] = (),
    allowed_services: Collection[str] = (),
) -> list[Finding]:
    """Return what the sources below ``folder`` do that a plugin may not, in order of file and line.

    ``known_packages`` are the top-level packages of the plugins that are installed (the plugin's own
    ``package`` may be among them), ``allowed_services`` the plugins that the manifest names in
    ``requires`` and ``uses``; the ``plugin`` itself is always allowed. Nothing is imported or run,
    and nothing is raised for a bad source: what cannot be read is a finding.
    """
    others = frozenset(known_packages) - {package}
    services = frozenset(allowed_services) | {plugin}
    findings: list[Finding] = []
    with warnings.catch_warnings():
        # Python warns of odd literals again when the source is compiled.
        warnings.simplefilter("ignore")
        for inner, content in read_sources(folder):
            name = package if inner == Path() else f"{package}/{inner.as_posix()}"
            if isinstance(content, Refusal):
                findings.append(Finding(name, 1, *content))
                continue
            if is_template(inner):
                refused = _of_template(content)
            else:
                refused = _of_source(content, inner.parts[0] == "migrations", others, services)
            findings += (Finding(name, *found) for found in refused)
    return sorted(set(findings))


# A process that loads its plugins more than once finds the same sources again.
@lru_cache(maxsize=1024)
def _of_template(content: bytes) -> tuple[tuple[int, str, str], ...]:
    return tuple(template_findings(content))


@lru_cache(maxsize=1024)
def _of_source(
    content: bytes, in_migrations: bool, others: frozenset[str], services: frozenset[str]
) -> tuple[tuple[int, str, str], ...]:
    return tuple(_Source(in_migrations, others, services).findings(content))


@dataclass(slots=True)
class _Source:
    """One source on its way through the lint."""

    in_migrations: bool
    others: frozenset[str]
    services: frozenset[str]
    names: dict[str, str] = field(default_factory=dict)
    imports: list[tuple[ast.Import | ast.ImportFrom, bool]] = field(default_factory=list)
    chains: list[tuple[str, ast.Attribute]] = field(default_factory=list)
    calls: list[ast.Call] = field(default_factory=list)
    reaches: list[tuple[int, Refusal]] = field(default_factory=list)

    def findings(self, content: bytes) -> Iterator[tuple[int, str, str]]:
        """Yield line, problem and mend of everything that is refused."""
        try:
            tree = ast.parse(content)
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            yield _unparsed(content, error)
            return
        self._gather(tree)
        # Imports first: a name may be used above the line that imports it.
        for node, typing_only in self.imports:
            yield from self._imported(node, typing_only)
        for root, attribute in self.chains:
            if (origin := self.names.get(root)) and (
                refusal := self._refused(f"{origin}.{_chain(attribute)}")
            ):
                yield attribute.lineno, f"uses {refusal.name}", refusal.mend
        told = set()
        for call in self.calls:
            for found in self._called(call):
                told.add(found[0])
                yield found
        for line, refusal in self.reaches:
            if line not in told:
                yield line, f"uses {refusal.name}", refusal.mend

    def _gather(self, tree: ast.Module) -> None:
        """Sort out what the rules look at, in one walk; what stands below typing comes last."""
        stack: list[object] = [tree]
        below_typing: list[object] = []
        typing_only = False
        while stack or below_typing:
            if not stack:
                stack, below_typing, typing_only = below_typing, [], True
            node = stack.pop()
            kind = type(node)
            if kind in _NOTHING_BELOW:
                continue
            if isinstance(node, ast.Attribute):
                # A chain is followed to its root at once, or a long one would be followed often.
                base: ast.expr = node
                while isinstance(base, ast.Attribute):
                    self._reach(base)
                    base = base.value
                if isinstance(base, ast.Name):
                    self.chains.append((base.id, node))
                else:
                    stack.append(base)
                continue
            if kind in _LOOKED_AT:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    self.imports.append((node, typing_only))
                elif isinstance(node, ast.Call) and _watched(node.func):
                    self.calls.append(node)
                elif isinstance(node, ast.If) and _last_name(node.test) == "TYPE_CHECKING":
                    below_typing += node.body
                    stack += node.orelse
                    continue
            for value in vars(node).values():
                if type(value) is list:
                    stack += value
                elif type(value) not in _NOTHING_BELOW:
                    stack.append(value)

    def _reach(self, node: ast.Attribute) -> None:
        if self.in_migrations or not isinstance(node.value, ast.Attribute):
            return
        if refusal := reach_refused(node.value.attr, node.attr):
            self.reaches.append((node.lineno, refusal))

    def _imported(
        self, node: ast.Import | ast.ImportFrom, typing_only: bool
    ) -> Iterator[tuple[int, str, str]]:
        # A relative import cannot leave the package.
        if isinstance(node, ast.ImportFrom) and node.level:
            return
        module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            dotted = f"{module}{alias.name}"
            if refusal := self._refused(dotted, typing_only):
                # What is wrong with the module is told where the statement begins, and so but once.
                line = node.lineno if module.startswith(f"{refusal.name}.") else alias.lineno
                yield line, self._imports(refusal.name), refusal.mend
            elif dotted.partition(".")[0] in FOLLOWED:
                if alias.asname or module:
                    self.names[alias.asname or alias.name] = dotted
                else:
                    top = dotted.partition(".")[0]
                    self.names[top] = top

    def _called(self, call: ast.Call) -> Iterator[tuple[int, str, str]]:
        method, receiver = _last_name(call.func), ""
        if isinstance(call.func, ast.Attribute):
            receiver = _last_name(call.func.value)
        else:
            method = self.names.get(method, method).removeprefix("importlib.")
            if method not in _IMPORTERS:
                return
        if method in _IMPORTERS:
            if refusal := self._refused(_first_text(call)):
                yield call.lineno, self._imports(refusal.name), refusal.mend
        elif method == "service":
            name = _first_text(call)
            if name and name not in self.services:
                yield (
                    call.lineno,
                    f'asks for the service "{name}"',
                    "add it to uses or requires in plugin.toml",
                )
        elif not self.in_migrations and (
            refusal := call_refused(method, receiver, _like_a_bind(call))
        ):
            yield call.lineno, f"calls {refusal.name}", refusal.mend

    def _refused(self, dotted: str, typing_only: bool = False) -> Refusal | None:
        if dotted.partition(".")[0] in self.others:
            return other_refused(dotted, typing_only=typing_only)
        return name_refused(dotted, in_migrations=self.in_migrations)

    def _imports(self, name: str) -> str:
        foreign = name.partition(".")[0] in self.others
        return f"imports {name}, which is another plugin's" if foreign else f"imports {name}"


def _watched(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) or (
        isinstance(function, ast.Attribute) and function.attr in _WATCHED
    )


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _chain(node: ast.Attribute) -> str:
    """Return ``b.c`` of ``a.b.c``."""
    parts = [node.attr]
    while isinstance(node.value, ast.Attribute):
        node = node.value
        parts.append(node.attr)
    return ".".join(reversed(parts))


def _first_text(call: ast.Call) -> str:
    """Return the literal text that a call gives as its first argument or as ``name``."""
    given = call.args[:1] or [item.value for item in call.keywords if item.arg == "name"]
    value = given[0].value if given and isinstance(given[0], ast.Constant) else ""
    return value if isinstance(value, str) else ""


def _like_a_bind(call: ast.Call) -> bool:
    # A signature's bind gets *args, a socket's a pair, a logger's keywords alone.
    return bool(call.args) and not isinstance(call.args[0], ast.Starred | ast.Tuple)


def _unparsed(content: bytes, error: Exception) -> tuple[int, str, str]:
    if not isinstance(error, SyntaxError | ValueError):
        return 1, "cannot be read as Python: it is nested too deeply", "take it apart"
    why = error.msg if isinstance(error, SyntaxError) else str(error)
    line = getattr(error, "lineno", None) or 1
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
    return line, f"cannot be read as Python: {why}", "mend that line"
