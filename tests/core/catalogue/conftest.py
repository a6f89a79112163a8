"""A catalogue to look at: the dummy's notes, some of which invite, and the people of three towns."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from niwari.clock import TOKYO
from niwari.directory.linking import Ref
from niwari.directory.system import system_context
from niwari.host.discovery import Found
from niwari.ledger.deciding import decisions
from niwari.ledger.importing import import_leave
from niwari.ledger.models import Request
from niwari.testing.world import World

STAFF, NEIGHBOUR = "staff@koriyama", "staff@sukagawa"


@dataclass
class Fair:
    """Offers something as the people of the small world, and takes part as them."""

    world: World
    dummy: Any  # the modules of the dummy, which is no package of the type checker
    _keys: Iterator[int] = field(default_factory=count)

    def offer(
        self,
        title: str = "集まり",
        *,
        by: str = STAFF,
        audience: str = "region",
        body: str = "",
        **invitation: Any,
    ) -> Ref:
        """Offer something; ``invitation`` as ``niwari_dummy.inviting.invite`` takes it."""
        ctx = self.world.ctx_for(by)
        note = self.dummy.service.write(
            ctx, title=title, body=body, audience=audience, form_key=f"note-{next(self._keys)}"
        )
        self.dummy.inviting.invite(ctx, note, **invitation)
        return Ref("dummy.note", note)

    def seats(self, ref: Ref) -> list[bool]:
        """Return for each seat of an offer whether it is fixed."""
        seat = self.dummy.inviting.Seat
        return [row.is_fixed for row in seat.select().where(seat.note == ref.id)]

    def press(self, ref: Ref, *, by: str = NEIGHBOUR, **data: str) -> Any:
        """Press 参加したい on an offer's page; ``data`` besides the way ``online:home``."""
        client = self.world.client_for(by)
        sent = {"way": "online:home", "form_key": f"key-{next(self._keys)}", **data}
        address = f"/catalogue/{ref.kind}/{ref.id}/join"
        return client.submit(address, sent, form_at="/")

    def refused(self, ref: Ref, sentence: str, *, by: str = NEIGHBOUR, **data: str) -> bool:
        """Tell whether pressing is refused with a sentence, and changes nothing."""
        before = (Request.select().count(), len(self.seats(ref)))
        answer = self.press(ref, by=by, **data)
        after = (Request.select().count(), len(self.seats(ref)))
        said = sentence in answer.get_data(as_text=True)
        return answer.status_code == 422 and said and before == after

    def joined(self, ref: Ref, *, by: str = NEIGHBOUR, **data: str) -> Request:
        """Join and return the request that was made; ``data`` as ``press`` takes it."""
        answer = self.press(ref, by=by, **data)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        request: Request = Request.select().order_by(Request.id.desc()).get()
        return request

    def head_agrees(self, request: Request, head: str = "head@sukagawa") -> None:
        """Let the own head agree, and those who wait be told."""
        decisions.agree(self.world.ctx_for(head), request.id, key=f"key-{next(self._keys)}")
        self.world.deliver()

    def page(self, address: str, by: str = NEIGHBOUR) -> str:
        """Return what a page says to somebody."""
        answer = self.world.client_for(by).get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return str(answer.get_data(as_text=True))

    def page_of(self, ref: Ref, by: str = NEIGHBOUR) -> str:
        """Return what the page of an offer says."""
        return self.page(f"/catalogue/{ref.kind}/{ref.id}", by)

    def now(self, day: int, hour: int) -> None:
        """Move the clock to an hour of November 2026 in Tokyo."""
        self.world.clock.set(datetime(2026, 11, day, hour, tzinfo=TOKYO))

    def leave(self, login: str, start: str, end: str) -> None:
        """Import one leave; times as in leave.csv."""
        rows = f"login,kind,start,end\n{login},annual,{start},{end}\n"
        import_leave(system_context(self.world.clock(), "test"), rows.encode())


@pytest.fixture
def fair(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> Fair:
    """The dummy is on in all three towns; it is 10 November 2026, 9:00, and nothing is offered."""
    world = open_world([trial_plugins["dummy"]])
    import niwari_dummy.inviting
    import niwari_dummy.service

    return Fair(world, niwari_dummy)
