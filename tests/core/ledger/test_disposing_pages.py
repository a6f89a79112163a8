"""台帳の廃棄 on the pages: two officials, the file, and the record that can be printed (L6)."""

import hashlib
from datetime import timedelta

import pytest

from niwari.ledger.disposing import removing
from niwari.ledger.models import Disposal
from niwari.notices.models import Notice, Received
from tests.core.rest.conftest import Program, make_token

from .disposing import HR, HR2, REASON, STAFF

LIST, PROPOSE = "/ledger/disposals", "/ledger/disposals/years/2026"


def proposed(client, reason=REASON):
    """Propose on the page; returns the address of the proposal."""
    answer = client.submit(PROPOSE, {"reason": reason, "form_key": "a-key"})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_two_officials_dispose_of_a_year_on_the_pages(old, client_for):
    one, two = client_for(HR), client_for(HR2)
    assert "2026年度の廃棄を提案する" in one.get(LIST).text
    address = proposed(one)
    page = one.get(address).text
    assert "提案した人は承認できません" in page
    assert "廃棄を承認する" not in page
    assert old.ctx(STAFF).acting.person_name not in page
    with two.submit(f"{address}/file", {}, form_at=address) as answer:
        assert answer.mimetype == "application/zip"
        assert hashlib.sha256(answer.data).hexdigest() == Disposal.get().export_sha256
    assert two.submit(f"{address}/agree", {}, form_at=address).status_code == 303
    assert "廃棄中" in two.get(address).text
    old.ledger.world.work()
    page = two.get(address).text
    assert "廃棄記録 第1号（2026年度）" in page
    assert REASON in page
    assert Disposal.get().export_sha256 in page
    assert "第1号" in one.get(LIST).text


def test_whoever_proposed_is_told_that_another_one_agrees(old, client_for):
    client = client_for(HR)
    address = proposed(client)
    answer = client.submit(f"{address}/agree", {}, form_at=address)
    assert answer.status_code == 403
    assert "提案した人は承認できません" in answer.text
    assert Disposal.get().agreed_at is None


def test_a_missing_reason_is_said_beside_the_field(old, client_for):
    answer = client_for(HR).submit(PROPOSE, {"reason": "", "form_key": "a-key"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "廃棄する理由を入力してください" in answer.text
    assert Disposal.select().count() == 0


def test_a_double_click_is_one_proposal(old, client_for):
    client = client_for(HR)
    assert proposed(client) == proposed(client)
    assert Disposal.select().count() == 1


def test_a_withdrawn_proposal_says_so(old, client_for):
    client = client_for(HR2)
    address = proposed(client_for(HR))
    assert client.submit(f"{address}/withdraw", {}, form_at=address).status_code == 303
    assert "取り下げられました" in client.get(address).text
    answer = client.submit(f"{address}/file", {}, form_at=LIST)
    assert answer.status_code == 409


def test_a_year_that_is_kept_says_from_when_it_may_go(old, client_for):
    old.ledger.world.clock.set(old.ledger.world.clock() - timedelta(days=7))
    client = client_for(HR)
    assert "廃棄できるのは2032年4月1日からです" in client.get(LIST).text
    answer = client.get(PROPOSE)
    assert answer.status_code == 409
    assert 'name="reason"' not in answer.text


def test_agreeing_asks_who_one_is_again(old, client_for):
    one, two = client_for(HR), client_for(HR2)
    address = proposed(one)
    old.ledger.world.clock.set(old.ledger.world.clock() + timedelta(minutes=11))
    answer = two.submit(f"{address}/agree", {}, form_at=address)
    assert answer.status_code == 401
    assert Disposal.get().agreed_at is None


@pytest.mark.parametrize(
    ("login", "address"),
    [
        (STAFF, "/ledger/?month=2026-11"),
        (STAFF, "/ledger/statement?period=2026-11"),
        (STAFF, "/ledger/statement?period=FY2026"),
        (HR, "/ledger/reports/year-book?period=FY2026"),
        (HR, "/ledger/reports/answers?period=FY2026"),
        (HR, "/ledger/reports/overtime?period=FY2026"),
        ("secretariat", "/ledger/region-report?period=FY2026"),
    ],
)
def test_pages_about_the_year_say_that_it_was_disposed_of(old, client_for, login, address):
    old.dispose()
    answer = client_for(login).get(address)
    assert answer.status_code == 200
    assert "郡山市の2026年度の台帳は、2032年4月5日に廃棄しました（廃棄記録 第1号）" in answer.text


def test_files_of_the_year_are_empty_and_other_years_say_nothing(old, client_for):
    old.dispose()
    client = client_for(STAFF)
    page = "/ledger/statement?period=2026-11"
    answer = client.submit(
        "/ledger/statement/file",
        {"period": "2026-11", "table": "records", "format": "csv"},
        form_at=page,
    )
    assert (answer.status_code, len(answer.text.splitlines())) == (200, 1)
    assert "廃棄" not in client.get("/ledger/statement?period=2031-11").text


def test_the_api_says_that_the_year_was_disposed_of(old):
    world = old.ledger.world
    program = Program(world.anonymous(), make_token(world, STAFF))
    assert program.get("/ledger/statement?period=2026-11").json["disposed"] is None
    old.agreed()
    for period, since in (("2026-11", None), ("FY2026", 1)):
        if since:
            old.ledger.world.work()
        said = program.get(f"/ledger/statement?period={period}")
        assert said.status_code == 200
        assert said.json["disposed"] == {"on": "2032-04-05", "record": since}
        assert (said.json["months"], said.json["records"], said.json["days"]) == ([], [], [])
        assert said.json["year"]["period"] == "FY2026"
        assert said.json["year"]["used_minutes"] == 0
    assert program.get("/ledger/statement?period=2031-11").json["disposed"] is None


def test_who_may_agree_is_told_and_nobody_else(old, client_for):
    address = proposed(client_for(HR))
    rows = Received.select().join(Notice).where(Notice.kind == "ledger.disposal_waits")
    assert [(row.person_id, row.notice.data) for row in rows] == [
        (old.ctx(HR2).person_id, '{"year":2026}')
    ]
    page = client_for(HR2).get("/notices/").text
    assert "2026年度の台帳の廃棄が提案されました" in page
    assert "2026年度" not in client_for(HR).get("/notices/").text
    assert client_for(HR2).get(address).status_code == 200


def test_a_stopped_removal_shows_how_far_it_is(old, client_for):
    def stop(_code, _count):
        raise ConnectionError

    number = old.agreed()
    with pytest.raises(ConnectionError):
        removing.remove_all(old.ctx(), number, stop)
    assert "続きから行います" in client_for(HR).get(f"{LIST}/{number}").text
