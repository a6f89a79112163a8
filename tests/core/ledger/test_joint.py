"""One person asks for several; each one's own head answers (joint requests, L23)."""

from datetime import date

import pytest

from niwari.audit.models import AuditEntry
from niwari.errors import Invalid, NotFound
from niwari.ledger.asking import entering, objecting
from niwari.ledger.asking.joint import JointRefused, UnknownColleague, ask_jointly
from niwari.ledger.asking.refusals import REFUSED, NotPossibleThen, RefusedTooOften, note_refused
from niwari.ledger.deciding import waiting_list
from niwari.ledger.errors import Overlap, UnknownCalendar
from niwari.ledger.models import Request, State
from niwari.ledger.notice_kinds import KINDS

from .conftest import OFFERED, WEDNESDAY
from .test_entering import told, who
from .test_views_journey import Page, page

HOUR = ("15:00", "16:00")
ASKER, OTHER, FAR = "asker@x", "other@x", "far@x"


@pytest.fixture
def offices(ledger, town, world):
    """Two offices with a head each, in a municipality that has joint requests."""
    world.set_settings("it@koriyama", "ledger", joint=True)
    here = town("072036")
    here.appoint("head1@x", "合同部/一課", head=True)
    here.appoint(ASKER, "合同部/一課")
    here.appoint(OTHER, "合同部/一課")
    here.appoint("head2@x", "合同部/二課", head=True)
    here.appoint(FAR, "合同部/二課")


def ask(ledger, *logins, wish=None):
    """Ask as the asker, for the asker and others."""
    return ask_jointly(ledger.ctx(ASKER), wish or ledger.wish(at=HOUR), logins, OFFERED)


def test_each_ones_own_head_answers(ledger, offices):
    own, other, far = ask(ledger, OTHER, FAR)
    assert [one.person_id for one in (own, other, far)] == [who(ASKER), who(OTHER), who(FAR)]
    assert (own.joint_with_id, other.joint_with_id, far.joint_with_id) == (None, own.id, own.id)
    assert (own.entered_by_id, far.entered_by_id) == (None, ledger.ctx(ASKER).acting.id)
    waiting = [one.request.id for one in waiting_list.waiting_for(ledger.ctx("head2@x"))]
    assert waiting == [far.id]
    assert ledger.agree(far, by="head2@x").state == State.AGREED
    assert Request.get_by_id(own.id).state == State.REQUESTED
    assert (told(ASKER), told(FAR)[0]) == ([], "ledger.entered")


def test_the_same_form_again_is_the_first(ledger, offices):
    wish = ledger.wish(at=HOUR)
    first = [one.id for one in ask(ledger, OTHER, wish=wish)]
    assert [one.id for one in ask(ledger, OTHER, wish=wish)] == first
    assert told(OTHER) == ["ledger.entered"]


def test_one_who_cannot_keeps_all_out_and_why_is_not_told(ledger, offices):
    ledger.leave(FAR, "sick", "2026-11-18T08:30", "2026-11-18T17:15")
    with pytest.raises(JointRefused) as refused:
        ask(ledger, OTHER, FAR)
    assert {login: type(one) for login, one in refused.value.refusals.items()} == {
        FAR: NotPossibleThen
    }
    assert Request.select().count() == 0


def test_the_askers_own_refusal_is_told_in_full(ledger, offices):
    ledger.ask(by=ASKER, at=HOUR)
    with pytest.raises(Overlap):
        ask(ledger, OTHER)


@pytest.mark.parametrize("login", ["nobody@x", "staff@sukagawa", ASKER])
def test_unknown_people_another_town_and_oneself_are_refused(ledger, offices, login):
    with pytest.raises(JointRefused) as refused:
        ask(ledger, login)
    assert type(refused.value.refusals[login]) is UnknownColleague


class TestAProbe:
    """Asking for others tells nothing of them that leaves no trace."""

    def test_with_somebody_unknown_nothing_is_told_of_the_others(self, ledger, offices):
        ledger.leave(FAR, "sick", "2026-11-18T08:30", "2026-11-18T17:15")
        with pytest.raises(JointRefused) as refused:
            ask(ledger, FAR, "nobody@x")
        assert list(refused.value.refusals) == ["nobody@x"]

    def test_leave_other_requests_and_a_low_cap_are_one_sentence(self, ledger, offices):
        ledger.pattern(FAR, "2026-04-01", "09:00-09:30", "", "", "", "", "", "")
        ledger.ask(by=OTHER, at=HOUR)
        told_of = {}
        for login in (FAR, OTHER):
            with pytest.raises(JointRefused) as refused:
                ask(ledger, login)
            told_of[login] = refused.value.refusals[login]
        assert {(type(one), str(one), one.field) for one in told_of.values()} == {
            (NotPossibleThen, NotPossibleThen.text, "work_date")
        }

    def test_what_was_refused_is_in_the_audit(self, ledger, offices):
        ledger.leave(FAR, "sick", "2026-11-18T08:30", "2026-11-18T17:15")
        for logins in ((FAR,), ("nobody@x",)):
            with pytest.raises(JointRefused):
                ask(ledger, *logins)
        rows = AuditEntry.select().where(AuditEntry.action == "ledger.refused_for")
        asker = ledger.ctx(ASKER).acting.id
        assert [(one.actor_id, one.object_id) for one in rows.order_by(AuditEntry.id)] == [
            (asker, who(FAR)),
            (asker, None),
        ]
        assert Request.select().count() == 0

    def test_after_many_refusals_nothing_more_is_told(self, ledger, offices):
        note_refused(ledger.ctx(ASKER), [(None, WEDNESDAY)] * (REFUSED.most - 1))
        with pytest.raises(JointRefused):
            ask(ledger, "nobody@x")
        with pytest.raises(RefusedTooOften):
            ask(ledger, OTHER)
        assert Request.select().count() == 0


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2150, 4, 1)])
def test_a_day_far_ahead_is_refused_before_anything_is_opened(ledger, offices, day):
    with pytest.raises(UnknownCalendar):
        ask(ledger, OTHER, wish=ledger.wish(day, at=HOUR))


def test_an_objection_leads_the_asker_to_a_page_that_is_theirs(ledger, offices, client_for):
    _own, other = ask(ledger, OTHER)
    objecting.object_to(ledger.ctx(OTHER), other.id, text="行きません。")
    (kind,) = told(ASKER)
    assert kind == "ledger.objected_to_asker"
    endpoint = {one.code: one.endpoint for one in KINDS}[kind]
    assert endpoint == "ledger.month"
    assert client_for(ASKER).get("/ledger/").status_code == 200


def test_nobody_or_too_many(ledger, offices):
    for logins in ([], [f"p{number}@x" for number in range(21)]):
        with pytest.raises(Invalid):
            ask(ledger, *logins)


def test_off_from_the_start(ledger, client_for):
    with pytest.raises(NotFound):
        ask_jointly(ledger.ctx("staff@koriyama"), ledger.wish(at=HOUR), ["x"], OFFERED)
    client = client_for("staff@koriyama")
    assert client.get("/ledger/requests/together").status_code == 404
    assert "まとめて申し込む" not in page(client, "/ledger/requests/new")


def test_the_asker_records_for_nobody_else(ledger, offices):
    ask(ledger, OTHER)
    assert entering.entered_by_me(ledger.ctx(ASKER)) == []


def test_the_page_asks_keeps_what_was_typed_and_says_who_cannot(ledger, offices, client_for):
    client, address = client_for(ASKER), "/ledger/requests/together"
    assert "まとめて申し込む" in page(client, "/ledger/requests/new")
    fields = {
        "form_key": page(client, address).hidden("form_key")[0],
        "together": f"{OTHER}\nnobody@x",
        "activity": "general",
        "purpose": "合同の勉強会",
        "work_date": "2026-11-18",
        "how": "interval",
        "starts": "15:00",
        "ends": "16:00",
        "place": "head_office",
    }
    wrong = Page(client.submit(address, fields, form_at=address))
    assert (wrong.status, "nobody@x：この市町村に、このアカウントの職員はいません。" in wrong) == (
        422,
        True,
    )
    assert f"{OTHER}\nnobody@x" in wrong.html.replace("\r", "")
    right = client.submit(address, {**fields, "together": OTHER}, form_at=address)
    assert right.status_code == 303
    assert Request.select().count() == 2
    assert "何人かでの申込み：職員" in page(client_for("head1@x"), "/ledger/approvals")
