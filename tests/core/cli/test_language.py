"""In which language commands tell what is wrong."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from niwari.cli.language import language_of
from niwari.cli.main import main
from niwari.config import ConfigError
from niwari.testing.world import World


@pytest.fixture
def home(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world's installation, for commands."""
    monkeypatch.setenv("NIWARI_HOME", str(world.settings.home))
    monkeypatch.setenv("NIWARI_DATABASE_URL", world.settings.database_url)
    return world


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "ja"),
        ({"LANG": "C.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "NIWARI_LOCALE": "ja"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "NIWARI_LOCALE": "en"}, "en"),
    ],
)
def test_one_rule_says_in_which_language(environ: dict[str, str], language: str) -> None:
    assert language_of(environ) == language


def test_a_language_that_there_is_not_is_named() -> None:
    with pytest.raises(ConfigError, match="NIWARI_LOCALE: 'fr'"):
        language_of({"NIWARI_LOCALE": "fr"})


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "people.csv: 見出しの行だけで、取り込む行がありません。"),
        ("en", "people.csv: There is only the heading, and no line to import."),
    ],
)
def test_a_refused_file_is_told_in_that_language(
    home: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("NIWARI_LOCALE", language)
    file = tmp_path / "people.csv"
    file.write_text("municipality,login,name,kana,email,section,head,employment,start,end\n")
    result = CliRunner().invoke(main, ["directory", "import", str(file)])
    assert result.exit_code == 2
    assert result.stderr.startswith(said)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "niwari: nobody@x という職員は"),
        ("en", "niwari: No member of staff is registered as nobody@x."),
    ],
)
def test_a_rule_that_says_no_is_told_in_that_language(
    home: World, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("NIWARI_LOCALE", language)
    result = CliRunner().invoke(main, ["directory", "grant-role", "nobody@x", "it"])
    assert result.exit_code == 2
    assert result.stderr.startswith(said)
