"""What the tests of commands share: ``niwari`` run where the dummy and its kin are installed."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from niwari.cli import main
from niwari.db import open_database
from niwari.host.discovery import Found
from niwari.testing.engines import release
from niwari.testing.workshop import Workshop
from tests.core.conftest import TownWith

Run = Callable[..., Result]


@pytest.fixture
def migrated_url(town_with: TownWith, trial_plugins: Mapping[str, Found]) -> str:
    """The URL of a town's database in which dummy, crasher and neighbour are migrated."""
    return town_with(list(trial_plugins.values()))


@pytest.fixture
def run(
    migrated_url: str,
    tmp_path: Path,
    workshop: Workshop,
    trial_plugins: Mapping[str, Found],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Run]:
    """Run ``niwari`` where dummy, crasher and neighbour are installed and migrated."""
    for name in trial_plugins:
        workshop.install(name)
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NIWARI_DATABASE_URL", migrated_url)
    (tmp_path / "home").mkdir()
    open_database(migrated_url)

    def invoke(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, arguments, input=typed)

    yield invoke
    release()
