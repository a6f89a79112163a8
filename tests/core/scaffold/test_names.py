"""What a new plugin may be called: the mend is said, and nothing is written."""

from pathlib import Path
from typing import Any

import pytest

from niwari.testing.workshop import Workshop


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x", "use 2 to 30 lower-case letters"),
        ("a" * 31, "use 2 to 30 lower-case letters"),
        ("9lives", "use 2 to 30 lower-case letters"),
        ("../tea", "use 2 to 30 lower-case letters"),
        ("お茶", "use 2 to 30 lower-case letters"),
        ("", "use 2 to 30 lower-case letters"),
        ("ledger", "belongs to the core; choose another"),
        ("translate", "belongs to the core; choose another"),
        ("consult", "belongs to the plugin in niwari_consult, which is installed"),
    ],
)
def test_a_name_that_no_plugin_can_have_is_refused_with_the_mend(
    run: Any, tmp_path: Path, name: str, said: str
) -> None:
    code, output = run("new-plugin", "--into", tmp_path, "--", name)
    assert code == 2
    assert output.startswith(f"niwari: name {name!r}")
    assert said in output
    assert output.count("\n") == 1
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("typed", ["tea-party", "Tea Party", "ＴＥＡ＿party"])
def test_a_name_that_is_nearly_right_is_written_out(run: Any, tmp_path: Path, typed: str) -> None:
    code, output = run("new-plugin", typed, "--into", tmp_path)
    assert (code, output.strip().endswith("; write it tea_party")) == (2, True)


def test_a_package_that_is_there_takes_its_name(run: Any, workshop: Workshop) -> None:
    workshop.make("tea")
    code, output = run("new-plugin", "tea", "--into", workshop.folder)
    assert (code, "a package niwari_tea is there already" in output) == (2, True)


def test_a_folder_that_is_there_stays_as_it_is(run: Any, tmp_path: Path) -> None:
    (tmp_path / "tea").mkdir()
    (tmp_path / "tea" / "mine.txt").write_text("mine", encoding="utf-8")
    code, output = run("new-plugin", "tea", "--into", tmp_path)
    assert (code, "is there already and stays as it is" in output) == (2, True)
    assert left_in(tmp_path / "tea") == ["mine.txt"]


@pytest.mark.parametrize("kind", ["empty folder", "file", "dangling link"])
def test_whatever_bears_the_name_is_never_replaced(run: Any, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "tea"
    if kind == "file":
        target.write_text("mine", encoding="utf-8")
    elif kind == "empty folder":
        target.mkdir()
    else:
        target.symlink_to(tmp_path / "nowhere")
    assert run("new-plugin", "tea", "--into", tmp_path)[0] == 2
    assert target.is_symlink() or not target.is_dir() or left_in(target) == []
    assert left_in(tmp_path) == ["tea"]


def test_a_folder_to_write_into_must_be_one(run: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for into in (tmp_path / "nowhere", tmp_path / "file"):
        code, output = run("new-plugin", "tea", "--into", into)
        assert (code, f"{into} is no folder; make it first" in output) == (2, True)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--label-ja", "とても長くてメニューに入らない名前の機能", "use 30 at most"),
        ("--label-ja", "①" * 16, "is 32 columns wide; use 30 at most"),
        ("--label-en", "\u202etea", "cannot be read"),
        ("--verb", "sell", "use one of spread, raise, help"),
        ("--sheet", "一覧", "name it with --from LIST"),
        ("--column", "品名=item", "name it with --from LIST"),
    ],
)
def test_an_option_that_cannot_be_used_is_told(
    run: Any, tmp_path: Path, option: str, value: str, said: str
) -> None:
    code, output = run("new-plugin", "tea", "--into", tmp_path, option, value)
    assert (code, said in output) == (2, True)
    assert left_in(tmp_path) == []
