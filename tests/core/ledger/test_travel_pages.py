"""Travel time on the pages (L16): asked for in the one form, answered and recorded with one tap."""

import pytest

from niwari.ledger.arranging import freezing
from niwari.ledger.models import Request, State
from niwari.ledger.presenting import why_text
from niwari.ledger.reports.statement import statement
from niwari.ledger.reports.year_book import year_book

from .conftest import OFFERED
from .reporting import NOVEMBER, YEAR, Records, lines, said
from .test_moving import move
from .test_views_journey import Page, page

STAFF, HEAD = "staff@koriyama", "head@koriyama"
ASK = "/ledger/requests/new"


@pytest.fixture
def travel(world, ledger):
    """The ledger of a municipality that has travel time."""
    world.set_settings("it@koriyama", "ledger", travel=True)
    return ledger


def send(client, **changes):
    """Send the form for a visit from 14:00 to 16:00 with its ways."""
    fields = {
        "form_key": page(client, ASK).hidden("form_key")[0],
        "activity": "general",
        "purpose": "となり町の窓口を見る",
        "work_date": "2026-11-18",
        "how": "interval",
        "starts": "14:00",
        "ends": "16:00",
        "place": "other_municipality",
        "travel_there": "30",
        "travel_back": "45",
        **changes,
    }
    return client.submit(ASK, fields, form_at=ASK)


def test_the_fields_are_there_where_the_municipality_has_them(world, ledger, client_for):
    client = client_for(STAFF)
    assert "移動の時間" not in page(client, ASK)
    world.set_settings("it@koriyama", "ledger", travel=True, joint=True)
    assert "移動の時間" in page(client, ASK)
    assert "travel_there" not in page(client, "/ledger/requests/together").html


def test_asked_answered_and_recorded_in_one_act_each(travel, client_for):
    staff, head = client_for(STAFF), client_for(HEAD)
    assert send(staff).status_code == 303
    main = Request.get(Request.travel_for.is_null())
    address = f"/ledger/requests/{main.id}"
    assert "本体 2時間 + 移動 1時間15分" in page(head, "/ledger/approvals")
    shown = page(head, address)
    assert "移動の時間も一緒に了承します" in shown
    agreed = head.submit(f"{address}/agree", {"key": shown.hidden("key")[0]}, form_at=address)
    assert agreed.status_code == 303
    month = page(head, "/ledger/heads/month?month=2026-11")
    assert "学び・相談（移動・行き）" in month
    travel.now(11, 18, 17)
    staff = client_for(STAFF)
    assert page(staff, "/ledger/").html.count("予定どおり記録：") == 1
    assert "移動（帰り）：となり町の窓口を見る" in page(staff, "/ledger/")
    staff.submit(f"{address}/record-planned", {}, form_at="/ledger/")
    assert "予定どおり3時間15分（うち移動1時間15分）を記録しました。" in page(staff, "/ledger/")
    assert {one.state for one in Request.select()} == {State.RECORDED}
    assert travel.amounts()[0] == 195


def test_a_head_is_offered_no_ok_once_the_person_has_set_out(travel, client_for):
    travel.ask(at=("14:00", "16:00"), travel_there=30)
    travel.now(11, 18, 13, 40)
    shown = page(client_for(HEAD), "/ledger/approvals")
    assert "始まりを過ぎています" in shown
    assert "/agree" not in shown.html


def test_what_rests_shows_its_ways_to_the_head(travel, client_for):
    travel.agreed(at=("14:00", "16:00"), travel_there=30)
    freeze = freezing.freeze(travel.ctx("hr@koriyama"), from_at=travel.ctx(HEAD).now, reason="台風")
    travel.world.work()
    freezing.lift(travel.ctx("hr@koriyama"), freeze.id)
    assert "本体 2時間 + 移動 30分" in page(client_for(HEAD), "/ledger/approvals")


def test_what_somebody_brought_along_shows_its_ways(travel, town, client_for):
    travel.agreed(at=("14:00", "16:00"), travel_there=30)
    town("072036").appoint("newhead@x", "移動部/新課", head=True)
    move(travel, town("072036"), "移動部/新課", login=STAFF)
    assert "本体 2時間 + 移動 30分" in page(client_for("newhead@x"), "/ledger/transferred")


def test_a_ways_page_leads_to_its_request_and_offers_its_record_alone(travel, client_for):
    main = travel.agreed(at=("14:00", "16:00"), travel_there=30)
    there = Request.get(Request.travel_for == main.id)
    travel.now(11, 18, 14)
    for login, words in (
        (STAFF, "記録は、この画面で別に変えられます。"),
        (HEAD, "取りやめになります。"),
    ):
        shown = page(client_for(login), f"/ledger/requests/{there.id}")
        assert "移動の時間（行き）です" in shown
        assert words in shown
        assert f'href="/ledger/requests/{main.id}"' in shown.html
        assert "すべて取りやめる" not in shown
        assert "取り下げる" not in shown
    client, address = client_for(STAFF), f"/ledger/requests/{there.id}"
    assert client.submit(f"{address}/record", {"minutes": "20"}, form_at=address).status_code == 303
    assert travel.amounts()[0] == 20


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"travel_there": "半"}, "長さを分で、整数で入力してください。"),
        ({"travel_back": "0"}, "1分以上1,440分以内で入力してください。"),
        ({"starts": "13:00", "ends": "14:00"}, "すべて勤務時間の外か休暇の中です。"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    travel, client_for, typed, said
):
    answer = Page(send(client_for(STAFF), **typed))
    assert (answer.status, said in answer) == (422, True)
    assert 'value="45"' in answer.html or typed.get("travel_back")
    assert Request.select().count() == 0


def test_a_returned_request_comes_back_into_the_form_with_its_ways(travel, client_for):
    main = travel.ask(at=("14:00", "16:00"), travel_there=35)
    travel.return_(main)
    shown = page(client_for(STAFF), f"/ledger/requests/{main.id}/again").html
    assert 'value="35"' in shown
    assert 'name="travel_back"' in shown


def test_the_own_statement_has_a_line_for_each(world, travel):
    main = travel.agreed(at=("14:00", "16:00"), travel_there=30, travel_back=45)
    travel.now(11, 18, 17)
    travel.record(main, 100)
    with world.app.test_request_context():
        table = statement(travel.ctx(STAFF), NOVEMBER, OFFERED, why_text).table("records")
    assert [(said(row[4]), said(row[6])) for row in table.rows] == [
        (100, None),
        (30, "移動（行き）"),
        (45, "移動（帰り）"),
    ]


def test_the_year_book_sums_what_was_travel(ledger):
    records = Records("072036")
    for post in records.people(5):
        main = records.record(post, 60)
        records.record(post, 30, travel="there", travel_for=main.request_id)
    found = lines(year_book(ledger.ctx("hr@koriyama"), YEAR, OFFERED).table("classes"))
    assert (found["合計"]["合計"], found["合計"]["うち移動"]) == (450, 150)
