"""Who reaches what: what is not for a person is not there (404), what a role lacks is 403."""

import pytest

from niwari.audit.models import AuditEntry
from niwari.ledger.models import Request, State

READ = ["", "/again"]
OF_THE_PERSON = [("withdraw", {}), ("record", {"minutes": "60"}), ("again", {})]
OF_THE_HEAD = [
    ("agree", {"key": "k"}),
    ("return", {"key": "k", "note": "x"}),
    ("decline", {"key": "k", "note": "x"}),
]


@pytest.fixture
def address(ledger):
    """The address of a request of staff@koriyama that waits for head@koriyama."""
    request = ledger.ask(minutes=60)
    return f"/ledger/requests/{request.id}"


def unchanged(address):
    request = Request.get_by_id(int(address.rsplit("/", 1)[1]))
    return (
        request.state == State.REQUESTED
        and AuditEntry.select()
        .where(AuditEntry.object_id == request.id, AuditEntry.object_kind == "ledger_request")
        .count()
        == 1
    )


def send(client, address, fields):
    """POST with a token from a page that the person has."""
    return client.submit(address, fields, form_at="/ledger/requests/new").status_code


@pytest.mark.parametrize(
    "login", ["staff@sukagawa", "head@sukagawa", "staff2@koriyama", "head2@koriyama", "hr@koriyama"]
)
class TestOthers:
    """Neighbours, colleagues, heads of other sections, and HR."""

    def test_see_nothing_of_it(self, client_for, address, login):
        client = client_for(login)
        assert [client.get(address + rest).status_code for rest in READ] == [404, 404]

    def test_can_do_nothing_of_the_persons(self, client_for, address, login):
        client = client_for(login)
        for verb, fields in OF_THE_PERSON:
            assert send(client, f"{address}/{verb}", fields) == 404
        assert unchanged(address)


@pytest.mark.parametrize("login", ["head@sukagawa", "head2@koriyama", "director@koriyama"])
@pytest.mark.parametrize(("verb", "fields"), OF_THE_HEAD)
def test_heads_of_others_cannot_answer(client_for, address, login, verb, fields):
    assert send(client_for(login), f"{address}/{verb}", fields) == 404
    assert unchanged(address)


@pytest.mark.parametrize("login", ["staff@koriyama", "staff2@koriyama", "staff@sukagawa"])
def test_whoever_heads_nothing_has_no_list_and_answers_nothing(client_for, address, login):
    client = client_for(login)
    assert client.get("/ledger/approvals").status_code == 403
    for verb, fields in OF_THE_HEAD:
        assert send(client, f"{address}/{verb}", fields) == 403
    assert unchanged(address)


def test_a_head_cannot_answer_the_own(ledger, client_for):
    own = ledger.ask(minutes=60, by="head@koriyama")
    address = f"/ledger/requests/{own.id}"
    client = client_for("head@koriyama")
    for verb, fields in OF_THE_HEAD:
        assert send(client, f"{address}/{verb}", fields) == 403
    assert unchanged(address)


def test_the_head_who_answered_keeps_sight_of_it(ledger, client_for, address):
    ledger.decline(Request.get())
    assert client_for("head@koriyama").get(address).status_code == 200


def test_a_number_that_no_request_has(client_for):
    client = client_for("staff@koriyama")
    for number in ("0", "999999", "99999999999999999999", "-1", "x"):
        assert client.get(f"/ledger/requests/{number}").status_code == 404


def test_nothing_is_changed_without_a_token(client_for, address):
    head, staff = client_for("head@koriyama"), client_for("staff@koriyama")
    assert head.post(f"{address}/agree", data={"key": "k"}).status_code == 400
    assert staff.post(f"{address}/withdraw").status_code == 400
    assert unchanged(address)


def test_nothing_is_changed_by_opening_an_address(client_for, address):
    client = client_for("head@koriyama")
    for verb, _fields in (*OF_THE_PERSON[:2], *OF_THE_HEAD):
        assert client.get(f"{address}/{verb}").status_code == 405
    assert unchanged(address)


def test_whoever_is_not_signed_in(client_for, address):
    anonymous = client_for("staff@koriyama")
    anonymous.delete_cookie("niwari_session")
    for page in ("/ledger/", "/ledger/approvals", address, "/ledger/requests/new"):
        answer = anonymous.get(page, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/sign-in")
    assert anonymous.post(f"{address}/withdraw").status_code in (400, 401)
    assert unchanged(address)


def test_leave_is_the_persons_alone(ledger, client_for, address):
    """L14, L21: the head sees what is left, never why."""
    ledger.leave("staff@koriyama", "sick", "2026-11-20T08:30", "2026-11-20T17:15")
    assert "病気休暇" in client_for("staff@koriyama").get("/ledger/").get_data(as_text=True)
    head = client_for("head@koriyama")
    for page in ("/ledger/approvals", address, "/ledger/"):
        shown = head.get(page).get_data(as_text=True)
        assert "病気" not in shown
    assert "27時間54分" in head.get("/ledger/approvals").get_data(as_text=True)


def test_a_discreet_class_is_not_shown_to_the_head(ledger, client_for):
    """L14."""
    request = ledger.ask(minutes=60, activity="consult", purpose="学び・相談")
    address = f"/ledger/requests/{request.id}"
    assert "相談に答える" in client_for("staff@koriyama").get(address).get_data(as_text=True)
    head = client_for("head@koriyama")
    for page in (address, "/ledger/approvals"):
        assert "相談に答える" not in head.get(page).get_data(as_text=True)
