"""A ledger to try things on: the services, called as the people of the small world."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import count
from typing import Any

import pytest

from niwari.clock import TOKYO, FrozenClock
from niwari.context import AppointmentRef, Context
from niwari.db import database, transaction
from niwari.directory.models import Appointment, Headship, Municipality, Person, Section
from niwari.directory.people import municipality_by_code
from niwari.directory.system import system_context
from niwari.host.settings import save_settings
from niwari.ledger import overview
from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.deciding import decisions
from niwari.ledger.importing import import_leave, import_patterns
from niwari.ledger.models import Account, JournalEntry, Request
from niwari.ledger.plugin import activities
from niwari.ledger.recording import recording
from niwari.specs.contributions import Activity, Label
from niwari.testing.engines import Engines
from niwari.testing.lent import Lent
from niwari.testing.plugin import START
from niwari.testing.world import Browser, World, prepare_town
from tests.core.ledger.disposing import LONG_AFTER, Past, past

WEDNESDAY = date(2026, 11, 18)
OFFERED = {
    one.code: one
    for one in [*activities(), Activity("consult", Label("相談", "Consult"), discreet=True)]
}


@dataclass
class Ledger:
    """Calls the services at the clock's time; ``head`` answers where no other is named."""

    world: World
    head: str = "head@koriyama"
    _keys: Iterator[int] = field(default_factory=count)

    def now(self, month: int, day: int, hour: int, minute: int = 0) -> None:
        """Move the clock to a wall time in Tokyo, 2026."""
        self.world.clock.set(datetime(2026, month, day, hour, minute, tzinfo=TOKYO))

    def ctx(self, login: str) -> Context:
        """Return the context in which a person acts now."""
        return self.world.ctx_for(login)

    def acting_in(self, login: str, code: str) -> Context:
        """Return the context of a person in the concurrent post in a municipality."""
        post: Any = (
            Appointment.select()
            .join_from(Appointment, Person)
            .join_from(Appointment, Municipality)
            .where((Person.login == login) & (Municipality.code == code) & ~Appointment.is_main)
            .get()
        )
        ctx = self.ctx(login)
        return replace(
            ctx,
            municipality=municipality_by_code(code, ctx.today),
            appointment=AppointmentRef(
                post.id, post.person_id, post.person.name, post.section_id, post.section.name
            ),
        )

    def key(self) -> str:
        """Return a key that no click had before."""
        return f"key-{next(self._keys)}"

    def wish(
        self,
        day: date = WEDNESDAY,
        minutes: int | None = None,
        *,
        at: tuple[str, str] | None = None,
        **other: Any,
    ) -> Wish:
        """Return a wish for ``minutes``, or for the interval ``at`` like ("15:00", "16:00")."""
        starts, ends = (time.fromisoformat(text) for text in at) if at else (None, None)
        values = {
            "activity": "general",
            "purpose": "学び・相談",
            "place": "head_office",
            "form_key": self.key(),
            **other,
        }
        return Wish(work_date=day, minutes=minutes, starts=starts, ends=ends, **values)

    def ask(
        self,
        day: date = WEDNESDAY,
        minutes: int | None = None,
        *,
        by: str = "staff@koriyama",
        at: tuple[str, str] | None = None,
        **other: Any,
    ) -> Request:
        """Ask for time as ``by``."""
        return requests.ask(self.ctx(by), self.wish(day, minutes, at=at, **other), OFFERED)

    def agree(self, request: Request, minutes: int | None = None, *, by: str = "") -> Request:
        """Agree as the head, with a new key."""
        return decisions.agree(
            self.ctx(by or self.head), request.id, key=self.key(), minutes=minutes
        )

    def return_(self, request: Request, *, by: str = "") -> Request:
        """Give a request back to talk about it."""
        ctx = self.ctx(by or self.head)
        return decisions.return_(ctx, request.id, key=self.key(), note="来週にできませんか。")

    def decline(self, request: Request, *, by: str = "") -> Request:
        """Decline a request."""
        ctx = self.ctx(by or self.head)
        return decisions.decline(ctx, request.id, key=self.key(), note="議会があります。")

    def agreed(self, *args: Any, **kwargs: Any) -> Request:
        """Ask, and agree to it at once."""
        return self.agree(self.ask(*args, **kwargs))

    def record(self, request: Request, minutes: int, *, by: str = "staff@koriyama") -> Request:
        """Record what was done."""
        return recording.record(self.ctx(by), request.id, minutes=minutes)

    def withdraw(self, request: Request, *, by: str = "staff@koriyama") -> Request:
        """Take a request back."""
        return requests.withdraw(self.ctx(by), request.id)

    def balance(self, by: str = "staff@koriyama", day: date = WEDNESDAY) -> overview.Balance:
        """Return what a person sees of the month of ``day``."""
        return overview.month_of(self.ctx(by), day).balance

    def amounts(self, by: str = "staff@koriyama", day: date = WEDNESDAY) -> tuple[int, int, int]:
        """Return used, reserved and left."""
        balance = self.balance(by, day)
        return balance.used, balance.reserved, balance.free

    def leave(self, login: str, kind: str, start: str, end: str) -> None:
        """Import one leave; times as in leave.csv."""
        import_leave(
            system_context(self.world.clock(), "test"),
            f"login,kind,start,end\n{login},{kind},{start},{end}\n".encode(),
        )

    def pattern(self, login: str, start: str, *days: str) -> None:
        """Import one pattern; seven cells, Monday first."""
        import_patterns(
            system_context(self.world.clock(), "test"),
            (
                "login,from,mon,tue,wed,thu,fri,sat,sun\n" + ",".join([login, start, *days]) + "\n"
            ).encode(),
        )

    def account(self, login: str = "staff@koriyama", month: int = 11) -> Account | None:
        """Return the stored account of a month of 2026, if there is one."""
        return (
            Account.select()
            .join(Person)
            .where((Person.login == login) & (Account.starts_on == date(2026, month, 1)))
            .first()
        )

    def journal(self, login: str = "staff@koriyama") -> list[tuple[str, int, int, int]]:
        """Return a person's journal: kind, minutes, used and reserved deltas, oldest first."""
        return [
            (one.kind, one.minutes, one.used_delta, one.reserved_delta)
            for one in JournalEntry.select()
            .join(Account)
            .join(Person)
            .where(Person.login == login)
            .order_by(JournalEntry.id)
        ]


@dataclass
class Town:
    """Adds sections and people beside the demo's, in one municipality."""

    municipality: Municipality

    def section(self, path: str) -> Section:
        """Return the section of ``path``, made with those above it where it is new."""
        above, _, name = path.rpartition("/")
        section, _ = Section.get_or_create(
            municipality=self.municipality,
            path=path,
            defaults={"name": name, "parent": self.section(above) if above else None},
        )
        return section

    def appoint(
        self,
        login: str,
        path: str,
        *,
        head: bool = False,
        main: bool = True,
        start: date = date(2020, 4, 1),
        end: date | None = None,
    ) -> Appointment:
        """Appoint a person, new where the login is, to a section; as its head where told."""
        person, _ = Person.get_or_create(login=login, defaults={"name": "職員"})
        post = Appointment.create(
            person=person,
            municipality=self.municipality,
            section=self.section(path),
            employment="full_time",
            starts_on=start,
            ends_on=end,
            is_main=main,
        )
        if head:
            Headship.create(section=post.section, appointment=post, starts_on=start, ends_on=end)
        return post


class Client(Browser):
    """A browser beside which the test may look into the database: requests close its connection."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request, then connect again."""
        answer = super().open(*args, **kwargs)
        database.connect(reuse_if_open=True)
        return answer


@pytest.fixture
def client_for(world: World) -> Callable[[str], Client]:
    """Make a browser in which a person is signed in."""

    def sign_in(login: str) -> Client:
        signed_in = world.client_for(login).get_cookie("niwari_session")
        client = Client(world.app)
        client.set_cookie("niwari_session", signed_in.value)
        return client

    return sign_in


@pytest.fixture
def ledger(world: World) -> Ledger:
    """The ledger of the small world, on 10 November 2026, 9:00."""
    return Ledger(world)


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest,
    database_url: str,
    database_engines: Engines,
    lent_application: Lent,
) -> Iterator[str]:
    """The URL of a database as in all tests; for what is ``old`` of one in which that is past.

    To let a year go by takes longer than those tests do, so it is done once a run.
    """
    if "old" not in request.fixturenames:
        yield database_url
        return

    def let_pass(url: str) -> None:
        with lent_application.world(lent_application.begun(url), FrozenClock(START)) as world:
            past(Ledger(world))

    world_before = [("town", prepare_town), ("world", lent_application.begin)]
    url = database_engines.copy_of("old", let_pass, onto=world_before)
    yield lent_application.begun(url)
    database_engines.drop(url)


@pytest.fixture
def old(ledger: Ledger) -> Past:
    """Fiscal 2026, closed, in April 2032."""
    ledger._keys = count(1_000)  # those before were used in what is past
    ledger.world.clock.set(LONG_AFTER)
    return Past(ledger)


@pytest.fixture
def town(world: World) -> Callable[[str], Town]:
    """Make the ``Town`` of a municipality's code."""
    return lambda code: Town(Municipality.get(Municipality.code == code))


@pytest.fixture
def office(ledger, town):
    """税務課: its head, a deputy chief and a subsection chief who rank, and a member."""
    here = town("072036")
    posts = {
        "director": here.appoint("director@x", "財務部", head=True),
        "head": here.appoint("head@x", "財務部/税務課", head=True),
        "first": here.appoint("first@x", "財務部/税務課"),
        "second": here.appoint("second@x", "財務部/税務課"),
        "member": here.appoint("member@x", "財務部/税務課"),
    }
    for number, (name, title) in enumerate((("first", "課長補佐"), ("second", "係長")), 1):
        Appointment.update(stand_in_order=number, title=title).where(
            Appointment.id == posts[name].id
        ).execute()
    return posts


@pytest.fixture
def head_away(ledger, office):
    """The head is on leave for today and tomorrow."""
    ledger.leave("head@x", "annual", "2026-11-10T08:30", "2026-11-11T17:15")
    return office


@pytest.fixture
def tolerate(ledger: Ledger) -> Callable[[int], None]:
    """Let Koriyama's records exceed an agreement by so many minutes (rule L17)."""

    def choose(minutes: int) -> None:
        ctx = ledger.ctx("it@koriyama")
        with transaction(ctx):
            save_settings(ctx, "ledger", "municipality", {"tolerance": minutes})

    return choose
