"""The tutorial of docs/plugins builds a plugin that works and keeps to every rule."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click.testing
import pytest

from niwari.cli import main
from niwari.scaffold.catalogue import renew
from niwari.testing.workshop import Workshop
from tests.core.testing.test_conformance_option import WITHOUT_A_BROWSER

pytestmark = pytest.mark.slow

TUTORIAL = Path(__file__).parents[2] / "docs" / "plugins" / "tutorial.md"


# Without a browser named, the rule that opens the pages in one is not there.
NOT_PASSED_ON = ("NIWARI_HOME", "PYTEST_ADDOPTS", "NIWARI_CHROMIUM")

LATER = "\n## 12. A second migration\n"


def files(text: str) -> dict[str, str]:
    """Return the blocks of ``text`` that say which file they are."""
    return dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))


def parts() -> tuple[dict[str, str], dict[str, str]]:
    """Return the files of the plugin's first version, and those that the second one changes."""
    first, _, second = TUTORIAL.read_text(encoding="utf-8").partition(LATER)
    return files(first), files(second)


def write(folder: Path, texts: dict[str, str]) -> None:
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What somebody has who followed the tutorial: the command's folder with its blocks in it."""
    made = click.testing.CliRunner().invoke(
        main,
        ["new-plugin", "tea", "--label-ja", "お茶会", "--label-en", "Tea", "--into", str(tmp_path)],
    )
    assert made.exit_code == 0, made.output
    folder = tmp_path / "tea"
    for path in sorted(
        [*(folder / "niwari_tea").rglob("*"), *(folder / "tests").rglob("*")], reverse=True
    ):
        path.rmdir() if path.is_dir() else path.unlink()
    write(folder, parts()[0])
    assert renew(folder / "niwari_tea") == [], "messages.po of the tutorial lacks English texts"
    Workshop(folder).install("tea")
    return folder


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The option that lets a run inside of this one be on the same engine."""
    return f"--engine={request.config.getoption('--engine')}"


def run(folder: Path, *arguments: str) -> str:
    """Run pytest as the tutorial says, with the plugin installed; returns what it said."""
    env = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**env, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


TWO_CLICKS = """
from datetime import date
from uuid import uuid4

from niwari_tea import service


def test_the_person_is_locked_before_the_key_is_looked_for(ctx_for, queries):
    ctx = ctx_for("staff@koriyama")
    party = {"title": "x", "held_on": date(2026, 11, 20), "audience": "region"}
    with queries() as log:
        service.announce(ctx, **party, form_key=str(uuid4()))
    first, *later = [text for text in log.statements if text.startswith("SELECT")]
    assert "directory_person" in first
    assert [text for text in later if "form_key" in text]
"""


def test_the_plugin_that_it_builds_passes_its_tests_and_conforms(
    project: Path, engine: str
) -> None:
    (project / "tests" / "test_two_clicks.py").write_text(TWO_CLICKS, encoding="utf-8")
    said = run(project, engine, "tests", "--niwari-conformance", "tea")
    assert f"\n{5 + 1 + len(WITHOUT_A_BROWSER)} passed" in said


def test_its_second_migration_keeps_the_rows_and_conforms(project: Path, engine: str) -> None:
    write(project, parts()[1])
    assert "\n6 passed" in run(project, engine)
    rules = "migrations or added-columns or export-erase"
    assert "\n3 passed" in run(project, engine, "--niwari-conformance", "tea", "-k", rules)
