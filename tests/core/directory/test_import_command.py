"""``niwari directory import``, as somebody at a command line meets it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from niwari.cli.directory import directory_group
from niwari.db import connection
from niwari.directory.models import Person
from niwari.directory.search.models import PersonText
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables

HEADER = "municipality,login,name,kana,email,section,head,employment,start,end"
GOOD = "072036,a@koriyama,職員一,ショクインイチ,,総務部/人事課,,full_time,2026-04-01,"
BAD = "072036,b@koriyama,職員二,ショクインニ,,総務部/人事課,,often,2026-04-01,"

Run = Callable[..., Result]


@pytest.fixture
def run(
    database_engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Run the command in an installation of its own, with a file of the given lines."""
    url = database_engines.copy_of("tables", prepare_tables)
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir(exist_ok=True)
    monkeypatch.setenv("NIWARI_DATABASE_URL", url)

    def import_lines(*lines: str, options: tuple[str, ...] = ()) -> Result:
        file = tmp_path / "people.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        return CliRunner().invoke(directory_group, ["import", str(file), *options])

    yield import_lines
    database_engines.drop(url)


def people() -> int:
    """The number of people in the directory."""
    with connection():
        return Person.select().count()


def test_a_good_file_is_imported_and_reported(run: Run) -> None:
    result = run(HEADER, GOOD)
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "people.csv: 1 lines added, 0 changed, 0 unchanged; 0 former posts ended.\n"
    )
    assert people() == 1


def test_every_bad_line_is_printed_and_nothing_is_imported(run: Run) -> None:
    result = run(HEADER, GOOD, BAD, f"{GOOD},")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "3行目 employment: 「often」は使えません。"
        "full_time, short_time, fiscal_year, reappointed のどれかにしてください。",
        "4行目: 欄の数が違います。10個のはずが、11個あります。",
        "people.csv: ファイルに誤りが2件あります。何も取り込んでいません。",
    ]
    assert people() == 0


def test_a_dry_run_says_what_would_be_done(run: Run) -> None:
    result = run(HEADER, GOOD, options=("--dry-run",))
    assert result.exit_code == 0
    assert "1 lines would be added" in result.stdout
    assert people() == 0


def test_a_file_that_is_not_there_is_named() -> None:
    result = CliRunner().invoke(directory_group, ["import", "nowhere.csv"])
    assert result.exit_code == 2
    assert "nowhere.csv" in result.stderr


def test_help_shows_the_columns_and_an_example() -> None:
    result = CliRunner().invoke(directory_group, ["import", "--help"])
    assert HEADER in result.stdout
    assert "niwari directory import people.csv" in result.stdout


def test_a_dry_run_lists_each_change_with_its_line(run: Run) -> None:
    run(HEADER, GOOD)
    moved = GOOD.replace("2026-04-01", "2026-10-01").replace("人事課", "財政課")
    result = run(HEADER, moved, options=("--dry-run",))
    assert result.stdout.splitlines() == [
        "2行目 added a@koriyama 職員一: section=総務部/財政課, employment=full_time, "
        "start=2026-10-01, main=本務",
        "ended a@koriyama 職員一: section=総務部/人事課, end=- → "
        "section=総務部/人事課, end=2026-09-30",
        "people.csv: 1 lines would be added, 0 would be changed, 0 unchanged; "
        "1 former posts would be ended.",
    ]


def test_people_can_be_found_again_after_reindexing(run: Run) -> None:
    run(HEADER, GOOD)
    with connection():
        PersonText.delete().execute()
    result = CliRunner().invoke(directory_group, ["reindex"])
    assert result.exit_code == 0
    assert "1 people can be found." in result.output
    with connection():
        assert PersonText.select().count() == 1
