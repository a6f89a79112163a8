"""From Niwari's wheel alone, in a fresh environment: a new plugin is written, installed, on, and sound."""

from pathlib import Path

import pytest

from niwari.tabular import write_xlsx
from tests.wheel.fresh import Fresh, fresh_environment

TOWNS = "code,name,since\n072036,郡山市,2026-04-01\n072079,須賀川市,2026-04-01\n"
LIST = [["机", "3", "2026-04-01"], ["いす", "12", "2026-05-10"], ["書棚", "1", "2026-06-20"]]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """The environment; nothing of the repository is on its path."""
    made = fresh_environment(tmp_path_factory.mktemp("fresh"))
    assert str(made.folder) in made.run("python", "-c", "import niwari; print(niwari.__file__)")
    return made


@pytest.fixture
def home(fresh: Fresh, tmp_path: Path) -> dict[str, str]:
    """An installation with two towns, as it stands before anybody thought of a plugin."""
    variables = {"NIWARI_HOME": str(tmp_path / "home")}
    towns = tmp_path / "towns.csv"
    towns.write_text(TOWNS, encoding="utf-8")
    fresh.run("niwari", "migrate", **variables)
    region = ("import-region", "koriyama", "こおりやま広域圏", towns, "--since", "2026-04-01")
    fresh.run("niwari", "directory", *region, **variables)
    return variables


def test_three_commands_lead_from_nothing_to_a_plugin_that_is_on(
    fresh: Fresh, home: dict[str, str], tmp_path: Path
) -> None:
    fresh.run("niwari", "new-plugin", "tea_list", cwd=tmp_path, **home)
    fresh.pip("install", tmp_path / "tea_list")
    enable = ("plugins", "enable", "tea_list", "--municipality", "072036", "--migrate")
    fresh.run("niwari", *enable, **home)
    listed = fresh.run("niwari", "plugins", "list", **home)
    assert "tea_list 0.1.0  ready  on: 郡山市" in listed
    assert "tea_list 0.1.0: sound" in fresh.run("niwari", "plugins", "check", **home)


def test_it_passes_its_own_tests_and_the_kit_unchanged(fresh: Fresh, tmp_path: Path) -> None:
    fresh.run("niwari", "new-plugin", "tea_kit", cwd=tmp_path)
    fresh.pip("install", tmp_path / "tea_kit")
    said = fresh.run(
        "pytest", "-q", "tests", "--niwari-conformance=tea_kit", cwd=tmp_path / "tea_kit"
    )
    assert " passed" in said
    assert "failed" not in said


def test_a_spreadsheet_becomes_a_plugin_that_is_sound_and_on(
    fresh: Fresh, home: dict[str, str], tmp_path: Path
) -> None:
    book = tmp_path / "備品一覧.xlsx"
    book.write_bytes(write_xlsx("備品一覧", ["品名", "数量", "購入日"], LIST))
    fresh.run("niwari", "new-plugin", "equipment", "--from", book, cwd=tmp_path)
    fresh.pip("install", tmp_path / "equipment")
    town = ("--municipality", "072036")
    fresh.run("niwari", "plugins", "enable", "equipment", *town, "--migrate", **home)
    said = fresh.run(
        "pytest", "-q", "tests", "--niwari-conformance=equipment", cwd=tmp_path / "equipment"
    )
    assert "failed" not in said
    assert "equipment 0.1.0  ready  on: 郡山市" in fresh.run("niwari", "plugins", "list", **home)
