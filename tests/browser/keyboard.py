"""A hand that has no mouse."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

ENOUGH = 60
"""More presses of Tab than any of the pages needs."""


def tab_to(page: Page, goal: Locator) -> None:
    """Press Tab until the goal has the focus, and expect to see that it has."""
    # By its handle: to look for it by its role at each press takes longer than the press.
    element = goal.element_handle()
    for _ in range(ENOUGH):
        page.keyboard.press("Tab")
        if element.evaluate("(element) => element === document.activeElement"):
            break
    expect(goal).to_be_focused()
    width = goal.evaluate("(element) => getComputedStyle(element).outlineWidth")
    assert width == "4px"
