"""Notebooks and duties: who writes, what counts as written, and that nobody's text is lost."""

from datetime import date, timedelta
from time import process_time
from typing import Any

import pytest

from niwari.api import Blank, NotChosen, NotFound, TooLong, name_readers, transaction
from niwari_handover.errors import (
    BadReview,
    ChangedMeanwhile,
    FarDay,
    NotHead,
    NotWriter,
    SamePerson,
)
from niwari_handover.models import Duty, Notebook, Version
from niwari_handover.service import duties, listing, opening, reading
from niwari_handover.service.duties import Written
from niwari_handover.texts import months_in_order

WHOLE = {"steps": "1. 受け付ける", "deadline": "毎月10日", "contact": "県市町村課"}


def test_a_duty_counts_as_written_with_steps_deadline_contact_and_a_review_of_this_year(
    ctx_for: Any, open_notebook: Any, write: Any
) -> None:
    notebook = open_notebook()
    ctx = ctx_for("staff@koriyama")
    bare = write(notebook)
    late = write(notebook, **WHOLE, reviewed_on=date(2026, 3, 31))
    full = write(notebook, **WHOLE, reviewed_on=date(2026, 4, 1))
    dated = write(
        notebook, **{**WHOLE, "deadline": ""}, due_on=date(2027, 2, 1), reviewed_on=ctx.today
    )
    missing = reading.get_book(ctx, notebook).missing
    assert missing[bare] == ("steps", "deadline", "contact", "review")
    assert missing[late] == ("review",)
    assert missing[full] == missing[dated] == ()


def test_what_lacks_is_the_holders_own(ctx_for: Any, open_notebook: Any, write: Any) -> None:
    notebook = open_notebook()
    duty = write(notebook)
    head = ctx_for("head@koriyama")
    assert reading.get_book(head, notebook).missing == {}
    assert reading.get_duty(head, duty).missing == ()


def test_holder_and_head_see_a_notebook_and_nobody_else(
    ctx_for: Any, open_notebook: Any, write: Any
) -> None:
    notebook = open_notebook()
    duty = write(notebook)
    for login in ("staff@koriyama", "head@koriyama"):
        assert reading.get_book(ctx_for(login), notebook).duties
    for login in ("staff2@koriyama", "hr@koriyama", "it@koriyama", "staff@sukagawa"):
        with pytest.raises(NotFound):
            reading.get_book(ctx_for(login), notebook)
        with pytest.raises(NotFound):
            reading.get_duty(ctx_for(login), duty)


def test_the_head_lets_the_section_read_and_takes_it_back(
    ctx_for: Any, open_notebook: Any, write: Any
) -> None:
    notebook = open_notebook()
    write(notebook)
    with pytest.raises(NotHead):
        opening.choose_reading(ctx_for("staff@koriyama"), notebook, members_read=True)
    opening.choose_reading(ctx_for("head@koriyama"), notebook, members_read=True)
    assert reading.get_book(ctx_for("staff2@koriyama"), notebook).duties
    with pytest.raises(NotWriter):
        reading.get_own(ctx_for("staff2@koriyama"), notebook)
    with pytest.raises(NotFound):
        reading.get_book(ctx_for("hr@koriyama"), notebook)
    opening.choose_reading(ctx_for("head@koriyama"), notebook, members_read=False)
    with pytest.raises(NotFound):
        reading.get_book(ctx_for("staff2@koriyama"), notebook)


def test_every_saved_version_is_kept_and_compared(
    ctx_for: Any, open_notebook: Any, write: Any
) -> None:
    ctx = ctx_for("staff@koriyama")
    duty = write(open_notebook(), name="転入届", steps="一\n二")
    changed = Written(name="転入届", steps="一\n三")
    assert duties.save_duty(ctx, duty, changed, base=1) == 2
    assert duties.save_duty(ctx, duty, changed, base=2) == 2  # nothing changed, nothing is added
    assert [one.number for one in reading.history(ctx, duty).versions] == [2, 1]
    (part,) = reading.get_change(ctx, duty, 2).parts
    assert [(line.kind, line.text) for line in part.lines] == [
        ("same", "一"),
        ("gone", "二"),
        ("added", "三"),
    ]
    with pytest.raises(NotFound):
        reading.get_change(ctx, duty, 3)


def test_two_who_edit_one_duty_lose_nothing(ctx_for: Any, open_notebook: Any, write: Any) -> None:
    notebook = open_notebook()
    duty = write(notebook, name="転入届")
    opening.add_holder(ctx_for("head@koriyama"), notebook, "staff2@koriyama")
    one, two = ctx_for("staff@koriyama"), ctx_for("staff2@koriyama")
    duties.save_duty(one, duty, Written(name="転入届", steps="あ"), base=1)
    mine = Written(name="転入届", steps="い")
    with pytest.raises(ChangedMeanwhile):
        duties.save_duty(two, duty, mine, base=1)
    assert Duty.get_by_id(duty).steps == "あ"
    beside = reading.beside(two, duty, mine)
    assert (beside.version, beside.author) == (2, "職員一")
    assert [line.text for line in beside.parts[0].lines] == ["あ", "い"]
    assert duties.save_duty(two, duty, Written(name="転入届", steps="あ\nい"), base=2) == 3
    assert Version.select().where(Version.duty == duty).count() == 3


def test_the_page_shows_both_texts_and_saves_what_was_made_of_them(
    client_for: Any, open_notebook: Any, write: Any, send: Any
) -> None:
    duty = write(open_notebook(), name="転入届")
    page = f"/handover/duties/{duty}/edit"
    client = client_for("staff@koriyama")
    stale = client.get(page).get_data(as_text=True)
    assert send(client, page, name="転入届", steps="先に書いた").status_code == 303
    token = client.token_at(page)
    typed = {"csrf_token": token, "name": "転入届", "steps": "後から書いた", "base": "1"}
    assert 'name="base" type="hidden" value="1"' in stale
    answer = client.post(page, data=typed)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "先に書いた" in text
    assert "後から書いた" in text
    assert 'name="base" type="hidden" value="2"' in text
    typed |= {"base": "2", "steps": "先に書いた\n後から書いた"}
    assert client.post(page, data=typed).status_code == 303
    assert Duty.get_by_id(duty).steps == "先に書いた\n後から書いた"


def test_only_a_holder_writes(ctx_for: Any, open_notebook: Any, write: Any) -> None:
    notebook = open_notebook()
    duty = write(notebook)
    head = ctx_for("head@koriyama")
    with pytest.raises(NotWriter):
        write(notebook, "head@koriyama")
    with pytest.raises(NotWriter):
        duties.save_duty(head, duty, Written(name="x"), base=1)
    with pytest.raises(NotWriter):
        duties.remove_duty(head, duty, removed=True)


def test_bad_input_says_which_field(ctx_for: Any, open_notebook: Any) -> None:
    notebook = open_notebook()
    ctx = ctx_for("staff@koriyama")
    tomorrow = ctx.today + timedelta(days=1)
    for written, error, field in (
        (Written(name="　"), Blank, "name"),
        (Written(name="あ" * 81), TooLong, "name"),
        (Written(name="あ", contact="い" * 301), TooLong, "contact"),
        (Written(name="あ", reviewed_on=tomorrow), BadReview, "reviewed_on"),
        (Written(name="あ", due_on=date(9999, 12, 31)), FarDay, "due_on"),
        (Written(name="あ", months=("4", "13")), NotChosen, "months"),
        (Written(name="あ", due_on=date(1, 1, 1)), FarDay, "due_on"),
    ):
        with pytest.raises(error) as refused:
            duties.add_duty(ctx, notebook, written, form_key="0" * 32)
        assert refused.value.field == field
    assert not Duty.select().exists()


def test_a_duty_is_taken_out_and_put_back(ctx_for: Any, open_notebook: Any, write: Any) -> None:
    notebook = open_notebook()
    duty = write(notebook)
    ctx = ctx_for("staff@koriyama")
    duties.remove_duty(ctx, duty, removed=True)
    duties.remove_duty(ctx, duty, removed=True)
    book = reading.get_book(ctx, notebook)
    assert (list(book.duties), [one.id for one in book.removed]) == ([], [duty])
    with pytest.raises(NotFound):
        reading.get_duty(ctx_for("head@koriyama"), duty)
    duties.remove_duty(ctx, duty, removed=False)
    assert [one.id for one in reading.get_book(ctx, notebook).duties] == [duty]


def test_a_double_click_opens_one_notebook(client_for: Any, world: Any) -> None:
    client = client_for("staff@koriyama")
    data = {
        "csrf_token": client.token_at("/handover/new"),
        "post": "戸籍担当",
        "form_key": "7d9f5f0c-5a4e-4d2b-9a51-0c4f1c8a1f10",
    }
    first, second = (client.post("/handover/new", data=data) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert Notebook.select().count() == 1


def test_a_head_names_holders_of_a_post_that_nobody_holds(ctx_for: Any, open_notebook: Any) -> None:
    notebook = open_notebook()
    head = ctx_for("head@koriyama")
    (holder,) = opening.get_holders(head, notebook).rows
    opening.end_holder(head, holder.id)
    with pytest.raises(NotFound):
        reading.get_book(ctx_for("staff@koriyama"), notebook)
    assert reading.get_book(head, notebook).notebook.holders == ()
    opening.add_holder(head, notebook, "職員二")
    assert reading.get_book(head, notebook).notebook.holders == ("職員二",)
    with pytest.raises(SamePerson):
        opening.add_holder(head, notebook, "staff2@koriyama")


def test_what_was_taken_out_is_found_by_its_holder_alone(
    ctx_for: Any, client_for: Any, world: Any, open_notebook: Any, write: Any
) -> None:
    duty = write(open_notebook(), name="廃止した証明の交付")
    ctx = ctx_for("staff@koriyama")
    duties.remove_duty(ctx, duty, removed=True)
    world.index()
    found = "/search/?q=廃止した証明"
    assert f"/handover/duties/{duty}" in client_for("staff@koriyama").get(found).text
    assert f"/handover/duties/{duty}" not in client_for("head@koriyama").get(found).text
    duties.remove_duty(ctx, duty, removed=False)
    world.index()
    assert f"/handover/duties/{duty}" in client_for("head@koriyama").get(found).text


def test_the_latest_of_what_was_taken_out_stand_below_the_notebook(
    ctx_for: Any, open_notebook: Any, write: Any
) -> None:
    notebook, ctx = open_notebook(), ctx_for("staff@koriyama")
    kept = [write(notebook) for _ in range(2)]
    gone = [write(notebook) for _ in range(3)]
    with transaction(ctx):
        for number, duty in enumerate(gone):
            at = ctx.now + timedelta(hours=number)
            Duty.update(removed_at=at).where(Duty.id == duty).execute()
        columns = Duty.get_by_id(gone[0]).__data__
        Duty.insert_many(
            columns | {"id": gone[-1] + number, "form_key": f"gone-{number}"}
            for number in range(1, reading.MOST_REMOVED + 1)
        ).execute()
        for one in Duty.select().where(Duty.notebook == notebook):
            name_readers(Duty, [one.id], people=[ctx.person_id])
    book = reading.get_book(ctx, notebook)
    assert [one.id for one in book.duties] == kept
    assert [one.id for one in book.removed[:2]] == [gone[2], gone[1]]
    assert len(book.removed) == reading.MOST_REMOVED


def test_long_texts_are_compared_at_once(ctx_for: Any, open_notebook: Any, write: Any) -> None:
    before, after = ("\n".join(f"{word}{n}" for n in range(1_400)) for word in ("行", "段"))
    duty = write(open_notebook(), name="転入届", steps=before)
    ctx = ctx_for("staff@koriyama")
    duties.save_duty(ctx, duty, Written(name="転入届", steps=after), base=1)
    begun = process_time()
    (part,) = reading.get_change(ctx, duty, 2).parts
    assert process_time() - begun < 2
    assert [line.kind for line in part.lines] == ["gone"] * 1_400 + ["added"] * 1_400


def test_own_notebooks_stand_above_however_many_one_answers_for(
    ctx_for: Any, client_for: Any, queries: Any, open_notebook: Any
) -> None:
    first = open_notebook("staff@koriyama", "最初")
    for number in range(31):
        open_notebook("staff2@koriyama", f"担当{number}")
    own = open_notebook("head@koriyama", "所属長の担当")
    head = ctx_for("head@koriyama")
    page = listing.list_notebooks(head)
    assert [one.id for one in page.own] == [own]
    assert (page.others[0].id, len(page.others)) == (first, 30)
    later = listing.list_notebooks(head, page.next)
    assert (later.own, len(later.others)) == ([], 2)
    client = client_for("head@koriyama")
    client.get("/handover/")
    with queries() as log:
        client.get("/handover/")
    assert len(log) <= 8


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("1,10,11,12", (10, 11, 12, 1)),
        ("2,3,4", (2, 3, 4)),
        ("3,6,9,12", (6, 9, 12, 3)),
        ("6,12", (6, 12)),
        ("3", (3,)),
        ("", ()),
        ("1,2,3,4,5,6,7,8,9,10,11,12", (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)),
    ],
)
def test_months_are_said_from_after_the_longest_pause_on(
    chosen: str, said: tuple[int, ...]
) -> None:
    assert months_in_order(chosen) == said
