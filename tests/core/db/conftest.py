"""What the tests of the database share."""

import pytest

from niwari.clock import FrozenClock
from niwari.context import Context, MunicipalityRef


@pytest.fixture
def ctx(clock: FrozenClock) -> Context:
    """The context of a command, which needs no rows."""
    return Context(MunicipalityRef(1, "072036", "郡山市", 1), None, clock(), actor="test")
