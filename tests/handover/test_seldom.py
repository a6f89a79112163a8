"""What seldom happens: a successor who leaves, a merged town, concurrent posts, erasing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import (
    Appointment,
    MunicipalityRef,
    NotFound,
    Receipt,
    Section,
    Subject,
    transaction,
)
from niwari.db import connection
from niwari.directory.municipalities import merge_municipality
from niwari.ledger.models import LeaveSpan
from niwari_handover.errors import NotHead
from niwari_handover.models import ENDED, Duty, Handing, Holder, Notebook
from niwari_handover.service import asking, helping, listing, opening, reading, subjects


def end_post(world: Any, login: str, days: int = 0) -> None:
    """End every post of somebody in so many days."""
    ctx = world.ctx_for(login)
    with transaction(ctx):
        Appointment.update(ends_on=ctx.today + timedelta(days=days)).where(
            Appointment.person == ctx.person_id
        ).execute()


def test_a_successor_who_leaves_before_the_day_ends_the_handover(
    world: Any, ctx_for: Any, open_notebook: Any, name_successor: Any, move_to: Any, told: Any
) -> None:
    notebook = open_notebook()
    name_successor(notebook)
    end_post(world, "staff2@koriyama", days=1)
    move_to(ctx_for("staff@koriyama").today + timedelta(days=2))
    assert Handing.get().state == ENDED
    assert ("handover.successor_left", "staff@koriyama") in [
        (one.code, one.login) for one in told()
    ]
    move_to(ctx_for("staff@koriyama").today + timedelta(days=30))
    assert reading.get_book(ctx_for("staff@koriyama"), notebook).notebook.holders == ("職員一",)


def test_a_holder_who_leaves_leaves_the_notebook_to_the_section(
    world: Any, ctx_for: Any, open_notebook: Any, write: Any, move_to: Any
) -> None:
    notebook = open_notebook()
    write(notebook)
    end_post(world, "staff@koriyama", days=1)
    move_to(ctx_for("head@koriyama").today + timedelta(days=2))
    book = reading.get_book(ctx_for("head@koriyama"), notebook)
    assert (book.notebook.holders, len(book.duties)) == ((), 1)
    assert Holder.get().ends_on is not None
    opening.add_holder(ctx_for("head@koriyama"), notebook, "staff2@koriyama")
    assert reading.get_book(ctx_for("staff2@koriyama"), notebook).notebook.holds


def test_by_post_order_one_reads_and_decides_while_the_head_is_away(
    ctx_for: Any, client_for: Any, open_notebook: Any, name_successor: Any
) -> None:
    notebook, ctx = open_notebook(), ctx_for("staff2@koriyama")
    with transaction(ctx):
        Appointment.update(stand_in_order=1).where(Appointment.id == ctx.acting.id).execute()
    assert reading.get_book(ctx, notebook).notebook.answers
    with pytest.raises(NotHead):
        opening.add_holder(ctx, notebook, "staff2@koriyama")
    with pytest.raises(NotHead):
        opening.choose_reading(ctx, notebook, members_read=True)
    with pytest.raises(NotHead):
        name_successor(notebook, "hr@koriyama", login="staff2@koriyama")
    client, here = client_for("staff2@koriyama"), f"/handover/notebooks/{notebook}"
    assert offered(client, here) == set()
    sent = client.submit(f"{here}/holders", {"login": "staff2@koriyama"}, form_at=here)
    assert (sent.status_code, NotHead.text in sent.text) == (422, True)
    head = ctx_for("head@koriyama")
    with transaction(head):
        LeaveSpan.create(
            person=head.person_id,
            kind="annual",
            starts_at=head.now - timedelta(hours=1),
            ends_at=head.now + timedelta(hours=8),
        )
    assert offered(client, here) == {"holders", "end", "reading", "successor", "login"}
    opening.add_holder(ctx, notebook, "staff2@koriyama")
    opening.choose_reading(ctx, notebook, members_read=True)
    opening.end_holder(ctx, Holder.get(Holder.appointment == ctx.acting.id).id)
    name_successor(notebook, "hr@koriyama", login="staff2@koriyama")
    assert "call-off" in offered(client, here)
    LeaveSpan.delete().execute()
    assert offered(client, here) == set()


def offered(client: Any, here: str) -> set[str]:
    """Return what of deciding the pages of a notebook offer: names of addresses, and of a field."""
    pages = [client.get(here + page).text for page in ("/holders", "/handing", "/successor")]
    forms = {"end": '/end"', "reading": f'{here}/reading"', "call-off": f'{here}/call-off"'}
    found = {name for name, address in forms.items() if address in pages[0] + pages[2]}
    found |= {"holders"} if "担当者を加える" in pages[0] else set()
    found |= {"successor"} if f'href="{here}/successor"' in pages[1] else set()
    return found | ({"login"} if 'name="login"' in pages[2] else set())


def test_who_chooses_the_readers_of_a_section_at_the_same_moment_waits_in_no_circle(
    ctx_for: Any, open_notebook: Any
) -> None:
    notebooks = [open_notebook(post=f"担当{number}") for number in range(6)]
    head = ctx_for("head@koriyama")

    def choose(notebook: int) -> None:
        with connection():
            opening.choose_reading(head, notebook, members_read=notebook % 2 == 0)

    with ThreadPoolExecutor(4) as clicks:
        list(clicks.map(choose, [*notebooks, *reversed(notebooks)] * 4))
    opening.choose_reading(head, notebooks[3], members_read=True)
    reader = listing.list_notebooks(ctx_for("staff2@koriyama"))
    assert [one.id for one in reader.others] == notebooks


def test_whoever_has_two_posts_holds_a_notebook_in_either(
    world: Any, ctx_for: Any, open_notebook: Any
) -> None:
    notebook = open_notebook()
    head = ctx_for("hr@koriyama")
    ctx = ctx_for("staff@koriyama")
    with transaction(ctx):
        second = Appointment.create(
            person=ctx.person_id,
            municipality=ctx.municipality.id,
            section=head.acting.section_id,
            employment="full_time",
            starts_on=ctx.today,
            is_main=False,
        )
    there = replace(
        ctx, appointment=replace(ctx.acting, id=second.id, section_id=second.section_id)
    )
    assert reading.get_book(there, notebook).notebook.holds


def test_a_merged_towns_notebooks_go_to_the_successor(
    ctx_for: Any, open_notebook: Any, write: Any
) -> None:
    notebook = open_notebook()
    write(notebook)
    ctx, other = ctx_for("staff@koriyama"), ctx_for("staff@sukagawa")
    with transaction(ctx):
        for model in (Notebook, Duty):  # what a merger does with rows that people share
            model.update(municipality=other.municipality.id).execute()
    town = other.municipality
    moved = replace(ctx, municipality=MunicipalityRef(town.id, town.code, town.name, town.revision))
    assert reading.get_book(moved, notebook).duties
    with pytest.raises(NotFound):
        reading.get_book(other, notebook)


def test_erasing_a_person_forgets_who_wrote_and_keeps_what_is_the_posts(
    ctx_for: Any, open_notebook: Any, write: Any, name_successor: Any
) -> None:
    notebook = open_notebook()
    duty = write(notebook, steps="一")
    name_successor(notebook)
    ctx = ctx_for("staff@koriyama")
    subject = Subject(person_id=ctx.person_id)
    kinds = {record.kind for record in subjects.records(subject)}
    assert kinds >= {"handover.duty", "handover.version", "handover.holder", "handover.handing"}
    with transaction(ctx):
        receipt = subjects.erase(subject)
    assert receipt.kept > 0
    assert receipt.reason is not None
    assert list(subjects.records(subject)) == []
    assert Duty.get_by_id(duty).steps == "一"
    with transaction(ctx):
        assert subjects.erase(subject) == Receipt()


def test_erasing_a_town_removes_its_notebooks_alone(
    ctx_for: Any, open_notebook: Any, write: Any
) -> None:
    write(open_notebook())
    other = open_notebook("staff@sukagawa", "給与担当")
    ctx = ctx_for("staff@koriyama")
    with transaction(ctx):
        receipt = subjects.erase(Subject(municipality_id=ctx.municipality.id))
    assert receipt.erased == 4  # notebook, holder, duty, version
    assert [row.id for row in Notebook.select()] == [other]


def test_hr_sees_posts_and_names_but_nothing_that_a_notebook_says(
    ctx_for: Any, client_for: Any, open_notebook: Any, write: Any
) -> None:
    notebook = open_notebook(post="戸籍担当")
    write(notebook, name="ひみつの業務")
    client = client_for("hr@koriyama")
    page = client.get("/handover/posts").get_data(as_text=True)
    assert "戸籍担当" in page
    assert "職員一" in page
    assert "ひみつの業務" not in page
    assert client.get(f"/handover/notebooks/{notebook}").status_code == 404
    with pytest.raises(NotFound):
        listing.list_posts(ctx_for("head@koriyama"))


def test_whoever_handed_on_helps_although_the_post_was_handed_on_again(
    ctx_for: Any, open_notebook: Any, name_successor: Any, move_to: Any, told: Any
) -> None:
    notebook = open_notebook()
    name_successor(notebook)
    move_to(ctx_for("staff@koriyama").today + timedelta(days=10))
    name_successor(notebook, "staff3@koriyama", login="staff2@koriyama")
    move_to(ctx_for("staff@koriyama").today + timedelta(days=10))
    first = ctx_for("staff@koriyama")
    assert helping.get_help(first, notebook).last == Handing.get_by_id(1).help_until
    assert listing.list_notebooks(ctx_for("staff2@koriyama")).taking_over == []
    asking.ask(
        ctx_for("staff3@koriyama"), notebook, text="なぜ?", duty_id=None, form_key=str(uuid4())
    )
    asked = {one.login for one in told() if one.code == "handover.asked"}
    assert asked == {"staff@koriyama", "staff2@koriyama"}


def test_a_successor_who_was_let_hold_it_before_holds_it_once(
    ctx_for: Any, open_notebook: Any, name_successor: Any, move_to: Any
) -> None:
    notebook = open_notebook()
    name_successor(notebook)
    opening.add_holder(ctx_for("head@koriyama"), notebook, "staff2@koriyama")
    move_to(ctx_for("staff@koriyama").today + timedelta(days=10))
    assert reading.get_book(ctx_for("head@koriyama"), notebook).notebook.holders == ("職員二",)


def test_the_superior_is_told_of_a_successor(
    open_notebook: Any, name_successor: Any, told: Any
) -> None:
    name_successor(open_notebook())
    named = {one.login for one in told() if one.code == "handover.named"}
    assert named == {"staff2@koriyama", "head@koriyama"}


def test_of_a_dissolved_section_the_notebook_goes_with_its_holder(
    world: Any, ctx_for: Any, open_notebook: Any, write: Any, move_to: Any
) -> None:
    notebook = open_notebook()
    duty = write(notebook)
    ctx, farm = ctx_for("staff@koriyama"), ctx_for("head3@koriyama")
    eve, first = ctx.today + timedelta(days=4), ctx.today + timedelta(days=5)
    with transaction(ctx):
        own = Appointment.section == ctx.acting.section_id
        Appointment.update(ends_on=eve).where(own).execute()
        Section.update(ends_on=eve).where(Section.id == ctx.acting.section_id).execute()
        Appointment.create(
            person=ctx.person_id,
            municipality=ctx.municipality.id,
            section=farm.acting.section_id,
            employment="full_time",
            starts_on=first,
        )
    move_to(first + timedelta(days=1))
    book = reading.get_book(ctx_for("staff@koriyama"), notebook)
    assert (book.notebook.holds, book.notebook.section) == (True, "農業政策課")
    assert reading.get_duty(ctx_for("head3@koriyama"), duty).notebook.answers
    assert Holder.select().count() == 1


def test_a_merged_towns_posts_are_held_on_in_the_successor(
    world: Any, ctx_for: Any, open_notebook: Any, write: Any, move_to: Any
) -> None:
    notebook = open_notebook("staff@miharu", "選挙担当")
    write(notebook, "staff@miharu", name="定時登録")
    ctx, there = ctx_for("staff@miharu"), ctx_for("head@koriyama")
    eve, first = ctx.today + timedelta(days=4), ctx.today + timedelta(days=5)
    with transaction(ctx):
        own = Appointment.municipality == ctx.municipality.id
        Appointment.update(ends_on=eve).where(own).execute()
        Appointment.create(
            person=ctx.person_id,
            municipality=there.municipality.id,
            section=there.acting.section_id,
            employment="full_time",
            starts_on=first,
        )
    move_to(first)
    assert Holder.get().ends_on == eve
    with connection():
        merge_municipality(
            ctx_for("head@koriyama"), ctx.municipality.code, there.municipality.code, first
        )
    world.deliver()
    book = reading.get_book(ctx_for("staff@miharu"), notebook)
    assert (book.notebook.holds, book.notebook.section) == (True, "市民課")
    assert reading.get_book(ctx_for("head@koriyama"), notebook).duties
    with pytest.raises(NotFound):
        reading.get_book(ctx_for("staff2@koriyama"), notebook)
