"""Sending to webhooks: to addresses that the rule allows, for a bounded time, following nobody.

One that is silent is left alone for a while, so that it holds up no other municipality's.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from requests import ConnectionError as Unreachable
from requests import RequestException, Timeout

from niwari import __version__
from niwari.channels.channel import Letter, Outcome
from niwari.channels.models import Webhook
from niwari.channels.webhooks.bodies import Told, body_of, signature
from niwari.channels.webhooks.enlisting import WEBHOOK
from niwari.channels.webhooks.places import check_place
from niwari.channels.webhooks.sealed import open_address, open_secret
from niwari.clock import Clock
from niwari.identity.protocol.line import Lines, NotAnswering
from niwari.identity.protocol.outward import AddressRefused, AddressRule
from niwari.identity.protocol.transport import TIMEOUT_SECONDS, AddressNotAllowed, transport
from niwari.keyring import SealError

_FIRST_FAILURE = 500


@dataclass(frozen=True, slots=True)
class Target:
    """Where a municipality's notices go, with what is sealed opened."""

    municipality_id: int
    address: str
    shape: str
    secret: str


def target_of(row: Webhook) -> Target:
    """Return where a webhook's row leads; raises ``SealError``."""
    return Target(row.municipality_id, open_address(row), row.shape, open_secret(row))


class Webhooks:
    """The channel, for one process: it remembers which webhooks did not answer."""

    name = WEBHOOK

    def __init__(self, rule: AddressRule, clock: Clock) -> None:
        """Send to addresses that ``rule`` allows."""
        self._rule, self._clock = rule, clock
        self._network = transport(rule)
        self._lines = Lines()

    def send(self, letters: Iterable[Letter]) -> Iterator[Outcome]:
        """Send each letter and yield at once what became of it."""
        for letter in letters:
            row = Webhook.get_or_none((Webhook.municipality == int(letter.to)) & Webhook.is_active)
            if row is None:
                yield Outcome(letter.id, refused=True, what="stopped")
                continue
            try:
                target = target_of(row)
            except SealError:
                yield Outcome(letter.id, what="key missing")
                continue
            what = self.post(target, Told(**json.loads(letter.text)))
            yield Outcome(letter.id, sent=not what, what=what)

    def post(self, target: Target, told: Told, *, anyway: bool = False) -> str:
        """Send one thing; returns an empty text, or as a code what went wrong.

        With ``anyway`` also to one that did not answer a moment ago. What the other side said is
        never repeated: it may hold anything.
        """
        line = self._lines.of(str(target.municipality_id))
        try:
            check_place(self._rule, target.address)
            with line.call(anyway=anyway):
                status = self._status(target, body_of(told, target.shape), told.id)
        except NotAnswering:
            return "not answering"
        except (AddressRefused, AddressNotAllowed) as refused:
            return f"refused {refused.reason}"
        except Timeout:
            return "timeout"
        except Unreachable:
            return "unreachable"
        except RequestException as failed:
            line.failed()
            return type(failed).__name__[:30]
        if status >= _FIRST_FAILURE:
            line.failed()
        else:
            line.answered()
        return "" if 200 <= status < 300 else f"http {status}"

    def _status(self, target: Target, body: bytes, reference: str) -> int:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"Niwari/{__version__}",
            "Niwari-Delivery": reference,
        }
        if target.secret:
            seconds = int(self._clock().timestamp())
            headers["Niwari-Signature"] = signature(target.secret, body, seconds)
        with self._network(default_timeout=TIMEOUT_SECONDS) as session:
            answer: Any = session.request(
                "POST", target.address, data=body, headers=headers, withhold_token=True
            )
        return int(answer.status_code)
