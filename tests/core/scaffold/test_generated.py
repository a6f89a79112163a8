"""What new-plugin writes is a sound plugin: its own tests pass and it keeps to every rule."""

import ast
import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from niwari.host.lint import lint_package
from niwari.scaffold.catalogue import missing, stale, updated
from niwari.testing.workshop import Workshop

pytestmark = pytest.mark.slow

HARD = (
    "class",
    "id",
    '"""三つの引用符"""',
    'it\'s "both"',
    "back\\slash\\",
    "{{ config }}",
    "{% raw %} {# #}",
    "<b>&amp;</b>",
    "絵文字🎉👨‍👩‍👧",
    "%(name)s 100%",
    "とても長い見出し" * 40,
    "messages",
    "Name",
    "name",
    "Values",
    "Meta",
    "xmin",
    "a|b`c`",
    "購入日",
    "金額",
    "可否",
    "状態",
)
LABELS = ("--label-ja", "「\"お'{{茶}}\\", "--label-en", 'a"b"c\'{% %} %s')


def hard_list(folder: Path) -> Path:
    """A list of 40 columns whose headings and cells are anything but plain."""
    headings = [*HARD, *(f"列{number}" for number in range(40 - len(HARD)))]
    typed = {
        "購入日": ["令和8年4月1日", "2026/5/1", ""],
        "金額": ["1,200", "△3.25", ""],
        "可否": ["○", "×", "○"],
        "状態": ["{{ x }}\u00a0", 'it\'s "q"', "{{ x }}\u00a0"],
        "id": ["9" * 17, "8" * 17, "007"],
        "{{ config }}": ["一行目\n'''二行目''' \"\"\" \\n", "", "{{ x }}"],
    }
    path = folder / "hard.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for line in range(6):
            writer.writerow(
                typed.get(heading, ["x"] * 3)[line % 3] if heading in typed else f"{heading} {line}"
                for heading in headings
            )
    return path


@pytest.fixture(params=["plugin", "table"])
def write_project(request: Any, run: Any, tmp_path: Path) -> Callable[[str], Path]:
    """Write a project of each kind, the table from a hard list."""

    def write(name: str) -> Path:
        source = ["--from", hard_list(tmp_path)] if request.param == "table" else []
        code, output = run("new-plugin", name, "--into", tmp_path, *LABELS, *source)
        assert code == 0, output
        return tmp_path / name

    return write


@pytest.fixture
def project(write_project: Callable[[str], Path]) -> Path:
    """A project under an ordinary name."""
    return write_project("tea_party")


def package_of(project: Path) -> Path:
    return project / f"niwari_{project.name}"


def test_its_own_tests_pass_and_it_keeps_to_every_rule(project: Path, request: Any) -> None:
    Workshop(project).install(project.name)
    engine = f"--engine={request.config.getoption('--engine')}"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", engine),
            *("-W", "error", "-W", "ignore::pytest.PytestRemovedIn10Warning"),
            *("tests", "--niwari-conformance", project.name),
        ],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "skipped" not in done.stdout


@pytest.mark.parametrize("name", ["ab", "a" * 28 + "_9"])
def test_its_sources_are_formatted_and_free_of_findings(
    write_project: Callable[[str], Path], name: str
) -> None:
    project = write_project(name)
    ruff = Path(sys.executable).with_name("ruff")
    for words in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = subprocess.run([ruff, *words, "."], cwd=project, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_it_imports_and_does_only_what_a_plugin_may(project: Path) -> None:
    assert lint_package(package_of(project), f"niwari_{project.name}", project.name) == []


def test_every_text_has_its_english(project: Path) -> None:
    catalog = updated(package_of(project))
    assert len(catalog) > 10
    assert (missing(catalog), stale(package_of(project), catalog)) == ([], [])


def test_public_names_say_what_they_promise(project: Path) -> None:
    for path in package_of(project).rglob("*.py"):
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path.name
        for node in tree.body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if named and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"
