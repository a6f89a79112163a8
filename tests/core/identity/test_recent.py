"""本人確認: before what is sensitive, a person shows again who they are."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from niwari.audit.models import AuditEntry
from niwari.identity.models import Session
from niwari.identity.providers.changes import set_active
from niwari.testing.workshop import Workshop
from niwari.testing.world import World

PAGE = {"Accept": "text/html"}
FORM, CSV = "/admin/audit", "/admin/audit/csv"
AUDITOR = "director-seisaku@koriyama"

SAFE = """
blueprint = Blueprint("safe", __name__)

@hookimpl
def permissions():
    return [Permission("safe.open", Label("金庫を開ける", "Open the safe"), ("it",))]

@hookimpl
def routes():
    return [blueprint]

@blueprint.get("/<int:number>", permission="safe.open", recent=True)
def look(number):
    return f"safe {number}"

@blueprint.post("/<int:number>", permission="safe.open", recent=True)
def empty(number):
    return "emptied"
"""


@pytest.fixture
def auditor(visitor: Any) -> Any:
    """A browser in which the auditor signed in just now, at the development provider."""
    visitor.sign_in(AUDITOR)
    assert visitor.is_signed_in()
    return visitor


@pytest.fixture
def safe(workshop: Workshop, open_world: Callable[..., World]) -> World:
    """A world with a plugin whose pages all want somebody who showed lately who they are."""
    return open_world([workshop.make("safe", SAFE)])


def query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def download(visitor: Any, referrer: str = FORM, **filters: str) -> Any:
    """Send the form of the audit, as from the page at ``referrer``."""
    data = {**filters, "csrf_token": visitor.client.token_at(FORM)}
    return visitor.client.post(
        CSV, data=data, headers={**PAGE, "Referer": f"http://localhost{referrer}"}
    )


def confirm(visitor: Any, address: str, login: str = AUDITOR) -> Any:
    """Go from 本人確認 at ``address`` to the provider and back; return the answer to the callback."""
    page = visitor.get(address)
    assert "本人確認" in page.text
    begun = visitor.get(f"/my/confirm/start?{urlsplit(address).query}")
    answered = visitor.fill_in(begun.location, username=login)
    return visitor.get(answered.location)


def test_who_signed_in_within_ten_minutes_is_not_asked(auditor: Any, world: World) -> None:
    world.clock.advance(minutes=9)
    assert download(auditor).status_code == 200


def test_later_one_is_sent_to_confirm_and_nothing_is_done(auditor: Any, world: World) -> None:
    world.clock.advance(minutes=11)
    before = AuditEntry.select().count()
    answer = download(auditor, f"{FORM}?action=identity.bound")
    assert answer.status_code == 303
    assert urlsplit(answer.location).path == "/my/confirm"
    assert query(answer.location)["next"] == f"{FORM}?action=identity.bound"
    page = auditor.get(answer.location).text
    assert "操作は、まだ行われていません。" in page
    assert "元の画面に書いた内容は、残らないことがあります。" in page
    assert AuditEntry.select().count() == before


def test_after_confirming_one_is_back_at_the_form_and_may_go_on(auditor: Any, world: World) -> None:
    world.clock.advance(minutes=11)
    sent = download(auditor, f"{FORM}?action=identity.bound")
    back = confirm(auditor, sent.location)
    assert back.location == f"{FORM}?action=identity.bound"
    assert "本人確認ができました。" in auditor.get(back.location).text
    assert download(auditor).status_code == 200


def test_confirming_changes_the_token_but_neither_the_session_nor_its_end(
    auditor: Any, world: World
) -> None:
    row, token = Session.get(), auditor.token
    world.clock.advance(minutes=11)
    confirm(auditor, download(auditor).location)
    after = Session.get()
    assert auditor.token != token
    assert (after.id, after.expires_at) == (row.id, row.expires_at)
    auditor.client.set_cookie("niwari_session", token)
    assert not auditor.is_signed_in()


def test_the_provider_is_told_to_ask_and_how_old_its_answer_may_be(auditor: Any) -> None:
    asked = query(auditor.get("/my/confirm/start").location)
    assert (asked["prompt"], asked["max_age"]) == ("login", "600")


def test_an_ordinary_sign_in_asks_for_neither(visitor: Any) -> None:
    assert {"prompt", "max_age"}.isdisjoint(query(visitor.begin()))


def test_a_colleague_cannot_confirm_in_ones_place_and_the_session_stays(
    auditor: Any, world: World
) -> None:
    world.clock.advance(minutes=11)
    answer = confirm(auditor, download(auditor).location, "head@koriyama")
    assert answer.status_code == 403
    assert "別の職員のアカウントです" in answer.text
    assert download(auditor).status_code == 303
    assert auditor.is_signed_in()


def test_who_acts_in_another_post_stays_in_it(world: World, visitor: Any) -> None:
    visitor.sign_in("staff5@koriyama")
    post = next(
        int(part.split('"')[0])
        for part in visitor.get("/my/acting").text.split('action="/my/acting/')[1:]
    )
    visitor.client.submit(f"/my/acting/{post}", {}, form_at="/my/acting")
    confirm(visitor, "/my/confirm?next=/my/acting", "staff5@koriyama")
    assert Session.get().appointment_id == post
    (entry,) = AuditEntry.select().where(AuditEntry.action == "identity.confirm")
    assert entry.actor_id == post


def test_whose_session_ended_meanwhile_is_simply_signed_in(auditor: Any, world: World) -> None:
    begun = auditor.get("/my/confirm/start?next=/admin/audit")
    Session.delete().execute()
    answered = auditor.fill_in(begun.location, username=AUDITOR)
    assert auditor.get(answered.location).location == "/admin/audit"
    assert auditor.is_signed_in()


@pytest.fixture
def confirming(other_provider: Any, visitor: Any) -> Callable[..., Any]:
    """Sign in at the test's own provider, then confirm with ``claims``; return the last answer."""

    def run(**claims: Any) -> Any:
        visitor.get(other_provider.answer_to(visitor.begin()))
        assert visitor.is_signed_in()
        other_provider.claims = claims
        begun = visitor.get("/my/confirm/start?next=/my/sessions")
        return visitor.get(other_provider.answer_to(begun.location))

    return run


def test_a_token_that_says_when_is_believed(confirming: Callable[..., Any]) -> None:
    assert confirming(auth_time=int(time.time()) - 30).location == "/my/sessions"


@pytest.mark.parametrize(
    "auth_time",
    [None, "an hour ago", "in an hour", "as text", True, 0, -1, float("nan"), 10**400],
    ids=lambda value: str(value)[:12],
)
def test_without_proof_that_the_person_was_asked_it_is_refused(
    confirming: Callable[..., Any], visitor: Any, auth_time: Any
) -> None:
    now = int(time.time())
    moments = {"an hour ago": now - 3600, "in an hour": now + 3600, "as text": str(now)}
    said = moments.get(auth_time, auth_time) if isinstance(auth_time, str) else auth_time
    assert confirming(auth_time=said).status_code == 400
    assert visitor.is_signed_in()
    assert Session.get().auth_time is None


def test_a_provider_that_says_nothing_at_sign_in_leaves_the_session_to_be_confirmed(
    other_provider: Any, visitor: Any
) -> None:
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.is_signed_in()
    assert Session.get().auth_time is None


def test_of_a_sign_in_an_hour_ago_at_the_provider_the_session_knows_it(
    other_provider: Any, visitor: Any, world: World
) -> None:
    other_provider.claims = {"auth_time": int(time.time()) - 3600}
    visitor.get(other_provider.answer_to(visitor.begin()))
    ago = world.clock() - Session.get().auth_time
    assert 3590 <= ago.total_seconds() <= 3660


def test_while_the_provider_is_down_one_is_told_so(other_provider: Any, world: World) -> None:
    other_provider.is_down = True
    answer = world.client_for(AUDITOR).get("/my/confirm/start")
    assert answer.status_code == 503
    assert "しばらくしてから" in answer.text


def test_where_it_was_stopped_one_is_told_so_and_led_to_no_other(
    other_provider: Any, visitor: Any, world: World
) -> None:
    visitor.get(other_provider.answer_to(visitor.begin()))
    ctx = world.system_context()
    set_active(ctx, other_provider.id, active=False)
    for other_is_active in (False, True):
        set_active(ctx, 1, active=other_is_active)
        answer = visitor.get("/my/confirm/start")
        assert answer.status_code == 503
        assert "サインインの窓口（認証サーバー）につながりません。" in answer.text


def test_a_session_that_names_no_provider_is_told_so_too(auditor: Any, world: World) -> None:
    Session.update(data="{}").execute()
    assert auditor.get("/my/confirm/start").status_code == 302
    set_active(world.system_context(), 1, active=False)
    assert auditor.get("/my/confirm/start").status_code == 503


# -- any plugin's pages ---------------------------------------------------------------------------


def test_a_page_leads_back_to_itself(safe: World) -> None:
    client = safe.client_for("it@koriyama")
    assert client.get("/safe/7", headers=PAGE).text == "safe 7"
    safe.clock.advance(minutes=10)
    answer = client.get("/safe/7?open=1", headers=PAGE)
    assert answer.status_code == 302
    assert query(answer.location) == {"next": "/safe/7?open=1"}
    assert "続きの画面が開きます。" in client.get(answer.location).text


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://localhost/safe/7?x=1", "/safe/7?x=1"),
        ("http://evil.example/safe/7", "/"),
        ("http://localhost//evil.example/", "/"),
        ("http://localhost:99/safe/7", "/"),
        ("javascript:alert(1)", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_a_form_leads_back_to_where_it_stood_and_never_elsewhere(
    safe: World, referrer: str, back: str
) -> None:
    client = safe.client_for("it@koriyama")
    safe.clock.advance(minutes=10)
    answer = client.post("/safe/7", headers={**PAGE, "Referer": referrer})
    assert (answer.status_code, query(answer.location)["next"]) == (303, back)


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true", **PAGE}, {"Accept": "application/json"}]
)
def test_what_is_no_page_is_told_401_and_what_to_do(safe: World, headers: dict[str, str]) -> None:
    client = safe.client_for("it@koriyama")
    safe.clock.advance(minutes=10)
    answer = client.post("/safe/7", headers=headers)
    assert answer.status_code == 401
    said = answer.headers["WWW-Authenticate"]
    assert said == 'Bearer error="insufficient_user_authentication", max_age=600'


def test_who_may_not_is_told_so_and_not_asked_again(safe: World) -> None:
    client = safe.client_for("staff@koriyama")
    safe.clock.advance(minutes=10)
    assert client.get("/safe/7", headers=PAGE).status_code == 403


def test_who_is_not_signed_in_is_sent_to_sign_in(safe: World) -> None:
    answer = safe.anonymous().get("/safe/7", headers=PAGE)
    assert answer.location == "/sign-in?next=/safe/7"
