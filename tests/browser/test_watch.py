"""The watch over all pages sees what it is for."""

from __future__ import annotations

import pytest

from tests.browser.visitors import Visitors

ELSEWHERE = "http://elsewhere.example/x.png"


@pytest.mark.parametrize(
    ("script", "event", "problem"),
    [
        (f"new Image().src = '{ELSEWHERE}'", "console", "Content Security Policy"),
        ("document.body.setAttribute('onclick', 'x()')", "console", "Content Security Policy"),
        ("console.error('broken')", "console", "broken"),
        ("setTimeout(() => { throw new Error('broken') })", "weberror", "broken"),
        ("new Image().src = '/static/nowhere.png'", "console", "404"),
    ],
)
def test_what_no_page_may_do_is_seen(
    readers: Visitors, script: str, event: str, problem: str
) -> None:
    page = readers.visitor()
    page.goto("/sign-in")
    with page.context.expect_event(event):
        page.evaluate(f"() => {{ {script} }}")
    assert problem in " ".join(readers.take_problems())


def test_a_request_to_another_machine_is_seen_though_its_page_allows_it(
    readers: Visitors,
) -> None:
    page = readers.visitor()
    page.goto("about:blank")
    with page.expect_event("requestfailed"):
        page.set_content(f'<img src="{ELSEWHERE}">')
    assert f"asked another machine: {ELSEWHERE}" in readers.take_problems()
