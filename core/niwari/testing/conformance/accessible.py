"""The rule that needs a browser: everyone can use the plugin's pages."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from niwari.db import database
from niwari.testing.accessibility import FLAGS, findings, window
from niwari.testing.conformance.bench import EVERYBODY, OWNER, PAGE, Address, Bench, Stand
from niwari.testing.conformance.rule import rule

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route, ViewportSize

SITE = "http://localhost"
SIZES: tuple["ViewportSize", ...] = ({"width": 1360, "height": 780}, {"width": 360, "height": 740})
"""The windows in which every page must be right, in pixels."""


@rule(
    "axe-core finds nothing on its filled pages at 1360 and 360 px, and nothing scrolls sideways."
)
def accessible(bench: Bench) -> Iterator[str]:
    """Each page that opens, in Chromium; run with --niwari-chromium PATH alone."""
    # In a thread of its own: Playwright allows one at work in each, and a test may be using it.
    with bench.stand() as stand, ThreadPoolExecutor(1) as worker:
        yield from worker.submit(_all_seen, bench, stand).result()


def _all_seen(bench: Bench, stand: Stand) -> list[str]:
    from playwright.sync_api import sync_playwright

    found: list[str] = []
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=bench.chromium, args=list(FLAGS))
            context = chromium.new_context(locale="ja-JP", reduced_motion="reduce")
            page = window(context, SITE)
            for address in stand.addresses:
                if address.method == "GET" and address.access.permission is not None:
                    found += _seen(stand, page, address)
            chromium.close()
    finally:
        if not database.is_closed():
            database.close()
    return found


def _seen(stand: Stand, page: "Page", address: Address) -> Iterator[str]:
    login = next(
        (who for who in EVERYBODY if stand.world.ctx_for(who).may(address.access.permission or "")),
        OWNER,
    )
    client = stand.world.client_for(login)

    def answer(route: "Route") -> None:
        """Let the application answer in place of the network; a page that leads on, with where to."""
        parts = urlsplit(route.request.url)
        wanted = f"{parts.path}?{parts.query}"
        with client.open(wanted, headers=PAGE, follow_redirects=True) as answered:
            headers = dict(answered.headers.items())
            route.fulfill(status=answered.status_code, headers=headers, body=answered.data)

    page.context.clear_cookies()
    page.route("**/*", answer)
    try:
        page.set_viewport_size(SIZES[0])
        page.goto(f"{SITE}{address.path}")
        for size in SIZES:
            page.set_viewport_size(size)
            for found in findings(page):
                yield f"{address.name} at {size['width']} px: {found}"
    finally:
        page.unroute_all(behavior="wait")
