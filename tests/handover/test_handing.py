"""Handing a post over: named after the 内示, confirmed twice, passed on by the clock, helped for a year."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import Appointment, NotFound, Person, Ref, own_time, transaction
from niwari_handover.errors import (
    AlreadyNamed,
    BadDay,
    LongAnnounced,
    NoSuchPerson,
    NotAnnounced,
    NotHead,
    NotHelper,
    NotSuccessor,
    NotYetConfirmed,
    OutsideFirstYear,
    SamePerson,
    SeveralPeople,
)
from niwari_handover.models import Handing, Item
from niwari_handover.service import asking, checklist, handing, helping, progress, reading
from niwari_handover.service.checklist import STANDARD, Lined
from niwari_handover.service.handing import Named

DAY = date(2026, 11, 20)


def test_before_the_announcement_nothing_is_written(ctx_for: Any, open_notebook: Any) -> None:
    notebook = open_notebook()
    ctx = ctx_for("staff@koriyama")
    tomorrow = ctx.today + timedelta(days=1)
    for named, error in (
        (Named("staff2@koriyama", tomorrow, tomorrow), NotAnnounced),
        (Named("staff2@koriyama", None, tomorrow), NotAnnounced),
        (Named("staff2@koriyama", date(1, 1, 1), tomorrow), LongAnnounced),
        (Named("staff2@koriyama", ctx.today, ctx.today - timedelta(days=1)), BadDay),
        (Named("staff2@koriyama", ctx.today, date(2029, 4, 1)), BadDay),
        (Named("staff@sukagawa", ctx.today, tomorrow), NoSuchPerson),
        (Named("staff@koriyama", ctx.today, tomorrow), SamePerson),
    ):
        with pytest.raises(error):
            handing.name_successor(ctx, notebook, named, form_key=str(uuid4()))
    assert not Handing.select().exists()


def test_of_two_people_with_one_name_the_login_tells_them_apart(
    ctx_for: Any, open_notebook: Any
) -> None:
    notebook = open_notebook()
    ctx, twin = ctx_for("staff@koriyama"), ctx_for("staff3@koriyama")
    with transaction(ctx):
        Person.update(name="職員二").where(Person.id == twin.person_id).execute()
    named = Named("職員二", ctx.today, ctx.today)
    with pytest.raises(SeveralPeople, match="2人以上"):
        handing.name_successor(ctx, notebook, named, form_key=str(uuid4()))
    named = Named("staff3@koriyama", ctx.today, ctx.today)
    assert handing.name_successor(ctx, notebook, named, form_key=str(uuid4()))


def test_the_address_of_an_unreleased_transfer_says_the_same_as_that_of_nothing(
    client_for: Any, open_notebook: Any
) -> None:
    notebook = open_notebook()
    client = client_for("staff2@koriyama")
    for path in ("handing", "successor", "holders", "help", "ask"):
        pages = [
            client.get(f"/handover/notebooks/{number}/{path}") for number in (notebook, 999_999)
        ]
        assert [page.status_code for page in pages] == [404, 404]
    for verb in ("confirm", "approve", "call-off"):
        address = f"/handover/notebooks/{notebook}/{verb}"
        data = {"csrf_token": client.token_at("/handover/")}
        assert client.post(address, data=data).status_code == 404


@pytest.mark.parametrize("login", ["staff@koriyama", "head@koriyama", "hr@koriyama"])
def test_predecessor_head_or_hr_names_and_the_successor_sees(
    ctx_for: Any, open_notebook: Any, write: Any, name_successor: Any, told: Any, login: str
) -> None:
    notebook = open_notebook()
    duty = write(notebook)
    with pytest.raises(NotFound):
        reading.get_duty(ctx_for("staff2@koriyama"), duty)
    name_successor(notebook, login=login)
    assert reading.get_duty(ctx_for("staff2@koriyama"), duty).duty.id == duty
    with pytest.raises(NotFound):
        reading.get_book(ctx_for("hr@koriyama"), notebook)
    assert "staff2@koriyama" in {one.login for one in told() if one.code == "handover.named"}
    with pytest.raises(AlreadyNamed):
        name_successor(notebook, "staff3@koriyama", login=login)


def test_a_checklist_stands_there_and_is_made_ones_own(
    ctx_for: Any, open_notebook: Any, name_successor: Any
) -> None:
    notebook = open_notebook()
    name_successor(notebook)
    ctx, other = ctx_for("staff@koriyama"), ctx_for("staff2@koriyama")
    found = progress.get_progress(ctx, notebook)
    assert len(found.items) == len(STANDARD)
    assert all(ctx.today <= item.due_on for item in found.items)
    line = checklist.add_item(ctx, notebook, Lined("鍵を渡す", None), form_key=str(uuid4()))
    assert Item.get_by_id(line).due_on == DAY
    checklist.change_item(other, line, Lined("鍵を二本渡す", DAY - timedelta(days=1)))
    checklist.tick_item(other, line, done=True)
    assert progress.get_progress(ctx, notebook).done == 1
    checklist.remove_item(ctx, notebook, line)
    assert not Item.select().where(Item.id == line).exists()
    with pytest.raises(NotFound):
        checklist.tick_item(ctx_for("staff3@koriyama"), found.items[0].id, done=True)


def test_the_successor_confirms_and_then_the_superior(
    ctx_for: Any, open_notebook: Any, name_successor: Any, told: Any
) -> None:
    notebook = open_notebook()
    name_successor(notebook)
    one, two, head = (
        ctx_for(login) for login in ("staff@koriyama", "staff2@koriyama", "head@koriyama")
    )
    with pytest.raises(NotYetConfirmed):
        handing.approve(head, notebook)
    for ctx in (one, head):
        with pytest.raises(NotSuccessor):
            handing.confirm(ctx, notebook)
    handing.confirm(two, notebook)
    handing.confirm(two, notebook)
    assert [one.login for one in told() if one.code == "handover.confirmed"] == ["head@koriyama"]
    for ctx in (one, two):
        with pytest.raises(NotHead):
            handing.approve(ctx, notebook)
    handing.approve(head, notebook)
    handing.approve(head, notebook)
    row = Handing.get()
    assert (row.approved_by_id, row.approved_for_id) == (head.acting.id, None)


def test_on_its_day_the_post_passes_to_the_successor(
    ctx_for: Any, open_notebook: Any, write: Any, name_successor: Any, move_to: Any
) -> None:
    notebook = open_notebook()
    write(notebook)
    name_successor(notebook)
    move_to(DAY - timedelta(days=1))
    assert reading.get_book(ctx_for("staff@koriyama"), notebook).notebook.holds
    move_to(DAY)
    move_to(DAY + timedelta(days=1))
    new = reading.get_book(ctx_for("staff2@koriyama"), notebook)
    assert (new.notebook.holds, new.notebook.holders) == (True, ("職員二",))
    assert new.missing
    former = reading.get_book(ctx_for("staff@koriyama"), notebook)
    assert (former.notebook.holds, former.notebook.preceded) == (False, True)


def test_named_on_its_day_or_later_the_post_passes_at_once(
    ctx_for: Any, client_for: Any, open_notebook: Any, send: Any
) -> None:
    notebook = open_notebook()
    client = client_for("staff@koriyama")
    address = f"/handover/notebooks/{notebook}/successor"
    today = ctx_for("staff@koriyama").today.isoformat()
    answer = send(client, address, announced_on=today, starts_on=today, login="職員二")
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    assert reading.get_book(ctx_for("staff2@koriyama"), notebook).notebook.holds
    assert not reading.get_book(ctx_for("staff@koriyama"), notebook).notebook.holds


def test_whoever_held_the_post_until_the_transfer_helps_although_the_successor_is_named_late(
    ctx_for: Any, open_notebook: Any, move_to: Any
) -> None:
    notebook = open_notebook()
    ctx = ctx_for("staff@koriyama")
    farm = ctx_for("head3@koriyama").acting.section_id
    announced, first = ctx.today + timedelta(days=1), ctx.today + timedelta(days=5)
    with transaction(ctx):
        Appointment.update(ends_on=first - timedelta(days=1)).where(
            Appointment.id == ctx.acting.id
        ).execute()
        Appointment.create(
            person=ctx.person_id,
            municipality=ctx.municipality.id,
            section=farm,
            employment="full_time",
            starts_on=first,
        )
    move_to(first + timedelta(days=2))
    head = ctx_for("head@koriyama")
    assert reading.get_book(head, notebook).notebook.holders == ()
    named = Named("staff2@koriyama", announced, first)
    handing.name_successor(head, notebook, named, form_key=str(uuid4()))
    assert reading.get_book(head, notebook).notebook.holders == ("職員二",)
    assert helping.get_help(ctx_for("staff@koriyama"), notebook).first == head.today


def test_after_the_first_year_the_predecessor_sees_it_no_more(
    ctx_for: Any, open_notebook: Any, name_successor: Any, move_to: Any
) -> None:
    notebook = open_notebook()
    name_successor(notebook)
    move_to(DAY)
    move_to(DAY + timedelta(days=365))
    assert reading.get_book(ctx_for("staff@koriyama"), notebook)
    move_to(DAY + timedelta(days=366))
    with pytest.raises(NotFound):
        reading.get_book(ctx_for("staff@koriyama"), notebook)


def test_what_is_called_off_closes_the_notebook_again(
    ctx_for: Any, open_notebook: Any, name_successor: Any
) -> None:
    notebook = open_notebook()
    name_successor(notebook)
    handing.call_off(ctx_for("head@koriyama"), notebook)
    with pytest.raises(NotFound):
        reading.get_book(ctx_for("staff2@koriyama"), notebook)
    name_successor(notebook, "staff3@koriyama")
    assert reading.get_book(ctx_for("staff3@koriyama"), notebook)


def test_a_second_click_on_removing_or_calling_off_is_answered_like_the_first(
    client_for: Any, open_notebook: Any, name_successor: Any
) -> None:
    notebook, other = open_notebook(), open_notebook(post="印鑑担当")
    name_successor(notebook)
    name_successor(other)
    here, client = f"/handover/notebooks/{notebook}", client_for("staff@koriyama")
    page, line = f"{here}/handing", Item.select().order_by(Item.id).get()
    foreign = Item.select().order_by(Item.id.desc()).get()
    wrong = client.submit(f"{here}/items/{foreign.id}/remove", {}, form_at=page)
    assert wrong.status_code == 404
    for address in (f"{here}/items/{line.id}/remove", f"{here}/call-off"):
        first = client.submit(address, {}, form_at=page)
        again = client.submit(address, {}, form_at=f"/handover/notebooks/{other}/handing")
        assert (first.status_code, again.status_code) == (303, 303)
        assert again.location == first.location
    assert not Item.select().where(Item.id == line.id).exists()
    assert Item.get_by_id(foreign.id)
    assert Handing.get(Handing.notebook == notebook).state == "ended"
    nobody = open_notebook(post="窓口担当")
    address = f"/handover/notebooks/{nobody}/call-off"
    assert (
        client.submit(address, {}, form_at=f"/handover/notebooks/{other}/handing").status_code
        == 404
    )


def test_questions_are_asked_and_answered_inside(
    ctx_for: Any, open_notebook: Any, write: Any, name_successor: Any, told: Any
) -> None:
    notebook = open_notebook()
    duty = write(notebook)
    name_successor(notebook)
    new = ctx_for("staff2@koriyama")
    key = str(uuid4())
    question = asking.ask(new, notebook, text="なぜ?", duty_id=duty, form_key=key)
    assert asking.ask(new, notebook, text="なぜ?", duty_id=duty, form_key=key) == question
    asking.answer(ctx_for("staff@koriyama"), question, text="条例です。", form_key=str(uuid4()))
    (asked,) = asking.questions(notebook).asked
    assert [one.text for one in (asked.question, *asked.answers)] == ["なぜ?", "条例です。"]
    codes = [(one.code, one.login) for one in told()]
    assert ("handover.asked", "staff@koriyama") in codes
    assert ("handover.answered", "staff2@koriyama") in codes
    with pytest.raises(NotFound):
        asking.ask(
            ctx_for("staff3@koriyama"), notebook, text="x", duty_id=None, form_key=str(uuid4())
        )


def test_help_is_asked_of_the_predecessors_head_and_told_to_the_new_section(
    ctx_for: Any, open_notebook: Any, name_successor: Any, move_to: Any, world: Any
) -> None:
    notebook = open_notebook()
    name_successor(notebook)

    def ask(login: str, day: date) -> int:
        return helping.ask_for_help(
            ctx_for(login),
            notebook,
            work_date=day,
            minutes=60,
            purpose="帳票の説明",
            form_key=str(uuid4()),
        )

    with pytest.raises(NotHelper):
        ask("staff@koriyama", DAY)
    move_to(DAY)
    with pytest.raises(NotHelper):
        ask("staff2@koriyama", DAY)
    with pytest.raises(OutsideFirstYear):
        ask("staff@koriyama", DAY + timedelta(days=366))
    assert ask("staff@koriyama", date(2026, 11, 24)) > 0
    shown = helping.get_help(ctx_for("staff@koriyama"), notebook)
    assert (shown.budget, shown.own.used, shown.own.planned) == (600, 0, 0)
    assert own_time(ctx_for("staff@koriyama"), Ref("handover.notebook", notebook)) == shown.own
