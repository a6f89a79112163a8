"""What no page may do: write an error to the console, break its policy, ask another machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError, WebSocket

_OWN = ("data", "about", "blob")
# Chromium says this of every answer of 400 and more; which of those are right, the tests say.
_STATUS = "Failed to load resource: the server responded with a status of "


class Watch:
    """Looks on at every page of a browser context; ``problems`` is what it saw.

    ``address`` is the one origin to which pages may turn.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.problems: list[str] = []
        self._origin = urlsplit(address)[:2]
        self._pages: set[str] = set()
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", self._threw)
        context.on("page", lambda page: page.on("websocket", self._connected))

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            self._pages.add(request.url)
        self._check_origin(request.url)

    def _connected(self, socket: WebSocket) -> None:
        self._check_origin(socket.url)

    def _check_origin(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _OWN and parts[:2] != self._origin:
            self.problems.append(f"asked another machine: {url}")

    def _said(self, message: ConsoleMessage) -> None:
        # A page of an error is a page; a style sheet or script that is not there is a problem.
        of_a_page = message.text.startswith(_STATUS) and message.location["url"] in self._pages
        if message.type in ("error", "warning") and not of_a_page:
            self.problems.append(f"console: {message.text} ({message.location['url']})")

    def _threw(self, thrown: WebError) -> None:
        self.problems.append(f"script: {thrown.error}")
