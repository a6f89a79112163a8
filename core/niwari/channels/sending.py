"""Sending what is due, by each channel, in a thread of its own.

A server that is slow holds up nobody else's work. Marked as sent after each letter: a worker that is
killed leaves one that may arrive twice, with the same id.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from time import monotonic

from niwari.channels.channel import Away, Channel, ChannelDown, Letter, Outcome
from niwari.channels.leases import (
    DEAD,
    DROPPED,
    LEASE,
    SENT,
    end,
    put_back,
    put_off_all,
    take,
    try_later,
    wait_while_away,
)
from niwari.clock import Clock
from niwari.db import connection
from niwari.notices.models import Delivery

log = logging.getLogger(__name__)

PORTION = 20
"""How many deliveries are taken at once."""
THREAD = "niwari-sender"
"""What the threads are called in which a ``Sender`` works."""
LONGEST_RUN = 240.0
"""Seconds after which a run takes nothing more; the next one goes on."""

Compose = Callable[[Delivery, datetime], Letter | None]
"""Puts what is to be sent into words; ``None`` where nobody is to be told any more, or raises ``Away``."""


def send_due(
    channel: Channel,
    compose: Compose,
    clock: Clock,
    *,
    lease: timedelta = LEASE,
    longest: float = LONGEST_RUN,
) -> int:
    """Send what is due by ``channel``; returns how many letters left. Any number of workers may."""
    run = _Run(channel.name, compose, clock, lease, monotonic() + longest)
    sent = 0
    try:
        for outcome in _outcomes(channel, run):
            sent += outcome.sent
            run.settle(outcome)
    except ChannelDown as down:
        log.warning("channel %s is down: %s", channel.name, down.what)
        put_off_all(channel.name, run.held(), clock(), down.what)
    finally:
        put_back(run.held(), clock())
    return sent


def _outcomes(channel: Channel, run: "_Run") -> Iterator[Outcome]:
    """Yield what became of each letter; one at which the channel itself fails stops no other."""
    letters = run.letters()
    while True:
        try:
            yield from channel.send(letters)
        except ChannelDown:
            raise
        except Exception as failed:
            if not run.set_aside(failed):
                raise
        else:
            return


class _Run:
    """What one run of one channel has taken and not put down yet."""

    def __init__(
        self, name: str, compose: Compose, clock: Clock, lease: timedelta, deadline: float
    ) -> None:
        self._name, self._compose, self._clock = name, compose, clock
        self._lease, self._deadline = lease, deadline
        self._held: dict[int, Delivery] = {}
        self._at: int | None = None

    def letters(self) -> Iterator[Letter]:
        """Yield what is due, one by one; what nobody is to be told any more is dropped meanwhile."""
        while monotonic() < self._deadline:
            now, begun = self._clock(), monotonic()
            taken = take(self._name, now, PORTION, self._lease)
            if not taken:
                return
            self._held = {one.id: one for one in taken}
            for delivery in taken:
                # Half a lease is left for sending it: then nobody else has taken it meanwhile.
                if monotonic() - begun > self._lease.total_seconds() / 2:
                    put_back(self.held(), self._clock())
                    self._held = {}
                    break
                letter = self._words(delivery)
                if letter is not None:
                    self._at = letter.id
                    yield letter

    def set_aside(self, failed: Exception) -> bool:
        """Put off the letter at which the channel failed; ``False`` where it was at none."""
        delivery = self._held.pop(self._at, None) if self._at is not None else None
        if delivery is None:
            return False
        # Without the message: it could hold an address.
        log.error("delivery %s: not sent: %s", delivery.id, type(failed).__name__)
        try_later(delivery, self._clock(), "not sent")
        return True

    def settle(self, outcome: Outcome) -> None:
        """Write what became of a letter."""
        self._at = None
        delivery = self._held.pop(outcome.id)
        if outcome.sent:
            end(delivery, SENT, self._clock())
        elif outcome.refused or (outcome.answered and delivery.hidden_id is not None):
            # One that waits because its recipient was refused for now would tell who that is.
            end(delivery, DEAD, self._clock(), outcome.what)
        else:
            try_later(delivery, self._clock(), outcome.what)

    def held(self) -> Sequence[Delivery]:
        """Return what was taken and not put down."""
        return list(self._held.values())

    def _words(self, delivery: Delivery) -> Letter | None:
        try:
            letter = self._compose(delivery, self._clock())
        except Away:
            wait_while_away(self._held.pop(delivery.id), self._clock())
            return None
        except Exception as failed:
            # One that cannot be put into words must not keep the others from leaving. Without the
            # message: it could hold what somebody wrote.
            log.error("delivery %s: %s", delivery.id, type(failed).__name__)
            try_later(self._held.pop(delivery.id), self._clock(), "not composed")
            return None
        if letter is None:
            end(self._held.pop(delivery.id), DROPPED, self._clock())
        return letter


class Sender:
    """Runs ``send_all`` in one thread at a time, whenever it is woken; never two at once."""

    def __init__(self, send_all: Callable[[], object]) -> None:
        """Stand ready; nothing runs before ``wake``."""
        self._send_all = send_all
        self._asked, self._lock = Event(), Lock()

    def wake(self) -> None:
        """See to it that what is due now is sent, and return at once."""
        self._asked.set()
        if self._lock.acquire(blocking=False):
            # It dies with the process: what it had taken is due again when its lease is over.
            Thread(target=self._work, name=THREAD, daemon=True).start()

    def _work(self) -> None:
        try:
            while self._asked.is_set():
                self._asked.clear()
                with connection():
                    self._send_all()
        except Exception:
            log.exception("sending notices failed; the next run tries again")
        finally:
            self._lock.release()
        if self._asked.is_set():  # somebody woke it between the last look and the release
            self.wake()
