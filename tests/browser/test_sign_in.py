"""The way in and out, and what goes wrong on it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, Response, expect

from tests.browser import steps
from tests.browser.visitors import Visitors, sign_in, sign_out

FAILED = "サインインできませんでした"


def callbacks_of(page: Page) -> list[str]:
    """Return a list of the addresses with which the provider sends the browser back."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if steps.path_of_url(request.url) == "/sign-in/callback/1":
            seen.append(request.url)

    page.on("request", note)
    return seen


def expect_refused(page: Page, answer: Response | None, title: str) -> None:
    """Expect a plain page of 400 that says what happened and offers the way in again."""
    assert answer is not None
    assert answer.status == 400
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="もう一度サインインする").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("サインイン")


def fill_in(page: Page, login: str) -> None:
    """Give an account to the provider's form."""
    page.locator("input[name=username]").fill(login)
    page.get_by_role("button", name="サインイン", exact=True).click()


def test_a_cancelled_sign_in_signs_nobody_in_and_can_be_tried_again(readers: Visitors) -> None:
    page = readers.visitor()
    page.goto("/")
    page.get_by_role("link", name="サインインする").click()
    with page.expect_response(lambda r: "/sign-in/callback" in r.url) as answered:
        page.get_by_role("button", name="やめる").click()
    expect_refused(page, answered.value, "サインインをやめました")
    page.goto("/ledger/")
    expect(page.get_by_role("heading", level=1)).to_have_text("サインイン")
    sign_in(page, "staff@koriyama")


def test_a_forged_state_is_refused(readers: Visitors) -> None:
    page = readers.visitor()
    callbacks = callbacks_of(page)
    sign_in(page, "staff@koriyama")
    sign_out(page)
    page.get_by_role("link", name="もう一度サインインする").click()
    page.get_by_role("link", name="サインインする").click()
    page.locator("input[name=username]").wait_for()
    forged = page.goto(callbacks[0].replace("state=", "state=forged"))
    expect_refused(page, forged, FAILED)


def test_a_callback_out_of_nowhere_is_refused(readers: Visitors) -> None:
    page = readers.visitor()
    answer = page.goto("/sign-in/callback/1?code=stolen&state=made-up")
    expect_refused(page, answer, FAILED)


def test_a_replayed_callback_is_refused_and_harms_nobody(readers: Visitors) -> None:
    page, thief = readers.visitor(), readers.visitor()
    callbacks = callbacks_of(page)
    sign_in(page, "staff@koriyama")
    assert len(callbacks) == 1
    expect_refused(thief, thief.goto(callbacks[0]), FAILED)
    replayed = page.goto(callbacks[0])
    assert replayed is not None
    assert replayed.status == 400
    page.goto("/")
    expect(page.locator(".shell-me")).to_have_text("職員一")


def test_an_unknown_account_can_be_corrected(readers: Visitors) -> None:
    page = readers.visitor()
    page.goto("/")
    page.get_by_role("link", name="サインインする").click()
    fill_in(page, "nobody@koriyama")
    expect(page.get_by_text("「nobody@koriyama」というアカウントはありません。")).to_be_visible()
    field = page.locator("input[name=username]")
    expect(field).to_have_value("nobody@koriyama")
    expect(field).to_be_focused()
    fill_in(page, "staff@koriyama")
    expect(page.locator(".shell-me")).to_have_text("職員一")


def test_an_account_of_the_demo_is_two_taps_away(readers: Visitors) -> None:
    page = readers.visitor()
    page.goto("/")
    page.get_by_role("link", name="staff@miharu").click()
    expect(page.locator("input[name=username]")).to_have_value("staff@miharu")
    page.get_by_role("button", name="サインイン", exact=True).click()
    expect(page.locator(".shell-place-of-work")).to_contain_text("三春町")


def test_a_deep_link_is_where_one_arrives(readers: Visitors) -> None:
    page = readers.visitor()
    page.goto("/consult/waiting?topic=pay")
    expect(page.get_by_role("heading", level=1)).to_have_text("サインイン")
    page.get_by_role("link", name="サインインする").click()
    fill_in(page, "staff@koriyama")
    expect(page.get_by_role("heading", level=1)).to_have_text("相談")
    assert page.url == f"{readers.address}/consult/waiting?topic=pay"


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/"]
)
def test_a_next_address_elsewhere_leads_home(readers: Visitors, elsewhere: str) -> None:
    page = readers.visitor()
    page.goto(f"/sign-in?next={elsewhere}")
    page.get_by_role("link", name="サインインする").click()
    fill_in(page, "staff@koriyama")
    page.locator(".shell").wait_for()
    assert page.url == f"{readers.address}/"


def test_after_signing_out_nothing_can_be_seen_by_going_back(readers: Visitors) -> None:
    page = readers.person("staff@koriyama")
    page.goto("/ledger/")
    page.goto("/consult/")
    sign_out(page)
    assert steps.path_of(page) == "/signed-out"
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("サインイン")
    page.goto("/ledger/")
    expect(page.get_by_role("heading", level=1)).to_have_text("サインイン")


def test_signing_out_ends_the_session_in_every_window(readers: Visitors) -> None:
    page = readers.at_home("staff@koriyama")
    second = page.context.new_page()
    second.goto("/ledger/")
    sign_out(page)
    second.get_by_role("link", name="次の月").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("サインイン")


def test_the_language_can_be_chosen_before_signing_in_and_stays(readers: Visitors) -> None:
    page = readers.visitor()
    page.goto("/sign-in")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("a.button--solid").click()
    fill_in(page, "staff@koriyama")
    expect(page.locator(".shell")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="日本語").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("11月の20%")
