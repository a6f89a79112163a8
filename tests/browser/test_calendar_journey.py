"""Subscribing to one's own calendar: the address is made, fetched by a program, and ended."""

from __future__ import annotations

from typing import Any

from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.screens import STAFF2
from tests.browser.visitors import Visitors


def fetched(visitors: Visitors, address: str) -> tuple[int, bytes]:
    """Fetch an address as a calendar program does, which has no session."""
    program = visitors.visitor()
    answer = program.request.get(address)
    return answer.status, answer.body()


def titles(file: bytes) -> list[str]:
    """Return what takes place in a calendar file."""
    calendar: Any = Calendar.from_ical(file)
    return [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")]


def test_a_calendar_is_subscribed_to_and_the_address_is_ended(visitors: Visitors) -> None:
    person = visitors.at_home(STAFF2)
    person.get_by_role("navigation", name="メニュー").get_by_role("link", name="カレンダー").click()
    expect(person.get_by_role("heading", level=1)).to_have_text("カレンダー")
    plans = [plan.inner_text() for plan in steps.every(person.locator(".month .is-agreed"))]
    assert plans
    person.get_by_role("link", name="ほかのカレンダーで見る").click()
    person.get_by_role("link", name="アドレスを作る").click()
    person.get_by_role("button", name="アドレスを作る").click()
    address = person.locator("#calendar-address").inner_text()

    status, file = fetched(visitors, address)
    assert status == 200
    found = titles(file)
    for plan in plans:
        assert plan.partition(" ")[2] in found or plan in found

    person.get_by_role("link", name="戻る").click()
    expect(person.get_by_text("最後に読まれた日時")).to_be_visible()
    expect(person.get_by_role("main")).not_to_contain_text(address.partition("=")[2])
    person.get_by_role("button", name="アドレスを止める").click()
    steps.says(person, "アドレスを止めました。このアドレスでは、もう予定を読めません。")
    assert fetched(visitors, address)[0] == 404
