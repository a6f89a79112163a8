"""A real SMTP server on this machine that keeps what it gets, and can refuse, stall or go away."""

import email
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from threading import Condition
from typing import Any, cast

from aiosmtpd.controller import Controller

OK = "250 OK"


@dataclass
class PostOffice:
    """What arrived, in order; ``recipient`` and ``data`` say what is answered to a letter."""

    port: int = 0
    arrived: list[EmailMessage] = field(default_factory=list)
    recipient: Callable[[str], str] = lambda address: OK
    data: Callable[[str], str] = lambda address: OK
    connections: int = 0
    _news: Condition = field(default_factory=Condition, repr=False)

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.recipient(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.data(envelope.rcpt_tos[0])
        if answer == OK:
            message = email.message_from_bytes(envelope.content, policy=default)
            with self._news:
                self.arrived.append(cast(EmailMessage, message))
                self._news.notify_all()
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        """What arrived for one address."""
        return [message for message in list(self.arrived) if message["To"] == address]

    def wait_for(self, count: int, address: str, seconds: float) -> list[EmailMessage]:
        """Return what arrived for an address once it is ``count``; ``TimeoutError`` after ``seconds``."""
        with self._news:
            if not self._news.wait_for(lambda: len(self.to(address)) >= count, seconds):
                raise TimeoutError(f"{len(self.to(address))} letters for {address}, not {count}")
        return self.to(address)

    def ids(self) -> list[str]:
        """The Message-IDs that arrived."""
        return [message["Message-ID"] for message in self.arrived]

    def texts(self) -> list[str]:
        """What the letters say."""
        return [message.get_content() for message in self.arrived]


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Serve on a free port of this machine for the block."""
    office = PostOffice(port=free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
