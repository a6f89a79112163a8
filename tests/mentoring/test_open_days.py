"""The people of a section announce an open-company day, change it and call it off; others read it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import Blank, NotChosen, NotFound, StaleForm
from niwari.audit.models import AuditEntry
from niwari_mentoring.errors import NotOfSection
from niwari_mentoring.models import OpenDay
from niwari_mentoring.open_day_errors import (
    BadClosing,
    BadDay,
    BadMinutes,
    BadSeats,
    BeyondDay,
    ComingFromElsewhere,
    FewerThanComing,
    HasBegun,
    IsCalledOff,
    NoPlace,
    NoSectionProfile,
    NotShown,
    TooManyDays,
)
from niwari_mentoring.service import open_day_lists, open_days, sections

from .conftest import COLLEAGUE, FAR, HEAD, HR, NEIGHBOUR, STAFF, Do, Send, page_of

DAYS = "/mentoring/open-days"
TYPED = {
    "text": "窓口の朝を見ます。",
    "day": "2026-11-25",
    "starts": "10:00",
    "minutes": "90",
    "mode": "on_site",
    "place": "市民課 会議卓",
    "seats": "3",
    "closes_on": "2026-11-24",
}


def address(open_day_id: int) -> str:
    return f"{DAYS}/{open_day_id}"


def test_a_section_announces_a_day_that_other_towns_find(
    client_for: Any, describe_section: Do, send: Send
) -> None:
    id_ = describe_section(NEIGHBOUR)
    answer = send(client_for(NEIGHBOUR), f"{DAYS}/new", **TYPED)
    assert answer.status_code == 303
    page = page_of(client_for(NEIGHBOUR), answer.location)
    assert "申し込んだ人は、まだいません。" in page
    staff = client_for(STAFF)
    section = page_of(staff, f"/mentoring/sections/{id_}")
    assert answer.location in section
    for place in (DAYS, answer.location):
        said = page_of(staff, place)
        assert "のオープンカンパニーの日" in said, place
        assert "須賀川市" in said, place
    page = page_of(staff, answer.location)
    for words in ("窓口の朝を見ます。", "11月25日（水）10:00–11:30", "市民課 会議卓", "残り3席"):
        assert words in page, words
    assert "お名前は、この所属で働いている職員だけに見えます。" in page
    assert "来る人" not in page
    catalogue = page_of(staff, "/catalogue/?verb=raise")
    assert "のオープンカンパニーの日" in catalogue
    assert "残り3席" in catalogue
    offer = page_of(staff, f"/catalogue/mentoring.open_day/{answer.location.rpartition('/')[2]}")
    for said in (page, offer):  # one day in both, and not the midnight after it in one of them
        assert "11月24日（火）" in said
        assert "11月25日（水）0:00" not in said


def test_the_same_form_again_announces_one_day(ctx_for: Any, opened: Do) -> None:
    key = str(uuid4())
    first = opened(key=key)
    assert opened(key=key) == first
    assert OpenDay.select().count() == 1
    opened(FAR)
    with pytest.raises(StaleForm):
        opened(FAR, key=key)


@pytest.mark.parametrize(
    ("words", "refusal", "field"),
    [
        ({"text": "　"}, Blank, "text"),
        ({"day": None}, BadDay, "day"),
        ({"starts": None}, BadDay, "day"),
        ({"day": date(2026, 11, 9)}, BadDay, "day"),
        ({"minutes": None}, BadMinutes, "minutes"),
        ({"minutes": 14}, BadMinutes, "minutes"),
        ({"minutes": 481}, BadMinutes, "minutes"),
        ({"starts": time(23), "minutes": 60}, BeyondDay, "minutes"),
        ({"mode": "both"}, NotChosen, "mode"),
        ({"place": " "}, NoPlace, "place"),
        ({"seats": None}, BadSeats, "seats"),
        ({"seats": 0}, BadSeats, "seats"),
        ({"seats": 101}, BadSeats, "seats"),
        ({"closes_on": date(2026, 11, 26)}, BadClosing, "closes_on"),
        ({"closes_on": date(2026, 11, 9)}, BadClosing, "closes_on"),
    ],
)
def test_what_is_wrong_with_a_day_is_said_beside_its_field(
    opened: Do, words: dict[str, Any], refusal: type[Any], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        opened(**words)
    assert refused.value.field == field
    assert not OpenDay.select().exists()


def test_what_was_typed_stays_where_it_is_refused(
    client_for: Any, describe_section: Do, send: Send
) -> None:
    describe_section(NEIGHBOUR)
    answer = send(client_for(NEIGHBOUR), f"{DAYS}/new", **{**TYPED, "seats": "0"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "席の数は、1から100までの整数で入力してください。" in text
    assert "窓口の朝を見ます。" in text
    answer = send(client_for(NEIGHBOUR), f"{DAYS}/new", **{**TYPED, "minutes": "長め", "day": "x"})
    assert answer.status_code == 422
    assert not OpenDay.select().exists()


def test_without_a_last_day_one_signs_up_until_it_begins(opened: Do) -> None:
    day = OpenDay.get_by_id(opened(closes_on=None))
    assert day.closes_on == date(2026, 11, 25)


def test_online_it_needs_no_place_and_shows_none(client_for: Any, opened: Do) -> None:
    id_ = opened(mode="online", place="残らない場所")
    page = page_of(client_for(STAFF), address(id_))
    assert "オンライン" in page
    assert "残らない場所" not in page


def test_without_a_profile_or_with_a_hidden_one_nobody_announces(
    ctx_for: Any, client_for: Any, describe_section: Do, planned: Any
) -> None:
    with pytest.raises(NoSectionProfile):
        open_days.announce(ctx_for(STAFF), planned, form_key=str(uuid4()))
    assert "先に、所属の紹介を書きましょう" in page_of(client_for(STAFF), f"{DAYS}/new")
    id_ = describe_section(STAFF)
    sections.hide_profile(ctx_for(HEAD), id_, hidden=True)
    with pytest.raises(NotShown):
        open_days.announce(ctx_for(STAFF), planned, form_key=str(uuid4()))
    assert "所属長が表示を止めています" in page_of(client_for(STAFF), f"{DAYS}/new")


def test_a_section_has_no_more_days_ahead_than_it_can_host(opened: Do, monkeypatch: Any) -> None:
    monkeypatch.setattr(open_days, "MOST_AHEAD", 2)
    opened()
    opened()
    with pytest.raises(TooManyDays):
        opened()


def test_only_those_who_work_there_change_it_and_call_it_off(
    ctx_for: Any, client_for: Any, opened: Do, planned: Any
) -> None:
    id_ = opened()
    for login in (STAFF, "hr@koriyama"):
        with pytest.raises(NotOfSection):
            open_days.change(ctx_for(login), id_, planned)
        with pytest.raises(NotOfSection):
            open_days.call_off(ctx_for(login), id_)
        assert client_for(login).get(f"{address(id_)}/edit").status_code == 403
    assert OpenDay.get_by_id(id_).called_off_at is None


def test_a_day_is_changed_through_its_form(
    client_for: Any, opened: Do, sign_up: Any, told: Any, send: Send
) -> None:
    id_ = opened()
    sign_up(id_)
    place = f"{address(id_)}/edit"
    assert "1人が申し込んでいます。" in page_of(client_for(NEIGHBOUR), place)
    answer = send(client_for(NEIGHBOUR), place, **{**TYPED, "day": "2026-11-26"})
    assert answer.status_code == 303
    page = page_of(client_for(STAFF), address(id_))
    assert "11月26日（木）10:00–11:30" in page
    assert "申し込んだあとで、日時が変わりました。" in page
    assert {one.login: one.code for one in told()}[STAFF] == "mentoring.open_day_moved"


def test_whoever_comes_is_told_of_another_time_or_place_and_of_nothing_else(
    ctx_for: Any, opened: Do, sign_up: Any, told: Any, planned: Any
) -> None:
    id_, ctx = opened(), ctx_for(NEIGHBOUR)
    sign_up(id_)

    def codes() -> list[str]:
        return [one.code for one in told() if one.login == STAFF]

    open_days.change(ctx, id_, planned)
    open_days.change(ctx, id_, replace(planned, text="見ることを足しました。", seats=6))
    assert codes() == []
    open_days.change(ctx, id_, replace(planned, place="保健センター"))
    assert codes() == ["mentoring.open_day_moved"]
    open_days.change(ctx, id_, replace(planned, place="保健センター", day=date(2026, 11, 30)))
    assert codes() == ["mentoring.open_day_moved"] * 2
    changes = AuditEntry.select().where(AuditEntry.action == "mentoring.open_day.change")
    assert changes.count() == 3


def test_there_are_never_fewer_seats_than_people_who_come(
    ctx_for: Any, opened: Do, sign_up: Any, planned: Any
) -> None:
    id_ = opened()
    sign_up(id_)
    sign_up(id_, COLLEAGUE)
    with pytest.raises(FewerThanComing) as refused:
        open_days.change(ctx_for(NEIGHBOUR), id_, replace(planned, seats=1))
    assert refused.value.params["coming"] == 2
    open_days.change(ctx_for(NEIGHBOUR), id_, replace(planned, seats=2))
    assert OpenDay.get_by_id(id_).seats == 2


def test_after_the_last_day_of_signing_up_the_words_can_still_be_changed(
    ctx_for: Any, opened: Do, planned: Any, move_to: Callable[[date], None]
) -> None:
    id_ = opened()
    move_to(date(2026, 11, 25))
    ctx = ctx_for(NEIGHBOUR)
    open_days.change(ctx, id_, replace(planned, text="名札を着けてください。"))
    with pytest.raises(BadClosing):
        open_days.change(ctx, id_, replace(planned, closes_on=date(2026, 11, 23)))


def test_called_off_it_is_gone_from_the_lists_and_whoever_comes_is_told(
    client_for: Any, ctx_for: Any, opened: Do, sign_up: Any, told: Any
) -> None:
    id_ = opened()
    sign_up(id_)
    answer = client_for(NEIGHBOUR).submit(
        f"{address(id_)}/call-off", {}, form_at=f"{address(id_)}/edit"
    )
    assert answer.status_code == 303
    assert [one.code for one in told() if one.login == STAFF] == ["mentoring.open_day_off"]
    staff = client_for(STAFF)
    assert address(id_) not in page_of(staff, DAYS)
    assert staff.get(f"/catalogue/mentoring.open_day/{id_}").status_code == 404
    page = page_of(staff, address(id_))
    assert "この日は取りやめになりました。" in page
    assert "わたしの20%で取り下げてください。" in page
    with pytest.raises(IsCalledOff):
        open_days.call_off(ctx_for(NEIGHBOUR), id_)


def test_what_has_begun_stays_as_it_is(
    ctx_for: Any, client_for: Any, opened: Do, planned: Any, move_to: Callable[[date], None]
) -> None:
    id_ = opened()
    move_to(date(2026, 11, 26))
    ctx = ctx_for(NEIGHBOUR)
    with pytest.raises(HasBegun):
        open_days.call_off(ctx, id_)
    with pytest.raises(HasBegun):
        open_days.change(ctx, id_, replace(planned, day=date(2026, 12, 1)))
    assert address(id_) not in page_of(client_for(STAFF), DAYS)


def test_its_readers_are_those_of_the_profile(
    client_for: Any, ctx_for: Any, describe_section: Do, opened: Do
) -> None:
    id_ = opened(STAFF)
    assert client_for(FAR).get(address(id_)).status_code == 200
    describe_section(STAFF, base=1, audience="municipality")
    assert client_for(FAR).get(address(id_)).status_code == 404
    assert client_for(HR).get(address(id_)).status_code == 200
    assert open_day_lists.list_ahead(ctx_for(FAR)) == ([], "")


def test_a_profile_is_not_narrowed_while_people_of_other_towns_come(
    ctx_for: Any, describe_section: Do, opened: Do, sign_up: Any
) -> None:
    id_ = opened(STAFF)
    sign_up(id_, NEIGHBOUR)
    with pytest.raises(ComingFromElsewhere) as refused:
        describe_section(STAFF, base=1, audience="municipality")
    assert refused.value.field == "audience"
    open_days.call_off(ctx_for(STAFF), id_)
    describe_section(STAFF, base=1, audience="municipality")
    assert OpenDay.get_by_id(id_).audience == "municipality"


def test_hiding_the_profile_calls_its_days_off_and_tells_whoever_comes(
    client_for: Any, ctx_for: Any, opened: Do, sign_up: Any, told: Any
) -> None:
    id_ = opened(STAFF)
    sign_up(id_, NEIGHBOUR)
    profile = OpenDay.get_by_id(id_).profile_id
    sections.hide_profile(ctx_for(HEAD), profile, hidden=True)
    assert [one.code for one in told() if one.login == NEIGHBOUR] == ["mentoring.open_day_off"]
    assert client_for(NEIGHBOUR).get(address(id_)).status_code == 404
    sections.hide_profile(ctx_for(HEAD), profile, hidden=False)
    assert "この日は取りやめになりました。" in page_of(client_for(NEIGHBOUR), address(id_))


def test_pages_of_days_go_on_where_the_one_before_ended(
    ctx_for: Any, opened: Do, monkeypatch: Any
) -> None:
    monkeypatch.setattr(open_day_lists, "PAGE", 2)
    ids = [opened(day=date(2026, 11, day)) for day in (27, 25, 26, 25, 30)]
    found, after = [], ""
    for _page in range(3):
        page, after = open_day_lists.list_ahead(ctx_for(STAFF), after=after)
        found += [one.id for one in page]
    assert found == [ids[n] for n in (1, 3, 2, 0, 4)]
    assert after == ""
    with pytest.raises(NotFound):
        open_day_lists.list_ahead(ctx_for(STAFF), after="x")
