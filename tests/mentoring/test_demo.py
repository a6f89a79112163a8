"""The demo's content: worth a visit, before the demo begins or planned after, never twice."""

from datetime import date
from typing import Any

from niwari.db import connection
from niwari_mentoring.demo import load_demo
from niwari_mentoring.models import (
    LearnerProfile,
    Meeting,
    Message,
    OpenDay,
    Pair,
    SectionProfile,
    Sheet,
)


def test_it_is_written_once_and_in_time(ctx_for: Any, world: Any) -> None:
    for _ in range(2):
        for at in load_demo(ctx_for):
            assert at.date() <= date(2026, 11, 10)
            world.work()
    with connection():
        counts = [model.select().count() for model in (SectionProfile, Sheet, LearnerProfile)]
        assert counts == [3, 5, 4]
        assert [one.state for one in Pair.select().order_by(Pair.id)] == ["active", "asked"]
        assert Meeting.get().starts_at.date() > date(2026, 11, 10)
        assert Message.select().count() >= 2
        assert all(day.starts_at.date() > date(2026, 11, 27) for day in OpenDay.select())
        assert OpenDay.select().count() == 2
