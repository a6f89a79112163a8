"""How providers are asked: only where the rule lets them stand, for a bounded time and amount.

What is outside of the rule is refused when the connection is made, by the number that the name leads
to at that moment: to ask the name service before would let it answer otherwise the second time.
"""

import socket
import time
from threading import Lock, Timer
from typing import Any, ClassVar

from authlib.integrations.requests_client import OAuth2Session
from requests import ConnectionError as Unreachable
from requests import RequestException, Timeout
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from niwari.identity.protocol.outward import AddressRefused, AddressRule

TIMEOUT_SECONDS = 5
"""How long to wait for a connection, and for each further portion of an answer."""

LONGEST_SECONDS = 10
"""How long a request may take with its answer; finding the name's number comes before."""

_LONGEST_ANSWER = 256 * 1024
_PORTION = 16 * 1024
_MOST_NUMBERS = 3


class AddressNotAllowed(Unreachable):
    """The rule forbids the address to which a name leads; ``reason`` is that of the rule."""

    def __init__(self, refused: AddressRefused) -> None:
        """Say what the rule said."""
        super().__init__(str(refused))
        self.reason = refused.reason


class AnswerTooLong(RequestException):
    """The provider answers, with more than anybody needs: the rest was not read."""


class _Guard:
    """What one session connects to, and until when."""

    def __init__(self, rule: AddressRule) -> None:
        self._rule = rule
        self._lock = Lock()
        self._socket: socket.socket | None = None
        self._ends_at = 0.0
        self.is_over = False

    def begin(self) -> Timer:
        self._ends_at = time.monotonic() + LONGEST_SECONDS
        self.is_over = False
        # Time-outs of a socket begin anew with each byte: who drips is cut off from outside.
        timer = Timer(LONGEST_SECONDS, self._cut)
        timer.daemon = True
        timer.start()
        return timer

    def opened(self, connection: HTTPConnection) -> socket.socket:
        """Connect to the first number that answers, of the first few that are allowed."""
        failure: Exception = OSError("the name leads to no number")
        for number in self._numbers(connection):
            left = min(float(TIMEOUT_SECONDS), self._ends_at - time.monotonic())
            if left <= 0:
                break
            try:
                return create_connection(
                    (number, connection.port),
                    left,
                    source_address=connection.source_address,
                    socket_options=connection.socket_options,
                )
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(connection, "no connection in time") from failure
        raise NewConnectionError(connection, "no connection") from failure

    def watch(self, connected: Any) -> None:
        with self._lock:
            self._socket = connected
            if self.is_over:
                self._shut_down()

    def _numbers(self, connection: HTTPConnection) -> list[str]:
        host = connection._dns_host.strip("[]")
        try:
            found = socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            failure = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(connection.host, connection, failure) from error
        numbers = list(dict.fromkeys(str(address[0]) for *_kind, address in found))
        if (
            connection.proxy is not None
        ):  # the operator's own; it finds the provider's number itself
            return numbers[:_MOST_NUMBERS]
        refused: AddressRefused | None = None
        allowed = []
        for number in numbers:
            try:
                self._rule.check_number(number)
            except AddressRefused as error:
                refused = refused or error
            else:
                allowed.append(number)
        if not allowed and refused is not None:
            raise refused
        return allowed[:_MOST_NUMBERS]

    def _cut(self) -> None:
        with self._lock:
            self.is_over = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._socket is None:
            return
        try:
            # Past what TLS adds to it, which belongs to the thread that reads.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        except OSError:
            return  # it is closed already


def _pools(guard: _Guard) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return guard.opened(self)

        def connect(self) -> None:
            super().connect()
            guard.watch(self.sock)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return guard.opened(self)

        def connect(self) -> None:
            super().connect()
            guard.watch(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _GuardedAdapter(HTTPAdapter):
    def __init__(self, guard: _Guard) -> None:
        self._pools = _pools(guard)
        super().__init__()

    def init_poolmanager(self, *positional: Any, **named: Any) -> None:
        super().init_poolmanager(*positional, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **named)
        manager.pool_classes_by_scheme = self._pools
        return manager


class Transport(OAuth2Session):  # type: ignore[misc]
    """How a provider is asked: it sends us nowhere else, and neither floods nor drips.

    An answer of more than 256 KiB, or one that takes longer than ``LONGEST_SECONDS``, is none.
    """

    rule: ClassVar[AddressRule] = AddressRule()

    def __init__(self, *positional: Any, **named: Any) -> None:
        """Take what Authlib's session takes."""
        super().__init__(*positional, **named)
        self._guard = _Guard(self.rule)
        for scheme in ("https://", "http://"):
            self.mount(scheme, _GuardedAdapter(self._guard))
        self.headers["Accept-Encoding"] = "identity"
        # Else a file of the server's account (.netrc) would be searched for a password to send.
        self.auth = _no_password

    def get_redirect_target(self, resp: Any) -> None:
        """Follow nobody: an answer that leads elsewhere is read as any other."""

    def send(self, request: Any, **named: Any) -> Any:
        """Send a request and read its answer, as far as that is bearable."""
        timer = self._guard.begin()
        try:
            answer = super().send(request, **{**named, "stream": True})
            answer._content = self._read(answer)
        except AddressRefused as refused:
            raise AddressNotAllowed(refused) from None
        except RequestException:
            if self._guard.is_over:
                raise _took_too_long() from None
            raise
        finally:
            timer.cancel()
        if self._guard.is_over:  # what was read may be half an answer
            raise _took_too_long()
        return answer

    def _read(self, answer: Any) -> bytes:
        content = bytearray()
        try:
            for portion in answer.iter_content(_PORTION):
                content += portion
                if len(content) > _LONGEST_ANSWER:
                    raise AnswerTooLong(f"its answer is longer than {_LONGEST_ANSWER // 1024} KiB")
        finally:
            answer.close()
        return bytes(content)


def transport(rule: AddressRule) -> type[Transport]:
    """Return the session class that keeps to ``rule``; without one it is that of production."""
    return type("RuledTransport", (Transport,), {"rule": rule})


def _took_too_long() -> Timeout:
    return Timeout(f"no whole answer within {LONGEST_SECONDS} seconds")


def _no_password(request: Any) -> Any:
    return request
