"""What is old goes, with what was to be delivered of it; what is unread stays a year."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from niwari.db import transaction
from niwari.directory.linking import Ref
from niwari.notices import purging
from niwari.notices.models import Delivery, Notice, Received
from niwari.notices.outbox import notify
from niwari.notices.purging import purge_old
from niwari.testing.world import World
from tests.core.notices.conftest import ANSWERED, OWNER, STAFF2


@pytest.fixture
def received(world: World, note: Ref, post: Callable[[str], int]) -> int:
    ctx = world.ctx_for(STAFF2)
    with transaction(ctx):
        notify(ctx, ANSWERED, [post(OWNER)], note, count=1)
    return int(Received.get().id)


@pytest.mark.parametrize(
    ("read", "days", "left"), [(1, 90, 1), (1, 91, 0), (0, 364, 1), (0, 366, 0)]
)
def test_a_notice_stays_90_days_after_it_was_read_and_a_year_unread(
    world: World, received: int, read: int, days: int, left: int
) -> None:
    now = world.clock()
    if read:
        Received.update(read_at=now).execute()
    Delivery.create(channel="mail", received=received, since=now, due_at=now)
    assert purge_old(now + timedelta(days=days)) == 1 - left
    assert Received.select().count() == Notice.select().count() == left
    assert Delivery.select().count() == left


def test_notices_that_nobody_has_go_a_portion_at_a_time_and_the_next_run_goes_on(
    world: World, received: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "PORTION", 2)
    monkeypatch.setattr(purging, "WALKED", 4)
    now = world.clock()
    for _ in range(10):
        Notice.create(plugin="dummy", kind=ANSWERED, at=now)
    later = now + timedelta(days=91)
    left = []
    for _ in range(4):
        purge_old(later)
        left.append(Notice.select().count())
    # The first one is somebody's.
    assert left == [8, 4, 1, 1]
    assert Received.select().count() == 1
