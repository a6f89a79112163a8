"""``pytest --niwari-conformance NAME``, as the author of a plugin runs it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from niwari.testing.conformance import all_rules
from niwari.testing.workshop import Workshop

pytestmark = pytest.mark.slow

DUMMY = Path(__file__).parents[2] / "plugins" / "niwari_dummy"

# One rule opens the pages in a browser, and is there only where one is named.
WITHOUT_A_BROWSER = [rule for rule in all_rules() if rule.code != "accessible"]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder in which the dummy is installed."""
    folder = tmp_path / "site"
    shutil.copytree(DUMMY, folder / "niwari_dummy")
    Workshop(folder).install("dummy")
    return folder


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest as somebody would in a folder of their own, who has named no browser."""
    variables = {name: value for name, value in os.environ.items() if name != "NIWARI_CHROMIUM"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=site,
        env={**variables, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_runs_every_rule_by_the_plugins_name(site: Path) -> None:
    done = run(site, "--niwari-conformance", "dummy", "--collect-only", "-q")
    assert done.returncode == 0, done.stdout
    assert "test_conformance[dummy-other-municipality]" in done.stdout
    assert f"{len(WITHOUT_A_BROWSER)} tests collected" in done.stdout


def test_a_broken_rule_is_told_in_sentences_without_a_traceback(site: Path) -> None:
    template = site / "niwari_dummy" / "templates" / "dummy" / "board.html"
    template.write_text("{% block", encoding="utf-8")
    done = run(site, "--niwari-conformance", "dummy", "-k", "dummy-templates")
    assert done.returncode == 1
    assert "dummy: Every template compiles" in done.stdout
    assert "- templates/dummy/board.html: " in done.stdout
    assert "Traceback" not in done.stdout


def test_a_plugin_that_is_not_installed_is_named_with_those_that_are(site: Path) -> None:
    done = run(site, "--niwari-conformance", "dumy")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "no plugin 'dumy' is installed" in done.stderr
    assert "dummy" in done.stderr


def test_it_stands_beside_tests_that_are_asked_for_by_path(site: Path) -> None:
    (site / "test_own.py").write_text("def test_own() -> None:\n    assert True\n")
    done = run(site, "--niwari-conformance", "dummy", "test_own.py", "--collect-only", "-q")
    assert "test_own.py::test_own" in done.stdout
    assert f"{len(WITHOUT_A_BROWSER) + 1} tests collected" in done.stdout
