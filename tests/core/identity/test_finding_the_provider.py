"""Several providers: finding one's own, being remembered, and what it costs."""

from collections.abc import Callable
from typing import Any

import pytest

from niwari.db import connection
from niwari.directory.models import Municipality
from niwari.identity.models import Provider
from niwari.identity.providers import changes as provider_changes
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World

TOWN = "https://id.koriyama.example.jp"
REGION = "https://id.region.example.jp"


def town_id(code: str) -> int:
    with connection():
        found: int = Municipality.get(Municipality.code == code).id
    return found


@pytest.fixture
def town(with_provider: Callable[..., Any]) -> Any:
    """The provider of 郡山市 alone."""
    return with_provider(
        TOWN,
        label="郡山市",
        municipality_ids=(town_id(KORIYAMA),),
        domains=("city.koriyama.example.jp",),
    )


@pytest.fixture
def region(world: World, town: Any, with_provider: Callable[..., Any]) -> Any:
    """That of the region, for 須賀川市 and 三春町; the development provider is not used."""
    found = with_provider(
        REGION, label="広域圏", municipality_ids=(town_id(SUKAGAWA), town_id(MIHARU))
    )
    provider_changes.set_active(world.system_context(), 1, active=False)
    return found


def search(visitor: Any, **data: Any) -> Any:
    """Send the form of the sign-in page."""
    return visitor.client.post("/sign-in?next=/ledger/", data=data)


def test_several_providers_let_one_choose_the_municipality_by_region(
    visitor: Any, town: Any, region: Any
) -> None:
    page = visitor.get("/sign-in?next=/ledger/").text
    assert '<optgroup label="こおりやま広域圏">' in page
    for name in ("郡山市", "須賀川市", "三春町"):
        assert f">{name}</option>" in page
    assert "田村市" not in page  # nobody serves it
    assert "職場のメールアドレス" in page


def test_the_municipality_leads_to_its_provider_and_the_page_that_was_wanted(
    visitor: Any, town: Any, region: Any
) -> None:
    found = search(visitor, municipality=town_id(MIHARU))
    assert found.status_code == 303
    page = visitor.get(found.location).text
    assert "広域圏のアカウントで入ります。" in page
    assert f'href="/sign-in/start?provider={region.id}&amp;next=/ledger/"' in page
    assert "ほかの市町村の方はこちら" in page


def test_so_does_a_mail_address_however_it_is_written(visitor: Any, town: Any, region: Any) -> None:
    found = search(visitor, mail=" Someone@City.Koriyama.example.JP ")
    assert "郡山市のアカウントで入ります。" in visitor.get(found.location).text


def test_an_unknown_domain_is_said_beside_the_field_and_the_address_stays(
    visitor: Any, town: Any, region: Any
) -> None:
    answer = search(visitor, mail="me@elsewhere.example.jp")
    assert answer.status_code == 422
    assert (
        "「elsewhere.example.jp」のメールアドレスでは、サインイン先が見つかりません。"
        in answer.text
    )
    assert 'value="me@elsewhere.example.jp"' in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("data", [{}, {"municipality": ""}, {"municipality": "99999"}])
def test_whoever_names_nothing_or_no_such_town_is_told_so(
    visitor: Any, town: Any, region: Any, data: dict[str, str]
) -> None:
    answer = search(visitor, **data)
    assert answer.status_code == 422
    assert 'id="municipality-error"' in answer.text


def test_a_municipality_with_several_providers_offers_each(
    visitor: Any, town: Any, region: Any, with_provider: Callable[..., Any]
) -> None:
    other = with_provider("https://other.example.jp", label="教育委員会")
    found = search(visitor, municipality=town_id(KORIYAMA))
    page = visitor.get(found.location).text
    for provider in (town, other):
        assert f"/sign-in/start?provider={provider.id}&amp;" in page
    assert f"provider={region.id}&amp;" not in page


def test_the_choice_is_remembered_by_its_id_for_a_year(
    visitor: Any, town: Any, region: Any
) -> None:
    begun = visitor.get(f"/sign-in/start?provider={region.id}")
    (cookie,) = (c for c in begun.headers.getlist("Set-Cookie") if c.startswith("niwari_provider="))
    assert cookie.startswith(f"niwari_provider={region.id};")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"} <= set(cookie.split("; "))
    assert "広域圏のアカウントで入ります。" in visitor.get("/sign-in").text
    assert "<optgroup" in visitor.get("/sign-in?choose=1").text


@pytest.mark.parametrize("kept", ["", "x", "0", "-1", "99", "9" * 30, "1; drop"])
def test_a_cookie_that_means_nothing_is_as_none(
    visitor: Any, town: Any, region: Any, kept: str
) -> None:
    visitor.client.set_cookie("niwari_provider", kept)
    assert "<optgroup" in visitor.get("/sign-in").text


def test_a_remembered_provider_that_is_not_active_any_more_is_not_offered(
    world: World, visitor: Any, town: Any, region: Any
) -> None:
    visitor.get(f"/sign-in/start?provider={region.id}")
    provider_changes.set_active(world.system_context(), region.id, active=False)
    provider_changes.set_active(world.system_context(), 1, active=True)
    assert "<optgroup" in visitor.get("/sign-in").text
    assert visitor.get(f"/sign-in/start?provider={region.id}").location == "/sign-in?next=/"


def test_starting_without_a_choice_leads_back_to_choosing(
    visitor: Any, town: Any, region: Any
) -> None:
    begun = visitor.get("/sign-in/start?next=/ledger/")
    assert begun.location == "/sign-in?next=/ledger/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_finding_sends_nobody_to_another_site(
    visitor: Any, town: Any, region: Any, elsewhere: str
) -> None:
    found = visitor.client.post(
        "/sign-in", query_string={"next": elsewhere}, data={"municipality": town_id(MIHARU)}
    )
    assert found.location == f"/sign-in?provider={region.id}&next=/"


def test_without_any_active_provider_the_page_says_that_nobody_can_sign_in_now(
    world: World, visitor: Any
) -> None:
    provider_changes.set_active(world.system_context(), 1, active=False)
    answer = visitor.get("/sign-in")
    assert answer.status_code == 503
    assert "いまサインインできません" in answer.text


def test_signing_out_leads_to_the_provider_of_the_session(
    visitor: Any, town: Any, region: Any
) -> None:
    region.metadata = {"end_session_endpoint": f"{REGION}/leave"}
    region.claims = {"preferred_username": "staff@miharu"}
    visitor.get(region.answer_to(visitor.get(f"/sign-in/start?provider={region.id}").location))
    assert visitor.sign_out().location.startswith(f"{REGION}/leave?")


def test_a_known_account_costs_four_queries_more_than_its_session_and_its_limits_at_the_most(
    other_provider: Any,
    visitor: Any,
    another_visitor: Any,
    queries: Callable[[], Any],
) -> None:
    for browser in (visitor, another_visitor):  # the first is bound, the second is known
        with queries() as log:
            browser.get(other_provider.answer_to(browser.begin()))
        assert browser.is_signed_in()
        counted = ("identity_session", "host_rate_count")
        own = [s for s in log.statements if not any(table in s for table in counted)]
        assert len(own) <= 4, own


def test_a_provider_is_asked_by_one_relying_party_until_it_is_changed(
    world: World, other_provider: Any, visitor: Any, another_visitor: Any
) -> None:
    visitor.get(other_provider.answer_to(visitor.begin()))
    with connection():
        Provider.update(revision=Provider.revision + 1).where(
            Provider.id == other_provider.id
        ).execute()
    another_visitor.get(other_provider.answer_to(another_visitor.begin()))
    assert another_visitor.is_signed_in()
    assert other_provider.asked.count("/.well-known/openid-configuration") == 2
