"""What closing a period will do, in numbers: for HR, and never by person (rules L7, L14)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from niwari.context import Context
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.sections import section_name
from niwari.ledger.arranged import period_for
from niwari.ledger.asking.oral import WAITING
from niwari.ledger.attending.words import waits_for_host
from niwari.ledger.closing.due import closes_on, due, over_and_open
from niwari.ledger.closing.people import UNFINISHED, count_people
from niwari.ledger.deciding.confirming import TO_CONFIRM
from niwari.ledger.deciding.supplements import pending
from niwari.ledger.models import AGREED_STATES, Closing, Request, State
from niwari.ledger.ways import is_no_way
from niwari.ledger.worktime import Period

SHOWN = 24


@dataclass(frozen=True, slots=True)
class Missing:
    """How much of a section is not finished: agreed without a record, without an answer, oral OKs,
    what was recorded beyond an OK, and records that no host has confirmed.
    """

    section_name: str
    unrecorded: int
    unanswered: int
    oral: int
    beyond: int
    hosts: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A period as HR may close it; ``is_over`` says whether that is possible yet."""

    period: Period
    closes_on: date
    is_over: bool
    people: int
    missing: tuple[Missing, ...]

    @property
    def unrecorded(self) -> int:
        """How many agreed requests will lapse."""
        return sum(one.unrecorded for one in self.missing)

    @property
    def unanswered(self) -> int:
        """How many requests without an answer will end."""
        return sum(one.unanswered for one in self.missing)

    @property
    def oral(self) -> int:
        """How many oral OKs wait for the head's word; they stay flagged."""
        return sum(one.oral for one in self.missing)

    @property
    def beyond(self) -> int:
        """How many supplements wait for the head's word; they stay used and flagged (L17)."""
        return sum(one.beyond for one in self.missing)

    @property
    def hosts(self) -> int:
        """How many records wait for a host's word; they stay, whatever the host says (L14)."""
        return sum(one.hosts for one in self.missing)


@dataclass(frozen=True, slots=True)
class Closed:
    """A period that was closed; by the job where ``closed_by_name`` is empty."""

    closing: Closing
    closed_by_name: str


def next_to_close(ctx: Context) -> Preview:
    """Return the first period that HR may close before its day, else the present one; in four queries.

    What is due closes by itself within the hour, so it is shown only where nothing else is over.
    """
    waiting = over_and_open(ctx)
    late = due(ctx, waiting)
    early = [period for period in waiting if period not in late]
    period = [*early, *reversed(late), period_for(ctx.municipality, ctx.today)][0]
    return Preview(
        period,
        closes_on(ctx, period),
        bool(waiting),
        count_people(ctx, period),
        tuple(_missing(ctx, period)),
    )


def closed_periods(ctx: Context) -> list[Closed]:
    """Return up to ``SHOWN`` closed periods of the municipality, the latest first, in one query."""
    found: Any = (
        Closing.select(Closing, Person.name.alias("closed_by_name"))
        .join(Appointment, JOIN.LEFT_OUTER, on=(Closing.closed_by == Appointment.id))
        .join(Person, JOIN.LEFT_OUTER, on=(Appointment.person == Person.id))
        .where(Closing.municipality == ctx.municipality.id)
        .order_by(Closing.starts_on.desc(), Closing.id.desc())
        .limit(SHOWN)
        .objects()
    )
    return [Closed(row, row.closed_by_name or "") for row in found]


def _missing(ctx: Context, period: Period) -> list[Missing]:
    agreed = Request.state.in_(AGREED_STATES)
    oral = (Request.oral_answer == WAITING) & Request.state.in_(TO_CONFIRM) & is_no_way()
    beyond = (Request.state == State.RECORDED) & Request.id.in_(pending())
    hosts = waits_for_host(ctx)
    name = section_name(ctx.today)
    found: Any = (
        Request.select(
            name.alias("section_name"),
            _count(agreed).alias("unrecorded"),
            _count(Request.state.in_(UNFINISHED) & ~agreed).alias("unanswered"),
            _count(oral).alias("oral"),
            _count(beyond).alias("beyond"),
            _count(hosts).alias("hosts"),
        )
        .join(Section, on=(Request.section == Section.id))
        .where(
            (Request.municipality == ctx.municipality.id)
            & Request.work_date.between(period.starts_on, period.ends_on)
            & (Request.state.in_(UNFINISHED) & is_no_way() | oral | beyond | hosts)
        )
        .group_by(Section.id)
        .order_by(Section.id)
        .objects()
    )
    return [
        Missing(row.section_name, row.unrecorded, row.unanswered, row.oral, row.beyond, row.hosts)
        for row in found
    ]


def _count(condition: Any) -> Any:
    return fn.SUM(Case(None, ((condition, 1),), 0))
