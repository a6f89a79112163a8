"""The browser as the tests and the screenshots start it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from playwright.sync_api import ViewportSize

from niwari.testing.accessibility import FLAGS

_FINDER = Path(__file__).parents[2] / "tools" / "browser.py"

READER: dict[str, Any] = {
    "locale": "ja-JP",
    "timezone_id": "Asia/Tokyo",
    "reduced_motion": "reduce",
}
"""How a browser context is made: that of somebody in Japan."""

OFFICE: ViewportSize = {"width": 1360, "height": 780}
PHONE: ViewportSize = {"width": 360, "height": 740}
SIZES = (OFFICE, PHONE)
"""The windows in which every screen must be right, in pixels."""


def launch_options() -> dict[str, Any]:
    """Return how Playwright is to start Chromium: the one in ``NIWARI_CHROMIUM``, else an installed one.

    Raises ``LookupError`` that says what mends it where there is none.
    """
    spec = importlib.util.spec_from_file_location("niwari_browser_finder", _FINDER)
    if spec is None or spec.loader is None:
        raise LookupError(f"{_FINDER} is missing")
    finder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(finder)
    try:
        path = finder.find_chromium()
    except finder.BrowserMissingError as error:
        raise LookupError(str(error)) from error
    if path is None:
        raise LookupError(f"No Chromium was found: {finder.MEND}.")
    return {"executable_path": str(path), "args": list(FLAGS)}
