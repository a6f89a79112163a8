"""The pages for plugin authors say what is so: links, commands, code, constants, lists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from niwari import api
from niwari.cli import main
from niwari.events import delivering as events
from niwari.host import lint_rules, lint_sources, quarantine
from niwari.host.manifest import RESERVED_NAMES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "plugins"
PAGES = sorted(path.name for path in FOLDER.glob("*.md"))


def text_of(document: str) -> str:
    return (FOLDER / document).read_text(encoding="utf-8")


def fenced(text: str) -> list[tuple[str, str]]:
    """Return (info string, content) of every fenced block."""
    return re.findall(r"^```([^\n]*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def prose(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


# -- links and commands ---------------------------------------------------------------------------


def anchors(path: Path) -> set[str]:
    """Return the anchors that a page's headings get."""
    headings = re.findall(r"^#+ (.+)$", prose(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("document", PAGES)
def test_every_link_leads_to_a_page_and_its_heading(document: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", prose(text_of(document))):
        file, _, anchor = target.partition("#")
        path = (FOLDER / (file or document)).resolve()
        assert path.is_file(), f"{document}: {target} is not there"
        assert not anchor or anchor in anchors(path), f"{document}: {target} has no such heading"


def test_the_map_names_every_page() -> None:
    named = set(re.findall(r"\]\((\w+\.md)\)", text_of("README.md")))
    assert named == set(PAGES) - {"README.md"}


def commands(text: str) -> Iterator[str]:
    """Yield every `niwari …` of spans and of blocks that are neither code nor a table of names."""
    yield from re.findall(r"`(niwari [a-z][^`]*)`", prose(text))
    for info, block in fenced(text):
        if not info:
            yield from re.findall(r"^niwari [a-z].*$", block, re.MULTILINE)


@pytest.mark.parametrize("document", PAGES)
def test_every_command_is_there_with_its_options(document: str) -> None:
    for line in commands(text_of(document)):
        words = line.split()[1:]
        command: click.Command = main
        while words and isinstance(command, click.Group) and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        if words and isinstance(command, click.Group):
            assert words[0] in ("tea", "<plugin>"), f"{document}: {line!r} is no command"
            continue
        known = {option for parameter in command.params for option in parameter.opts}
        for option in (word.partition("=")[0] for word in words if word.startswith("--")):
            assert option in known, f"{document}: {line!r}: no option {option}"


# -- code -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", PAGES)
def test_every_python_block_is_python_and_imports_what_the_api_has(document: str) -> None:
    for info, block in fenced(text_of(document)):
        if info.split()[:1] != ["python"] or block.endswith("…)\n"):
            continue
        if re.match(r"(@contextmanager\n)?def \w+\(.*\)( -> .+)?\n\Z", block):
            continue  # a signature
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module == "niwari.api":
                assert {alias.name for alias in node.names} <= set(api.__all__), document


# -- constants and lists --------------------------------------------------------------------------


def hours(delta: object) -> int:
    return int(delta.total_seconds() // 3600)  # type: ignore[attr-defined]


def minutes(delta: object) -> int:
    return int(delta.total_seconds() // 60)  # type: ignore[attr-defined]


def test_the_numbers_of_quarantine_are_those_of_the_host() -> None:
    text = " ".join(text_of("containment.md").split())
    for sentence in (
        f"{quarantine.BUDGET} failures of one part within {minutes(quarantine.WINDOW)} minutes",
        f"failed for {quarantine.PEOPLE} different people",
        f"less than {hours(quarantine.NEW_FOR)} hours",
        f"After {minutes(quarantine.FIRST_DELAY)} minutes one call is let through",
        f"for {minutes(quarantine.TRIAL)} minute nobody else tries",
        f"doubles the wait, to {hours(quarantine.LONGEST_DELAY)} hours at most",
        f"kept for {quarantine.KEPT_FOR.days} days",
        f"at most {lint_sources.MOST_ENTRIES:,} files and folders, "
        f"{lint_sources.LARGEST_PACKAGE // 1024**2} MiB of Python and templates, "
        f"{lint_sources.LARGEST_FILE // 1024} KiB a file",
    ):
        assert sentence in text


def test_the_numbers_of_events_are_those_of_the_core() -> None:
    text = " ".join(text_of("data.md").split())
    assert f"tried again after {minutes(events.FIRST_DELAY)} minute" in text
    assert f"{hours(events.LONGEST_DELAY)} hours at most; {events.ATTEMPTS} attempts" in text


def row(document: str, beginning: str) -> set[str]:
    """Return the names in code that the second column of a table's row has."""
    (line,) = re.findall(rf"^\| {re.escape(beginning)} \|(.*)\|$", text_of(document), re.MULTILINE)
    return set(re.findall(r"`([^`]+)`", line))


@pytest.mark.parametrize("module", ["flask", "flask_babel"])
def test_the_allow_lists_are_those_of_the_lint(module: str) -> None:
    assert row("containment.md", f"`{module}`") == set(lint_rules._ALLOW_LISTS[module].names)


def test_what_the_lint_refuses_is_told() -> None:
    text = text_of("containment.md")
    for name in (*lint_rules._REFUSED, *(f".{call}()" for call in lint_rules.CALLED)):
        assert f"`{name}`" in text, f"containment.md says nothing of {name}"


def test_the_reserved_names_are_those_of_the_host() -> None:
    text = text_of("manifest.md").partition("<!-- reserved names -->")[2].partition("##")[0]
    assert set(re.findall(r"`(\w+)`", text)) == RESERVED_NAMES
