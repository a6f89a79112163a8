"""``niwari directory import``, as somebody at a command line meets it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from niwari.cli.directory import directory_group
from niwari.db import connection, open_database
from niwari.directory.importing.columns import PEOPLE
from niwari.directory.models import Person, Section
from niwari.directory.search.models import PersonText
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables
from tests.core.directory.conftest import register

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
    open_database(url)
    with connection():
        register("072036")

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
        "3行目 employment（任用の種類）: 「often」は使えません。"
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


def test_at_most_50_bad_lines_are_printed_and_all_when_asked(run: Run) -> None:
    bad = [BAD.replace("b@", f"b{number}@") for number in range(60)]
    result = run(HEADER, *bad)
    lines = result.stderr.splitlines()
    assert len(lines) == 52
    assert lines[-2:] == [
        "ほかに10件あります（--all ですべて表示）",
        "people.csv: ファイルに誤りが60件あります。何も取り込んでいません。",
    ]
    assert len(run(HEADER, *bad, options=("--all",)).stderr.splitlines()) == 61


def test_at_most_50_changes_of_a_kind_are_listed_and_all_when_asked(run: Run) -> None:
    good = [GOOD.replace("a@", f"a{number}@") for number in range(60)]
    lines = run(HEADER, *good, options=("--dry-run",)).stdout.splitlines()
    assert len(lines) == 52
    assert lines[50] == "added: ほかに10件あります（--all ですべて表示）"
    whole = run(HEADER, *good, options=("--dry-run", "--all")).stdout.splitlines()
    assert len(whole) == 61


def test_a_dry_run_goes_through_the_file_in_portions_and_lists_nothing_of_a_bad_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("niwari.directory.importing.portions.PORTION", 1)
    with connection():
        register("072079")
    far = GOOD.replace("072036", "072079").replace("a@koriyama", "b@sukagawa")
    lines = run(HEADER, far, GOOD, options=("--dry-run",)).stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "3行目 added a@koriyama 職員一",
        "2行目 added b@sukagawa 職員一",
        "people.csv",
    ]
    bad = run(HEADER, far.replace(",,full_time", ",x@y,full_time"), GOOD, options=("--dry-run",))
    assert (bad.exit_code, bad.stdout) == (2, "")
    assert bad.stderr.startswith("2行目 head")


@pytest.mark.parametrize("encoding", ["euc_jp", "utf-16", "iso2022_jp"])
def test_a_file_in_another_encoding_is_told_once(run: Run, tmp_path: Path, encoding: str) -> None:
    text = "\n".join([HEADER, *[GOOD] * 300])
    (tmp_path / "list.csv").write_bytes(text.encode(encoding))
    result = CliRunner().invoke(directory_group, ["import", str(tmp_path / "list.csv")])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("list.csv: ")
    assert "UTF-8 か CP932" in line


@pytest.mark.parametrize(("lines", "said"), [((), "空です"), ((HEADER,), "見出しの行だけ")])
def test_a_file_without_people_is_refused_with_one_sentence(
    run: Run, lines: tuple[str, ...], said: str
) -> None:
    result = run(*lines)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert said in line


def test_a_new_municipality_is_refused_until_the_option_says_so_and_then_named(run: Run) -> None:
    town = GOOD.replace("072036", "011002")
    result = run(HEADER, town)
    assert result.exit_code == 2
    assert (
        "2行目 municipality（市町村コード）: 市町村コード 011002（北海道札幌市）" in result.stderr
    )
    assert people() == 0
    result = run(HEADER, town, options=("--new-municipalities",))
    assert result.exit_code == 0
    assert "New municipality: 011002 北海道札幌市 registered.\n" in result.stdout


def test_a_dry_run_of_sections_lists_what_is_made_renamed_and_ended(
    run: Run, tmp_path: Path
) -> None:
    moved = GOOD.replace("a@", "b@").replace("人事課", "財政課")
    run(HEADER, GOOD, f"{moved}2027-03-31")
    file = tmp_path / "sections.csv"
    file.write_text(
        "municipality,path,since,new_path,ends\n"
        "072036,総務部/人事課,2027-04-01,総務部/職員課,\n"
        "072036,総務部/財政課,,,2027-03-31\n"
        "072036,,2027-04-01,総務部/広報課,\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(directory_group, ["sections", str(file), "--dry-run"])
    assert result.stdout.splitlines() == [
        "2行目 changed 072036 総務部/人事課: path=総務部/人事課 → "
        "path=総務部/職員課, since=2027-04-01",
        "3行目 ended 072036 総務部/財政課: ends=- → ends=2027-03-31",
        "4行目 added 072036 総務部/広報課: path=総務部/広報課, since=2027-04-01",
        "sections.csv: 1 sections would be made, 1 would be renamed or moved, "
        "1 would be ended, 0 unchanged.",
    ]
    with connection():
        assert not Section.select().where(Section.name == "広報課").exists()


def test_the_help_says_what_each_column_holds() -> None:
    result = CliRunner().invoke(directory_group, ["import", "--help"])
    for column in PEOPLE:
        if column.in_header:
            assert f"{column.name} " in result.stdout
            assert column.holds.en in result.stdout
