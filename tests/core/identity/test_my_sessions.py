"""サインイン中の端末: one sees one's own sessions and ends those on other devices."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import tokyo_day
from niwari.db import connection
from niwari.directory.models import Appointment
from niwari.identity.models import Session
from niwari.identity.sessions.devices import device_of
from niwari.identity.sessions.stored import purge_expired
from niwari.testing.world import World
from tests.core.identity.conftest import Visitor

PAGE = "/my/sessions"
A_PAGE = {"Accept": "text/html"}
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


def session_ids(world: World, login: str) -> list[int]:
    """The ids of a person's sessions, the first opened first."""
    person = world.ctx_for(login).person_id
    found = Session.select(Session.id).join(Appointment).where(Appointment.person == person)
    return [row.id for row in found.order_by(Session.id)]


def acts(action: str) -> int:
    return int(AuditEntry.select().where(AuditEntry.action == action).count())


def sign_out_of(client: Any, session_id: int) -> Any:
    return client.submit(f"{PAGE}/{session_id}/sign-out", {}, form_at=PAGE)


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (EDGE, "Windows/Edge"),
        (IPHONE, "iPhone/Safari"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Linux/Firefox"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/138.0.0.0 Safari/537.36", "Android/Chrome"),
        ("Mozilla/5.0 (Macintosh) Version/18.5 Safari/605.1.15", "Mac/Safari"),
        ("curl/8.5.0", "/"),
        ("", "/"),
    ],
)
def test_a_device_is_called_by_system_and_browser_and_no_more(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device


def test_the_device_is_kept_at_sign_in_without_the_browsers_header(
    world: World, visitor: Visitor
) -> None:
    visitor.client.environ_base["HTTP_USER_AGENT"] = EDGE
    visitor.sign_in("staff@koriyama")
    assert [row.device for row in Session.select()] == ["Windows/Edge"]
    assert "WindowsのEdge" in visitor.get(PAGE).text


def test_each_device_is_listed_with_its_times(
    world: World, visitor: Visitor, client_for: Callable[[str], Any]
) -> None:
    visitor.client.environ_base["HTTP_USER_AGENT"] = IPHONE
    visitor.sign_in("staff@koriyama")
    world.clock.advance(minutes=30)
    page = client_for("staff@koriyama").get(PAGE).text
    this, others = page.split("ほかの端末</h2>")
    assert "種類の分からない端末" in this
    assert "自動でサインアウトする日時</dt><dd>11月10日（火）21:30" in this
    assert "2時間使わないと" in this
    assert "iPhoneのSafari" in others
    for text in ("11月10日（火）9:00にサインイン", "11月10日（火）9:00ごろ", "11:00ごろに自動で"):
        assert text in others


def test_neither_colleagues_sessions_nor_those_that_are_over_are_listed(
    world: World, client_for: Callable[[str], Any]
) -> None:
    client_for("staff@koriyama")
    world.clock.advance(minutes=world.settings.session_idle_minutes)
    client_for("staff2@koriyama")
    page = client_for("staff@koriyama").get(PAGE).text
    assert "ほかにサインインしている端末はありません。" in page
    assert "ほかの端末すべてからサインアウトする" not in page


def test_the_list_costs_one_query_whatever_its_length(
    client_for: Callable[[str], Any], queries: Callable[[], Any]
) -> None:
    client = client_for("staff@koriyama")
    client.get(PAGE)
    counts = []
    for _ in range(2):
        with queries() as log:
            client.get(PAGE)
        counts.append(sum("directory_appointment" in s for s in log.statements) - 1)
        for _more in range(5):
            client_for("staff@koriyama")
    assert counts == [1, 1]


def test_another_device_is_signed_out_at_its_next_request(
    world: World, client_for: Callable[[str], Any]
) -> None:
    this, other = client_for("staff@koriyama"), client_for("staff@koriyama")
    response = sign_out_of(this, session_ids(world, "staff@koriyama")[1])
    assert (response.status_code, response.location) == (303, PAGE)
    assert other.get("/", headers=A_PAGE).status_code == 302
    assert other.post("/ledger/requests/new").status_code == 401
    page = this.get(PAGE)
    assert page.status_code == 200
    assert "選んだ端末からサインアウトしました。" in page.text
    assert acts("identity.sign_out_other") == 1


def test_pressing_twice_ends_it_once_and_says_so(
    world: World, client_for: Callable[[str], Any]
) -> None:
    this, _other, _third = (client_for("staff@koriyama") for _ in range(3))
    _first, second, _third_id = session_ids(world, "staff@koriyama")
    token = this.token_at(PAGE)
    for _ in range(2):
        answer = this.post(f"{PAGE}/{second}/sign-out", data={"csrf_token": token})
        assert answer.status_code == 303
    assert acts("identity.sign_out_other") == 1


def test_anothers_session_is_not_found_and_lives_on(
    world: World, client_for: Callable[[str], Any]
) -> None:
    this = client_for("staff@koriyama")
    others = {login: client_for(login) for login in ("staff2@koriyama", "staff@sukagawa")}
    for login, client in others.items():
        (session_id,) = session_ids(world, login)
        assert sign_out_of(this, session_id).status_code == 404
        assert client.get("/", headers=A_PAGE).status_code == 200
    assert acts("identity.sign_out_other") == 0


def test_what_a_colleague_ended_is_not_found_either(
    world: World, client_for: Callable[[str], Any]
) -> None:
    colleague, _other = client_for("staff2@koriyama"), client_for("staff2@koriyama")
    ended = session_ids(world, "staff2@koriyama")[1]
    this = client_for("staff@koriyama")
    sign_out_of(colleague, ended)
    assert sign_out_of(this, ended).status_code == 404


def test_the_present_session_ends_by_signing_out_alone(
    world: World, client_for: Callable[[str], Any]
) -> None:
    this = client_for("staff@koriyama")
    assert sign_out_of(this, session_ids(world, "staff@koriyama")[0]).status_code == 404
    assert this.get("/", headers=A_PAGE).status_code == 200


def test_all_others_end_and_neither_this_one_nor_a_colleagues(
    world: World, client_for: Callable[[str], Any]
) -> None:
    this, colleague = client_for("staff@koriyama"), client_for("staff2@koriyama")
    others = [client_for("staff@koriyama") for _ in range(2)]
    for _ in range(2):
        assert this.submit(f"{PAGE}/sign-out-others", {}, form_at="/").status_code == 303
    assert [c.get("/", headers=A_PAGE).status_code for c in (this, colleague, *others)] == [
        200,
        200,
        302,
        302,
    ]
    assert acts("identity.sign_out_others") == 1


def test_without_the_forms_token_nobody_is_signed_out(
    world: World, client_for: Callable[[str], Any]
) -> None:
    this, other = client_for("staff@koriyama"), client_for("staff@koriyama")
    session_id = session_ids(world, "staff@koriyama")[1]
    for address in (f"{PAGE}/{session_id}/sign-out", f"{PAGE}/sign-out-others"):
        assert this.post(address).status_code == 400
    assert other.get("/", headers=A_PAGE).status_code == 200


def test_whoever_leaves_is_signed_out_everywhere_and_the_rows_go(
    world: World, client_for: Callable[[str], Any], leave: Callable[[str], None]
) -> None:
    gone = [client_for("staff@koriyama") for _ in range(2)]
    stays = client_for("staff2@koriyama")
    leave("staff@koriyama")
    assert [client.get("/", headers=A_PAGE).status_code for client in gone] == [302, 302]
    assert [client.post("/ledger/requests/new").status_code for client in gone] == [401, 401]
    with connection():
        assert purge_expired(world.clock()) == 2
    assert Session.select().count() == 1
    assert stays.get("/", headers=A_PAGE).status_code == 200


def test_on_the_last_day_the_session_still_stands(
    world: World, client_for: Callable[[str], Any]
) -> None:
    client = client_for("staff@koriyama")
    today = tokyo_day(world.clock())
    Appointment.update(ends_on=today).execute()
    assert purge_expired(world.clock()) == 0
    assert client.get("/", headers=A_PAGE).status_code == 200
    assert purge_expired(world.clock() + timedelta(days=1)) == 1


def test_the_persons_menu_leads_there(client_for: Callable[[str], Any]) -> None:
    page = client_for("staff@koriyama").get("/").text
    assert re.search(rf'<a class="shell-link" href="{PAGE}">サインイン中の端末</a>', page)
