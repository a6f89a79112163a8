"""The rule about places in what is offered: each belongs to one request, whatever comes late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from niwari.catalogue.joining import Joining, join, ways_of
from niwari.directory.linking import Ref
from niwari.errors import DomainError, NotFound
from niwari.ledger.asking import requests
from niwari.ledger.attending import absence
from niwari.ledger.deciding import decisions
from niwari.ledger.models import Request
from niwari.specs.contributions import Offer, Resource, Wanted
from niwari.testing.conformance.bench import NEIGHBOUR, Bench, Stand
from niwari.testing.conformance.offers import asked
from niwari.testing.conformance.rule import rule

_HEAD = "head@sukagawa"
_numbers = count()
_MEND = "keep the request's id, which hold is given, with the place, and look up event.request_id"


@rule("A place belongs to a request: its events fix and free it, those of a former one do not.")
def seats(bench: Bench) -> Iterator[str]:
    """A neighbour joins each sample row with ``hold``, withdraws and joins again, before it is told;
    and is absent in the end."""
    with bench.stand() as stand:
        for resource in stand.plugin.contributions.resources:
            if resource.hold is None:
                continue
            guest = _Guest(stand, resource)
            if guest.offer() is None:
                yield (
                    f"{resource.kind} has a hold, but its sample is not offered to a neighbour; let "
                    "sample make a row that can be joined"
                )
                continue
            try:
                yield from _joined_again(guest, agreed=False)
                yield from _joined_again(guest, agreed=True)
                yield from _absent(guest)
            except DomainError as refusal:
                why = refusal.__cause__ or refusal
                yield f"{guest.name} cannot be joined, so its places are not tried: {why!r}"


@dataclass
class _Guest:
    """A neighbour who takes part in the sample row of a resource."""

    stand: Stand
    resource: Resource

    @property
    def name(self) -> str:
        """The offer as a problem names it."""
        return f"{self.resource.kind} {self.stand.ids[self.resource.kind]}"

    @property
    def is_joined(self) -> bool:
        """Whether the plugin says that the guest holds a place."""
        offer = self.offer()
        return offer is not None and offer.joined

    @property
    def seats_left(self) -> int | None:
        """How many places the plugin says are left."""
        offer = self.offer()
        return offer.seats_left if offer is not None else None

    def offer(self) -> Offer | None:
        """Return the offer as it is now."""
        only = (self.resource.kind, self.stand.ids[self.resource.kind])
        found = asked(self.stand, NEIGHBOUR, Wanted(1, only=only))
        return found[0] if found and not isinstance(found, str) else None

    def join(self) -> Request:
        """Press 参加したい; raises ``DomainError`` with what the page would say."""
        world, offer = self.stand.world, self.offer()
        if offer is None:
            raise NotFound
        ctx = world.ctx_for(NEIGHBOUR)
        here = {a.code: a for p in world.host.loaded() for a in p.contributions.activities}
        chosen = Joining(ways_of(offer)[0], self._key(), ctx.today + timedelta(days=1))
        return join(ctx, Ref(offer.kind, offer.id), chosen, here)[0]

    def withdraw(self, request: Request) -> None:
        """Take the request back; nobody is told yet."""
        requests.withdraw(self.stand.world.ctx_for(NEIGHBOUR), request.id)

    def be_agreed(self, request: Request) -> None:
        """Let the own head agree; nobody is told yet."""
        decisions.agree(self.stand.world.ctx_for(_HEAD), request.id, key=self._key())

    def be_absent(self, request: Request) -> None:
        """Say 欠席を伝える; nobody is told yet."""
        absence.cancel(self.stand.world.ctx_for(NEIGHBOUR), request.id)

    def _key(self) -> str:
        return f"seats-{self.stand.ids[self.resource.kind]}-{next(_numbers)}"


def _joined_again(guest: _Guest, *, agreed: bool) -> Iterator[str]:
    """Withdraw, with or without the head's word, and join again before the worker tells of it."""
    former = guest.join()
    left = guest.seats_left
    if agreed:
        guest.be_agreed(former)
    guest.withdraw(former)
    request = guest.join()
    if guest.seats_left != left:
        yield f"{guest.name}: who joins again takes a second place; let the first go over to it"
    guest.stand.world.deliver()
    if not guest.is_joined:
        yield f"{guest.name}: what is told late of a former request frees the new place; {_MEND}"
    if agreed:
        guest.be_agreed(request)
        guest.stand.world.deliver()
    guest.withdraw(request)
    guest.stand.world.deliver()
    # Of a discreet activity nobody is told (L14): the place is the person's own matter.
    if request.source_kind is not None and guest.is_joined:
        yield f"{guest.name}: who withdraws keeps the place; {_MEND}"


def _absent(guest: _Guest) -> Iterator[str]:
    """Join once more, be agreed to, and be absent."""
    request = guest.join()
    guest.be_agreed(request)
    guest.stand.world.deliver()
    if request.source_kind is None:  # of a discreet activity nobody is told (L14)
        return
    guest.be_absent(request)
    guest.stand.world.deliver()
    if guest.is_joined:
        yield f"{guest.name}: who is absent keeps the place; hear ledger.RequestCancelled. {_MEND}"
