"""``niwari directory import-region``: towns see each other's questions once they share a region."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from niwari.cli.main import main
from niwari.clock import tokyo_day
from niwari.db import connection, open_database
from niwari.directory.people import municipality_by_code, region_of


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database_url: str) -> Path:
    """A new installation with tables and nothing else."""
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NIWARI_DATABASE_URL", empty_database_url)
    assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
    open_database(empty_database_url)
    return tmp_path


def run(folder: Path, *lines: str) -> tuple[int, str]:
    file = folder / "towns.csv"
    file.write_text("\n".join(["code,name,since", *lines]), encoding="utf-8")
    words = ["directory", "import-region", "koriyama", "こおりやま広域圏", str(file)]
    result = CliRunner().invoke(main, [*words, "--since", "2026-04-01"])
    return result.exit_code, result.output


def test_two_towns_share_a_region(installation: Path, clock: object) -> None:
    assert run(installation, "072036,郡山市,", "072079,須賀川市,2026-10-01") == (
        0,
        "こおりやま広域圏: 2 joined, 0 unchanged.\n",
    )
    day = tokyo_day(clock())  # type: ignore[operator]
    with connection():
        regions = {
            region_of(municipality_by_code(code, day).id, day) for code in ("072036", "072079")
        }
    assert len(regions) == 1
    assert None not in regions


def test_a_wrong_code_is_named_and_nothing_is_made(installation: Path) -> None:
    code, output = run(installation, "072037,郡山市,")
    assert code == 2
    assert "2行目 code" in output
    assert run(installation, "072036,郡山市,")[1].startswith("こおりやま広域圏: 1 joined")


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "nowhere"))
    result = CliRunner().invoke(main, ["plugins", "list"])
    assert result.exit_code == 2
    assert str(tmp_path / "nowhere") in result.output
    assert not (tmp_path / "nowhere").exists()


def test_a_region_made_by_mistake_is_taken_back_and_made_anew(installation: Path) -> None:
    run(installation, "072036,郡山市,")
    result = CliRunner().invoke(main, ["directory", "remove-region", "koriyama"])
    assert result.exit_code == 2
    assert "--with-members" in result.stderr
    result = CliRunner().invoke(main, ["directory", "remove-region", "koriyama", "--with-members"])
    assert result.exit_code == 0
    assert "1 municipalities left it" in result.stdout
    assert run(installation, "072036,郡山市,")[1].startswith("こおりやま広域圏: 1 joined")


def test_a_town_made_by_mistake_is_taken_back(installation: Path) -> None:
    run(installation, "072036,郡山市,", "011002,札幌市,")
    result = CliRunner().invoke(main, ["directory", "remove-municipality", "011002"])
    assert result.exit_code == 0
    again = CliRunner().invoke(main, ["directory", "remove-municipality", "011002"])
    assert again.exit_code == 2
    assert "北海道札幌市" in again.stderr


def test_a_day_that_is_none_is_named(installation: Path) -> None:
    words = ["directory", "merge", "072036", "072079", "--on", "2026-11-31"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert "2026-11-31 という日はありません" in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["directory", "import-region"],
        ["directory", "merge"],
        ["directory", "rename"],
        ["directory", "grant-role"],
        ["ledger", "set-rate"],
    ],
)
def test_every_option_of_a_day_is_explained_alike(command: list[str]) -> None:
    help_text = " ".join(CliRunner().invoke(main, [*command, "--help"]).output.split())
    assert "YYYY-MM-DD" in help_text
    assert "A day in Japan (Tokyo) as YYYY-MM-DD; first and last days are included." in help_text
