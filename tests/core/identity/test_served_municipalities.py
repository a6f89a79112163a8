"""Whom a provider may vouch for: people of its municipalities, by its own claim."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import tokyo_day
from niwari.db import connection
from niwari.directory.models import Appointment, Municipality, Person, Section
from niwari.identity.models import ExternalIdentity
from niwari.identity.providers import changes as provider_changes
from niwari.testing.world import KORIYAMA, MIHARU, World

TOWN = "https://id.koriyama.example.jp"
DOMAIN = "city.koriyama.example.jp"


def town_id(code: str) -> int:
    with connection():
        found: int = Municipality.get(Municipality.code == code).id
    return found


@pytest.fixture
def koriyama(with_provider: Callable[..., Any]) -> Any:
    """A provider of 郡山市 alone."""
    return with_provider(TOWN, municipality_ids=(town_id(KORIYAMA),))


def signed_in(visitor: Any, provider: Any) -> Any:
    """Walk the whole way in at ``provider``; return the answer."""
    begun = visitor.get(f"/sign-in/start?provider={provider.id}")
    return visitor.get(provider.answer_to(begun.location))


def move(world: World, login: str, code: str) -> None:
    """Let a person work in another town from today on."""
    today = tokyo_day(world.clock())
    with connection():
        person = Person.get(Person.login == login)
        Appointment.update(ends_on=today - timedelta(days=1)).where(
            Appointment.person == person
        ).execute()
        post(person, code, today)


def post(person: Any, code: str, day: Any) -> int:
    """Give a person a post in a town."""
    section = Section.select().where(Section.municipality == town_id(code)).first()
    made: int = Appointment.insert(
        person=person,
        municipality=town_id(code),
        section=section,
        employment="full_time",
        starts_on=day,
        is_main=False,
    ).execute()
    return made


def test_people_of_its_municipality_are_let_in(visitor: Any, koriyama: Any) -> None:
    assert signed_in(visitor, koriyama).status_code == 302
    assert visitor.is_signed_in()


def test_it_cannot_speak_for_people_of_a_town_that_it_does_not_serve(
    visitor: Any, koriyama: Any
) -> None:
    koriyama.claims = {"preferred_username": "staff@miharu"}
    answer = signed_in(visitor, koriyama)
    assert answer.status_code == 403
    assert "このアカウントは、にわりに登録されていません。" in answer.text
    with connection():
        assert ExternalIdentity.select().count() == 0


def test_nor_does_it_tell_who_has_left_there(
    visitor: Any, koriyama: Any, leave: Callable[[str], None]
) -> None:
    leave("staff@miharu")
    koriyama.claims = {"preferred_username": "staff@miharu"}
    assert "登録されていません" in signed_in(visitor, koriyama).text


def test_who_has_moved_to_such_a_town_is_told_to_use_its_provider(
    world: World, visitor: Any, another_visitor: Any, koriyama: Any
) -> None:
    signed_in(visitor, koriyama)
    move(world, "staff@koriyama", MIHARU)
    answer = signed_in(another_visitor, koriyama)
    assert answer.status_code == 403
    assert "今の所属の市町村にサインインできません" in answer.text
    assert not another_visitor.is_signed_in()


def test_of_several_posts_one_in_its_municipalities_is_acted_in_and_no_other(
    world: World, visitor: Any, koriyama: Any
) -> None:
    with connection():
        person = Person.get(Person.login == "staff@miharu")
        post(person, KORIYAMA, tokyo_day(world.clock()))
        main = Appointment.get(
            (Appointment.person == person) & (Appointment.municipality == town_id(MIHARU))
        )
    koriyama.claims = {"preferred_username": "staff@miharu"}
    signed_in(visitor, koriyama)
    assert "郡山市" in visitor.get("/").text
    page = visitor.get("/my/acting")
    assert "三春町" not in page.text
    refused = visitor.client.submit(f"/my/acting/{main.id}", {}, form_at="/")
    assert refused.status_code == 404


def test_an_answer_at_another_providers_address_is_refused(
    visitor: Any, koriyama: Any, with_provider: Callable[..., Any]
) -> None:
    other = with_provider("https://other.example.jp")
    begun = visitor.get(f"/sign-in/start?provider={koriyama.id}")
    answer = koriyama.answer_to(begun.location)
    mixed = answer.replace(koriyama.callback, other.callback)
    assert visitor.get(mixed).status_code == 400
    assert other.redeemed == koriyama.redeemed == []
    assert visitor.get(answer).status_code == 302  # the true one still counts


@pytest.mark.parametrize("number", [0, 99, 2**31 - 1])
def test_an_answer_for_a_provider_that_is_not_there_is_refused(visitor: Any, number: int) -> None:
    assert visitor.get(f"/sign-in/callback/{number}?code=a&state=b").status_code == 400


def test_a_provider_that_is_stopped_meanwhile_lets_nobody_in(
    world: World, visitor: Any, koriyama: Any
) -> None:
    begun = visitor.get(f"/sign-in/start?provider={koriyama.id}")
    answer = koriyama.answer_to(begun.location)
    provider_changes.set_active(world.system_context(), koriyama.id, active=False)
    assert visitor.get(answer).status_code == 403
    assert not visitor.is_signed_in()


def test_the_login_may_be_another_claim(visitor: Any, with_provider: Callable[..., Any]) -> None:
    provider = with_provider(TOWN, login_claim="upn")
    provider.claims = {"upn": "head@koriyama"}
    signed_in(visitor, provider)
    assert "所属長一" in visitor.get("/").text


# -- by mail address ------------------------------------------------------------------------------


@pytest.fixture
def by_mail(with_provider: Callable[..., Any]) -> Any:
    """A provider of 郡山市 that names people by their mail address; staff@koriyama has one."""
    with connection():
        Person.update(email=f"ichi@{DOMAIN}").where(Person.login == "staff@koriyama").execute()
    found = with_provider(
        TOWN, login_claim="email", domains=(DOMAIN,), municipality_ids=(town_id(KORIYAMA),)
    )
    found.claims = {"email": f"Ichi@{DOMAIN}", "email_verified": True}
    return found


def test_a_verified_mail_address_of_its_domain_is_matched_with_the_directorys(
    visitor: Any, by_mail: Any
) -> None:
    begun = visitor.get(f"/sign-in/start?provider={by_mail.id}")
    assert by_mail.parameters(begun.location)["scope"] == "openid profile email"
    visitor.get(by_mail.answer_to(begun.location))
    assert "職員一" in visitor.get("/").text


@pytest.mark.parametrize("verified", [False, "true", 1, None])
def test_one_that_is_not_verified_names_nobody(visitor: Any, by_mail: Any, verified: Any) -> None:
    by_mail.claims |= {"email_verified": verified}
    answer = signed_in(visitor, by_mail)
    assert answer.status_code == 403
    assert "確認が済んでいないため" in answer.text


@pytest.mark.parametrize("address", ["ichi@elsewhere.example.jp", "staff@koriyama", "ichi"])
def test_nor_does_one_of_another_domain(visitor: Any, by_mail: Any, address: str) -> None:
    with connection():
        Person.update(email=address).where(Person.login == "staff@koriyama").execute()
    by_mail.claims |= {"email": address}
    assert "登録されていません" in signed_in(visitor, by_mail).text


def test_nor_does_one_that_two_people_have(visitor: Any, by_mail: Any) -> None:
    with connection():
        Person.update(email=f"ichi@{DOMAIN}").where(Person.login == "head@koriyama").execute()
    answer = signed_in(visitor, by_mail)
    assert answer.status_code == 403
    assert "2人以上" in answer.text


def test_an_empty_address_is_nobodys(visitor: Any, by_mail: Any) -> None:
    by_mail.claims |= {"email": ""}
    assert signed_in(visitor, by_mail).status_code == 403


# -- who was bound --------------------------------------------------------------------------------


def test_a_bound_account_never_becomes_somebody_else_by_a_new_name(
    visitor: Any, another_visitor: Any, koriyama: Any, leave: Callable[[str], None]
) -> None:
    signed_in(visitor, koriyama)
    leave("staff@koriyama")
    koriyama.claims = {"preferred_username": "head@koriyama"}
    assert "有効な所属がない" in signed_in(another_visitor, koriyama).text


def test_the_audit_notes_the_binding_once(
    visitor: Any, another_visitor: Any, koriyama: Any
) -> None:
    for browser in (visitor, another_visitor):
        signed_in(browser, koriyama)
    with connection():
        assert AuditEntry.select().where(AuditEntry.action == "identity.bound").count() == 1
