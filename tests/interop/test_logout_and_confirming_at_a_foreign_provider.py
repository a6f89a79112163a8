"""What a provider that somebody else wrote says of its own accord, and what it says when asked again."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.interop.running import ForeignProvider, Niwari
from tests.interop.test_sign_in_with_a_foreign_provider import (
    answer_provider,
    expect_home_of,
    expect_to_be_asked_by,
    sign_in,
)


def test_who_signs_out_at_the_provider_is_signed_out_here(
    niwari: Niwari, provider: ForeignProvider, visitor: Page
) -> None:
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")
    visitor.goto(provider.metadata()["end_session_endpoint"])
    with visitor.expect_navigation():
        visitor.get_by_role("button", name="Yes, sign me out").click()
    visitor.goto(f"{niwari.address}/")
    expect(visitor.get_by_role("heading", name="サインイン")).to_be_visible()
    assert "logout refused" not in niwari.said()


def test_the_session_of_another_browser_goes_on(
    niwari: Niwari, provider: ForeignProvider, visitor: Page
) -> None:
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")
    kept = visitor.context.cookies()
    visitor.context.clear_cookies()
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")
    visitor.goto(provider.metadata()["end_session_endpoint"])
    with visitor.expect_navigation():
        visitor.get_by_role("button", name="Yes, sign me out").click()
    visitor.context.clear_cookies()
    visitor.context.add_cookies(kept)
    visitor.goto(f"{niwari.address}/")
    expect_home_of(visitor, niwari, "職員一")


def test_who_confirms_is_asked_by_the_provider_though_still_signed_in_there(
    niwari: Niwari, provider: ForeignProvider, visitor: Page
) -> None:
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")
    visitor.goto("/my/confirm?next=/my/sessions")
    visitor.get_by_role("link", name="もう一度サインインする").click()
    expect_to_be_asked_by(provider, visitor)
    visitor.locator("input[name=login]").fill("staff@koriyama")
    visitor.locator("input[name=password]").fill("not looked at")
    visitor.get_by_role("button", name="Sign-in").click()
    expect(visitor).to_have_url(f"{niwari.address}/my/sessions")
    expect(visitor.get_by_text("本人確認ができました。")).to_be_visible()


def test_a_colleague_at_the_same_desk_confirms_nothing_and_is_signed_in_as_themself(
    niwari: Niwari, provider: ForeignProvider, visitor: Page
) -> None:
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")
    visitor.goto("/my/confirm?next=/my/sessions")
    visitor.get_by_role("link", name="もう一度サインインする").click()
    answer_provider(visitor, "head@koriyama")
    # Another account at the provider means that the first has signed out there, and it says so.
    expect(visitor).to_have_url(f"{niwari.address}/my/sessions")
    expect(visitor.locator(".shell")).to_contain_text("所属長一")
    expect(visitor.get_by_text("本人確認ができました。")).not_to_be_visible()
    assert "/sign-in/back-channel-logout/1 200" in niwari.said()


def test_no_code_and_no_state_is_in_the_log_of_the_server(niwari: Niwari, visitor: Page) -> None:
    sign_in(visitor, "staff@koriyama")
    expect_home_of(visitor, niwari, "職員一")
    said = niwari.said()
    assert "/sign-in/callback" in said
    for secret in ("code=", "state=", "eyJ"):
        assert secret not in said
