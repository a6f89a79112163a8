"""Notes for the two alone, what is handed out of people and towns, and what erasing leaves."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import NotFound, Subject, transaction
from niwari.audit.models import AuditEntry
from niwari.db import database
from niwari_mentoring.errors import NotGoingOn
from niwari_mentoring.models import (
    LearnerProfile,
    Meeting,
    Message,
    Note,
    OpenDay,
    Pair,
    Seat,
    SectionProfile,
)
from niwari_mentoring.service import asking, disposing, notes, pairs, subjects

from .conftest import COLLEAGUE, HEAD, HR, IT, NEIGHBOUR, STAFF, Do, Send, page_of

WORDS = "異動の希望を話しました。"


@pytest.fixture
def note(ctx_for: Any, pair: int) -> int:
    """A note that staff of Koriyama wrote into the pair."""
    return notes.write(ctx_for(STAFF), pair, text=WORDS, form_key=str(uuid4()))


def handed_out(ctx: Any, **whose: int) -> str:
    """Return all that is handed out of somebody, as one text."""
    found = subjects.records(ctx, Subject(**whose))
    return json.dumps([(one.kind, dict(one.data)) for one in found], ensure_ascii=False)


def erase(ctx: Any, **whose: int) -> Any:
    with transaction(ctx):
        return subjects.erase(Subject(**whose))


def test_the_two_read_a_note_and_nobody_else(
    client_for: Any, pair: int, note: int, send: Send
) -> None:
    place = f"/mentoring/pairs/{pair}"
    assert WORDS in page_of(client_for(NEIGHBOUR), place)
    answer = send(client_for(NEIGHBOUR), place, f"{place}/notes", text="こちらでも調べます。")
    assert answer.status_code == 303
    assert "こちらでも調べます。" in page_of(client_for(STAFF), place)
    for login in (COLLEAGUE, HEAD, HR, IT, "head@sukagawa"):
        assert client_for(login).get(place).status_code == 404, login


def test_the_table_holds_no_words_of_it(note: int) -> None:
    rows = [row for (table,) in _tables() for row in database.execute_sql(f"SELECT * FROM {table}")]
    assert rows
    assert WORDS not in str(rows)


def _tables() -> list[tuple[str]]:
    return [(name,) for name in database.get_tables() if name.startswith(("mentoring_", "audit_"))]


def test_a_note_is_in_the_own_file_and_in_no_other(
    world: Any, ctx_for: Any, pair: int, note: int
) -> None:
    staff, neighbour = ctx_for(STAFF), ctx_for(NEIGHBOUR)
    assert WORDS in handed_out(staff, person_id=staff.person_id)
    assert "毎月一日かかります。" in handed_out(neighbour, person_id=neighbour.person_id)
    assert WORDS not in handed_out(neighbour, person_id=neighbour.person_id)
    for ctx in (ctx_for(HR), ctx_for(IT), world.system_context()):
        others = handed_out(ctx, person_id=staff.person_id)
        assert WORDS not in others
        assert "毎月一日かかります。" not in others
        assert "喜んで。" not in others
        assert "mentoring.pair" in others
    assert WORDS not in handed_out(ctx_for(IT), municipality_id=staff.municipality.id)


def test_only_its_author_removes_a_note_also_after_the_end(
    ctx_for: Any, pair: int, note: int
) -> None:
    pairs.end(ctx_for(NEIGHBOUR), pair)
    with pytest.raises(NotGoingOn):
        notes.write(ctx_for(STAFF), pair, text="もう一つ", form_key=str(uuid4()))
    with pytest.raises(NotFound):
        notes.remove(ctx_for(NEIGHBOUR), pair, note)
    notes.remove(ctx_for(STAFF), pair, note)
    assert not Note.select().exists()
    said = AuditEntry.select().where(AuditEntry.action == "mentoring.note.remove").get()
    assert said.details == "{}"


def test_a_note_whose_key_is_lost_says_so(client_for: Any, pair: int, note: int) -> None:
    Note.update(sealed="broken").execute()
    page = page_of(client_for(STAFF), f"/mentoring/pairs/{pair}")
    assert "鍵がなくなったため、このメモは読めません。" in page


def test_erasing_the_asker_leaves_the_other_an_ended_pair_without_words(
    ctx_for: Any, client_for: Any, pair: int, note: int, plan: Do
) -> None:
    plan(pair)
    own = notes.write(ctx_for(NEIGHBOUR), pair, text="わたしのメモ", form_key=str(uuid4()))
    erase(ctx_for(IT), person_id=ctx_for(STAFF).person_id)
    row = Pair.get_by_id(pair)
    assert (row.asker_id, row.state) == (None, "ended")
    assert [one.id for one in Note.select()] == [own]
    page = page_of(client_for(NEIGHBOUR), f"/mentoring/pairs/{pair}")
    assert "毎月一日かかります。" not in page
    assert "わたしのメモ" in page
    assert "名前を消した職員" in page
    erase(ctx_for(IT), person_id=ctx_for(NEIGHBOUR).person_id)
    assert not Pair.select().exists()
    assert not Meeting.select().exists()


def test_erasing_a_person_keeps_what_is_the_sections_without_the_name(
    world: Any, ctx_for: Any, describe_section: Do, ask: Any, offer: Do
) -> None:
    id_ = describe_section(STAFF)
    offer(STAFF)
    other = describe_section(NEIGHBOUR)
    ask(other, STAFF, "消える質問")
    receipt = erase(ctx_for(IT), person_id=ctx_for(STAFF).person_id)
    assert (receipt.kept, receipt.reason is not None) == (1, True)
    assert SectionProfile.get_by_id(id_).changed_by is None
    assert not Message.select().exists()
    assert not LearnerProfile.select().exists()
    again = erase(ctx_for(IT), person_id=ctx_for(STAFF).person_id)
    assert (again.erased, again.redacted, again.kept) == (0, 0, 0)


def test_a_question_that_was_answered_stays_without_its_words(
    ctx_for: Any, client_for: Any, describe_section: Do, ask: Any
) -> None:

    id_ = describe_section(NEIGHBOUR)
    question = ask(id_, STAFF, "消える質問")
    key = str(uuid4())
    asking.answer(ctx_for(NEIGHBOUR), id_, question, body="残る答え", form_key=key)
    erase(ctx_for(IT), person_id=ctx_for(STAFF).person_id)
    page = page_of(client_for(COLLEAGUE), f"/mentoring/sections/{id_}")
    assert "消える質問" not in page
    assert "この質問の文章は消されています。" in page
    assert "残る答え" in page


def test_erasing_a_town_takes_its_pairs_and_leaves_those_of_others(
    ctx_for: Any, pair: int, note: int, offer: Do, ask_pair: Do, describe_section: Do
) -> None:
    describe_section(NEIGHBOUR)
    among_others = ask_pair(offer("staff@miharu"), NEIGHBOUR)
    erase(ctx_for(IT), municipality_id=ctx_for(STAFF).municipality.id)
    assert [one.id for one in Pair.select()] == [among_others]
    assert not Note.select().exists()
    assert SectionProfile.select().count() == 1


def test_pairs_are_disposed_of_once_they_ended_long_ago(ctx_for: Any, pair: int, note: int) -> None:
    ctx = ctx_for(IT)

    def dispose(before: date) -> int:
        with transaction(ctx):
            return disposing.dispose(ctx, disposing.PAIRS, before).erased

    assert dispose(date(2026, 11, 11)) == 0
    pairs.end(ctx_for(STAFF), pair)
    assert dispose(date(2026, 11, 10)) == 0
    assert dispose(date(2026, 11, 11)) == 2
    assert not Pair.select().exists()


def test_questions_are_disposed_of_with_the_last_word_in_them(
    world: Any, ctx_for: Any, describe_section: Do, ask: Any
) -> None:
    id_ = describe_section(STAFF)
    question = ask(id_, NEIGHBOUR)
    world.clock.advance(days=3)
    answered = ctx_for(STAFF)
    asking.answer(answered, id_, question, body="こうします。", form_key=str(uuid4()))
    ask(id_, NEIGHBOUR)

    def dispose(before: date) -> int:
        with transaction(answered):
            return disposing.dispose(answered, disposing.QUESTIONS, before).erased

    assert dispose(date(2026, 11, 13)) == 0
    assert dispose(date(2026, 11, 14)) == 3
    assert SectionProfile.select().count() == 1


def test_a_seat_is_in_the_own_file_and_in_no_other(
    world: Any, ctx_for: Any, opened: Do, sign_up: Do
) -> None:
    day = opened()
    sign_up(day)
    staff, town = ctx_for(STAFF), ctx_for(STAFF).municipality.id
    assert f'["mentoring.seat", {{"open_day": {day}}}]' in handed_out(
        staff, person_id=staff.person_id
    )
    for ctx in (ctx_for(HR), ctx_for(IT), ctx_for(NEIGHBOUR), world.system_context()):
        for whose in ({"person_id": staff.person_id}, {"municipality_id": town}):
            others = handed_out(ctx, **whose)
            assert "mentoring.seat" not in others
            assert "窓口の朝を見ます。" not in others
    host = ctx_for(NEIGHBOUR)
    assert "窓口の朝を見ます。" in handed_out(host, municipality_id=host.municipality.id)
    assert "mentoring.seat" not in handed_out(host, municipality_id=host.municipality.id)


def test_erasing_a_person_frees_the_seat_and_a_host_leaves_the_day_without_a_name(
    ctx_for: Any, opened: Do, sign_up: Do
) -> None:
    day = opened(seats=1)
    sign_up(day)
    assert erase(ctx_for(IT), person_id=ctx_for(STAFF).person_id).erased == 1
    assert not Seat.select().exists()
    sign_up(day, COLLEAGUE)
    receipt = erase(ctx_for(IT), person_id=ctx_for(NEIGHBOUR).person_id)
    assert receipt.kept == 2
    assert OpenDay.get_by_id(day).changed_by is None
    assert Seat.select().count() == 1


def test_erasing_a_town_takes_its_days_and_the_seats_of_its_people(
    ctx_for: Any, opened: Do, sign_up: Do
) -> None:
    own, other = opened(STAFF), opened(day=date(2026, 11, 26))
    sign_up(own, NEIGHBOUR)
    sign_up(other, STAFF)
    sign_up(other, "staff@miharu")
    erase(ctx_for(IT), municipality_id=ctx_for(STAFF).municipality.id)
    assert [day.id for day in OpenDay.select()] == [other]
    assert [seat.person.login for seat in Seat.select()] == ["staff@miharu"]


def test_days_are_disposed_of_with_their_seats_once_they_are_over_long_ago(
    ctx_for: Any, opened: Do, sign_up: Do
) -> None:
    sign_up(opened())
    opened(day=date(2026, 12, 2))
    ctx = ctx_for(NEIGHBOUR)

    def dispose(before: date) -> int:
        with transaction(ctx):
            return disposing.dispose(ctx, disposing.OPEN_DAYS, before).erased

    assert dispose(date(2026, 11, 25)) == 0
    assert dispose(date(2026, 11, 26)) == 2
    assert OpenDay.get().starts_at.date() == date(2026, 12, 2)
