"""Reading a plugin's sources: what cannot be read is told, and what it costs is bounded."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from niwari.host.lint import Finding, lint_package
from niwari.host.lint_sources import LARGEST_FILE, LARGEST_PACKAGE, MOST_ENTRIES

Lint = Callable[..., list[Finding]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "niwari_tea"
    folder.mkdir()
    return folder


@pytest.fixture
def lint(folder: Path) -> Lint:
    """Adds a file to the plugin tea and lints the whole."""

    def run(source: str | bytes, name: str = "views.py") -> list[Finding]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source if isinstance(source, bytes) else source.encode())
        return lint_package(folder, "niwari_tea", "tea")

    return run


def told(findings: list[Finding]) -> list[tuple[int, str]]:
    return [(finding.line, finding.problem) for finding in findings]


@pytest.mark.parametrize(
    ("source", "line", "why"),
    [
        (b"x = 1\ny = (\n", 2, "'(' was never closed"),
        (b"def f():\n  x\n y\n", 3, "unindent does not match"),
        (b"x = 1\ny = '\xff'\n", 2, "codec can't decode byte 0xff"),
        ("x = '店'".encode("cp932"), 1, "codec can't decode byte"),
        (b"# coding: nope\nx = 1\n", 1, "unknown encoding: nope"),
        (b"x = 1\n\n\0", 3, "null bytes"),
        (b"1+" * 20_000 + b"1", 1, "it is nested too deeply"),
        (b"-" * 90_000 + b"1", 1, "it is nested too deeply"),
    ],
)
def test_a_source_that_is_no_python_is_told_with_its_line(
    lint: Lint, source: bytes, line: int, why: str
) -> None:
    [found] = lint(source)
    assert (found.file, found.line) == ("niwari_tea/views.py", line)
    assert found.problem.startswith("cannot be read as Python: ")
    assert why in found.problem


@pytest.mark.parametrize(
    "source", ["# coding: cp932\nx = '店'\n".encode("cp932"), "\ufeffx = '店'".encode(), b""]
)
def test_every_encoding_that_python_reads_is_read(lint: Lint, source: bytes) -> None:
    assert lint(source) == []


def test_no_source_is_run(lint: Lint, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    assert lint(f"open({str(trace)!r}, 'w')\nraise SystemExit\n", "__init__.py") == []
    assert not trace.exists()


def test_a_long_chain_of_calls_is_looked_into_to_its_end(lint: Lint) -> None:
    assert told(lint("import os\nx = os.fork()" + ".y().z" * 300)) == [(2, "uses os.fork")]


def test_findings_come_in_order_of_file_and_line(folder: Path, lint: Lint) -> None:
    for name in ("b.py", "a/inner.py"):
        lint("import niwari.db\nimport niwari.web\n", name)
    (folder / "notes.txt").write_text("import niwari.db")
    assert [(f.file, f.line) for f in lint("", "c.py")] == [
        ("niwari_tea/a/inner.py", 1),
        ("niwari_tea/a/inner.py", 2),
        ("niwari_tea/b.py", 1),
        ("niwari_tea/b.py", 2),
    ]


def test_links_are_followed_and_their_circles_are_not(
    folder: Path, lint: Lint, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "more.py").write_text("import niwari.db")
    (folder / "linked").symlink_to(elsewhere)
    (folder / "around").symlink_to(folder)
    assert [f.file for f in lint("")] == ["niwari_tea/linked/more.py"]


def test_a_folder_that_is_not_there_is_told(folder: Path) -> None:
    [found] = lint_package(folder / "gone", "niwari_tea", "tea")
    assert found.sentence == (
        "niwari_tea:1: cannot be read: No such file or directory; install the package again"
    )


def test_a_file_that_cannot_be_opened_is_told(folder: Path, lint: Lint) -> None:
    (folder / "dangling.py").symlink_to(folder / "gone.py")
    [found] = lint("")
    assert (found.file, found.problem) == (
        "niwari_tea/dangling.py",
        "cannot be read: No such file or directory",
    )


def test_what_is_no_ordinary_file_is_not_opened(folder: Path, lint: Lint) -> None:
    # A pipe would be waited for without end; a device stands for it here, so that this can fail.
    (folder / "device.py").symlink_to(os.devnull)
    assert told(lint("")) == [(1, "is no ordinary file")]


# What it costs is bounded, and what lies beyond is told


def test_a_file_beyond_the_bound_is_told(lint: Lint) -> None:
    assert lint(b"#" * LARGEST_FILE) == []
    assert told(lint(b"#" * (LARGEST_FILE + 1))) == [(1, "is larger than 512 KiB")]


def test_a_package_beyond_the_bound_is_told_at_the_first_file_left_out(lint: Lint) -> None:
    most = LARGEST_PACKAGE // LARGEST_FILE
    for number in range(most):
        assert lint(b"#" * LARGEST_FILE, f"a{number}.py") == []
    [found] = lint("#", "b.py")
    assert (found.file, found.problem) == (
        "niwari_tea/b.py",
        "lies beyond 4 MiB of Python and templates, so it and what follows was not looked into",
    )


def test_more_entries_than_the_bound_are_told(folder: Path, lint: Lint) -> None:
    pictures = folder / "static"
    pictures.mkdir()
    for number in range(MOST_ENTRIES - 2):
        (pictures / f"{number}.svg").touch()
    assert lint("") == []
    (pictures / "one-more.svg").touch()
    [found] = lint("")
    assert (found.file, found.problem) == (
        "niwari_tea/static",
        "lies beyond 10,000 files and folders, so it and what follows was not looked into",
    )
