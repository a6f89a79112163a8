"""The watch over all pages sees what it is for."""

from __future__ import annotations

import pytest

from tests.browser.visitors import Visitors

ELSEWHERE = "http://elsewhere.example/x.png"


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (f"() => {{ new Image().src = '{ELSEWHERE}' }}", "violates the following Content Security"),
        ("() => { document.body.setAttribute('onclick', 'x()') }", "Content Security Policy"),
        ("() => { console.error('broken') }", "broken"),
        ("() => { setTimeout(() => { throw new Error('broken') }) }", "broken"),
        ("() => { new Image().src = '/static/nowhere.png' }", "404"),
    ],
)
def test_what_no_page_may_do_is_seen(readers: Visitors, script: str, problem: str) -> None:
    page = readers.visitor()
    page.goto("/sign-in")
    page.evaluate(script)
    page.wait_for_timeout(200)
    assert problem in " ".join(readers.take_problems())
