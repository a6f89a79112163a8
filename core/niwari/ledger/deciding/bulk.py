"""Agreeing to several requests at once: 「選んだものを了承する」."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory.models import Person, Section
from niwari.directory.sections import section_name
from niwari.errors import N_, DomainError, Invalid, NotFound
from niwari.ledger.deciding import decisions
from niwari.ledger.deciding.approvers import Charge, charge_of
from niwari.ledger.models import Account, Request
from niwari.ledger.shown import shown_to_head
from niwari.ledger.ways import is_no_way

MOST = 50
"""How many requests are answered at once: those of one page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of the chosen requests, and the rule's ``refusal`` where it could not be agreed to."""

    request: Request
    person_name: str
    section_name: str
    refusal: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of all that was chosen; ``gone`` is how many are not there for the acting person."""

    agreed: tuple[Line, ...]
    refused: tuple[Line, ...]
    gone: int

    @property
    def is_whole(self) -> bool:
        """Whether every chosen request is agreed to."""
        return not self.refused and not self.gone


def agree_to_all(ctx: Context, request_ids: Sequence[int], *, key: str) -> Outcome:
    """Agree to each of the chosen requests by the rules of ``decisions.agree``; the others stand.

    One transaction, with a savepoint for each request: when this returns, exactly what ``agreed``
    names is kept, and after a failure nothing is. All accounts are locked first, in order of person
    and period (rule L2), and the requests are answered in that order, the nearest day first. The
    same ``key`` again, as after a double click, gives the same answer. Raises ``Invalid`` for none
    and for more than ``MOST``, and ``NotFound`` where none is there for the acting person.
    """
    wanted = sorted(set(request_ids))
    if not wanted:
        raise Invalid(N_("了承する申込みを選んでください。"))
    if len(wanted) > MOST:
        raise Invalid(N_("一度に了承できるのは%(most)s件までです。"), most=MOST)
    with transaction(ctx):
        charge = charge_of(ctx)
        found = [_agreed(ctx, one, key, charge) for one in _held(ctx, wanted)]
    lines = [line for line in found if line is not None]
    if not lines:
        raise NotFound
    return Outcome(
        agreed=tuple(line for line in lines if line.refusal is None),
        refused=tuple(line for line in lines if line.refusal is not None),
        gone=len(wanted) - len(lines),
    )


def _held(ctx: Context, wanted: Sequence[int]) -> list[Any]:
    """Lock the accounts of the requests in their one order, and return the requests in it."""
    query = (
        Request.select(
            Request,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .join_from(
            Request,
            Account,
            on=(Account.person == Request.person)
            & (Account.municipality == Request.municipality)
            & Request.work_date.between(Account.starts_on, Account.ends_on),
        )
        .where(Request.id.in_(wanted) & (Request.municipality == ctx.municipality.id) & is_no_way())
        .order_by(Account.person, Account.starts_on, Request.work_date, Request.id)
        .objects()
    )
    return list(locked(query, of=Account))


def _agreed(ctx: Context, one: Any, key: str, charge: Charge) -> Line | None:
    """Agree to one of them, or find out why not; ``None`` for what is not there for the person."""
    refusal = None
    try:
        with transaction(ctx):
            decisions.agree(ctx, one.id, key=key, charge=charge)
    except NotFound:
        return None
    except DomainError as error:
        refusal = error
    return Line(shown_to_head(one), one.person_name, one.section_name, refusal)
