"""Every screen at both widths: axe-core finds nothing, nothing scrolls sideways, one h1."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize

from niwari.testing.accessibility import findings, language, sticking_out
from tests.browser.chromium import SIZES
from tests.browser.conftest import Gallery
from tests.browser.screens import BROKEN_SCREENS, SCREENS, Screen
from tests.browser.visitors import Visitors

# The gallery is filled once, in the process that runs all of these.
pytestmark = pytest.mark.xdist_group("gallery")

# An office screen at 200%: half as wide.
ZOOMED: ViewportSize = {"width": 680, "height": 390}

PLANT = """([html, style]) => {
  const main = document.querySelector("main");
  main.insertAdjacentHTML("beforeend", html);
  const last = main.lastElementChild;
  for (const element of [last, ...last.children]) element.style.cssText = style;
}"""


@pytest.mark.parametrize("screen", [*SCREENS, *BROKEN_SCREENS], ids=lambda screen: screen.name)
def test_a_screen_is_right_at_both_widths_and_at_200_per_cent(
    gallery_of: Callable[[Screen], Gallery], screen: Screen
) -> None:
    with gallery_of(screen).showing(screen) as page:
        assert language(page) == "ja"
        for size in SIZES:
            page.set_viewport_size(size)
            assert findings(page) == [], size
        page.set_viewport_size(ZOOMED)
        assert sticking_out(page) == []


@pytest.mark.parametrize(
    ("planted", "style", "found"),
    [
        ('<img src="data:,">', "", "image-alt"),
        ("<h1>二つ目</h1>", "", "2 h1 on the page"),
        ('<input name="day">', "", "label"),
        ("<p>読めない文</p>", "color: #aaa", "color-contrast"),
        ("<p>長い</p>", "width: 3000px", "sticks out sideways"),
        (
            "<p><button>一</button><button>二</button></p>",
            "padding: 0; font-size: 5px; line-height: 1",
            "target-size",
        ),
    ],
)
def test_a_planted_fault_is_found(readers: Visitors, planted: str, style: str, found: str) -> None:
    page = readers.visitor()
    page.goto("/sign-in")
    assert findings(page) == []
    page.evaluate(PLANT, [planted, style])
    assert any(one.startswith(found) for one in findings(page))
    readers.take_problems()  # axe-core's own styles, and the picture
