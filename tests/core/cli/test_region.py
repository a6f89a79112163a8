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
