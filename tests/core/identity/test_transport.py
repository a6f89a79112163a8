"""How providers are asked: bounded in time and amount, and nowhere that the rule forbids.

The servers here are real ones of this machine; the name service is played.
"""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from requests import ConnectionError as Unreachable
from requests import Response, Timeout
from requests.exceptions import SSLError

from niwari.identity.protocol import transport as transport_module
from niwari.identity.protocol.metadata import BadMetadata, fetch_metadata
from niwari.identity.protocol.outward import AddressRule
from niwari.identity.protocol.transport import AddressNotAllowed, AnswerTooLong, transport

DEMO = AddressRule(is_production=False)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"

# What a server does with a connection, until the test is over.
Answer = Callable[[socket.socket, threading.Event], None]


class Server:
    """Answers each connection by ``answer``; knows what was asked and how often."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None) -> None:
        self._answer = answer
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.1)
        self.port: int = self._listening.getsockname()[1]
        self.asked: list[str] = []
        self.is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self.is_over.set()
        self._thread.join(20)
        self._listening.close()

    def _serve(self) -> None:
        while not self.is_over.is_set():
            try:
                connection, _peer = self._listening.accept()
            except TimeoutError:
                continue
            try:
                with self._secured(connection) as secured:
                    self.asked.append(secured.recv(65_536).decode())
                    self._answer(secured, self.is_over)
            except OSError:
                continue  # the asking side has hung up

    def _secured(self, connection: socket.socket) -> socket.socket:
        if self._tls is None:
            return connection
        with connection:
            return self._tls.wrap_socket(connection, server_side=True)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start a server that answers as it is told."""
    started: list[Server] = []

    def start(answer: Answer, tls: ssl.SSLContext | None = None) -> Server:
        started.append(Server(answer, tls))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait long for these servers."""
    monkeypatch.setattr(transport_module, "LONGEST_SECONDS", 0.5)


def asked(
    port: int, rule: AddressRule = DEMO, host: str = "127.0.0.1", scheme: str = "http"
) -> Response:
    """Ask a server as a provider is asked for its keys."""
    with transport(rule)(default_timeout=5) as http:
        found: Response = http.request("GET", f"{scheme}://{host}:{port}/", withhold_token=True)
    return found


def saying(*parts: bytes) -> Answer:
    def answer(connection: socket.socket, _over: threading.Event) -> None:
        for part in parts:
            connection.sendall(part)

    return answer


def dripping(first: bytes, drop: bytes) -> Answer:
    """Answer with ``first`` and then a ``drop`` each moment, without an end."""

    def answer(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(first)
        while not over.wait(0.05):
            connection.sendall(drop)

    return answer


def test_an_answer_is_read(serve: Any) -> None:
    answer = asked(serve(saying(HEAD, b"\r\n", b'{"a": 1}')).port)
    assert (answer.status_code, answer.json()) == (200, {"a": 1})


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (HEAD + b"\r\n", b"x"),
        (HEAD, b"X-Drop: 1\r\n"),
        (b"HTTP/1.1 200", b" "),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
    ],
    ids=["body", "headers", "status", "patience", "chunks", "length"],
)
def test_who_drips_is_cut_off_wherever_it_does(serve: Any, first: bytes, drop: bytes) -> None:
    begun = time.monotonic()
    with pytest.raises(Timeout):
        asked(serve(dripping(first, drop)).port)
    assert time.monotonic() - begun < 5


@pytest.mark.usefixtures("hurried")
def test_half_an_answer_that_was_cut_off_is_none(serve: Any) -> None:
    def answer(connection: socket.socket, _over: threading.Event) -> None:
        connection.sendall(HEAD + b'\r\n{"keys": []}')
        connection.recv(1)  # and does not say that this was all

    with pytest.raises(Timeout):
        asked(serve(answer).port)


def test_who_floods_is_not_listened_to(serve: Any) -> None:
    server = serve(saying(HEAD, b"\r\n", *[b"x" * 65_536] * 1000))
    with pytest.raises(AnswerTooLong, match="longer than 256 KiB"):
        asked(server.port)


def test_a_flood_of_metadata_is_told_as_one_and_not_as_silence(serve: Any) -> None:
    server = serve(saying(HEAD, b"\r\n", *[b"x" * 65_536] * 1000))
    with pytest.raises(BadMetadata, match="longer than 256 KiB") as told:
        fetch_metadata(f"http://127.0.0.1:{server.port}", transport(DEMO), DEMO)
    assert told.value.reason == "no_document"


def test_what_is_packed_is_not_asked_for_and_bounded_when_it_comes_all_the_same(
    serve: Any,
) -> None:
    packed = gzip.compress(b"x" * 50_000_000)
    server = serve(saying(HEAD, b"Content-Encoding: gzip\r\n\r\n", packed))
    with pytest.raises(AnswerTooLong, match="longer than 256 KiB"):
        asked(server.port)
    assert "Accept-Encoding: identity" in server.asked[0]


def test_nobody_is_followed_elsewhere_and_no_body_on_the_way_is_read(serve: Any) -> None:
    elsewhere = serve(saying(HEAD, b"\r\n{}"))
    target = f"Location: http://127.0.0.1:{elsewhere.port}/\r\n".encode()
    server = serve(saying(b"HTTP/1.1 302 Found\r\nConnection: close\r\n", target, b"\r\n{}"))
    assert asked(server.port).status_code == 302
    assert elsewhere.asked == []


def test_a_redirect_with_a_flood_behind_it_is_no_way_around_the_bound(serve: Any) -> None:
    head = b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: /\r\n\r\n"
    with pytest.raises(AnswerTooLong, match="longer than 256 KiB"):
        asked(serve(saying(head, *[b"x" * 65_536] * 1000)).port)


def test_no_password_of_the_servers_account_is_sent(
    serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login me password of-the-account\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = serve(saying(HEAD, b"\r\n{}"))
    asked(server.port)
    assert "Authorization" not in server.asked[0]


# -- names ----------------------------------------------------------------------------------------


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What the name service says of a name, one answer after the other; the last one stays."""
    known: dict[str, list[list[str]]] = {}
    really = socket.getaddrinfo

    def look_up(host: Any, port: Any, *given: Any, **named: Any) -> Any:
        if host not in known:
            return really(host, port, *given, **named)
        answers = known[host]
        numbers = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (
                socket.AF_INET6 if ":" in number else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (number, port),
            )
            for number in numbers
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("127.0.0.1", "this_machine"),
        ("::1", "this_machine"),
        ("169.254.169.254", "this_machine"),
        ("10.0.0.7", "private_address"),
        ("::ffff:10.0.0.7", "private_address"),
    ],
)
def test_a_name_that_leads_inside_is_refused_before_anything_is_opened(
    serve: Any, names: dict[str, list[list[str]]], number: str, reason: str
) -> None:
    server = serve(saying(HEAD, b"\r\n{}"))
    names["id.example.jp"] = [[number]]
    with pytest.raises(AddressNotAllowed) as refused:
        asked(server.port, AddressRule(), "id.example.jp")
    assert refused.value.reason == reason
    assert server.asked == []


def test_the_number_that_was_checked_is_the_one_that_is_connected_to(
    names: dict[str, list[list[str]]], serve: Any
) -> None:
    server = serve(saying(HEAD, b"\r\n{}"))
    # Whoever looked twice would be told another number the second time.
    names["id.example.jp"] = [["127.0.0.1"], ["169.254.169.254"]]
    assert asked(server.port, DEMO, "id.example.jp").status_code == 200
    with pytest.raises(AddressNotAllowed):
        asked(server.port, DEMO, "id.example.jp")


def test_of_several_numbers_those_that_are_allowed_are_tried(
    names: dict[str, list[list[str]]], serve: Any
) -> None:
    server = serve(saying(HEAD, b"\r\n{}"))
    names["id.example.jp"] = [["169.254.169.254", "::1", "127.0.0.1"]]
    assert asked(server.port, DEMO, "id.example.jp").status_code == 200


def test_a_name_with_numbers_without_end_is_given_up_soon(
    names: dict[str, list[list[str]]],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]  # and nobody listens behind it
    names["id.example.jp"] = [[f"127.0.0.{number}" for number in range(2, 250)]]
    tried: list[Any] = []
    really = socket.socket.connect

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            socket.socket, "connect", lambda self, to: (tried.append(to), really(self, to))
        )
        with pytest.raises(Unreachable):
            asked(port, DEMO, "id.example.jp")
    assert len(tried) == 3


def test_through_the_operators_proxy_the_proxy_finds_the_provider(
    serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(saying(HEAD, b"\r\n{}"))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
    assert asked(80, AddressRule(), "id.example.jp").status_code == 200
    assert proxy.asked[0].startswith("GET http://id.example.jp:80/ ")


@pytest.mark.usefixtures("hurried")
def test_through_a_proxy_who_drips_is_cut_off_too(
    serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(dripping(HEAD, b"X-Drop: 1\r\n"))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
    with pytest.raises(Timeout):
        asked(80, AddressRule(), "id.example.jp")


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server shows that is certainly id.example.jp, and no other."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "id.example.jp")])
    day, now = timedelta(days=1), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("id.example.jp")]), False)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "public.pem", tmp_path / "private.pem"
    public.write_bytes(certificate.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(public))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context


def test_the_certificate_is_held_against_the_name_and_not_against_its_number(
    serve: Any, names: dict[str, list[list[str]]], certified: ssl.SSLContext
) -> None:
    server = serve(saying(HEAD, b"\r\n{}"), certified)
    names |= {"id.example.jp": [["127.0.0.1"]], "other.example.jp": [["127.0.0.1"]]}
    assert asked(server.port, DEMO, "id.example.jp", "https").status_code == 200
    with pytest.raises(SSLError):
        asked(server.port, DEMO, "other.example.jp", "https")


@pytest.mark.usefixtures("hurried")
def test_behind_tls_who_drips_is_cut_off_too(
    serve: Any, names: dict[str, list[list[str]]], certified: ssl.SSLContext
) -> None:
    server = serve(dripping(HEAD, b"X-Drop: 1\r\n"), certified)
    names["id.example.jp"] = [["127.0.0.1"]]
    with pytest.raises(Timeout):
        asked(server.port, DEMO, "id.example.jp", "https")


def test_behind_tls_a_name_that_leads_inside_is_refused_too(
    serve: Any, names: dict[str, list[list[str]]], certified: ssl.SSLContext
) -> None:
    server = serve(saying(HEAD, b"\r\n{}"), certified)
    names["id.example.jp"] = [["127.0.0.1"]]
    with pytest.raises(AddressNotAllowed):
        asked(server.port, AddressRule(), "id.example.jp", "https")


# -- metadata -------------------------------------------------------------------------------------


def test_a_provider_whose_name_leads_inside_is_refused_with_the_number_and_the_mend(
    names: dict[str, list[list[str]]],
) -> None:
    names["id.example.jp"] = [["10.0.0.7"]]
    rule = AddressRule()
    with pytest.raises(BadMetadata, match=r"10\.0\.0\.7.*provider_networks") as bad:
        fetch_metadata("https://id.example.jp", transport(rule), rule)
    assert bad.value.reason == "private_address"


@pytest.mark.parametrize("document", [b"[" * 100_000, b"[]", b"7", b"{", b"\xff", b""])
def test_what_is_no_metadata_is_called_so(serve: Any, document: bytes) -> None:
    server = serve(saying(HEAD, b"\r\n", document))
    with pytest.raises(BadMetadata) as bad:
        fetch_metadata(f"http://127.0.0.1:{server.port}", transport(DEMO), DEMO)
    assert bad.value.reason == "no_document"


def test_metadata_that_lie_elsewhere_are_none(serve: Any) -> None:
    server = serve(saying(b"HTTP/1.1 301 M\r\nLocation: /x\r\nConnection: close\r\n\r\n"))
    with pytest.raises(BadMetadata, match="status 301"):
        fetch_metadata(f"http://127.0.0.1:{server.port}", transport(DEMO), DEMO)
