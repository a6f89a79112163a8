"""Who answers for whom (L9)."""

from datetime import date

import pytest

from niwari.directory.models import Headship
from niwari.errors import NotFound
from niwari.ledger.deciding import waiting_list
from niwari.ledger.errors import NoHead, OwnRequest
from niwari.ledger.models import State

from .conftest import WEDNESDAY


def lists(ledger, login):
    """Return whose requests wait in a head's list."""
    return [one.request.id for one in waiting_list.waiting_for(ledger.ctx(login))]


def test_a_member_asks_the_sections_head(ledger):
    request = ledger.ask(WEDNESDAY, 60)
    assert lists(ledger, "head@koriyama") == [request.id]
    assert lists(ledger, "director@koriyama") == []


def test_a_heads_own_request_goes_to_the_next_superior(ledger):
    request = ledger.ask(WEDNESDAY, 60, by="head@koriyama")
    assert lists(ledger, "head@koriyama") == []
    assert lists(ledger, "director@koriyama") == [request.id]
    assert ledger.agree(request, by="director@koriyama").state == State.AGREED


def test_at_the_end_of_the_line_nobody_can_answer(ledger):
    with pytest.raises(NoHead) as raised:
        ledger.ask(WEDNESDAY, 60, by="director@koriyama")
    assert raised.value.rule == "L9"


def test_where_a_section_has_no_head_the_nearest_above_answers(ledger, town):
    town("072036").appoint("chief@x", "教育部", head=True)
    town("072036").appoint("member@x", "教育部/学校教育課/給食センター")
    request = ledger.ask(WEDNESDAY, 60, by="member@x")
    assert lists(ledger, "chief@x") == [request.id]
    assert ledger.agree(request, by="chief@x").state == State.AGREED


def test_whoever_heads_a_section_from_above_does_not_answer_for_the_own(ledger, town):
    """The head of the department sits in a section that has none of its own."""
    town("072036").appoint("mayor@x", "本庁", head=True)
    director = town("072036").appoint("chief@x", "本庁/教育部/総務課")
    Headship.create(
        section=town("072036").section("本庁/教育部"),
        appointment=director,
        starts_on=date(2020, 4, 1),
    )
    request = ledger.ask(WEDNESDAY, 60, by="chief@x")
    assert lists(ledger, "chief@x") == []
    assert lists(ledger, "mayor@x") == [request.id]
    with pytest.raises(OwnRequest):
        ledger.agree(request, by="chief@x")
    assert ledger.agree(request, by="mayor@x").state == State.AGREED


def test_a_head_of_two_sections_answers_in_both(ledger, town):
    """And of the own requests in neither, though the other section's head is the same person."""
    koriyama = town("072036")
    koriyama.appoint("mayor@x", "本庁", head=True)
    main = koriyama.appoint("both@x", "本庁/税務課", head=True)
    Headship.create(
        section=koriyama.section("本庁/税務課/徴収係"), appointment=main, starts_on=main.starts_on
    )
    koriyama.appoint("one@x", "本庁/税務課")
    koriyama.appoint("two@x", "本庁/税務課/徴収係")
    first = ledger.ask(WEDNESDAY, 60, by="one@x")
    second = ledger.ask(WEDNESDAY, 60, by="two@x")
    own = ledger.ask(WEDNESDAY, 60, by="both@x")
    assert lists(ledger, "both@x") == [first.id, second.id]
    assert lists(ledger, "mayor@x") == [own.id]


def test_a_superior_sees_of_a_section_only_the_heads_request(ledger):
    ledger.ask(WEDNESDAY, 60)
    own = ledger.ask(WEDNESDAY, 60, by="head@koriyama")
    assert lists(ledger, "director@koriyama") == [own.id]


def test_a_new_head_answers_from_the_first_day_on(ledger, town):
    koriyama = town("072036")
    koriyama.appoint("old@x", "税務課", head=True, end=date(2026, 11, 12))
    koriyama.appoint("new@x", "税務課", head=True, start=date(2026, 11, 13))
    koriyama.appoint("member@x", "税務課")
    request = ledger.ask(WEDNESDAY, 60, by="member@x")
    assert lists(ledger, "old@x") == [request.id]
    ledger.now(11, 13, 0)
    assert lists(ledger, "new@x") == [request.id]


class TestAfterATransfer:
    """L11: the new head answers, also what was asked before; the account goes on."""

    @pytest.fixture
    def asked(self, ledger, town):
        """A request of somebody who moves to another section on 13 November."""
        town("072036").appoint("moving@x", "市民部/市民課", end=date(2026, 11, 12))
        town("072036").appoint("moving@x", "こども部/保育課", start=date(2026, 11, 13))
        return ledger.ask(WEDNESDAY, 60, by="moving@x")

    def test_the_former_head_answers_until_then(self, ledger, asked):
        assert (lists(ledger, "head@koriyama"), lists(ledger, "head2@koriyama")) == ([asked.id], [])

    def test_and_the_new_one_from_then_on(self, ledger, asked):
        ledger.now(11, 13, 0)
        assert (lists(ledger, "head@koriyama"), lists(ledger, "head2@koriyama")) == ([], [asked.id])
        with pytest.raises(NotFound):
            ledger.agree(asked, by="head@koriyama")
        assert ledger.agree(asked, by="head2@koriyama").state == State.AGREED
        assert ledger.amounts("moving@x") == (0, 60, 1707)


def test_of_concurrent_posts_the_main_ones_head_answers(ledger, town):
    town("072036").appoint("two@x", "市民部/市民課")
    town("072036").appoint("two@x", "こども部/保育課", main=False)
    request = ledger.ask(WEDNESDAY, 60, by="two@x")
    assert lists(ledger, "head@koriyama") == [request.id]
    assert lists(ledger, "head2@koriyama") == []


def test_where_the_main_post_has_ended_the_latest_others_head_answers(ledger, town):
    town("072036").appoint("two@x", "市民部/市民課", end=date(2026, 11, 9))
    town("072036").appoint("two@x", "農林部/農業政策課", main=False)
    town("072036").appoint("two@x", "こども部/保育課", main=False, start=date(2026, 4, 1))
    request = ledger.ask(WEDNESDAY, 60, by="two@x")
    assert lists(ledger, "head2@koriyama") == [request.id]
    assert lists(ledger, "head@koriyama") == lists(ledger, "head3@koriyama") == []
    assert ledger.agree(request, by="head2@koriyama").state == State.AGREED


def test_a_head_who_has_left_without_a_successor_leaves_it_to_the_next(ledger, town):
    koriyama = town("072036")
    koriyama.appoint("mayor@x", "本庁", head=True)
    left = koriyama.appoint("left@x", "本庁/税務課", end=date(2026, 11, 9))
    Headship.create(section=left.section, appointment=left, starts_on=left.starts_on)
    koriyama.appoint("member@x", "本庁/税務課")
    request = ledger.ask(WEDNESDAY, 60, by="member@x")
    assert lists(ledger, "mayor@x") == [request.id]


def test_the_number_in_the_menu_is_that_of_the_list(ledger):
    for login in ("staff@koriyama", "staff2@koriyama", "head@koriyama", "staff4@koriyama"):
        ledger.ask(WEDNESDAY, 60, by=login)
    for head, waiting in (("head@koriyama", 2), ("head2@koriyama", 1), ("director@koriyama", 1)):
        assert (
            waiting_list.waiting_counts(ledger.ctx(head)).requested
            == waiting
            == len(lists(ledger, head))
        )
    assert waiting_list.waiting_counts(ledger.ctx("staff@koriyama")).requested == 0


def test_heads_of_another_municipality_see_nothing(ledger):
    ledger.ask(WEDNESDAY, 60)
    assert lists(ledger, "head@sukagawa") == []
    assert waiting_list.waiting_counts(ledger.ctx("head@sukagawa")).requested == 0
