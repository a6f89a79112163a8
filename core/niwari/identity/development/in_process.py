"""Calling a WSGI application of the same process as if by HTTP.

With a server of one thread, sign-in would otherwise wait for itself: the request that redeems a
code is answered by the process that is busy asking.
"""

from collections.abc import Mapping
from typing import Any

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from werkzeug.test import Client, EnvironBuilder


class InProcessAdapter(BaseAdapter):
    """Answers requests below ``address`` by calling ``application`` in the present thread."""

    def __init__(self, address: str, application: Any) -> None:
        """Call ``application`` as if it were mounted at ``address``."""
        super().__init__()
        self._address = address
        self._application = application

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the application's answer; the options of a network call have no meaning here."""
        url = request.url or ""
        path, _, query = url.removeprefix(self._address).partition("?")
        builder = EnvironBuilder(
            path=path,
            base_url=self._address,
            query_string=query,
            method=request.method or "GET",
            headers=list(request.headers.items()),
            data=request.body,
        )
        answer = Client(self._application, use_cookies=False).open(builder)
        response = Response()
        response.status_code = answer.status_code
        response.reason = answer.status.partition(" ")[2]
        response.headers = CaseInsensitiveDict(answer.headers.items())
        response._content = answer.get_data()
        response.encoding = "utf-8"
        response.url = url
        response.request = request
        return response

    def close(self) -> None:
        """There is nothing to close."""


def in_process_session(address: str, application: Any) -> type[Any]:
    """Return an Authlib session class that reaches all below ``address`` without a network."""

    class InProcessSession(OAuth2Session):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.mount(address, InProcessAdapter(address, application))

    return InProcessSession
