"""Section clerks enter for others (代理入力), and are never the ones who agree by it (rule L9)."""

from datetime import date, datetime

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import TOKYO
from niwari.directory.clerks import name_clerk
from niwari.directory.models import Appointment, Headship, Person
from niwari.errors import Invalid, NotFound
from niwari.ledger import sight
from niwari.ledger.asking import entering, objecting
from niwari.ledger.asking import served as of_clerk
from niwari.ledger.asking.entering import Line, LinesRefused, NotOfSection
from niwari.ledger.asking.refusals import REFUSED, NotPossibleThen, RefusedTooOften, note_refused
from niwari.ledger.asking.wishes import OralOk
from niwari.ledger.deciding import confirming, waiting_list
from niwari.ledger.deciding.approvers import tree_now
from niwari.ledger.errors import BadOralTime, NotAnswering, OwnRequest
from niwari.ledger.models import JournalEntry, Request, State
from niwari.notices.models import Notice, Received

from .conftest import OFFERED, WEDNESDAY

CLERK, CHILD_CARE, COOK = "clerk@x", "nursery1@x", "nursery2@x"


@pytest.fixture
def nursery(ledger, town):
    """園務課 with a nursery below it, whose people have no computer; the department has the clerk."""
    here = town("072036")
    here.appoint("head@x", "育成部/園務課", head=True)
    here.appoint(CLERK, "育成部/園務課")
    here.appoint(CHILD_CARE, "育成部/園務課/中央保育所")
    here.appoint(COOK, "育成部/園務課/中央保育所")
    here.appoint("outside@x", "水源部/水源課")
    section = here.section("育成部/園務課")
    hr = ledger.ctx("hr@koriyama")
    name_clerk(hr, section.id, login=CLERK, starts_on=hr.today, ends_on=None)
    ledger.head = "head@x"
    return section


def who(login):
    """Return a person's id."""
    return Person.get(Person.login == login).id


def line(ledger, login, minutes=60, **wish):
    """Return a line of the table for a person."""
    day = wish.pop("day", WEDNESDAY)
    length = None if "at" in wish else minutes
    return Line(who(login), ledger.wish(day, length, **wish))


def enter(ledger, *lines, by=CLERK):
    """Enter lines as the clerk."""
    return entering.enter(ledger.ctx(by), lines, OFFERED)


def told(login):
    """Return the kinds of the notices that somebody got, oldest first."""
    return [
        one.notice.kind
        for one in Received.select(Received, Notice)
        .join_from(Received, Notice)
        .join_from(Received, Appointment)
        .where(Appointment.person == who(login))
        .order_by(Received.id)
    ]


def acts():
    """Return what the audit says of requests: (action, who acted, in whose place), oldest first."""
    kinds = AuditEntry.object_kind == "ledger_request"
    return [
        (one.action, one.actor_id, one.on_behalf_of_id)
        for one in AuditEntry.select().where(kinds).order_by(AuditEntry.id)
    ]


class TestForWhom:
    def test_for_the_people_of_the_section_and_below_but_not_for_oneself(self, ledger, nursery):
        served = of_clerk.people_served(ledger.ctx(CLERK))
        found = {one.person_id for one in served}
        assert found == {who("head@x"), who(CHILD_CARE), who(COOK)}

    def test_who_is_no_clerk_enters_for_nobody(self, ledger, nursery):
        assert of_clerk.people_served(ledger.ctx(CHILD_CARE)) == []
        with pytest.raises(LinesRefused):
            enter(ledger, line(ledger, COOK), by=CHILD_CARE)

    @pytest.mark.parametrize("login", ["outside@x", CLERK, "staff@sukagawa"])
    def test_another_section_another_town_and_oneself_are_refused_at_the_line(
        self, ledger, nursery, login
    ):
        with pytest.raises(LinesRefused) as refused:
            enter(ledger, line(ledger, COOK), line(ledger, login))
        assert {place: type(one) for place, one in refused.value.refusals.items()} == {
            1: NotOfSection
        }
        assert Request.select().count() == 0

    def test_whoever_acts_in_another_main_post_belongs_to_that_section(self, ledger, nursery, town):
        town("072036").appoint(COOK, "水源部/水源課", start=date(2020, 4, 2))
        Appointment.update(is_main=False).where(
            (Appointment.person == who(COOK)) & (Appointment.section != nursery.id)
        ).execute()
        Appointment.update(is_main=True).where(
            (Appointment.person == who(COOK)) & (Appointment.starts_on == date(2020, 4, 2))
        ).execute()
        assert who(COOK) not in {one.person_id for one in of_clerk.people_served(ledger.ctx(CLERK))}

    def test_where_the_municipality_has_it_off_there_is_none(self, ledger, nursery, world):
        world.set_settings("it@koriyama", "ledger", clerk_entry=False)
        with pytest.raises(NotFound):
            enter(ledger, line(ledger, COOK))
        with pytest.raises(NotFound):
            entering.enter_records(ledger.ctx(CLERK), {})


class TestEntering:
    def test_it_is_the_persons_request_and_waits_for_the_head(self, ledger, nursery):
        (made,) = enter(ledger, line(ledger, COOK))
        stored = Request.get_by_id(made.id)
        clerk, cook = ledger.ctx(CLERK).acting.id, ledger.ctx(COOK).acting.id
        assert (stored.person_id, stored.appointment_id) == (who(COOK), cook)
        assert (stored.state, stored.entered_by_id) == (State.REQUESTED, clerk)
        assert ledger.amounts(COOK)[1] == 0
        assert acts() == [("ledger.enter", clerk, cook)]
        (waiting,) = waiting_list.waiting_for(ledger.ctx("head@x"))
        assert waiting.entered_by_name == ledger.ctx(CLERK).acting.person_name
        assert ledger.agree(made).state == State.AGREED

    def test_the_person_is_told_and_sees_by_whom(self, ledger, nursery):
        (made,) = enter(ledger, line(ledger, COOK))
        assert told(COOK) == ["ledger.entered"]
        seen = sight.see(ledger.ctx(COOK), made.id)
        assert seen.mine
        assert seen.entered_by_name == ledger.ctx(CLERK).acting.person_name

    def test_the_clerk_does_not_open_it(self, ledger, nursery):
        (made,) = enter(ledger, line(ledger, COOK))
        with pytest.raises(NotFound):
            sight.see(ledger.ctx(CLERK), made.id)

    def test_the_same_lines_again_are_the_first_ones_and_nobody_is_told_twice(
        self, ledger, nursery
    ):
        lines = [line(ledger, COOK), line(ledger, CHILD_CARE)]
        first = enter(ledger, *lines)
        assert [one.id for one in enter(ledger, *lines)] == [one.id for one in first]
        assert [told(COOK), told(CHILD_CARE)] == [["ledger.entered"]] * 2

    def test_one_line_that_cannot_be_keeps_all_out(self, ledger, nursery):
        saturday = date(2026, 11, 21)
        with pytest.raises(LinesRefused) as refused:
            enter(ledger, line(ledger, COOK), line(ledger, CHILD_CARE, day=saturday))
        assert list(refused.value.refusals) == [1]
        assert Request.select().count() == 0
        assert acts() == []

    def test_two_lines_of_one_person_at_the_same_time_are_refused_at_the_second(
        self, ledger, nursery
    ):
        hour = ("15:00", "16:00")
        with pytest.raises(LinesRefused) as refused:
            enter(ledger, line(ledger, COOK, at=hour), line(ledger, COOK, at=hour))
        assert list(refused.value.refusals) == [1]

    def test_what_the_person_changes_and_asks_again_is_the_persons_own(self, ledger, nursery):
        (made,) = enter(ledger, line(ledger, COOK))
        ledger.return_(made)
        again = ledger.wish(minutes=45, activity="consult", purpose="自分のこと")
        entering.requests.ask_again(ledger.ctx(COOK), made.id, again, OFFERED)
        assert entering.entered_by_me(ledger.ctx(CLERK)) == []


class TestWhatTheClerkLearns:
    """A refusal never tells a clerk of leave, of other requests or of a balance."""

    def refusal(self, ledger, *lines):
        with pytest.raises(LinesRefused) as refused:
            enter(ledger, *lines)
        (error,) = refused.value.refusals.values()
        return error

    def test_leave_other_requests_and_no_hours_are_told_with_the_same_words(self, ledger, nursery):
        ledger.leave(COOK, "sick", "2026-11-19T08:30", "2026-11-19T17:15")
        ledger.ask(date(2026, 11, 20), by=COOK, at=("15:00", "16:00"), activity="consult")
        saturday, on_leave, taken = date(2026, 11, 21), date(2026, 11, 19), date(2026, 11, 20)
        errors = [
            self.refusal(ledger, line(ledger, COOK, day=day, at=("15:00", "16:00")))
            for day in (saturday, on_leave, taken)
        ]
        assert {(type(one), str(one), one.field, str(one.params)) for one in errors} == {
            (NotPossibleThen, NotPossibleThen.text, "work_date", "{}")
        }

    def test_a_leave_to_come_and_the_end_of_a_post_are_told_alike(self, ledger, nursery):
        Appointment.update(ends_on=date(2026, 11, 30)).where(
            Appointment.person == who(COOK)
        ).execute()
        error = self.refusal(ledger, line(ledger, COOK, day=date(2026, 12, 9)))
        assert (type(error), error.params) == (NotPossibleThen, {})

    def test_the_cap_is_not_named_nor_told_from_leave(self, ledger, nursery):
        error = self.refusal(ledger, line(ledger, COOK, minutes=1768))
        assert (type(error), error.field, error.params) == (NotPossibleThen, "work_date", {})

    def test_nor_are_the_hours_that_are_left_today(self, ledger, nursery):
        ledger.now(11, 18, 17)
        error = self.refusal(ledger, line(ledger, COOK, minutes=60))
        assert (type(error), error.params) == (NotPossibleThen, {})

    def test_what_is_wrong_with_the_line_itself_is_said_whoever_it_is_for(self, ledger, nursery):
        ledger.leave(COOK, "sick", "2026-11-18T08:30", "2026-11-18T17:15")
        for login in (COOK, CHILD_CARE):
            error = self.refusal(ledger, line(ledger, login, at=("16:00", "15:00")))
            assert (type(error), error.field) == (Invalid, "ends")
        assert refused_for() == []

    def test_with_a_stranger_among_them_nothing_is_told_of_the_others(self, ledger, nursery):
        ledger.leave(COOK, "sick", "2026-11-18T08:30", "2026-11-18T17:15")
        lines = [line(ledger, COOK), line(ledger, "outside@x")]
        assert type(self.refusal(ledger, *lines)) is NotOfSection

    def test_what_was_refused_is_in_the_audit(self, ledger, nursery):
        ledger.leave(COOK, "sick", "2026-11-18T08:30", "2026-11-18T17:15")
        self.refusal(ledger, line(ledger, COOK))
        self.refusal(ledger, line(ledger, "outside@x"))
        assert refused_for() == [who(COOK), None]

    def test_after_many_refusals_nothing_more_is_told(self, ledger, nursery):
        with pytest.raises(RefusedTooOften):
            note_refused(ledger.ctx(CLERK), [(None, WEDNESDAY)] * (REFUSED.most + 1))
        with pytest.raises(RefusedTooOften):
            enter(ledger, line(ledger, COOK))

    def test_the_list_has_what_the_clerk_entered_and_nothing_else_of_them(self, ledger, nursery):
        ledger.ask(by=COOK, minutes=30)
        (made,) = enter(ledger, line(ledger, CHILD_CARE))
        (listed,) = entering.entered_by_me(ledger.ctx(CLERK))
        assert listed.request.id == made.id
        assert entering.entered_by_me(ledger.ctx("head@x")) == []

    def test_the_list_ends_with_the_section_and_after_sixty_days(self, ledger, nursery, town):
        _cooks, other = enter(ledger, line(ledger, COOK), line(ledger, CHILD_CARE))
        Appointment.update(ends_on=date(2026, 11, 9)).where(
            Appointment.person == who(COOK)
        ).execute()
        town("072036").appoint(COOK, "水源部/水源課", start=date(2026, 11, 10))
        listed = [one.request.id for one in entering.entered_by_me(ledger.ctx(CLERK))]
        assert listed == [other.id]
        ledger.world.clock.set(datetime(2027, 1, 17, 9, tzinfo=TOKYO))
        assert len(entering.entered_by_me(ledger.ctx(CLERK))) == 1
        ledger.world.clock.set(datetime(2027, 1, 18, 9, tzinfo=TOKYO))
        assert entering.entered_by_me(ledger.ctx(CLERK)) == []


class TestRecords:
    @pytest.fixture
    def agreed(self, ledger, nursery):
        """Two agreed requests that the clerk entered, on their day."""
        made = enter(ledger, line(ledger, COOK), line(ledger, CHILD_CARE))
        for one in made:
            ledger.agree(one)
        ledger.now(11, 18, 16)
        return [one.id for one in made]

    def test_several_at_once_each_in_the_persons_ledger(self, ledger, agreed):
        clerk, cook = ledger.ctx(CLERK).acting.id, ledger.ctx(COOK).acting.id
        entering.enter_records(ledger.ctx(CLERK), {agreed[0]: 45, agreed[1]: 60})
        assert [ledger.amounts(one)[:2] for one in (COOK, CHILD_CARE)] == [(45, 0), (60, 0)]
        assert ("ledger.enter_record", clerk, cook) in acts()
        assert told(COOK).count("ledger.entered") == 2

    def test_again_changes_nothing(self, ledger, agreed):
        for _ in range(2):
            entering.enter_records(ledger.ctx(CLERK), {agreed[0]: 45})
        assert JournalEntry.select().where(JournalEntry.kind == "record").count() == 1

    def test_one_too_long_keeps_all_out(self, ledger, agreed):
        with pytest.raises(LinesRefused) as refused:
            entering.enter_records(ledger.ctx(CLERK), {agreed[0]: 45, agreed[1]: 61})
        assert list(refused.value.refusals) == [agreed[1]]
        assert [ledger.amounts(one)[0] for one in (COOK, CHILD_CARE)] == [0, 0]

    def test_before_it_begins_nothing_is_recorded(self, ledger, agreed):
        ledger.now(11, 17, 16)
        with pytest.raises(LinesRefused):
            entering.enter_records(ledger.ctx(CLERK), {agreed[0]: 45})
        assert [one.may_record for one in entering.entered_by_me(ledger.ctx(CLERK))] == [
            False,
            False,
        ]

    def test_what_the_person_asked_for_is_not_the_clerks_to_record(self, ledger, agreed):
        own = ledger.agreed(date(2026, 11, 19), 30, by=COOK)
        ledger.now(11, 19, 16)
        with pytest.raises(NotFound):
            entering.enter_records(ledger.ctx(CLERK), {agreed[0]: 45, own.id: 30})
        assert ledger.amounts(COOK)[0] == 0

    def test_whoever_left_the_section_is_not_the_clerks_any_more(self, ledger, agreed, town):
        here = town("072036").section("水源部/水源課")
        Appointment.update(section=here).where(Appointment.person == who(COOK)).execute()
        with pytest.raises(NotFound):
            entering.enter_records(ledger.ctx(CLERK), {agreed[0]: 45})


class TestObjecting:
    def test_head_and_clerk_are_told_and_the_head_sees_the_words(self, ledger, nursery):
        (made,) = enter(ledger, line(ledger, COOK))
        objecting.object_to(ledger.ctx(COOK), made.id, text="頼んでいません。")
        assert told("head@x") == ["ledger.waits", "ledger.objected"]
        assert told(CLERK) == ["ledger.objected_to_clerk"]
        assert sight.see(ledger.ctx("head@x"), made.id).request.objection == "頼んでいません。"
        (listed,) = objecting.objections(ledger.ctx("head@x"))
        assert listed.request.id == made.id

    def test_it_is_said_once(self, ledger, nursery):
        (made,) = enter(ledger, line(ledger, COOK))
        for text in ("頼んでいません。", "やはり違います。"):
            objecting.object_to(ledger.ctx(COOK), made.id, text=text)
        assert Request.get_by_id(made.id).objection == "頼んでいません。"
        assert told(CLERK) == ["ledger.objected_to_clerk"]

    def test_the_person_can_take_it_back_as_an_own_one(self, ledger, nursery):
        (made,) = enter(ledger, line(ledger, COOK))
        ledger.agree(made)
        objecting.object_to(ledger.ctx(COOK), made.id, text="頼んでいません。")
        assert ledger.withdraw(made, by=COOK).state == State.WITHDRAWN
        assert ledger.amounts(COOK)[1] == 0
        assert objecting.objections(ledger.ctx("head@x")) == []

    def test_nothing_of_ones_own_is_objected_to_and_nothing_of_anothers(self, ledger, nursery):
        own = ledger.ask(by=COOK, minutes=60)
        (made,) = enter(ledger, line(ledger, CHILD_CARE))
        for login, request in ((COOK, own), (COOK, made), (CLERK, made), ("head@x", made)):
            with pytest.raises(NotFound):
                objecting.object_to(ledger.ctx(login), request.id, text="違います。")
        assert objecting.objections(ledger.ctx("head@x")) == []

    @pytest.mark.parametrize("text", ["", " ", "あ" * 401])
    def test_it_needs_a_word(self, ledger, nursery, text):
        (made,) = enter(ledger, line(ledger, COOK))
        with pytest.raises(Invalid):
            objecting.object_to(ledger.ctx(COOK), made.id, text=text)
        assert Request.get_by_id(made.id).objected_at is None


class TestEnteringIsNeverAgreeing:
    """Where the clerk also stands in, these are two acts by two rules (decision 0041)."""

    @pytest.fixture
    def stands_in(self, ledger, nursery):
        """The clerk ranks first in post order, and the head is on leave."""
        Appointment.update(stand_in_order=1).where(Appointment.person == who(CLERK)).execute()
        ledger.leave("head@x", "annual", "2026-11-10T08:30", "2026-11-11T17:15")

    def test_what_a_stand_in_enters_waits_all_the_same(self, ledger, stands_in):
        (made,) = enter(ledger, line(ledger, "nursery1@x"))
        assert Request.get_by_id(made.id).state == State.REQUESTED

    def test_agreeing_is_an_act_of_its_own_that_the_head_sees_afterwards(
        self, ledger, nursery, town
    ):
        town("072036").appoint("member@x", "育成部/園務課")
        Appointment.update(stand_in_order=1).where(Appointment.person == who(CLERK)).execute()
        ledger.leave("head@x", "annual", "2026-11-10T08:30", "2026-11-11T17:15")
        (made,) = enter(ledger, line(ledger, "member@x"))
        ledger.agree(made, by=CLERK)
        (seen,) = waiting_list.answered_in_my_place(ledger.ctx("head@x"))
        assert seen.request.id == made.id
        assert [one[0] for one in acts()] == ["ledger.enter", "ledger.agree"]

    def test_the_heads_own_request_that_a_clerk_entered_is_not_the_heads_to_agree_to(
        self, ledger, nursery, town
    ):
        town("072036").appoint("director@x", "育成部", head=True)
        (made,) = enter(ledger, line(ledger, "head@x"))
        with pytest.raises(OwnRequest):
            ledger.agree(made, by="head@x")
        assert ledger.agree(made, by="director@x").state == State.AGREED


class TestAnOralOk:
    """L1: what the head said yes to is held at once, also where a clerk enters it."""

    def said(self, ledger, by="head@x", day=10, hour=8):
        return OralOk(ledger.ctx(by).acting.id, datetime(2026, 11, day, hour, tzinfo=TOKYO))

    def test_the_minutes_are_held_and_the_head_confirms_later(self, ledger, nursery):
        (made,) = enter(ledger, line(ledger, COOK, oral=self.said(ledger)))
        stored = Request.get_by_id(made.id)
        clerk, cook = ledger.ctx(CLERK).acting.id, ledger.ctx(COOK).acting.id
        assert (stored.state, stored.oral_answer) == (State.AGREED, "waiting")
        assert (stored.oral_by_id, stored.entered_by_id) == (ledger.ctx("head@x").acting.id, clerk)
        assert ledger.amounts(COOK)[1] == 60
        assert acts() == [("ledger.enter", clerk, cook), ("ledger.note_oral", clerk, cook)]
        assert told(COOK) == ["ledger.entered"]
        assert told("head@x") == ["ledger.oral"]
        confirming.confirm(ledger.ctx("head@x"), made.id, key=ledger.key())
        assert Request.get_by_id(made.id).oral_answer == "confirmed"

    def test_the_same_lines_again_hold_once(self, ledger, nursery):
        lines = [line(ledger, COOK, oral=self.said(ledger))]
        assert enter(ledger, *lines) == enter(ledger, *lines)
        assert ledger.amounts(COOK)[1] == 60

    @pytest.mark.parametrize(
        ("changes", "error", "field"),
        [
            ({"by": COOK}, NotAnswering, "oral_by"),
            ({"by": "outside@x"}, NotAnswering, "oral_by"),
            ({"hour": 10}, BadOralTime, "oral_time"),
            ({"day": 1}, BadOralTime, "oral_day"),
        ],
    )
    def test_it_is_refused_by_line_and_nothing_is_kept(
        self, ledger, nursery, changes, error, field
    ):
        good = line(ledger, CHILD_CARE, oral=self.said(ledger))
        with pytest.raises(LinesRefused) as refused:
            enter(ledger, good, line(ledger, COOK, oral=self.said(ledger, **changes)))
        ((place, why),) = refused.value.refusals.items()
        assert (place, type(why), why.field) == (1, error, field)
        assert (Request.select().count(), JournalEntry.select().count()) == (0, 0)

    def test_it_is_never_the_clerks_own(self, ledger, nursery):
        """Entering is never agreeing, also where the clerk answers in the head's place."""
        clerk = ledger.ctx(CLERK).acting
        Headship.update(appointment=clerk.id).where(Headship.section == nursery.id).execute()
        served = of_clerk.people_served(ledger.ctx(CLERK))
        tree = tree_now(ledger.ctx(CLERK))
        assert of_clerk.oral_choices(ledger.ctx(CLERK), served, tree) == ()
        with pytest.raises(LinesRefused) as refused:
            enter(ledger, line(ledger, COOK, oral=self.said(ledger, by=CLERK)))
        assert [type(one) for one in refused.value.refusals.values()] == [NotAnswering]
        assert Request.select().count() == 0

    def test_more_than_is_left_tells_the_clerk_no_balance(self, ledger, nursery):
        ledger.agreed(date(2026, 11, 12), 1700, by=COOK)
        with pytest.raises(LinesRefused) as refused:
            enter(ledger, line(ledger, COOK, 90, oral=self.said(ledger)))
        assert [type(one) for one in refused.value.refusals.values()] == [NotPossibleThen]

    def test_where_the_municipality_takes_none_nobody_can_be_chosen(self, ledger, nursery, world):
        world.set_settings("it@koriyama", "ledger", oral=False)
        ctx = ledger.ctx(CLERK)
        assert of_clerk.oral_choices(ctx, of_clerk.people_served(ctx), tree_now(ctx)) == ()
        with pytest.raises(LinesRefused) as refused:
            enter(ledger, line(ledger, COOK, oral=self.said(ledger)))
        assert [one.field for one in refused.value.refusals.values()] == ["oral"]


def refused_for():
    """Return whom the refusals in the audit are about, oldest first."""
    rows = AuditEntry.select().where(AuditEntry.action == "ledger.refused_for")
    return [one.object_id for one in rows.order_by(AuditEntry.id)]
