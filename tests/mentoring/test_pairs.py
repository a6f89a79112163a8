"""Pairs: who finds whom, asking, the answer, the quiet end, and everything that is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import Appointment, Blank, NotFound, transaction
from niwari.db import connection
from niwari.directory.movements import announce
from niwari_mentoring.errors import (
    AnsweredAlready,
    AskedAlready,
    BadCapacity,
    BadEnd,
    FewerThanPairs,
    FullNow,
    NeitherWay,
    NoProfile,
    NotGoingOn,
    NotTheAsker,
    NotTheMentor,
    OwnProfile,
    Paused,
    TooManyAsked,
    TooSoon,
)
from niwari_mentoring.models import ACTIVE, Meeting, Pair
from niwari_mentoring.service import pairs, profiles, reading
from niwari_mentoring.service.profiles import Filters

from .conftest import COLLEAGUE, FAR, HEAD, HR, IT, NEIGHBOUR, STAFF, Do, Send, page_of

PEOPLE = "/mentoring/people"


def address(pair_id: int) -> str:
    return f"/mentoring/pairs/{pair_id}"


def test_people_of_the_region_are_found_by_field_town_and_way(ctx_for: Any, offer: Do) -> None:
    ids = [
        offer(NEIGHBOUR),
        offer(FAR, field="tax", offers="", seeks="評価のしかた"),
        offer(STAFF, audience="municipality"),
    ]

    def found(login: str, **filters: str) -> list[int]:
        return [one.id for one in profiles.found(ctx_for(login), Filters(**filters))[0]]

    assert set(found(STAFF)) == set(ids)
    assert set(found(NEIGHBOUR)) == set(ids[:2])
    assert found(STAFF, field="tax") == [ids[1]]
    assert found(STAFF, town="072079") == [ids[0]]
    assert found(STAFF, way="seeking") == [ids[1]]
    assert set(found(STAFF, way="offering")) == {ids[0], ids[2]}


def test_two_of_different_towns_become_a_pair_and_nobody_else_sees_it(
    client_for: Any, offer: Do, send: Send, told: Any
) -> None:
    profile = f"{PEOPLE}/{offer()}"
    asker, mentor = client_for(STAFF), client_for(NEIGHBOUR)
    answer = send(
        asker,
        f"{profile}/ask",
        theme="集計を早くする",
        message="毎月一日かかります。",
        ends_on="2027-03-31",
    )
    assert answer.status_code == 303
    place = answer.location
    assert [(one.login, one.code) for one in told()] == [(NEIGHBOUR, "mentoring.pair_asked")]
    assert "お返事を待っています" in page_of(mentor, "/mentoring/pairs")
    assert "毎月一日かかります。" in page_of(mentor, place)
    accepted = mentor.submit(
        f"{place}/answer", {"answer": "accept", "reply": "喜んで。"}, form_at=place
    )
    assert accepted.status_code == 303
    assert "喜んで。" in page_of(asker, place)
    for login in (COLLEAGUE, HEAD, HR, IT, FAR, "head@sukagawa"):
        client = client_for(login)
        assert client.get(place).status_code == 404, login
        assert "集計を早くする" not in page_of(client, "/mentoring/pairs"), login


def test_only_the_two_find_the_pair_by_the_search(world: Any, client_for: Any, pair: int) -> None:
    world.index()
    found = {
        login
        for login in (STAFF, NEIGHBOUR, COLLEAGUE, HEAD, HR, IT, FAR)
        if address(pair) in page_of(client_for(login), "/search/?q=集計を早くする")
    }
    assert found == {STAFF, NEIGHBOUR}


def test_nobody_asks_themselves(ctx_for: Any, client_for: Any, offer: Do, ask_pair: Do) -> None:
    profile = offer(STAFF)
    with pytest.raises(OwnProfile):
        ask_pair(profile, STAFF)
    answer = client_for(STAFF).get(f"{PEOPLE}/{profile}/ask")
    assert answer.status_code == 303
    assert not Pair.select().exists()


def test_whoever_offers_nothing_or_is_off_the_list_is_not_asked(
    ctx_for: Any, client_for: Any, offer: Do, ask_pair: Do
) -> None:
    only_seeks = offer(FAR, offers="", seeks="評価のしかた")
    with pytest.raises(NoProfile):
        ask_pair(only_seeks)
    listed = offer(NEIGHBOUR)
    profiles.withdraw(ctx_for(NEIGHBOUR))
    with pytest.raises(NotFound):
        ask_pair(listed)
    assert client_for(STAFF).get(f"{PEOPLE}/{listed}").status_code == 404
    assert "あなただけに見えています" in page_of(client_for(NEIGHBOUR), f"{PEOPLE}/{listed}")
    assert offer(NEIGHBOUR) == listed
    assert ask_pair(listed) > 0


def test_the_capacity_holds_at_asking_and_at_accepting(
    ctx_for: Any, offer: Do, ask_pair: Do
) -> None:
    profile = offer(NEIGHBOUR, capacity=1)
    first, second = ask_pair(profile, STAFF), ask_pair(profile, COLLEAGUE)
    pairs.accept(ctx_for(NEIGHBOUR), first)
    with pytest.raises(FullNow):
        pairs.accept(ctx_for(NEIGHBOUR), second)
    with pytest.raises(FullNow):
        ask_pair(profile, FAR)
    pairs.end(ctx_for(STAFF), first)
    pairs.accept(ctx_for(NEIGHBOUR), second)
    assert Pair.get_by_id(second).state == ACTIVE


def test_two_accepted_at_once_do_not_exceed_the_capacity(
    ctx_for: Any, offer: Do, ask_pair: Do
) -> None:
    profile = offer(NEIGHBOUR, capacity=1)
    asked = [ask_pair(profile, login) for login in (STAFF, COLLEAGUE)]
    ctx = ctx_for(NEIGHBOUR)

    def accept(pair_id: int) -> bool:
        with connection():
            try:
                pairs.accept(ctx, pair_id)
            except FullNow:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, asked)) == [False, True]


def test_a_capacity_below_the_pairs_that_go_on_is_refused_with_the_number(
    client_for: Any, offer: Do, pair: int
) -> None:
    with pytest.raises(FewerThanPairs):
        offer(NEIGHBOUR, capacity=0)
    client = client_for(NEIGHBOUR)
    form = {"field": "digital", "offers": "表計算", "capacity": "0", "minutes": "60"}
    answer = client.submit(f"{PEOPLE}/me", {**form, "audience": "region"})
    assert answer.status_code == 422
    assert "今1人と続けているので、1より少なくはできません。" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"offers": " ", "seeks": ""}, NeitherWay),
        ({"capacity": 6}, BadCapacity),
        ({"capacity": None}, BadCapacity),
    ],
)
def test_a_profile_says_what_is_wrong(offer: Do, words: dict[str, Any], refusal: type[Any]) -> None:
    with pytest.raises(refusal):
        offer(STAFF, **words)


def test_asking_again_waits_for_the_answer_and_after_a_refusal_for_a_pause(
    ctx_for: Any, offer: Do, ask_pair: Do, move_to: Callable[[date], None]
) -> None:
    profile = offer(NEIGHBOUR)
    first = ask_pair(profile)
    with pytest.raises(AskedAlready):
        ask_pair(profile)
    with pytest.raises(Blank):
        pairs.decline(ctx_for(NEIGHBOUR), first, " ")
    pairs.decline(ctx_for(NEIGHBOUR), first, "いまは手がいっぱいです。またの機会に。")
    with pytest.raises(TooSoon) as refused:
        ask_pair(profile)
    assert refused.value.params["day"] == "2026-12-10"
    move_to(date(2026, 12, 10))
    with pytest.raises(TooSoon):
        ask_pair(profile)
    move_to(date(2026, 12, 11))
    assert ask_pair(profile) != first


def test_a_pair_lasts_to_the_end_of_the_fiscal_year_at_most(
    ctx_for: Any, offer: Do, ask_pair: Do, move_to: Callable[[date], None]
) -> None:
    profile = offer()
    for day in (date(2027, 4, 1), date(2026, 11, 9), None):
        with pytest.raises(BadEnd):
            ask_pair(profile, ends_on=day)
    pair_id = ask_pair(profile, ends_on=date(2027, 3, 31))
    pairs.accept(ctx_for(NEIGHBOUR), pair_id)
    move_to(date(2027, 4, 1))
    assert reading.get_pair(ctx_for(STAFF), pair_id).state == "ended"
    with pytest.raises(NotGoingOn):
        pairs.end(ctx_for(STAFF), pair_id)
    assert profiles.get_profile(ctx_for(STAFF), profile).free == 1


def test_only_the_one_who_was_asked_answers_and_only_once(
    ctx_for: Any, offer: Do, ask_pair: Do
) -> None:
    pair_id = ask_pair(offer())
    with pytest.raises(NotTheMentor):
        pairs.accept(ctx_for(STAFF), pair_id)
    with pytest.raises(NotTheAsker):
        pairs.withdraw(ctx_for(NEIGHBOUR), pair_id)
    with pytest.raises(NotFound):
        pairs.accept(ctx_for(COLLEAGUE), pair_id)
    pairs.withdraw(ctx_for(STAFF), pair_id)
    pairs.withdraw(ctx_for(STAFF), pair_id)
    for answer in (pairs.accept, pairs.decline):
        with pytest.raises(AnsweredAlready):
            answer(ctx_for(NEIGHBOUR), pair_id, "はい")


def test_a_request_that_is_sent_twice_is_one(
    ctx_for: Any, offer: Do, ask_pair: Do, told: Any
) -> None:
    profile, key = offer(), str(uuid4())
    assert ask_pair(profile, form_key=key) == ask_pair(profile, form_key=key)
    pair_id = Pair.get().id
    for _twice in range(2):
        pairs.accept(ctx_for(NEIGHBOUR), pair_id)
    assert [one.code for one in told()] == ["mentoring.pair_asked", "mentoring.accepted"]


def test_at_most_five_of_ones_own_requests_wait(offer: Do, ask_pair: Do) -> None:
    asked = (COLLEAGUE, HEAD, HR, IT, NEIGHBOUR)
    for login in asked:
        ask_pair(offer(login))
    with pytest.raises(TooManyAsked):
        ask_pair(offer(FAR))


@pytest.mark.parametrize("login", [STAFF, NEIGHBOUR])
def test_either_ends_it_quietly(
    login: str, ctx_for: Any, client_for: Any, pair: int, plan: Do, told: Any
) -> None:
    plan(pair)
    before = len(told())
    pairs.end(ctx_for(login), pair)
    other = NEIGHBOUR if login == STAFF else STAFF
    new = told()[before:]
    assert [(one.login, one.code) for one in new] == [(other, "mentoring.ended")]
    assert Meeting.get().called_off_at is not None
    page = page_of(client_for(other), address(pair))
    assert "終わりました" in page
    assert "から終え" not in page
    pairs.end(ctx_for(other), pair)
    assert len(told()) == before + 1


def test_whoever_leaves_ends_the_pairs_and_is_asked_no_more(
    world: Any, ctx_for: Any, offer: Do, ask_pair: Do, told: Any, move_to: Callable[[date], None]
) -> None:
    profile = offer(NEIGHBOUR, capacity=2)
    going_on, asked = ask_pair(profile, STAFF), ask_pair(profile, COLLEAGUE)
    leaver = ctx_for(NEIGHBOUR)
    pairs.accept(leaver, going_on)
    last = leaver.today + timedelta(days=1)
    theirs = Appointment.person == leaver.person_id
    with transaction(leaver):
        Appointment.update(ends_on=last).where(theirs).execute()
    move_to(last + timedelta(days=1))
    announce(world.clock())
    world.deliver()
    assert [Pair.get_by_id(one).state for one in (going_on, asked)] == ["ended", "withdrawn"]
    assert "mentoring.ended" in [one.code for one in told() if one.login == STAFF]
    with pytest.raises(NotFound):
        profiles.get_profile(ctx_for(STAFF), profile)


def test_where_the_town_has_it_off_nobody_is_asked(world: Any, offer: Do, ask_pair: Do) -> None:
    profile = offer()
    world.switch("072079", "mentoring", on=False)
    with pytest.raises(Paused):
        ask_pair(profile)
