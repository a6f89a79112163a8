"""Sections: who writes, hides and reads them, questions and answers, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import (
    SECTION,
    Appointment,
    Blank,
    NotChosen,
    NotFound,
    StaleForm,
    TooLong,
    transaction,
)
from niwari.audit.models import AuditEntry
from niwari.ledger.models import LeaveSpan
from niwari_mentoring.errors import (
    ChangedMeanwhile,
    IsHidden,
    NotHead,
    NotOfSection,
    Paused,
)
from niwari_mentoring.models import Message, SectionProfile
from niwari_mentoring.service import asking, sections

from .conftest import COLLEAGUE, HEAD, HR, NEIGHBOUR, STAFF, Do, Send, page_of

START = "/mentoring/"
SUKAGAWA = "072079"


def address(id_: int) -> str:
    return f"/mentoring/sections/{id_}"


def test_the_people_of_a_section_write_it_and_the_region_reads_it(
    client_for: Any, send: Send
) -> None:
    client = client_for(NEIGHBOUR)
    answer = send(
        client,
        "/mentoring/sections/mine",
        headline="三つの係で分け合っています",
        work="届出を受けます。",
        branches="支所では一人で何役もします。",
        audience="region",
    )
    assert answer.status_code == 303
    staff = client_for(STAFF)
    assert "三つの係で分け合っています" in page_of(staff, START)
    page = page_of(staff, answer.location)
    assert "支所では一人で何役もします。" in page
    assert "須賀川市" in page


def test_a_section_has_one_profile_which_all_its_people_write(
    ctx_for: Any, describe_section: Do
) -> None:
    first = describe_section(STAFF)
    assert describe_section(COLLEAGUE, base=1, headline="窓口を替えました") == first
    assert SectionProfile.get_by_id(first).version == 2
    assert SectionProfile.select().count() == 1


def test_the_same_words_again_change_nothing(describe_section: Do) -> None:
    describe_section(STAFF)
    describe_section(STAFF)
    assert AuditEntry.select().where(AuditEntry.action == "mentoring.describe").count() == 1


def test_of_two_who_write_at_once_the_second_sees_both(
    client_for: Any, describe_section: Do, send: Send
) -> None:
    id_ = describe_section(STAFF)
    client = client_for(COLLEAGUE)
    typed = {"headline": "わたしの一行", "work": "わたしの説明", "audience": "region"}
    describe_section(STAFF, base=1, headline="先に直した一行")
    answer = client.submit("/mentoring/sections/mine", {**typed, "base": "1"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "先に直した一行" in text
    assert "わたしの説明" in text
    assert "第2版" in text
    assert SectionProfile.get_by_id(id_).headline == "先に直した一行"


@pytest.mark.parametrize(
    ("words", "refusal", "field"),
    [
        ({"headline": "　"}, Blank, "headline"),
        ({"work": "\n\n"}, Blank, "work"),
        ({"headline": "あ" * 81}, TooLong, "headline"),
        ({"audience": "section"}, NotChosen, "audience"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    describe_section: Do, words: dict[str, str], refusal: type[Any], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        describe_section(STAFF, **words)
    assert refused.value.field == field
    assert not SectionProfile.select().exists()


def test_with_an_old_version_nothing_is_overwritten(describe_section: Do) -> None:
    describe_section(STAFF)
    with pytest.raises(ChangedMeanwhile):
        describe_section(COLLEAGUE, base=0, headline="別の一行")


def test_the_head_hides_the_profile_and_shows_it_again(
    client_for: Any, ctx_for: Any, describe_section: Do, ask: Callable[..., int | None]
) -> None:
    id_ = describe_section(STAFF)
    with pytest.raises(NotHead):
        sections.hide_profile(ctx_for(STAFF), id_, hidden=True)
    sections.hide_profile(ctx_for(HEAD), id_, hidden=True)
    assert client_for(NEIGHBOUR).get(address(id_)).status_code == 404
    assert client_for(HR).get(address(id_)).status_code == 404
    assert "表示を止めています" in page_of(client_for(STAFF), address(id_))
    with pytest.raises(IsHidden):
        ask(id_, COLLEAGUE)
    describe_section(STAFF, base=1, headline="直しても見えません")
    assert SectionProfile.get_by_id(id_).audience == SECTION
    sections.hide_profile(ctx_for(HEAD), id_, hidden=False)
    assert "直しても見えません" in page_of(client_for(NEIGHBOUR), address(id_))


def test_by_post_order_one_hides_a_profile_only_while_the_head_is_away(
    ctx_for: Any, describe_section: Do
) -> None:
    id_, ctx, head = describe_section(STAFF), ctx_for(COLLEAGUE), ctx_for(HEAD)
    with transaction(ctx):
        Appointment.update(stand_in_order=1).where(Appointment.id == ctx.acting.id).execute()
    with pytest.raises(NotHead):
        sections.hide_profile(ctx, id_, hidden=True)
    with transaction(head):
        LeaveSpan.create(
            person=head.person_id,
            kind="annual",
            starts_at=head.now - timedelta(hours=1),
            ends_at=head.now + timedelta(hours=8),
        )
    sections.hide_profile(ctx, id_, hidden=True)
    assert SectionProfile.get_by_id(id_).audience == SECTION


def test_a_profile_for_the_town_is_not_there_for_the_neighbour(
    client_for: Any, describe_section: Do
) -> None:
    id_ = describe_section(STAFF, audience="municipality")
    neighbour = client_for(NEIGHBOUR)
    assert neighbour.get(address(id_)).status_code == 404
    assert "三つの係" not in page_of(neighbour, START)
    assert "三つの係" in page_of(client_for(HR), START)


def test_those_who_work_there_are_told_and_answer(
    ctx_for: Any, describe_section: Do, ask: Callable[..., int | None], told: Any, client_for: Any
) -> None:
    id_ = describe_section(NEIGHBOUR)
    question = ask(id_, STAFF, "繁忙期の休みは、どう決めますか。")
    assert {one.code for one in told() if one.login == NEIGHBOUR} == {"mentoring.asked"}
    with pytest.raises(NotOfSection):
        asking.answer(ctx_for(HR), id_, question or 0, body="外から", form_key=str(uuid4()))
    key = str(uuid4())
    for _twice in range(2):
        asking.answer(ctx_for(NEIGHBOUR), id_, question or 0, body="くじで決めます。", form_key=key)
    assert Message.select().count() == 2
    assert [one.code for one in told() if one.login == STAFF] == ["mentoring.answered"]
    page = page_of(client_for(STAFF), address(id_))
    assert "くじで決めます。" in page
    assert "この所属から" in page


def test_a_question_by_name_is_one_however_often_it_is_sent(
    ctx_for: Any, describe_section: Do, ask: Callable[..., int | None]
) -> None:
    id_, key = describe_section(NEIGHBOUR), str(uuid4())
    assert ask(id_, STAFF, "一度だけ", key=key) == ask(id_, STAFF, "一度だけ", key=key)
    with pytest.raises(StaleForm):
        ask(id_, COLLEAGUE, "別の人", key=key)


def test_the_audit_of_a_question_by_name_says_no_section(
    describe_section: Do, ask: Callable[..., int | None]
) -> None:
    ask(describe_section(NEIGHBOUR), STAFF)
    entry = AuditEntry.get(AuditEntry.action == "mentoring.ask")
    assert entry.object_id is None
    assert entry.details == "{}"


def test_nobody_asks_where_the_town_has_it_off(
    world: Any, describe_section: Do, ask: Callable[..., int | None]
) -> None:
    id_ = describe_section(NEIGHBOUR)
    world.switch(SUKAGAWA, "mentoring", on=False)
    with pytest.raises(Paused):
        ask(id_, STAFF)
    world.switch("072036", "mentoring", on=False)
    with pytest.raises(NotFound):
        ask(id_, STAFF)


def test_the_form_for_a_question_hides_the_name_unless_the_tick_is_taken_away(
    client_for: Any, describe_section: Do, send: Send
) -> None:
    id_ = describe_section(NEIGHBOUR)
    client = client_for(STAFF)
    page = page_of(client, address(id_))
    assert is_ticked(page)
    answer = send(client, address(id_), address(id_) + "/ask", body="名前を出して聞きます")
    assert answer.status_code == 303
    assert Message.get().hidden_on is None
    answer = send(client, address(id_), address(id_) + "/ask", body="そっと聞きます", hide_name="y")
    assert answer.status_code == 303
    assert Message.select().count() == 1
    assert "公開待ち" in page_of(client, address(id_))
    assert "公開待ち" not in page_of(client_for(COLLEAGUE), address(id_))


def test_an_empty_question_is_refused_beside_its_field(
    client_for: Any, describe_section: Do, send: Send
) -> None:
    id_ = describe_section(NEIGHBOUR)
    answer = send(client_for(STAFF), address(id_), address(id_) + "/ask", body="", hide_name="y")
    assert answer.status_code == 422
    assert "質問を入力してください。" in answer.get_data(as_text=True)


def is_ticked(page: str) -> bool:
    """Tell whether the box of the hidden name is ticked as the page opens."""
    tag = page[: page.index('name="hide_name"')].rpartition("<input")[2]
    rest = page[page.index('name="hide_name"') :].partition(">")[0]
    return "checked" in tag + rest
