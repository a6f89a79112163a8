"""持ち帰り: one line for the own section, without minutes, and nobody else's (rule L14)."""

from datetime import date, timedelta

import pytest

from niwari.audit.models import AuditEntry
from niwari.directory.models import Appointment
from niwari.errors import Invalid, NotFound
from niwari.ledger.errors import NotYetRecorded
from niwari.ledger.models import Request
from niwari.ledger.recording import bringing_home
from niwari.ledger.recording.bringing_home import bring_home, brought_home

from .test_views_journey import page

DAY = date(2026, 11, 18)
LINE = "案内板の矢印は、床に貼ると迷う人が減るそうです。"


@pytest.fixture
def recorded(ledger):
    """A recorded hour of staff@koriyama."""

    def make(day=DAY, **other):
        request = ledger.agreed(day, 60, **other)
        ledger.now(day.month, day.day, 18)
        return ledger.record(request, 60)

    return make


def test_the_section_reads_who_brought_home_what(ledger, recorded):
    request = recorded()
    bring_home(ledger.ctx("staff@koriyama"), request.id, f"  {LINE} ")
    (line,) = brought_home(ledger.ctx("head@koriyama")).lines
    assert (line.text, line.person_name, line.work_date) == (LINE, "職員一", DAY)
    assert line.activity == "general"


@pytest.mark.parametrize("other", ["staff@sukagawa", "hr@koriyama"])
def test_another_section_reads_nothing(ledger, recorded, other):
    ctx = ledger.ctx(other)
    assert ctx.acting.section_id != ledger.ctx("staff@koriyama").acting.section_id
    bring_home(ledger.ctx("staff@koriyama"), recorded().id, LINE)
    assert brought_home(ctx).lines == ()


def test_a_discreet_class_is_called_like_most(ledger, recorded):
    bring_home(ledger.ctx("staff@koriyama"), recorded(activity="consult").id, LINE)
    assert brought_home(ledger.ctx("head@koriyama")).lines[0].activity == "general"


def test_an_empty_line_takes_it_back_and_twice_changes_nothing(ledger, recorded):
    request, ctx = recorded(), ledger.ctx("staff@koriyama")
    bring_home(ctx, request.id, LINE)
    bring_home(ctx, request.id, LINE)
    bring_home(ctx, request.id, " ")
    bring_home(ctx, request.id, "")
    assert brought_home(ledger.ctx("head@koriyama")).lines == ()
    acts = [one.action for one in AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2)]
    assert acts == ["ledger.take_line_back", "ledger.bring_home"]
    assert not [one for one in AuditEntry.select() if LINE in str(one.__data__)]


def test_only_the_own_recorded_request_has_one(ledger, recorded):
    waiting = ledger.ask(DAY, 60)
    with pytest.raises(NotYetRecorded):
        bring_home(ledger.ctx("staff@koriyama"), waiting.id, LINE)
    ledger.withdraw(waiting)
    request = recorded()
    for other in ("staff2@koriyama", "head@koriyama", "staff@sukagawa"):
        with pytest.raises(NotFound):
            bring_home(ledger.ctx(other), request.id, LINE)
    assert Request.get_by_id(request.id).brought_home == ""


@pytest.mark.parametrize("text", ["あ" * 201, "一行目\n二行目"])
def test_more_than_one_short_line_is_refused(ledger, recorded, text):
    with pytest.raises(Invalid):
        bring_home(ledger.ctx("staff@koriyama"), recorded().id, text)


def test_pages_go_on_where_the_last_ended(ledger, recorded, monkeypatch):
    monkeypatch.setattr(bringing_home, "PAGE", 2)
    for number in range(3):
        request = recorded(DAY + timedelta(days=number))
        bring_home(ledger.ctx("staff@koriyama"), request.id, f"{number}日目")
    head = ledger.ctx("head@koriyama")
    first = brought_home(head)
    assert [one.text for one in first.lines] == ["2日目", "1日目"]
    rest = brought_home(head, first.following)
    assert [one.text for one in rest.lines] == ["0日目"]
    assert rest.following is None


def test_who_moves_to_another_section_reads_that_one(ledger, recorded, town):
    bring_home(ledger.ctx("staff@koriyama"), recorded().id, LINE)
    post = Appointment.get_by_id(ledger.ctx("staff2@koriyama").acting.id)
    Appointment.update(section=town("072036").section("こども部/保育所")).where(
        Appointment.id == post.id
    ).execute()
    assert brought_home(ledger.ctx("staff2@koriyama")).lines == ()


def test_the_page_of_the_request_asks_for_it_once_it_is_recorded(ledger, recorded, client_for):
    request = ledger.agreed(DAY, 60)
    staff, address = client_for("staff@koriyama"), f"/ledger/requests/{request.id}"
    assert "所属に伝える" not in page(staff, address)
    ledger.now(11, 18, 18)
    ledger.record(request, 60)
    staff = client_for("staff@koriyama")  # the session of eight days ago has ended
    assert "所属に伝える" in page(staff, address)
    assert "所属に伝える" not in page(client_for("head@koriyama"), address)
    answer = staff.submit(f"{address}/brought-home", {"text": LINE}, form_at=address)
    assert answer.status_code == 303
    assert LINE in page(staff, address).html
    listed = page(client_for("head@koriyama"), "/ledger/brought-home")
    assert LINE in listed
    assert "1時間" not in listed


def test_what_is_too_long_stays_in_its_field(ledger, recorded, client_for):
    address = f"/ledger/requests/{recorded().id}"
    staff = client_for("staff@koriyama")
    answer = staff.submit(f"{address}/brought-home", {"text": "長" * 201}, form_at=address)
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert "200文字以内で入力してください。" in shown
    assert "長" * 201 in shown
