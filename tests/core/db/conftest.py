"""What the tests of the database share."""

from collections.abc import Callable

import pytest

from niwari.clock import FrozenClock
from niwari.context import Context, MunicipalityRef
from niwari.db import connection, open_database
from niwari.testing.engines import Engines
from niwari.testing.fingerprint import Fingerprint, fingerprint


@pytest.fixture
def ctx(clock: FrozenClock) -> Context:
    """The context of a command, which needs no rows."""
    return Context(MunicipalityRef(1, "072036", "郡山市", 1), None, clock(), actor="test")


def built(engines: Engines, build: Callable[[], object]) -> Fingerprint:
    """The fingerprint of a fresh database after ``build()``."""
    url = engines.empty()
    open_database(url)
    try:
        with connection():
            build()
            return fingerprint()
    finally:
        engines.drop(url)
