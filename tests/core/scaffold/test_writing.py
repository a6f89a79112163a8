"""A project is written whole, for everybody to read, or not at all."""

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from niwari.scaffold.project import write_project
from niwari.scaffold.rendering import from_import, python_text, toml_text


def test_a_disk_that_takes_nothing_leaves_nothing_behind(tmp_path: Path) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    done = subprocess.run(
        [Path(sys.executable).with_name("niwari"), "new-plugin", "tea", "--into", str(tmp_path)],
        preexec_fn=full,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "tea cannot be written (File too large); name a folder" in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_text_without_english_leaves_nothing_behind(tmp_path: Path) -> None:
    files = {"niwari_tea/views.py": 'title = _("お茶")\n'}
    with pytest.raises(LookupError, match="there is no English for: お茶"):
        write_project(tmp_path / "tea", files, "niwari_tea", {})
    assert list(tmp_path.iterdir()) == []


def test_the_project_is_there_with_the_usual_modes_and_the_next_commands(
    run: Any, tmp_path: Path
) -> None:
    code, output = run("new-plugin", "tea", "--into", tmp_path, "--label-ja", "お茶")
    assert code == 0
    enable = "niwari plugins enable tea --municipality CODE --migrate"
    assert f"pip install -e {tmp_path / 'tea'}\n  {enable}" in output
    # In a shell of its own, so that the next command finds LIST and the installation where they were.
    here = tmp_path / "tea"
    assert f" && (cd {here} && pytest && pytest --niwari-conformance tea)\n" in output
    project = tmp_path / "tea"
    assert {f"{path.stat().st_mode & 0o777:o}" for path in project.rglob("*.*")} == {"644"}
    assert f"{project.stat().st_mode & 0o777:o}" == "755"
    assert [path.name for path in tmp_path.iterdir()] == ["tea"]


@pytest.mark.parametrize(
    "text", ['"', "'", "\"'", '""\'', "\\", "\\'", '\\"', '"""', "{{ x }}", "a\nb", "🎉", "%(x)s"]
)
def test_any_text_is_the_same_again_as_python(text: str) -> None:
    assert eval(python_text(text), {"__builtins__": {}}) == text  # noqa: S307 - our own literal
    assert python_text(text).startswith("'") == (text.count('"') > text.count("'"))


def test_texts_and_imports_are_written_as_the_formatter_would() -> None:
    assert python_text("it's") == '"it\'s"'
    assert toml_text('a "b" \\') == '"a \\"b\\" \\\\"'
    assert from_import("niwari.api", "A", "b") == "from niwari.api import A, b"
    long = from_import("niwari.api", *("a" * 30, "b" * 30, "c" * 30))
    assert long.splitlines() == [
        "from niwari.api import (",
        *(f"    {letter * 30}," for letter in "abc"),
        ")",
    ]
