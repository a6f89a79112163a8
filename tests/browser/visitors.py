"""People in front of browsers: one context each, watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Error, Page, ViewportSize

from niwari.testing.accessibility import findings, window
from tests.browser.chromium import OFFICE, SIZES
from tests.browser.watch import Watch

NewContext = Callable[..., BrowserContext]

PATIENCE = 30_000
"""Milliseconds until a page must have answered; many times what it takes."""

LOCALE_COOKIE = "niwari_locale"


class Visitors:
    """The people who visit the Niwari at ``address``, each with a browser of their own."""

    def __init__(
        self, address: str, new_context: NewContext, signed_in: dict[str, Any] | None = None
    ) -> None:
        """Let those in ``signed_in`` have signed in already; who signs in is added to it."""
        self.address = address
        self.signed_in = {} if signed_in is None else signed_in
        self._new_context = new_context
        self._watches: list[Watch] = []
        self._free: dict[bool, list[Page]] = {False: [], True: []}

    def visitor(self, size: ViewportSize = OFFICE, **options: Any) -> Page:
        """Return the window of somebody who is not signed in; ``options`` are a context's."""
        page = self._context(**options).new_page()
        page.set_viewport_size(size)
        return page

    def _context(self, **options: Any) -> BrowserContext:
        context = self._new_context(base_url=self.address, **options)
        context.set_default_timeout(PATIENCE)
        self._watches.append(Watch(context, self.address))
        return context

    def person(self, login: str, size: ViewportSize = OFFICE, **options: Any) -> Page:
        """Return the window of a person who has signed in and opened no page yet.

        Further windows of the same person are of the same session.
        """
        if login in self.signed_in:
            return self.visitor(size, storage_state=self.signed_in[login], **options)
        page = self.visitor(size, **options)
        self._let_in(page.context, login)
        return page

    def at_home(self, login: str, size: ViewportSize = OFFICE, **options: Any) -> Page:
        """Return the window of a person who has signed in, standing at home."""
        page = self.person(login, size, **options)
        page.goto("/")
        page.locator(".shell").wait_for()
        return page

    @contextmanager
    def at_window(self, login: str, *, for_findings: bool = False) -> Iterator[Page]:
        """Let a person in for a block, as ``person``; nobody when ``login`` is empty.

        They come to the same window one after another, each with their own cookies, and see it in
        Japanese and in the size of an office's. One ``for_findings`` has axe in the window beside it.
        """
        free = self._free[for_findings]
        if free:
            page = free.pop()
        elif for_findings:
            page = window(self._context(), self.address)
        else:
            page = self.visitor()
        # Nobody looks any more at what is open: it need not be laid out anew for another width. Where
        # that is just being left, nothing is saved.
        with suppress(Error):
            page.evaluate("() => { document.documentElement.style.display = 'none' }")
        page.set_viewport_size(OFFICE)
        page.context.clear_cookies()
        if login in self.signed_in:
            page.context.add_cookies(self.signed_in[login]["cookies"])
        elif login:
            self._let_in(page.context, login)
        yield page
        free.append(page)

    def _let_in(self, context: BrowserContext, login: str) -> None:
        """Sign a person in without showing a page, which is for the tests of signing in."""
        form = context.request.get("/sign-in/start?next=/healthz")
        arrived = context.request.post(form.url, form={"username": login})
        assert urlsplit(arrived.url).path == "/healthz", (login, arrived.url, arrived.status)
        self.signed_in[login] = context.storage_state()

    def take_problems(self) -> list[str]:
        """Return what the pages did, since this was last asked, that no page may do."""
        found = [problem for watch in self._watches for problem in watch.problems]
        for watch in self._watches:
            watch.problems.clear()
        return found


def expect_sound(visitors: Visitors, page: Page) -> None:
    """Expect no finding of axe and nothing that scrolls sideways, at both widths."""
    assert visitors.take_problems() == []
    for size in SIZES:
        page.set_viewport_size(size)
        assert findings(page) == []
    page.set_viewport_size(SIZES[0])
    visitors.take_problems()  # axe-core sets styles; that is not the page's


def sign_in(page: Page, login: str) -> None:
    """Sign in at the development provider, from the sign-in page on; ends at home."""
    page.goto("/")
    page.get_by_role("link", name="サインインする").click()
    page.locator("input[name=username]").fill(login)
    page.get_by_role("button", name="サインイン", exact=True).click()
    page.locator(".shell").wait_for()


def sign_out(page: Page) -> None:
    """Sign out through the menu of the person."""
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="サインアウト").click()
    page.get_by_role("heading", name="サインアウトしました").wait_for()
