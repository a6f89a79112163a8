"""The demo's notebooks: worth a visit, with what lacks, with a handover that goes on, never twice."""

from datetime import date
from typing import Any

from niwari.db import connection
from niwari_handover.demo import load_demo
from niwari_handover.models import Duty, Handing, Item, Message, Notebook, Version
from niwari_handover.service import listing, reading


def test_they_are_written_before_the_demo_begins_and_once(ctx_for: Any) -> None:
    for _ in range(2):
        load_demo(ctx_for)
    with connection():
        assert [one.post for one in Notebook.select().order_by(Notebook.id)] == [
            "住民異動・証明窓口担当",
            "給与担当",
            "選挙・統計担当",
        ]
        assert Duty.select().count() == 14
        assert Version.select().count() == 14 + 5
        assert all(one.saved_at.date() < date(2026, 11, 10) for one in Version.select())
        handing = Handing.get()
        assert handing.announced_on < date(2026, 11, 10) < handing.starts_on
        assert Item.select().where(Item.done_at.is_null(False)).count() == 1
        assert Message.select().count() == 2
        lacking = [one.missing for one in listing.unfinished(ctx_for("staff@koriyama"), 9)]
        assert lacking == [
            ("review",),
            ("deadline", "review"),
            ("steps", "deadline", "contact", "review"),
        ]
        (taken,) = listing.list_notebooks(ctx_for("it@sukagawa")).taking_over
        book = reading.get_book(ctx_for("it@sukagawa"), taken.id)
        assert [one.name for one in book.duties][3] == "年末調整"
