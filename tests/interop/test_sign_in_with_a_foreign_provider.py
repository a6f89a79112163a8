"""Signing in and out at a provider that somebody else wrote, all of it for real.

oidc-provider is a certified one. Its pages are in English: "Sign-in", "Continue", "[ Cancel ]".
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, TimeoutError, expect

from tests.interop.running import PATIENCE, ForeignProvider, Niwari


def press_sign_in(page: Page) -> None:
    """Go from Niwari's sign-in page to the provider."""
    page.goto("/sign-in")
    page.get_by_role("link", name="サインインする").click()


def press_until_asked(page: Page) -> None:
    """Try again as people do: a provider that did not answer is left alone for some seconds."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        press_sign_in(page)
        try:
            page.locator("input[name=login]").wait_for(timeout=1_000)
        except TimeoutError:
            continue
        return


def answer_provider(page: Page, login: str) -> None:
    """Fill in the provider's form and agree that Niwari learns who one is."""
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill("not looked at")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def sign_in(page: Page, login: str) -> None:
    """Walk the whole way in."""
    press_sign_in(page)
    answer_provider(page, login)


def sign_out(page: Page) -> None:
    """Press the button in the menu of the person."""
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="サインアウト").click()


def expect_home_of(page: Page, niwari: Niwari, name: str) -> None:
    """Expect the home page, with the name of the person in its frame."""
    expect(page).to_have_url(f"{niwari.address}/")
    expect(page.locator(".shell")).to_contain_text(name)


def expect_to_be_asked_by(provider: ForeignProvider, page: Page) -> None:
    """Expect the provider's form for an account."""
    expect(page.locator("input[name=login]")).to_be_visible()
    assert page.url.startswith(f"{provider.address}/")


def parameters(address: str) -> dict[str, str]:
    """Return the query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_after_login_and_consent_a_person_is_at_home(niwari: Niwari, visitor: Page) -> None:
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")


def test_the_provider_is_asked_with_pkce_and_its_answer_names_it(
    niwari: Niwari, provider: ForeignProvider, visitor: Page
) -> None:
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")

    metadata = provider.metadata()
    assert metadata["authorization_response_iss_parameter_supported"] is True
    [begun] = [url for url in asked if url.startswith(f"{metadata['authorization_endpoint']}?")]
    assert parameters(begun)["code_challenge_method"] == "S256"
    [answer] = [url for url in asked if url.startswith(f"{niwari.address}/sign-in/callback/1?")]
    assert parameters(answer)["iss"] == provider.address


def test_who_is_still_signed_in_at_the_provider_is_not_asked_again(
    niwari: Niwari, visitor: Page
) -> None:
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")
    visitor.context.clear_cookies(name="niwari_session")
    press_sign_in(visitor)
    expect_home_of(visitor, niwari, "職員一")


def test_signing_out_leads_through_the_provider_and_it_asks_for_the_account_again(
    niwari: Niwari, provider: ForeignProvider, visitor: Page
) -> None:
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")

    sign_out(visitor)
    visitor.wait_for_url(re.compile(re.escape(provider.metadata()["end_session_endpoint"])))
    visitor.get_by_role("button", name="Yes, sign me out").click()
    expect(visitor.get_by_role("heading", name="サインアウトしました")).to_be_visible()
    assert visitor.url.startswith(f"{niwari.address}/signed-out")

    visitor.get_by_role("link", name="もう一度サインインする").click()
    visitor.get_by_role("link", name="サインインする").click()
    expect_to_be_asked_by(provider, visitor)
    answer_provider(visitor, "head@koriyama")
    expect_home_of(visitor, niwari, "所属長一")


def test_who_cancels_at_the_provider_is_told_so_and_may_try_again(
    niwari: Niwari, provider: ForeignProvider, visitor: Page
) -> None:
    press_sign_in(visitor)
    visitor.get_by_role("link", name="[ Cancel ]").click()
    expect(visitor.get_by_role("heading", name="サインインをやめました")).to_be_visible()
    visitor.get_by_role("link", name="もう一度サインインする").click()
    visitor.get_by_role("link", name="サインインする").click()
    answer_provider(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")


def test_an_account_that_the_directory_does_not_know_gets_no_further(
    niwari: Niwari, visitor: Page
) -> None:
    sign_in(visitor, "nobody@koriyama")
    expect(visitor.get_by_role("heading", name="このアカウントでは使えません")).to_be_visible()


def test_a_wrong_client_secret_is_no_fault_of_the_person_and_the_log_names_it(
    start_niwari: Callable[..., Niwari], visitor: Page
) -> None:
    niwari = start_niwari(secret="wrong")
    with visitor.expect_response(re.compile("/sign-in/callback")) as answered:
        sign_in(visitor, "staff@koriyama")
    assert answered.value.status == 503
    expect(visitor.get_by_role("heading", name="いまサインインできません")).to_be_visible()
    assert "the provider refused our client id or secret" in niwari.said()
    visitor.get_by_role("link", name="もう一度サインインする").click()
    expect(visitor.get_by_role("link", name="サインインする")).to_be_visible()


def test_after_the_provider_has_changed_its_keys_the_next_sign_in_works(
    niwari: Niwari, provider: ForeignProvider, visitor: Page
) -> None:
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")
    before = provider.key_names()
    provider.stop()
    provider.start()
    assert provider.key_names().isdisjoint(before)

    visitor.context.clear_cookies()
    sign_in(visitor, "head@koriyama")
    expect_home_of(visitor, niwari, "所属長一")


def test_while_the_provider_is_down_niwari_says_so_and_afterwards_lets_people_in(
    niwari: Niwari, provider: ForeignProvider, visitor: Page
) -> None:
    provider.stop()
    press_sign_in(visitor)
    expect(visitor.get_by_role("heading", name="いまサインインできません")).to_be_visible()
    provider.start()
    press_until_asked(visitor)
    answer_provider(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")
