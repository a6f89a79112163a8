"""The demo's experiences: worth a visit, by name and without, never twice."""

from datetime import date
from typing import Any

from niwari.db import connection
from niwari_leave_cafe.demo import load_demo
from niwari_leave_cafe.models import Experience, Thanks


def test_it_is_posted_before_the_demo_begins_and_once(ctx_for: Any, world: Any) -> None:
    for _ in range(2):
        assert len(list(load_demo(ctx_for))) == 4
    world.work()
    with connection():
        shown = list(Experience.select().order_by(Experience.id))
        assert len(shown) == 4
        assert [one.is_hidden for one in shown] == [False, False, False, True]
        assert all(one.posted_on <= date(2026, 11, 10) for one in shown)
        assert sum(one.thanks for one in shown) == Thanks.select().count() == 4
