"""A database with the core's tables, in which nothing is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from niwari.config import Settings
from niwari.db import connection, open_database
from niwari.testing.engines import Engines
from niwari.testing.world import prepare_tables


@pytest.fixture
def settings(database_engines: Engines, tmp_path: Path) -> Iterator[Settings]:
    """The settings of an installation without people; its database is connected."""
    url = database_engines.copy_of("tables", prepare_tables)
    open_database(url)
    with connection():
        yield Settings(home=tmp_path / "home", environment="test", database_url=url)
    database_engines.drop(url)
