"""What the tests of commands share: ``niwari`` run where the dummy and its kin are installed."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from niwari.app import load_host, migrate_all
from niwari.cli import main
from niwari.db import connection, open_database
from niwari.host.discovery import Found
from niwari.testing.engines import release
from niwari.testing.workshop import Workshop

Run = Callable[..., Result]


@pytest.fixture
def run(
    database_url: str,
    tmp_path: Path,
    workshop: Workshop,
    trial_plugins: Mapping[str, Found],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Run]:
    """Run ``niwari`` where dummy, crasher and neighbour are installed and migrated."""
    names = ("dummy", "crasher", "neighbour")
    for name in names:
        workshop.install(name)
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NIWARI_DATABASE_URL", database_url)
    (tmp_path / "home").mkdir()
    open_database(database_url)
    with connection():
        migrate_all(load_host([trial_plugins[name] for name in names]))

    def invoke(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, arguments, input=typed)

    yield invoke
    release()
