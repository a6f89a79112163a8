"""Letting notices leave: by the channels that this installation has."""

from collections.abc import Callable

from niwari.channels.channel import Channel
from niwari.channels.leases import let_go
from niwari.channels.letters import Composer
from niwari.channels.sending import Compose, Sender, send_due
from niwari.channels.smtp import Mail, mail_server
from niwari.channels.webhooks.composing import TownComposer
from niwari.channels.webhooks.enlisting import enlist_webhook
from niwari.channels.webhooks.places import rule_of
from niwari.channels.webhooks.sending import Webhooks
from niwari.clock import Clock
from niwari.config import Settings
from niwari.notices.digests import make_digests
from niwari.notices.mail import MAIL, enlist_mail
from niwari.notices.outbox import Enlist, leave_by


def let_leave(settings: Settings, wake: Callable[[], object]) -> None:
    """Let what is told from now on leave by the channels that are set up.

    ``wake`` tells the worker of it. Raises ``ConfigError`` for settings of mail that cannot be used.
    """
    has_mail = mail_server(settings) is not None
    enlists: list[Enlist] = [enlist_mail] if has_mail else []
    leave_by([*enlists, enlist_webhook], wake, hidden_by=[MAIL] if has_mail else [])


class Senders:
    """What sends in this process, each channel in a thread of its own: a slow one holds up no other."""

    def __init__(self, *senders: Sender) -> None:
        """Wake these."""
        self._senders = senders

    def wake(self) -> None:
        """See to it that what is due now is sent, and return at once."""
        for sender in self._senders:
            sender.wake()


def make_sender(settings: Settings, clock: Clock) -> Senders:
    """Return what sends in this process; it reads the settings anew at each run, as of a password."""
    town = TownComposer(settings.base_url)
    webhooks = Webhooks(rule_of(settings), clock)
    compose = Composer(settings.base_url)

    def send_all() -> int:
        server = mail_server(settings)
        if server is None:
            return 0
        make_digests(clock())
        return send_mail(Mail(server, domain_of(settings)), compose.mail, clock)

    return Senders(Sender(send_all), Sender(lambda: send_due(webhooks, town.webhook, clock)))


def send_mail(mail: Channel, compose: Compose, clock: Clock) -> int:
    """Send what is due by mail, and what waits for a server that was down and takes mail again."""
    sent = send_due(mail, compose, clock)
    if sent and let_go(mail.name, clock()):
        sent += send_due(mail, compose, clock)
    return sent


def domain_of(settings: Settings) -> str:
    """Return what stands behind the @ of each mail's id: the host of the installation."""
    return settings.base_url.split("://")[-1].split("/")[0].split(":")[0]
