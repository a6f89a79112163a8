"""What a head does with a section's requests: in bulk, over the month, on paper for the board."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import by_request, steps
from tests.browser.chromium import PHONE
from tests.browser.visitors import Visitors, expect_sound

LONG = ("電子申請の勉強会", "窓口の案内表示の見直し")


def test_in_bulk_with_one_refusal_then_the_month_and_the_slip(visitors: Visitors) -> None:
    staff = visitors.person("staff@koriyama")
    for day, purpose in zip(("2026-11-16", "2026-11-17"), LONG, strict=True):
        by_request.ask_for_minutes(staff, day, 1000, purpose)
    by_request.ask_for_minutes(staff, "2026-11-18", 60, "ごみの分別")
    head = visitors.person("head@koriyama", java_script_enabled=False)

    # Days to avoid stand beside the request, and in the person's form.
    head.goto("/ledger/heads/avoid")
    head.get_by_label("理由").fill("12月議会")
    head.get_by_label("始まりの日").fill("2026-11-18")
    head.get_by_label("終わりの日").fill("2026-11-20")
    head.get_by_role("button", name="決める", exact=True).click()
    steps.says(head, "避けてほしい期間を決めました。職員が申し込むときに表示されます。")
    staff.goto("/ledger/requests/new")
    expect(staff.get_by_text("この期間は避けてください：12月議会")).to_be_visible()

    # All are ticked; of two long ones of one person the nearer day wins.
    head.goto("/ledger/approvals")
    row = head.get_by_role("listitem").filter(has_text="ごみの分別")
    expect(row).to_contain_text("避けてほしい期間：12月議会")
    for purpose in (*LONG, "ごみの分別"):
        head.get_by_role("checkbox", name=purpose).check()
    head.get_by_role("button", name="選んだものを了承する").click()
    refused = head.get_by_role("alert")
    expect(refused).to_contain_text("11月17日（火）")
    expect(refused).to_contain_text("（L3）")
    expect(head.locator(".notice--success")).to_contain_text("2件を了承しました。")

    watched = visitors.person("head@koriyama")
    watched.goto("/ledger/heads/month")
    expect(watched.get_by_role("table").get_by_text("了")).not_to_have_count(0)
    expect(watched.get_by_role("heading", name="11月18日（水）")).to_contain_text("12月議会")
    watched.set_viewport_size(PHONE)
    expect(watched.locator(".away-grid")).to_be_hidden()
    expect(watched.locator(".away-day").filter(has_text="11月18日（水）")).to_contain_text("職員一")
    for address in ("approvals", "heads/month", "heads/slip?week=2026-11-16", "heads/avoid"):
        watched.goto(f"/ledger/{address}")
        expect_sound(visitors, watched)

    watched.goto("/ledger/heads/slip?week=2026-11-16")
    expect(watched.get_by_role("table").first).to_contain_text("11月16日（月）")
    assert pages_of(watched.pdf(prefer_css_page_size=True)) == 1
    fill_rows(watched, 25)
    assert pages_of(watched.pdf(prefer_css_page_size=True)) == 1
    fill_rows(watched, 80)
    assert 2 <= pages_of(watched.pdf(prefer_css_page_size=True)) <= 4


@pytest.mark.parametrize("login", ["head@koriyama"])
def test_a_reminders_link_leads_through_the_sign_in_to_the_request(
    visitors: Visitors, login: str
) -> None:
    path = by_request.ask_for_minutes(visitors.person("staff@koriyama"), "2026-11-18", 60, LONG[0])
    page = visitors.visitor()
    page.goto(path)
    page.get_by_role("link", name="サインインする").click()
    page.locator("input[name=username]").fill(login)
    page.get_by_role("button", name="サインイン", exact=True).click()
    expect(page.get_by_role("heading", name="この申込みに答える")).to_be_visible()
    assert steps.path_of(page) == path
    expect(page.get_by_text("了承を待っています 1時間")).to_be_visible()


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF of Chromium has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def fill_rows(page: Page, number: int) -> None:
    """Let the slip have ``number`` lines, each as long as the first."""
    page.evaluate(
        """number => {
          const body = document.querySelector(".slip tbody");
          const row = body.rows[0];
          body.replaceChildren(...Array.from({length: number}, () => row.cloneNode(true)));
        }""",
        number,
    )
