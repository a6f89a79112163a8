"""Mail by SMTP: one connection for many letters, and a time limit on everything.

Of a server's refusal only the code is kept: its words may hold an address.
"""

import os
import re
import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from threading import Timer

from niwari.channels.channel import ChannelDown, Letter, Outcome
from niwari.config import ConfigError, Settings
from niwari.notices.mail import MAIL
from niwari.pages.texts import gettext as _

TIMEOUT = 10
"""Seconds for which a server may keep silent."""
LONGEST_LETTER = 30
"""Seconds that one letter may take, also of a server that says a little now and then."""

SECURITIES = ("tls", "starttls", "none")
_CLOSING = 421
_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
# What a header would read as an encoded word is left out.
_ADDRESS = re.compile(
    rf"(?![^@]*=\?)[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@{_LABEL}(?:\.{_LABEL})*"
)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail leaves, as settings say. ``user`` is empty where the server asks for none."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""


def mail_server(settings: Settings) -> MailServer | None:
    """Return where mail leaves, or ``None`` where none is set up; raises ``ConfigError``."""
    if not settings.mail_host:
        return None
    security, port = settings.mail_security, settings.mail_port
    if security not in SECURITIES:
        raise ConfigError(
            f"mail security: {security!r} is unknown; use one of {', '.join(SECURITIES)}"
        )
    if not 0 <= port <= 65535:
        raise ConfigError(f"mail port: {port} is no port; give 1 to 65535")
    if not is_address(settings.mail_sender):
        raise ConfigError(
            f"mail sender: {settings.mail_sender!r} is no address; "
            "write it like niwari@city.example.lg.jp"
        )
    if settings.mail_user and security == "none":
        raise ConfigError(
            "mail security: 'none' would send the password in the clear; use tls or starttls, "
            "or take mail user away"
        )
    password = _password(settings) if settings.mail_user else ""
    return MailServer(
        settings.mail_host,
        port or _PORTS[security],
        security,
        settings.mail_sender,
        settings.mail_user,
        password,
    )


def _password(settings: Settings) -> str:
    """Return ``NIWARI_MAIL_PASSWORD``, else what lies in ``keys/mail_password`` of the home."""
    path = settings.home / "keys" / "mail_password"
    found = os.environ.get("NIWARI_MAIL_PASSWORD")
    return found or (path.read_text(encoding="utf-8").strip() if path.exists() else "")


def is_address(text: str) -> bool:
    """Tell whether ``text`` is one plain address: no name, no second one, no line break.

    Dots may stand anywhere before the @, as in old addresses of mobile phones (taro..y@, taro.@).
    """
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def written(address: str) -> str:
    """Return ``address`` as mail writes it: in quotes where its dots stand as they may not else."""
    before, _at, host = address.partition("@")
    return address if all(before.split(".")) else f'"{before}"@{host}'


class Mail:
    """The channel. ``base_url`` names the installation in each mail's own id."""

    name = MAIL

    def __init__(self, server: MailServer, domain: str) -> None:
        """Send by ``server``; ``domain`` stands behind the @ of each Message-ID."""
        self._server = server
        self._domain = domain
        self._line: smtplib.SMTP | None = None
        self._broken = 0

    def send(self, letters: Iterable[Letter]) -> Iterator[Outcome]:
        """Send each letter; one that the server refuses for good stops none of the others."""
        try:
            for letter in letters:
                yield self._one(letter)
        finally:
            self._hang_up()

    def _one(self, letter: Letter) -> Outcome:
        if not is_address(letter.to):
            return Outcome(letter.id, refused=True, what="no address")
        message = self._message(letter)
        line = self._connected()
        # What stops between two bytes, again and again, no time-out of the socket ends.
        limit = Timer(LONGEST_LETTER, _cut, (line,))
        limit.daemon = True
        limit.start()
        try:
            line.send_message(message, self._server.sender, [written(letter.to)])
        except smtplib.SMTPRecipientsRefused as refused:
            return self._refusal(letter, refused.recipients[written(letter.to)][0])
        except smtplib.SMTPDataError as refused:
            return self._refusal(letter, refused.smtp_code)
        except smtplib.SMTPResponseException as refused:  # the sender is refused: all will be
            self._hang_up()
            raise ChannelDown(f"smtp {refused.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as failed:
            self._hang_up()
            self._broken += 1
            if self._broken > 1 or _kind(failed) == "timeout":
                raise ChannelDown(_kind(failed)) from None
            return Outcome(letter.id, what=_kind(failed))  # it may be this letter alone
        finally:
            limit.cancel()
        self._broken = 0
        return Outcome(letter.id, sent=True)

    def _refusal(self, letter: Letter, code: int) -> Outcome:
        if code == _CLOSING:
            self._hang_up()
        return Outcome(
            letter.id, refused=code >= 500, answered=code != _CLOSING, what=f"smtp {code}"
        )

    def _connected(self) -> smtplib.SMTP:
        if self._line is None:
            self._line = connect(self._server)
        return self._line

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        # The policy refuses a line break in a header; a title may hold one, so it becomes a space.
        message["Subject"] = " ".join(letter.subject.split())
        message["From"] = Address(_("にわり"), addr_spec=written(self._server.sender))
        message["To"] = written(letter.to)
        message["Message-ID"] = f"<{letter.reference}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="base64")
        return message


def connect(server: MailServer) -> smtplib.SMTP:
    """Return a connection that is ready for letters; raises ``ChannelDown``."""
    context = ssl.create_default_context()
    # Given, as smtplib would else ask the name service, which no time-out bounds.
    name = server.sender.partition("@")[2]
    try:
        line: smtplib.SMTP
        if server.security == "tls":
            line = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=TIMEOUT, context=context
            )
        else:
            line = smtplib.SMTP(server.host, server.port, name, timeout=TIMEOUT)
    except (OSError, smtplib.SMTPException) as failed:
        raise ChannelDown(_kind(failed)) from None
    limit = Timer(LONGEST_LETTER, _cut, (line,))
    limit.daemon = True
    limit.start()
    try:
        if server.security == "starttls":
            line.starttls(context=context)
        if server.user:
            line.login(server.user, server.password)
    except (OSError, smtplib.SMTPException) as failed:
        line.close()
        raise ChannelDown(_kind(failed)) from None
    finally:
        limit.cancel()
    return line


def _cut(line: smtplib.SMTP) -> None:
    sock = line.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(2)


def _kind(failed: Exception) -> str:
    """Return what happened to a connection as a code, without a server's words."""
    if isinstance(failed, smtplib.SMTPAuthenticationError):
        return f"login {failed.smtp_code}"
    if isinstance(failed, smtplib.SMTPNotSupportedError):
        return "not supported"
    if isinstance(failed, smtplib.SMTPResponseException):
        return f"smtp {failed.smtp_code}"
    if isinstance(failed, ssl.SSLError):
        return "tls"
    # smtplib says of a silent server that it has hung up.
    if isinstance(failed, TimeoutError) or isinstance(failed.__context__, TimeoutError):
        return "timeout"
    if isinstance(failed, smtplib.SMTPServerDisconnected):
        return "hung up"
    return "unreachable"
