"""What the tests of the channels share: a world with the dummy, whose notes people are told of."""

from tests.core.notices.conftest import note, post, reply, world

__all__ = ["note", "post", "reply", "world"]
