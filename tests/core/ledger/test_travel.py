"""L16: the ways there and back are asked for, answered, recorded and ended with their request."""

from datetime import datetime

import pytest

from niwari.clock import TOKYO
from niwari.errors import NotFound
from niwari.ledger.arranging import freezing
from niwari.ledger.asking import requests
from niwari.ledger.asking.joint import ask_jointly
from niwari.ledger.asking.wishes import OralOk
from niwari.ledger.attending import absence
from niwari.ledger.closing.closing import close
from niwari.ledger.deciding import (
    away,
    bulk,
    confirming,
    decisions,
    reagreeing,
    reviving,
    revoking,
    supplementing,
    supplements,
    waiting_list,
)
from niwari.ledger.deciding.approvers import charge_of
from niwari.ledger.errors import (
    AlreadyAsked,
    BadMinutes,
    DayFull,
    GoesWithRequest,
    NoScheduledTime,
    OverCap,
    OverFree,
    Overlap,
    TooEarlyToRecord,
    TooLate,
    TravelNotUsed,
)
from niwari.ledger.explain import explain
from niwari.ledger.models import Request, State
from niwari.ledger.recording import recording
from niwari.ledger.worktime import parse_period
from niwari.testing.told import told

from .conftest import OFFERED, WEDNESDAY
from .test_moving import move

STAFF, HEAD, HR = "staff@koriyama", "head@koriyama", "hr@koriyama"
VISIT = ("14:00", "16:00")
HALVES = {"travel_there": 30, "travel_back": 30}


@pytest.fixture
def travel(world, ledger):
    """The ledger of a municipality that has travel time."""
    world.set_settings("it@koriyama", "ledger", travel=True)
    return ledger


def ways_of(request):
    """Return the ways of a request as they are stored, in the order of their making."""
    query = Request.select().where(Request.travel_for == request.id)
    return list(query.order_by(Request.id))


def states(request):
    """Return the state of a request and of its ways, there and back."""
    return [Request.get_by_id(request.id).state, *(one.state for one in ways_of(request))]


def visit(ledger, **other):
    """Ask for a visit from 14:00 to 16:00 with 30 minutes each way."""
    return ledger.ask(at=VISIT, **HALVES, **other)


def ok(ledger):
    """Return that the head said yes just now."""
    return OralOk(ledger.ctx(HEAD).acting.id, ledger.ctx(HEAD).now)


def kinds():
    """Return the kinds of the notices that people got."""
    return [one.code for one in told()]


class TestAsking:
    def test_the_ways_lie_before_and_after(self, travel):
        request = visit(travel)
        there, back = ways_of(request)
        at = [one.astimezone(TOKYO).strftime("%H:%M") for one in (there.starts_at, there.ends_at)]
        assert (there.travel, at) == ("there", ["13:30", "14:00"])
        at = [one.astimezone(TOKYO).strftime("%H:%M") for one in (back.starts_at, back.ends_at)]
        assert (back.travel, at) == ("back", ["16:00", "16:30"])
        assert [one.minutes for one in (request, there, back)] == [120, 30, 30]
        assert {one.purpose for one in (request, there, back)} == {request.purpose}

    def test_of_minutes_alone_they_are_minutes(self, travel):
        request = travel.ask(minutes=60, travel_back=45)
        (back,) = ways_of(request)
        assert (back.travel, back.minutes, back.starts_at) == ("back", 45, None)

    def test_the_same_form_again_is_the_first_and_another_is_refused(self, travel):
        first = visit(travel, form_key="k")
        again = visit(travel, form_key="k")
        assert (again.id, len(again.ways), Request.select().count()) == (first.id, 2, 3)
        with pytest.raises(AlreadyAsked):
            travel.ask(at=VISIT, form_key="k", travel_there=30)

    def test_only_what_lies_in_scheduled_hours_is_asked_for(self, travel):
        request = travel.ask(at=("13:15", "17:00"), travel_there=30, travel_back=60)
        assert [one.minutes for one in ways_of(request)] == [15, 15]

    @pytest.mark.parametrize(
        ("at", "way"),
        [
            (("08:30", "10:00"), "travel_there"),
            (("13:00", "14:00"), "travel_there"),
            (("16:00", "17:15"), "travel_back"),
        ],
    )
    def test_a_way_outside_hours_is_refused_beside_its_field(self, travel, at, way):
        with pytest.raises(NoScheduledTime) as refused:
            travel.ask(at=at, **{way: 30})
        assert refused.value.field == way
        assert Request.select().count() == 0

    @pytest.mark.parametrize("way", ["travel_there", "travel_back"])
    def test_another_request_in_the_way_is_an_overlap(self, travel, way):
        travel.ask(at=("13:00", "13:45") if way == "travel_there" else ("16:15", "17:00"))
        with pytest.raises(Overlap) as refused:
            visit(travel)
        assert refused.value.field == way

    def test_a_way_keeps_others_out(self, travel):
        visit(travel)
        with pytest.raises(Overlap):
            travel.ask(at=("16:15", "17:00"))

    def test_a_day_has_to_hold_all_of_it(self, travel):
        with pytest.raises(DayFull):
            travel.ask(minutes=420, **HALVES)

    def test_more_than_the_cap_with_the_ways(self, travel):
        travel.pattern(STAFF, "2026-10-01", *["08:30-09:30"] * 5, "", "")
        with pytest.raises(OverCap):
            travel.ask(minutes=228, travel_there=60)
        assert Request.select().count() == 0

    def test_who_would_be_on_the_way_already_is_too_late(self, travel):
        travel.now(11, 18, 13, 45)
        with pytest.raises(TooLate) as refused:
            visit(travel)
        assert refused.value.field == "travel_there"

    @pytest.mark.parametrize("minutes", [0, -30])
    def test_no_minutes_are_no_way(self, travel, minutes):
        with pytest.raises(BadMinutes) as refused:
            travel.ask(minutes=60, travel_back=minutes)
        assert refused.value.field == "travel_back"

    def test_where_it_is_off_and_with_others_it_is_refused(self, world, ledger):
        with pytest.raises(TravelNotUsed):
            visit(ledger)
        world.set_settings("it@koriyama", "ledger", travel=True, joint=True)
        with pytest.raises(TravelNotUsed):
            ask_jointly(ledger.ctx(STAFF), ledger.wish(at=VISIT, **HALVES), [HEAD], OFFERED)
        with pytest.raises(TravelNotUsed):
            requests.ask(
                ledger.ctx(STAFF), ledger.wish(at=VISIT, **HALVES), OFFERED, ("catalogue.x", 1)
            )
        assert Request.select().count() == 0

    def test_asking_again_changes_gives_up_and_adds_ways(self, travel):
        request = travel.ask(at=VISIT, travel_there=30)
        travel.return_(request)
        wish = travel.wish(at=("15:00", "16:00"), travel_back=45)
        again = requests.ask_again(travel.ctx(STAFF), request.id, wish, OFFERED)
        assert states(request) == [State.REQUESTED, State.WITHDRAWN, State.REQUESTED]
        assert [(one.travel, one.minutes) for one in again.ways] == [("back", 45)]
        travel.return_(request)
        wish = travel.wish(at=("15:00", "16:00"), travel_there=15)
        requests.ask_again(travel.ctx(STAFF), request.id, wish, OFFERED)
        assert states(request) == [State.REQUESTED, State.REQUESTED, State.WITHDRAWN]
        travel.agree(request)
        assert travel.amounts()[1] == 75


class TestAnswering:
    def test_the_head_sees_one_line_and_agrees_once(self, travel):
        request = visit(travel)
        (line,) = waiting_list.waiting_for(travel.ctx(HEAD))
        assert (line.request.id, line.travel, line.over) == (request.id, 60, False)
        assert waiting_list.waiting_counts(travel.ctx(HEAD)).total == 1
        travel.agree(request)
        assert states(request) == [State.AGREED] * 3
        assert travel.amounts() == (0, 180, 1767 - 180)
        assert [one[3] for one in travel.journal()] == [120, 30, 30]
        assert kinds().count("ledger.decided") == 1

    def test_the_same_click_again_changes_nothing(self, travel):
        request, ctx = visit(travel), travel.ctx(HEAD)
        decisions.agree(ctx, request.id, key="click")
        decisions.agree(ctx, request.id, key="click")
        assert len(travel.journal()) == 3

    def test_partly_shortens_the_request_alone(self, travel):
        request = visit(travel)
        travel.agree(request, 60)
        assert states(request) == [State.PARTLY_AGREED, State.AGREED, State.AGREED]
        assert travel.amounts()[1] == 120

    def test_with_too_little_left_for_all_nothing_is_agreed_to(self, travel):
        travel.agreed(minutes=1_620)
        request = visit(travel, day=WEDNESDAY.replace(day=10 + 15))
        (line,) = waiting_list.waiting_for(travel.ctx(HEAD))
        assert (line.free, line.over) == (147, True)
        with pytest.raises(OverFree) as refused:
            travel.agree(request)
        assert refused.value.params["free"] == 147
        assert states(request) == [State.REQUESTED] * 3
        assert travel.agree(request, 87).agreed_minutes == 87
        assert travel.amounts() == (0, 1767, 0)

    def test_many_at_once_take_the_ways_with_them(self, travel):
        request = visit(travel)
        ids = [request.id, *(one.id for one in ways_of(request))]
        outcome = bulk.agree_to_all(travel.ctx(HEAD), ids, key="all")
        assert ([one.request.id for one in outcome.agreed], outcome.gone) == ([request.id], 2)
        assert states(request) == [State.AGREED] * 3

    @pytest.mark.parametrize("act", ["return_", "decline"])
    def test_returned_and_declined(self, travel, act):
        request = visit(travel)
        getattr(travel, act)(request)
        assert len(set(states(request))) == 1
        assert travel.journal() == []

    def test_who_has_set_out_is_not_agreed_to(self, travel):
        request = visit(travel)
        travel.now(11, 18, 13, 45)
        (line,) = waiting_list.waiting_for(travel.ctx(HEAD))
        assert line.is_past
        with pytest.raises(TooLate):
            travel.agree(request)
        travel.now(11, 18, 13, 29)
        (line,) = waiting_list.waiting_for(travel.ctx(HEAD))
        assert not line.is_past

    def test_of_minutes_alone_the_day_has_to_hold_all_that_is_left(self, travel):
        request = travel.ask(minutes=60, **HALVES)
        travel.now(11, 18, 15, 30)  # 105 minutes are left, and 120 are asked for
        with pytest.raises(TooLate):
            travel.agree(request)
        travel.now(11, 18, 15, 15)
        assert travel.agree(request).state == State.AGREED

    def test_nobody_answers_for_a_way_alone(self, travel):
        request = visit(travel)
        there, _back = ways_of(request)
        head, staff = travel.ctx(HEAD), travel.ctx(STAFF)
        for act in (
            lambda: decisions.agree(head, there.id, key="k"),
            lambda: decisions.decline(head, there.id, key="k", note="見送り"),
            lambda: revoking.revoke(head, there.id, key="k"),
            lambda: reviving.revive(head, there.id, key="k"),
            lambda: requests.withdraw(staff, there.id),
            lambda: requests.ask_again(staff, there.id, travel.wish(minutes=30), OFFERED),
        ):
            with pytest.raises(GoesWithRequest):
                act()
        with pytest.raises(NotFound):
            decisions.agree(travel.ctx("head@sukagawa"), there.id, key="k")
        assert states(request) == [State.REQUESTED] * 3

    def test_an_oral_ok_reserves_all_and_is_one_to_confirm(self, travel):
        request = visit(travel, oral=ok(travel))
        assert states(request) == [State.AGREED] * 3
        assert {one.oral_answer for one in ways_of(request)} == {"waiting"}
        assert waiting_list.waiting_counts(travel.ctx(HEAD)).oral == 1
        confirming.confirm(travel.ctx(HEAD), request.id, key="yes")
        assert {one.oral_answer for one in ways_of(request)} == {"confirmed"}

    def test_an_oral_ok_within_what_is_left_for_all(self, travel):
        travel.agreed(minutes=1_620)
        with pytest.raises(OverFree):
            visit(travel, day=WEDNESDAY.replace(day=25), oral=ok(travel))
        assert Request.select().count() == 1

    def test_a_denied_oral_ok_takes_all_back(self, travel):
        request = visit(travel, oral=ok(travel))
        confirming.deny(travel.ctx(HEAD), request.id, key="no", note="言っていません")
        assert states(request) == [State.REVOKED] * 3
        assert travel.amounts()[1] == 0


class TestEnding:
    def test_withdrawn_before_setting_out(self, travel):
        request = visit(travel)
        travel.agree(request)
        travel.now(11, 18, 13, 45)
        with pytest.raises(TooLate):
            travel.withdraw(request)
        travel.now(11, 18, 13, 15)
        travel.withdraw(request)
        assert states(request) == [State.WITHDRAWN] * 3
        assert travel.amounts()[1] == 0

    def test_called_off_ahead(self, travel):
        request = visit(travel)
        travel.agree(request)
        revoking.revoke(travel.ctx(HEAD), request.id, key="off")
        assert states(request) == [State.REVOKED] * 3
        assert travel.amounts()[1] == 0

    def test_called_off_on_the_way_what_is_past_stays(self, travel):
        request = visit(travel)
        travel.agree(request)
        travel.now(11, 18, 13, 40)
        revoking.revoke(travel.ctx(HEAD), request.id, key="off")
        assert states(request) == [State.REVOKED, State.PARTLY_AGREED, State.REVOKED]
        assert travel.amounts()[1] == 10
        there, _back = ways_of(request)
        travel.record(there, 10)
        assert travel.amounts()[:2] == (10, 0)

    def test_called_off_while_it_runs_or_shortened_the_ways_stay(self, travel):
        request = visit(travel)
        travel.agree(request)
        revoking.shorten(travel.ctx(HEAD), request.id, key="less", minutes=90)
        assert states(request) == [State.PARTLY_AGREED, State.AGREED, State.AGREED]
        travel.now(11, 18, 15)
        revoking.revoke(travel.ctx(HEAD), request.id, key="off")
        assert states(request) == [State.PARTLY_AGREED, State.AGREED, State.AGREED]
        assert travel.amounts()[1] == 60 + 60

    def test_stopped_and_revived(self, travel):
        request = visit(travel)
        travel.agree(request)
        # The way there begins before the moment, and goes with its request all the same.
        at = datetime(2026, 11, 18, 14, tzinfo=TOKYO)
        freeze = freezing.freeze(travel.ctx(HR), from_at=at, reason="台風")
        travel.world.work()
        assert states(request) == [State.SUSPENDED] * 3
        assert travel.amounts()[1] == 0
        assert freezing.freezes(travel.ctx(HR)).now.suspended == 1
        freezing.lift(travel.ctx(HR), freeze.id)
        resting = reviving.to_revive(travel.ctx(HEAD))
        assert [(one.request.id, one.travel) for one in resting] == [(request.id, 60)]
        other = travel.agreed(minutes=1_620, day=WEDNESDAY.replace(day=19))
        with pytest.raises(OverFree):
            reviving.revive(travel.ctx(HEAD), request.id, key="again")
        travel.withdraw(other)
        reviving.revive(travel.ctx(HEAD), request.id, key="again")
        assert states(request) == [State.AGREED] * 3
        assert travel.amounts()[1] == 180

    def test_who_would_be_on_the_way_already_is_not_revived(self, travel):
        request = visit(travel)
        travel.agree(request)
        travel.now(11, 17, 9)
        freeze = freezing.freeze(travel.ctx(HR), from_at=None, reason="台風")
        travel.world.work()
        freezing.lift(travel.ctx(HR), freeze.id)
        for minute, listed in ((29, [request.id]), (30, [])):
            travel.now(11, 18, 13, minute)
            assert [one.request.id for one in reviving.to_revive(travel.ctx(HEAD))] == listed
        with pytest.raises(TooLate):
            reviving.revive(travel.ctx(HEAD), request.id, key="again")
        assert states(request) == [State.SUSPENDED] * 3

    def test_what_began_before_the_moment_keeps_its_way_back(self, travel):
        request = visit(travel)
        travel.agree(request)
        at = datetime(2026, 11, 18, 15, tzinfo=TOKYO)
        freezing.freeze(travel.ctx(HR), from_at=at, reason="台風")
        travel.world.work()
        assert states(request) == [State.AGREED] * 3

    def test_who_is_absent_gets_all_back_but_what_was_recorded(self, travel):
        request = visit(travel)
        travel.agree(request)
        there, _back = ways_of(request)
        travel.now(11, 18, 14)
        travel.record(there, 30)
        with pytest.raises(GoesWithRequest):
            absence.cancel(travel.ctx(STAFF), there.id)
        absence.cancel(travel.ctx(STAFF), request.id)
        assert states(request) == [State.CANCELLED, State.RECORDED, State.CANCELLED]
        assert travel.amounts()[:2] == (30, 0)
        journal = len(travel.journal())
        absence.cancel(travel.ctx(STAFF), request.id)
        assert len(travel.journal()) == journal

    def test_who_is_absent_after_the_whole_day_gets_all_back(self, travel):
        request = visit(travel)
        travel.agree(request)
        travel.now(11, 18, 17)
        absence.cancel(travel.ctx(STAFF), request.id)
        assert states(request) == [State.CANCELLED] * 3
        assert travel.amounts() == (0, 0, 1767)

    def test_closing_lapses_all_and_tells_of_one(self, travel):
        request = visit(travel)
        travel.agree(request)
        travel.now(12, 1, 9)
        closing = close(travel.ctx(HR), parse_period("2026-11"))
        assert states(request) == [State.LAPSED] * 3
        assert (closing.lapsed, travel.amounts()[1]) == (1, 0)
        assert [one.values["count"] for one in told() if one.code == "ledger.lapsed"] == [1]

    def test_a_transfer_hands_all_over_and_one_ok_is_for_all(self, travel, town):
        request = visit(travel)
        travel.agree(request)
        ids = [request.id, *(one.id for one in ways_of(request))]
        town("072036").appoint("newhead@x", "移動部/新課", head=True)
        new = move(travel, town("072036"), "移動部/新課", login=STAFF)
        assert {Request.get_by_id(one).appointment_id for one in ids} == {new.id}
        new_head = travel.ctx("newhead@x")
        brought = reagreeing.brought_along(new_head)
        assert [(one.request.id, one.travel) for one in brought] == [(request.id, 60)]
        assert reagreeing.reagree(new_head) == 1
        assert {Request.get_by_id(one).decided_by_id for one in ids} == {new_head.acting.id}

    def test_who_leaves_for_another_town_leaves_the_ways_too(self, travel, town):
        request = visit(travel)
        travel.agree(request)
        move(travel, town("072079"), "総務部/総務課", login=STAFF)
        assert states(request) == [State.LAPSED] * 3
        assert travel.account().reserved == 0


class TestRecording:
    def test_one_tap_records_three_lines(self, travel):
        request = visit(travel)
        travel.agree(request)
        travel.now(11, 18, 17)
        recording.record(travel.ctx(STAFF), request.id)
        assert states(request) == [State.RECORDED] * 3
        assert travel.journal()[3:] == [
            ("record", 120, 120, -120),
            ("record", 30, 30, -30),
            ("record", 30, 30, -30),
        ]
        assert travel.amounts() == (180, 0, 1767 - 180)
        assert explain(STAFF, "2026-11").travel == 60

    def test_each_line_can_be_another_number(self, travel):
        request = visit(travel)
        travel.agree(request)
        there, back = ways_of(request)
        travel.now(11, 18, 15)
        travel.record(there, 20)
        with pytest.raises(TooEarlyToRecord):
            travel.record(back, 30)
        travel.now(11, 18, 17)
        travel.record(request, 90)
        travel.record(request, 90)
        assert travel.amounts()[:2] == (20 + 90 + 30, 0)
        assert states(request) == [State.RECORDED] * 3

    def test_one_that_took_longer_is_answered_by_itself(self, world, travel):
        world.set_settings("it@koriyama", "ledger", tolerance=30)
        request = visit(travel)
        travel.agree(request)
        there, _back = ways_of(request)
        travel.now(11, 18, 17)
        travel.record(there, 40)
        (beyond,) = supplements.to_accept(travel.ctx(HEAD))
        assert beyond.request.id == there.id
        supplementing.accept(travel.ctx(HEAD), beyond.supplement.id, key="yes")
        travel.record(request, 120)
        assert travel.amounts()[:2] == (40 + 120 + 30, 0)


class TestNotCounting:
    @pytest.fixture
    def free_ways(self, world, ledger):
        """The ledger of a municipality where travel takes nothing of the allowance."""
        world.set_settings("it@koriyama", "ledger", travel=True, travel_counts=False)
        return ledger

    def test_the_lines_are_kept_and_take_nothing(self, free_ways):
        request = visit(free_ways)
        free_ways.agree(request)
        assert free_ways.amounts()[1] == 120
        free_ways.now(11, 18, 17)
        free_ways.record(request, 120)
        assert free_ways.journal()[3:] == [
            ("record", 120, 120, -120),
            ("record", 30, 0, 0),
            ("record", 30, 0, 0),
        ]
        assert explain(STAFF, "2026-11").travel == 0

    def test_the_rest_need_not_hold_them(self, free_ways):
        free_ways.agreed(minutes=1_647)
        request = visit(free_ways, day=WEDNESDAY.replace(day=25))
        assert free_ways.agree(request).state == State.AGREED

    def test_another_choice_changes_nothing_that_was_asked(self, world, free_ways):
        request = visit(free_ways)
        world.set_settings("it@koriyama", "ledger", travel=False, travel_counts=True)
        free_ways.agree(request)
        assert states(request) == [State.AGREED] * 3
        assert free_ways.amounts()[1] == 120


def test_who_is_away_is_away_on_the_way_too(travel):
    travel.agree(visit(travel))
    ctx = travel.ctx(HEAD)
    stretch = away.agreed_between(ctx, charge_of(ctx), WEDNESDAY, WEDNESDAY)
    assert [one.request.travel for one in stretch.found] == ["there", None, "back"]
