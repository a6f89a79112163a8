"""What nobody has touched is disposed of after the years that HR chose; what is of use stays."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from niwari.api import Receipt, transaction
from niwari.directory.readers import NamedReader
from niwari_handover.models import Duty, Handing, Holder, Item, Message, Notebook, Version
from niwari_handover.service import asking, disposing, duties
from niwari_handover.service.checklist import STANDARD
from niwari_handover.service.duties import Written


def dispose(ctx: Any, category: str, before: date) -> Receipt:
    with transaction(ctx):
        return disposing.dispose(ctx, category, before)


def test_a_duty_goes_with_its_history_unless_somebody_looked_at_it(
    ctx_for: Any, open_notebook: Any, write: Any
) -> None:
    notebook = open_notebook()
    old = write(notebook)
    ctx = ctx_for("staff@koriyama")
    first = ctx.today + timedelta(days=400)
    write(notebook, name="見直した業務")
    neighbours = write(open_notebook("staff@sukagawa"), "staff@sukagawa")
    looked = Duty.get(Duty.name == "見直した業務")
    Duty.update(reviewed_on=first).where(Duty.id == looked.id).execute()
    assert dispose(ctx, "notebooks", ctx.today).erased == 0
    assert dispose(ctx, "notebooks", first).erased == 2  # the duty and its version
    assert dispose(ctx, "notebooks", first) == Receipt()
    assert {one.id for one in Duty.select()} == {looked.id, neighbours}
    assert (
        not NamedReader.select()
        .where(NamedReader.row_id == old)
        .where(NamedReader.kind == "handover.duty")
    )
    assert Notebook.select().count() == 2


def test_a_duty_that_was_taken_out_goes_so_long_after_that(
    ctx_for: Any, open_notebook: Any, write: Any
) -> None:
    duty = write(open_notebook())
    ctx = ctx_for("staff@koriyama")
    out = ctx.at(ctx.now + timedelta(days=400))
    duties.remove_duty(out, duty, removed=True)
    assert dispose(ctx, "notebooks", out.today).erased == 0
    assert Duty.get_by_id(duty)
    assert dispose(ctx, "notebooks", out.today + timedelta(days=1)).erased == 4  # with its notebook
    assert not Duty.select().exists()


def test_versions_go_once_they_were_replaced(ctx_for: Any, open_notebook: Any, write: Any) -> None:
    duty = write(open_notebook(), name="転入届")
    ctx = ctx_for("staff@koriyama")
    for days, steps in ((10, "一"), (20, "二")):
        later = ctx.at(ctx.now + timedelta(days=days))
        base = Duty.get_by_id(duty).version
        duties.save_duty(later, duty, Written(name="転入届", steps=steps), base=base)
    assert dispose(ctx, "notebooks", ctx.today + timedelta(days=15)).erased == 1
    left = [one.number for one in Version.select().order_by(Version.number)]
    assert left == [2, 3]
    assert dispose(ctx, "notebooks", ctx.today + timedelta(days=20)).erased == 0


def test_a_notebook_in_which_nothing_is_left_goes_too(ctx_for: Any, open_notebook: Any) -> None:
    open_notebook()
    ctx = ctx_for("staff@koriyama")
    assert dispose(ctx, "notebooks", ctx.today + timedelta(days=1)).erased == 2
    assert not Notebook.select().exists()
    assert not Holder.select().exists()


def test_what_was_handed_over_goes_once_it_is_closed(
    ctx_for: Any, open_notebook: Any, write: Any, name_successor: Any, move_to: Any
) -> None:
    notebook = open_notebook()
    write(notebook)
    name_successor(notebook)
    new = ctx_for("staff2@koriyama")
    question = asking.ask(new, notebook, text="なぜ?", duty_id=None, form_key=str(uuid4()))
    day = new.today + timedelta(days=10)
    move_to(day)
    later = ctx_for("staff@koriyama")
    asking.answer(later, question, text="条例です。", form_key=str(uuid4()))
    assert dispose(later, "handings", day).erased == 1  # who held it until the eve
    move_to(day + timedelta(days=366))
    closed = ctx_for("staff2@koriyama")
    assert dispose(closed, "handings", day + timedelta(days=1)).erased == 2  # question and answer
    assert dispose(closed, "handings", closed.today).erased == 0
    gone = dispose(closed, "handings", closed.today + timedelta(days=1))
    assert gone.erased == 1 + len(STANDARD)
    assert not any(model.select().exists() for model in (Handing, Item, Message))
    assert Duty.select().count() == 1
