"""出席の確認: what hosts say of those who joined, and what becomes of it (rules L14, L18)."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest

from niwari.api import absent, attended
from niwari.audit.models import AuditEntry
from niwari.db import connection, transaction
from niwari.directory import held
from niwari.directory.linking import Ref
from niwari.directory.models import Appointment, Person
from niwari.errors import DomainError, NotFound
from niwari.events.models import Event
from niwari.host.settings import save_settings
from niwari.ledger import accounts, overview
from niwari.ledger.asking import requests
from niwari.ledger.attending import absence
from niwari.ledger.attending.confirming import mark
from niwari.ledger.attending.guests import guests_of
from niwari.ledger.closing.closing import close
from niwari.ledger.closing.preview import next_to_close
from niwari.ledger.deciding import decisions
from niwari.ledger.errors import BadMinutes, ClosedPeriod, HostSaw, NotBegun, NothingToCancel
from niwari.ledger.models import Account, JournalEntry, Request, State
from niwari.ledger.recording import recording
from niwari.ledger.worktime import PeriodKind, period_of
from niwari.notices.models import Notice, Received

from .conftest import NEIGHBOUR, STAFF, Fair

HOST, HEAD = STAFF, "head@sukagawa"
TODAY = "2026-11-10"


@pytest.fixture
def meeting(fair: Fair) -> Ref:
    """An hour on 17 November that the host's town offers."""
    return fair.offer("引継ぎを学ぶ会")


@pytest.fixture
def guest(fair: Fair, meeting: Ref) -> Request:
    """A neighbour's request for it, to which the own head agreed."""
    request = fair.joined(meeting)
    fair.head_agrees(request)
    return request


def fresh(request: Request) -> Request:
    """Return the request as it is now."""
    found: Request = Request.get_by_id(request.id)
    return found


def told(login: str) -> list[str]:
    """Return the kinds of notices that somebody got, the oldest first."""
    query: Any = (
        Notice.select(Notice.kind)
        .join_from(Notice, Received)
        .join_from(Received, Person)
        .where((Person.login == login) & Notice.kind.startswith("ledger."))
        .order_by(Notice.id)
        .tuples()
    )
    return [kind for (kind,) in query]


def amounts(fair: Fair, by: str = NEIGHBOUR) -> tuple[int, int]:
    """Return what somebody has used and reserved this month."""
    ctx = fair.world.ctx_for(by)
    balance = overview.month_of(ctx, ctx.today, with_year=False).balance
    return balance.used, balance.reserved


def address(ref: Ref) -> str:
    """Return the address of the page on which a host says who was there."""
    return f"/ledger/attendance/{ref.kind}/{ref.id}"


def tick(fair: Fair, ref: Ref, by: str = HOST, **said: str) -> Any:
    """Press 選んだとおりに確かめる; ``said`` by the name of the field."""
    names = {name.replace("_", "-"): value for name, value in said.items()}
    return fair.world.client_for(by).submit(address(ref), names, form_at=address(ref))


class TestThere:
    def test_it_proposes_the_record_and_records_nothing(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        ctx = fair.world.ctx_for(HOST)
        assert attended(ctx, meeting, [guest.id]) == {guest.id}
        now = fresh(guest)
        assert (now.state, now.attended_at, now.proposed_minutes) == ("agreed", ctx.now, 60)
        assert amounts(fair) == (0, 60)
        assert told(NEIGHBOUR)[-1] == "ledger.attended"
        for page in ("/", "/ledger/", f"/ledger/requests/{guest.id}"):
            assert "主催者が出席を確かめました。記録しますか。" in fair.page(page)

    def test_one_tap_records_what_is_proposed(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        attended(fair.world.ctx_for(HOST), meeting, [guest.id], minutes=45)
        page = fair.page("/ledger/")
        assert "45分で記録する" in page
        assert 'name="minutes" value="45"' in page
        client = fair.world.client_for(NEIGHBOUR)
        answer = client.submit(
            f"/ledger/requests/{guest.id}/record", {"minutes": "45"}, form_at="/ledger/"
        )
        assert answer.status_code == 303
        assert amounts(fair) == (45, 0)

    def test_more_minutes_than_agreed_propose_those_agreed(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 17)
        attended(fair.world.ctx_for(HOST), meeting, [guest.id], minutes=90)
        assert fresh(guest).proposed_minutes == 60

    def test_saying_it_again_changes_and_tells_nothing(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        host = fair.world.ctx_for(HOST)
        attended(host, meeting, [guest.id], minutes=45)
        before = (fresh(guest).attended_at, told(NEIGHBOUR), AuditEntry.select().count())
        fair.now(17, 17)
        again = fair.world.ctx_for(HOST)
        assert attended(again, meeting, [guest.id, guest.id]) == {guest.id}
        assert attended(again, meeting, [guest.id], minutes=45) == {guest.id}
        after = (fresh(guest).attended_at, told(NEIGHBOUR), AuditEntry.select().count())
        assert (before, fresh(guest).attended_minutes) == (after, 45)

    def test_what_is_recorded_is_confirmed_and_proposed_no_more(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        recording.record(fair.world.ctx_for(NEIGHBOUR), guest.id)
        assert attended(fair.world.ctx_for(HOST), meeting, [guest.id]) == {guest.id}
        assert "ledger.attended" not in told(NEIGHBOUR)

    def test_what_is_not_agreed_to_is_no_other_to_a_host(self, fair: Fair, meeting: Ref) -> None:
        request = fair.joined(meeting)
        fair.now(17, 16)
        ctx = fair.world.ctx_for(HOST)
        assert attended(ctx, meeting, [request.id]) == {request.id}
        assert fresh(request).state == State.REQUESTED
        assert "ledger.attended" not in told(NEIGHBOUR)

    def test_what_was_withdrawn_is_left_out(self, fair: Fair, meeting: Ref, guest: Request) -> None:
        Request.update(state=State.WITHDRAWN).where(Request.id == guest.id).execute()
        fair.now(17, 16)
        assert attended(fair.world.ctx_for(HOST), meeting, [guest.id]) == frozenset()

    def test_nobody_confirms_their_own(self, fair: Fair, meeting: Ref) -> None:
        own = fair.joined(meeting, by=HOST)
        fair.now(17, 16)
        ctx = fair.world.ctx_for(HOST)
        assert attended(ctx, meeting, [own.id]) == frozenset()
        assert absent(ctx, meeting, [own.id]) == frozenset()
        assert fresh(own).attended_at is None

    def test_before_it_begins_it_is_refused(self, fair: Fair, meeting: Ref, guest: Request) -> None:
        ctx = fair.world.ctx_for(HOST)
        for act in (attended, absent):
            with pytest.raises(NotBegun):
                act(ctx, meeting, [guest.id])
        assert (fresh(guest).attended_at, fresh(guest).state) == (None, "agreed")

    @pytest.mark.parametrize("minutes", [0, -5, 1441])
    def test_minutes_that_no_day_has_are_refused(
        self, fair: Fair, meeting: Ref, guest: Request, minutes: int
    ) -> None:
        fair.now(17, 16)
        with pytest.raises(BadMinutes):
            attended(fair.world.ctx_for(HOST), meeting, [guest.id], minutes=minutes)


class TestWhoseRow:
    def test_a_request_for_another_row_is_not_there(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        other = fair.offer("別の会")
        fair.now(17, 16)
        for act in (attended, absent):
            with pytest.raises(NotFound):
                act(fair.world.ctx_for(HOST), other, [guest.id])
            with pytest.raises(NotFound):
                act(fair.world.ctx_for(HOST), Ref("dummy.nothing", meeting.id), [guest.id])

    def test_a_row_that_the_municipality_may_not_see_is_not_there(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        note = fair.dummy.models.Note
        note.update(audience="municipality").execute()
        with pytest.raises(NotFound):
            attended(fair.world.ctx_for("staff@miharu"), meeting, [guest.id])

    def test_where_the_plugin_is_off_nothing_can_be_said(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        fair.world.switch("072036", "dummy", on=False)
        for act in (attended, absent):
            with pytest.raises(NotFound):
                act(fair.world.ctx_for(HOST), meeting, [guest.id])
        assert fair.world.client_for(HOST).get(address(meeting)).status_code == 404

    def test_while_it_is_held_back_nothing_can_be_said(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        ctx = fair.world.ctx_for(HOST)
        with transaction(ctx):
            held.hold(ctx, meeting.kind, meeting.id)
        for act in (attended, absent):
            with pytest.raises(NotFound):
                act(ctx, meeting, [guest.id])
        assert fair.world.client_for(HOST).get(address(meeting)).status_code == 404
        assert (fresh(guest).state, fresh(guest).attended_at) == ("agreed", None)
        with transaction(ctx):
            held.release(meeting.kind, meeting.id)
        assert attended(ctx, meeting, [guest.id]) == {guest.id}

    def test_a_cohost_elsewhere_says_nothing_of_what_was_withdrawn_or_rests(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        elsewhere = fair.world.ctx_for("staff@miharu")
        fair.world.switch("072036", "dummy", on=False)
        for act in (attended, absent):
            with pytest.raises(NotFound):
                act(elsewhere, meeting, [guest.id])
        fair.world.switch("072036", "dummy", on=True)
        assert attended(elsewhere, meeting, [guest.id]) == {guest.id}

    def test_an_author_who_works_elsewhere_since_hosts_it_no_more(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        moved: Any = Person.get(Person.login == HOST)
        there: Any = Person.get(Person.login == "staff@miharu")
        post = Appointment.get((Appointment.person == there.id) & Appointment.is_main)
        Appointment.update(ends_on=date(2026, 11, 16)).where(
            (Appointment.person == moved.id) & Appointment.ends_on.is_null()
        ).execute()
        Appointment.create(
            person=moved.id,
            municipality=post.municipality_id,
            section=post.section_id,
            employment=post.employment,
            starts_on=date(2026, 11, 17),
            is_main=True,
        )
        assert fair.world.client_for(HOST).get(address(meeting)).status_code == 404
        with pytest.raises(NotFound):
            mark(fair.world.ctx_for(HOST), meeting, [guest.id], [])
        assert fresh(guest).attended_at is None

    def test_of_a_discreet_class_there_is_nobody_to_name(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        Request.update(discreet=True, source_kind=None, source_id=None).execute()
        fair.now(17, 16)
        with pytest.raises(NotFound):
            attended(fair.world.ctx_for(HOST), meeting, [guest.id])
        assert "職員" not in fair.page(address(meeting), HOST).split("<main")[1]


class TestAbsent:
    def test_the_person_says_so_before_it_begins(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        page = fair.page(f"/ledger/requests/{guest.id}")
        assert "欠席を伝える" in page
        assert "取り下げる" not in page
        client = fair.world.client_for(NEIGHBOUR)
        for _ in range(2):
            answer = client.submit(f"/ledger/requests/{guest.id}/cancel", {}, form_at="/ledger/")
            assert answer.status_code == 303
        fair.world.deliver()
        assert fresh(guest).state == State.CANCELLED
        assert (amounts(fair), fair.seats(meeting)) == ((0, 0), [])
        assert [one.kind for one in JournalEntry.select().order_by(JournalEntry.id)] == [
            "agreement",
            "release",
        ]
        assert Event.select().where(Event.name == "ledger.RequestCancelled").count() == 1
        assert (told(HOST)[-1], told(HEAD)[-1]) == ("ledger.guest_absent", "ledger.absent")
        assert "ledger.missed" not in told(NEIGHBOUR)
        assert "本人が伝えました" in fair.page(f"/ledger/requests/{guest.id}")
        assert fair.joined(meeting).id != guest.id

    def test_the_host_says_so(self, fair: Fair, meeting: Ref, guest: Request) -> None:
        fair.now(17, 16)
        ctx = fair.world.ctx_for(HOST)
        for _ in range(2):
            assert absent(ctx, meeting, [guest.id]) == {guest.id}
        fair.world.deliver()
        assert (fresh(guest).state, amounts(fair), fair.seats(meeting)) == ("cancelled", (0, 0), [])
        assert (told(NEIGHBOUR)[-1], told(HEAD)[-1]) == ("ledger.missed", "ledger.absent")
        assert told(NEIGHBOUR).count("ledger.missed") == 1
        assert "主催者が欠席としました" in fair.page(f"/ledger/requests/{guest.id}")

    def test_the_ways_there_and_back_end_with_it(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        ctx, columns = fair.world.ctx_for(NEIGHBOUR), dict(guest.__data__)
        own = {"form_key": "way", "minutes": 30, "agreed_minutes": 30, "travel": "there"}
        columns |= {**own, "travel_for": guest.id, "source_kind": None, "source_id": None}
        columns |= {"starts_at": guest.starts_at - timedelta(minutes=30), "state": State.AGREED}
        columns |= {"ends_at": guest.starts_at}
        del columns["id"]
        with transaction(ctx):
            opened = accounts.open_account(
                ctx, guest.person_id, guest.municipality_id, guest.work_date
            )
            way = Request.create(**columns)
            accounts.post(ctx, opened.account, way, "agreement", reserved=30)
        assert amounts(fair) == (0, 90)
        host = fair.world.ctx_for(HOST)
        absent(host, meeting, [guest.id])
        assert (fresh(guest).state, fresh(way).state) == ("cancelled", "cancelled")
        assert amounts(fair) == (0, 0)
        attended(host, meeting, [guest.id])
        assert (fresh(guest).state, fresh(way).state) == ("agreed", "cancelled")
        assert amounts(fair) == (0, 60)

    def test_the_host_takes_it_back(self, fair: Fair, meeting: Ref, guest: Request) -> None:
        fair.now(17, 16)
        ctx = fair.world.ctx_for(HOST)
        absent(ctx, meeting, [guest.id])
        assert attended(ctx, meeting, [guest.id]) == {guest.id}
        now = fresh(guest)
        assert (now.state, now.ended_at, amounts(fair)) == ("agreed", None, (0, 60))
        assert told(NEIGHBOUR)[-1] == "ledger.attended"
        assert Event.select().where(Event.name == "ledger.RequestRevived").count() == 1

    def test_the_host_cannot_take_back_what_the_person_said(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        absence.cancel(fair.world.ctx_for(NEIGHBOUR), guest.id)
        fair.now(17, 16)
        assert attended(fair.world.ctx_for(HOST), meeting, [guest.id]) == frozenset()
        assert fresh(guest).state == State.CANCELLED

    def test_it_stays_where_the_time_is_taken_meanwhile(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        ctx = fair.world.ctx_for(HOST)
        absent(ctx, meeting, [guest.id])
        fair.leave(NEIGHBOUR, "2026-11-01T00:00", "2026-11-30T23:59")
        assert attended(ctx, meeting, [guest.id]) == frozenset()
        assert (fresh(guest).state, amounts(fair)) == ("cancelled", (0, 0))

    def test_it_stays_where_the_person_has_joined_anew(self, fair: Fair) -> None:
        any_time = fair.offer("いつでもできる作業", days=0, timed=False)
        first = fair.joined(any_time, work_date=TODAY)
        fair.head_agrees(first)
        host = fair.world.ctx_for(HOST)
        absent(host, any_time, [first.id])
        fair.world.deliver()
        second = fair.joined(any_time, work_date=TODAY)
        assert attended(host, any_time, [first.id, second.id]) == {second.id}
        assert (fresh(first).state, amounts(fair)) == ("cancelled", (0, 0))

    @pytest.mark.parametrize("state", [State.REQUESTED, State.RETURNED])
    def test_what_nobody_has_agreed_to_stands_again_as_it_was(
        self, fair: Fair, meeting: Ref, state: State
    ) -> None:
        waiting = fair.joined(meeting)
        if state == State.RETURNED:
            head = fair.world.ctx_for(HEAD)
            decisions.return_(head, waiting.id, key="return", note="来週にできませんか。")
        fair.now(17, 16)
        host = fair.world.ctx_for(HOST)
        assert absent(host, meeting, [waiting.id]) == {waiting.id}
        assert attended(host, meeting, [waiting.id]) == {waiting.id}
        assert (fresh(waiting).state, fresh(waiting).ended_at) == (state, None)
        assert (amounts(fair), JournalEntry.select().count()) == ((0, 0), 0)

    def test_what_nobody_has_agreed_to_stays_absent_where_the_time_is_taken(
        self, fair: Fair, meeting: Ref
    ) -> None:
        waiting = fair.joined(meeting)
        fair.now(17, 16)
        host = fair.world.ctx_for(HOST)
        absent(host, meeting, [waiting.id])
        fair.leave(NEIGHBOUR, "2026-11-17T08:30", "2026-11-17T17:15")
        assert attended(host, meeting, [waiting.id]) == frozenset()
        assert fresh(waiting).state == State.CANCELLED

    def test_what_is_recorded_stays(self, fair: Fair, meeting: Ref, guest: Request) -> None:
        fair.now(17, 16)
        recording.record(fair.world.ctx_for(NEIGHBOUR), guest.id)
        assert absent(fair.world.ctx_for(HOST), meeting, [guest.id]) == frozenset()
        with pytest.raises(NothingToCancel):
            absence.cancel(fair.world.ctx_for(NEIGHBOUR), guest.id)
        assert amounts(fair) == (60, 0)

    def test_whom_the_host_saw_is_not_absent(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        attended(fair.world.ctx_for(HOST), meeting, [guest.id])
        with pytest.raises(HostSaw):
            absence.cancel(fair.world.ctx_for(NEIGHBOUR), guest.id)
        assert "欠席を伝える" not in fair.page(f"/ledger/requests/{guest.id}")
        absent(fair.world.ctx_for(HOST), meeting, [guest.id])  # the host was mistaken
        assert (fresh(guest).state, fresh(guest).attended_at) == ("cancelled", None)

    def test_whom_the_host_saw_takes_nothing_back(self, fair: Fair) -> None:
        any_time = fair.offer("いつでもできる作業", days=0, timed=False)
        request = fair.joined(any_time, work_date=TODAY)
        fair.head_agrees(request)
        attended(fair.world.ctx_for(HOST), any_time, [request.id])
        with pytest.raises(HostSaw):
            requests.withdraw(fair.world.ctx_for(NEIGHBOUR), request.id)
        assert (fresh(request).state, amounts(fair)) == ("agreed", (0, 60))
        assert "取り下げる" not in fair.page(f"/ledger/requests/{request.id}")

    def test_in_a_closed_month_nothing_is_cancelled(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.world.clock.set(fair.world.clock().replace(month=12, day=1))
        hr = fair.world.ctx_for(HEAD)
        close(hr, period_of(PeriodKind.MONTH, guest.work_date))
        Request.update(state=State.AGREED).where(Request.id == guest.id).execute()
        assert absent(fair.world.ctx_for(HOST), meeting, [guest.id]) == frozenset()
        with pytest.raises(ClosedPeriod):
            absence.cancel(fair.world.ctx_for(NEIGHBOUR), guest.id)
        assert fresh(guest).state == State.AGREED

    def test_somebody_else_s_cannot_be_cancelled(self, fair: Fair, guest: Request) -> None:
        for login in (HOST, HEAD, "staff@miharu"):
            with pytest.raises(NotFound):
                absence.cancel(fair.world.ctx_for(login), guest.id)

    def test_the_host_is_not_told_where_the_plugin_is_off(self, fair: Fair, guest: Request) -> None:
        fair.world.switch("072036", "dummy", on=False)
        absence.cancel(fair.world.ctx_for(NEIGHBOUR), guest.id)
        assert "ledger.guest_absent" not in told(HOST)


class TestThePage:
    def test_a_host_sees_names_and_municipalities_and_nothing_else(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        waiting = fair.joined(meeting, by="staff@miharu")
        assert "出席を確かめる人はまだいません" in fair.page(address(meeting), HOST)
        fair.now(17, 15)
        seen = guests_of(fair.world.ctx_for(HOST), meeting)
        assert [(one.request_id, one.town, one.said) for one in seen.shown] == [
            (guest.id, "須賀川市", ""),
            (waiting.id, "三春町", ""),
        ]
        page = fair.page(address(meeting), HOST).split("<main")[1]
        # By chance the token of a form has any two digits in it.
        said = re.sub(r'(name="csrf_token"[^>]*) value="[^"]+"', r"\1", page.split("</form>")[0])
        assert 'name="csrf_token"' in said
        for hidden in ("了承済み", "申請中", "1時間", "60"):
            assert hidden not in said, hidden
        assert page.count('value="there" checked') == 2

    def test_one_press_says_it_of_all(self, fair: Fair, meeting: Ref, guest: Request) -> None:
        other = fair.joined(meeting, by="staff@miharu")
        fair.now(17, 16)
        said = {
            f"guest_{guest.id}": "there",
            f"guest_{other.id}": "absent",
        }
        for _ in range(2):  # a double click
            answer = tick(fair, meeting, **said)
            assert (answer.status_code, answer.location) == (303, address(meeting))
        page = fair.page(address(meeting), HOST)
        assert f'id="guest-{guest.id}-there" value="there" checked' in page
        assert f'id="guest-{other.id}-absent" value="absent" checked' in page
        assert fresh(guest).attended_at is not None
        assert fresh(other).state == State.CANCELLED
        assert told(NEIGHBOUR).count("ledger.attended") == 1

    def test_nothing_chosen_is_refused_in_words(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        fair.now(17, 16)
        answer = tick(fair, meeting, **{f"guest_{guest.id}": "later"})
        assert answer.status_code == 422
        assert "「出席」か「欠席」を選んでから、確かめてください。" in answer.get_data(as_text=True)
        assert fresh(guest).attended_at is None

    def test_too_early_is_refused_and_keeps_what_was_chosen(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        answer = tick(fair, meeting, **{f"guest_{guest.id}": "absent"})
        assert answer.status_code == 422
        assert "まだ始まっていません" in answer.get_data(as_text=True)

    @pytest.mark.parametrize("login", [NEIGHBOUR, "head@sukagawa", "staff@miharu", "hr@koriyama"])
    def test_nobody_but_hosts_has_it(
        self, fair: Fair, meeting: Ref, guest: Request, login: str
    ) -> None:
        fair.now(17, 16)
        client = fair.world.client_for(login)
        assert client.get(address(meeting)).status_code == 404
        answer = client.submit(address(meeting), {f"guest-{guest.id}": "there"}, form_at="/")
        assert answer.status_code == 404
        assert fresh(guest).attended_at is None
        assert "出席の確認" not in fair.page_of(meeting, login)

    def test_who_is_not_signed_in_signs_in_first(self, fair: Fair, meeting: Ref) -> None:
        page = {"Accept": "text/html"}
        answer = fair.world.anonymous().get(address(meeting), headers=page)
        assert (answer.status_code, "next=" in answer.location) == (302, True)

    def test_the_offer_leads_its_hosts_there(self, fair: Fair, meeting: Ref) -> None:
        assert address(meeting) in fair.page_of(meeting, HOST)

    @pytest.mark.parametrize(
        "made_up", ["guest-0", "guest-abc", "guest-99999999999", "guest-99999"]
    )
    def test_what_no_page_sent_is_no_failure(
        self, fair: Fair, meeting: Ref, guest: Request, made_up: str
    ) -> None:
        fair.now(17, 16)
        client = fair.world.client_for(HOST)
        answer = client.submit(address(meeting), {made_up: "there"}, form_at=address(meeting))
        assert answer.status_code in (404, 422)

    def test_it_costs_the_same_however_many_joined(
        self, fair: Fair, meeting: Ref, guest: Request, queries: Callable[..., Any]
    ) -> None:
        fair.now(17, 16)
        client = fair.world.client_for(HOST)
        client.get(address(meeting))
        with queries() as few:
            client.get(address(meeting))
        columns = {
            name: value for name, value in guest.__data__.items() if name not in ("id", "form_key")
        }
        Request.insert_many([{**columns, "form_key": f"many-{n}"} for n in range(60)]).execute()
        with queries() as many:
            page = client.get(address(meeting)).get_data(as_text=True)
        assert (len(many.statements), len(many.statements) <= 8) == (len(few.statements), True)
        assert page.count('value="there"') == 50
        assert "after=" in page


class TestHostConfirmation:
    def on(self, fair: Fair) -> None:
        """Let the guest's town ask hosts."""
        ctx = fair.world.ctx_for(HEAD)
        save_settings(ctx, "ledger", "municipality", {"host_confirmation": True})

    def test_where_it_is_off_nothing_shows(self, fair: Fair, meeting: Ref, guest: Request) -> None:
        fair.now(17, 16)
        recording.record(fair.world.ctx_for(NEIGHBOUR), guest.id)
        for page in ("/ledger/", f"/ledger/requests/{guest.id}", "/ledger/statement"):
            assert "主催者" not in fair.page(page).split("<main")[1]

    def test_where_it_is_on_a_record_waits_for_the_host(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        self.on(fair)
        fair.now(17, 16)
        recording.record(fair.world.ctx_for(NEIGHBOUR), guest.id)
        pages = ("/ledger/", f"/ledger/requests/{guest.id}", "/ledger/statement")
        for page in pages:
            assert "主催者の確認待ち" in fair.page(page)
        attended(fair.world.ctx_for(HOST), meeting, [guest.id])
        for page in pages:
            assert "主催者が確認" in fair.page(page)
            assert "主催者の確認待ち" not in fair.page(page)

    def test_hr_sees_how_many_wait_and_nothing_of_them(
        self, fair: Fair, meeting: Ref, guest: Request
    ) -> None:
        self.on(fair)
        fair.now(17, 16)
        hr = fair.world.ctx_for(HEAD)
        close(hr, period_of(PeriodKind.MONTH, date(2026, 10, 1)))
        assert next_to_close(hr).hosts == 0
        recording.record(fair.world.ctx_for(NEIGHBOUR), guest.id)
        (section,) = next_to_close(hr).missing
        assert (section.hosts, section.unrecorded, section.beyond) == (1, 0, 0)
        save_settings(hr, "ledger", "municipality", {"host_confirmation": False})
        assert next_to_close(fair.world.ctx_for(HEAD)).hosts == 0
        self.on(fair)
        attended(fair.world.ctx_for(HOST), meeting, [guest.id])
        assert next_to_close(fair.world.ctx_for(HEAD)).hosts == 0
        assert "主催者が確認" in fair.page(f"/ledger/requests/{guest.id}", HEAD)

    def test_it_keeps_no_month_from_closing(self, fair: Fair, meeting: Ref, guest: Request) -> None:
        self.on(fair)
        fair.now(17, 16)
        recording.record(fair.world.ctx_for(NEIGHBOUR), guest.id)
        fair.world.clock.set(fair.world.clock().replace(month=12, day=1))
        close(fair.world.ctx_for(HEAD), period_of(PeriodKind.MONTH, guest.work_date))
        assert fresh(guest).state == State.RECORDED
        # Late, as a host may be: it moves no minute, and the closed month stays as it is.
        assert attended(fair.world.ctx_for(HOST), meeting, [guest.id]) == {guest.id}
        assert "主催者が確認" in fair.page("/ledger/?month=2026-11")

    def test_hr_reads_what_it_does(self, fair: Fair) -> None:
        page = fair.page("/ledger/rules", "hr@koriyama")
        assert "主催者に出席を確かめてもらう" in page
        assert "確認がなくても、記録も月の締めもできます。" in page


def at_once(acts: Sequence[Callable[[], Any]]) -> None:
    """Do all of them at the same moment; what a rule refuses is no failure."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> None:
        with connection():
            barrier.wait()
            with suppress(DomainError):
                act()

    with ThreadPoolExecutor(len(acts)) as people:
        list(people.map(run, acts))


@pytest.mark.parametrize("turn", range(3))
def test_a_host_a_record_and_an_absence_at_once_leave_one_outcome(
    fair: Fair, meeting: Ref, guest: Request, turn: int
) -> None:
    fair.now(17, 16)
    host, own = fair.world.ctx_for(HOST), fair.world.ctx_for(NEIGHBOUR)
    acts: list[Callable[[], Any]] = [
        lambda: attended(host, meeting, [guest.id]),
        lambda: absent(host, meeting, [guest.id]),
        lambda: recording.record(own, guest.id),
        lambda: absence.cancel(own, guest.id),
    ]
    at_once(acts[turn:] + acts[:turn])
    now = fresh(guest)
    kinds = [one.kind for one in JournalEntry.select().order_by(JournalEntry.id)]
    used, reserved = amounts(fair)
    assert (used + reserved, now.state) in {
        (60, State.RECORDED),
        (60, State.AGREED),
        (0, State.CANCELLED),
    }
    assert kinds[0] == "agreement"
    assert sum(one.reserved_delta for one in JournalEntry.select()) == reserved
    assert (now.attended_at is None) or now.state != State.CANCELLED


@pytest.mark.parametrize("turn", range(3))
def test_a_month_that_closes_meanwhile_leaves_nothing_reserved(
    fair: Fair, meeting: Ref, guest: Request, turn: int
) -> None:
    fair.world.clock.set(fair.world.clock().replace(month=12, day=1))
    host, own, hr = (fair.world.ctx_for(login) for login in (HOST, NEIGHBOUR, HEAD))
    acts: list[Callable[[], Any]] = [
        lambda: close(hr, period_of(PeriodKind.MONTH, guest.work_date)),
        lambda: mark(host, meeting, [], [guest.id]),
        lambda: mark(host, meeting, [guest.id], []),
        lambda: recording.record(own, guest.id),
    ]
    at_once(acts[turn:] + acts[:turn])
    account = Account.get(Account.person == guest.person_id)
    posted = list(JournalEntry.select())
    assert account.closed_at is not None
    assert (account.reserved, sum(one.reserved_delta for one in posted)) == (0, 0)
    assert (fresh(guest).state, account.used) in {
        (State.RECORDED, 60),
        (State.LAPSED, 0),
        (State.CANCELLED, 0),
    }


@pytest.mark.parametrize("turn", range(3))
def test_a_host_and_who_withdraws_at_once_leave_one_outcome(fair: Fair, turn: int) -> None:
    any_time = fair.offer("いつでもできる作業", days=0, timed=False)
    request = fair.joined(any_time, work_date=TODAY)
    fair.head_agrees(request)
    host, own = fair.world.ctx_for(HOST), fair.world.ctx_for(NEIGHBOUR)
    acts: list[Callable[[], Any]] = [
        lambda: attended(host, any_time, [request.id]),
        lambda: requests.withdraw(own, request.id),
        lambda: absent(host, any_time, [request.id]),
    ]
    at_once(acts[turn:] + acts[:turn])
    now = fresh(request)
    assert (now.state, amounts(fair)) in {
        (State.AGREED, (0, 60)),
        (State.WITHDRAWN, (0, 0)),
        (State.CANCELLED, (0, 0)),
    }
    assert (now.attended_at is not None) == (now.state == State.AGREED)
