"""Signing in and out, the whole way, at the development provider."""

import re
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from niwari.audit.models import AuditEntry
from niwari.db import connection
from niwari.directory.models import Person
from niwari.identity.models import ExternalIdentity, Session
from niwari.specs.contributions import Label


def test_after_signing_in_a_person_is_where_they_wanted_to_go(visitor: Any) -> None:
    redirected = visitor.get("/ledger/?month=2026-11", headers={"Accept": "text/html"})
    sign_in_page = visitor.get(redirected.location)
    assert 'href="/sign-in/start?next=/ledger/?month%3D2026-11"' in sign_in_page.text
    response = visitor.sign_in("staff@koriyama", "/ledger/?month=2026-11")
    assert response.status_code == 302
    assert response.location == "/ledger/?month=2026-11"
    assert visitor.is_signed_in()


def test_the_whole_way_is_walked_by_one_thread_without_any_network(
    visitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: socket.socket, address: Any) -> None:
        raise AssertionError(f"sign-in opened a connection to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    visitor.sign_in("staff@koriyama")
    assert visitor.is_signed_in()


def test_the_home_page_greets_who_has_signed_in(visitor: Any) -> None:
    visitor.sign_in("head@sukagawa")
    assert "所属長二" in visitor.get("/").text
    assert "須賀川市" in visitor.get("/").text


def test_who_is_signed_in_is_sent_on_from_the_sign_in_page_and_its_button(visitor: Any) -> None:
    visitor.sign_in("staff@koriyama")
    assert visitor.get("/sign-in").location == "/"
    assert visitor.get("/sign-in?next=/ledger/").location == "/ledger/"
    assert visitor.get("/sign-in/start?next=/ledger/").location == "/ledger/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example/",
        "/\t/elsewhere.example/",
        "javascript:alert(1)",
        "ledger",
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(visitor: Any, elsewhere: str) -> None:
    page = visitor.get("/sign-in", query_string={"next": elsewhere})
    assert '<a href="/sign-in/start?next=/"' in page.text
    assert visitor.sign_in("staff@koriyama", elsewhere).location == "/"
    assert visitor.get("/sign-in", query_string={"next": elsewhere}).location == "/"


def test_the_first_sign_in_binds_the_account_and_the_audit_says_so(visitor: Any) -> None:
    visitor.sign_in("staff@koriyama")
    with connection():
        (bound,) = ExternalIdentity.select()
        assert bound.issuer == "http://localhost/development-provider"
        assert bound.person.login == "staff@koriyama"
        (entry,) = AuditEntry.select().where(AuditEntry.action == "identity.bound")
        assert (entry.object_kind, entry.object_id) == ("person", bound.person.id)


def test_later_sign_ins_use_the_binding_and_bind_nothing(
    visitor: Any, another_visitor: Any
) -> None:
    visitor.sign_in("staff@koriyama")
    another_visitor.sign_in("staff@koriyama")
    assert another_visitor.is_signed_in()
    with connection():
        assert ExternalIdentity.select().count() == 1


def test_signing_out_ends_the_row_and_the_providers_session(visitor: Any) -> None:
    visitor.sign_in("staff@koriyama")
    token = visitor.token
    response = visitor.sign_out()
    assert response.status_code == 303
    with connection():
        assert Session.select().count() == 0
    assert visitor.token is None
    assert urlsplit(response.location).path == "/development-provider/end-session"
    ended = visitor.get(response.location)
    assert ended.location.startswith("http://localhost/signed-out?")
    assert visitor.provider_cookie is None
    assert "サインアウトしました" in visitor.get(ended.location).text
    visitor.client.set_cookie("niwari_session", token)
    assert not visitor.is_signed_in()


def test_signing_out_names_the_client_and_the_token_to_the_provider(visitor: Any) -> None:
    visitor.sign_in("staff@koriyama")
    asked = parse_qs(urlsplit(visitor.sign_out().location).query)
    assert asked["client_id"] == ["niwari"]
    assert asked["id_token_hint"][0].count(".") == 2


def test_signing_out_needs_the_forms_token(visitor: Any) -> None:
    visitor.sign_in("staff@koriyama")
    assert visitor.client.post("/sign-out").status_code == 400
    assert visitor.is_signed_in()


def test_the_session_remembers_the_providers_session_for_logout_from_there(visitor: Any) -> None:
    visitor.sign_in("staff@koriyama")
    with connection():
        row = Session.get()
    assert row.issuer == "http://localhost/development-provider"
    assert len(row.idp_session) > 10


def test_a_demo_offers_its_accounts_on_both_pages(world: Any, visitor: Any) -> None:
    world.app.config["NIWARI_DEMO_ACCOUNTS"] = [
        ("head@koriyama", Label("郡山市の所属長", "Head of section, Koriyama"))
    ]
    page = visitor.get("/sign-in").text
    assert 'href="/sign-in/start?next=/&amp;account=head@koriyama"' in page
    assert "郡山市の所属長" in page
    visitor.client.set_cookie("niwari_locale", "en")
    assert "Head of section, Koriyama" in visitor.get("/sign-in").text
    begun = visitor.get("/sign-in/start?account=head@koriyama")
    provider_page = visitor.get(begun.location).text
    assert 'name="username" value="head@koriyama" autocomplete' in provider_page
    assert re.search(r'<button [^>]*name="username" value="head@koriyama"', provider_page)


def test_an_account_without_a_person_gets_a_clear_answer_and_no_session(
    other_provider: Any, visitor: Any
) -> None:
    other_provider.claims = {"preferred_username": "stranger@koriyama"}
    with connection():
        people = Person.select().count()
    response = visitor.get(other_provider.answer_to(visitor.begin()))
    assert response.status_code == 403
    assert "このアカウントは、にわりに登録されていません。" in response.text
    assert 'href="/sign-in"' in response.text
    assert not visitor.is_signed_in()
    with connection():
        assert (Person.select().count(), ExternalIdentity.select().count()) == (people, 0)


def test_a_person_who_has_left_is_not_let_in(
    other_provider: Any, visitor: Any, leave: Callable[[str], None]
) -> None:
    leave("staff@koriyama")
    response = visitor.get(other_provider.answer_to(visitor.begin()))
    assert response.status_code == 403
    assert "今日の時点で有効な所属がないため" in response.text
    assert not visitor.is_signed_in()


def test_a_renamed_account_is_still_the_same_person(other_provider: Any, visitor: Any) -> None:
    visitor.get(other_provider.answer_to(visitor.begin()))
    visitor.sign_out()
    other_provider.claims = {"preferred_username": "head@koriyama"}
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert "職員一" in visitor.get("/").text


def test_a_new_account_with_a_colleagues_name_is_not_that_colleague(
    other_provider: Any, visitor: Any, another_visitor: Any
) -> None:
    visitor.get(other_provider.answer_to(visitor.begin()))
    other_provider.claims = {"sub": "subject-2"}
    response = another_visitor.get(other_provider.answer_to(another_visitor.begin()))
    assert response.status_code == 403
    assert "別のアカウントと結び付いています" in response.text
    assert not another_visitor.is_signed_in()
