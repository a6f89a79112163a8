"""Asking for several at once: the same time, the same thing, each one's own head answers (L23).

Off until a municipality switches ``joint`` on. The others are told and may object, as to what a
clerk enters; refusals that come from their hours, leave or requests are as a clerk reads them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, Person
from niwari.errors import N_, DomainError, Invalid, NotFound
from niwari.ledger import accounts
from niwari.ledger.asking import requests
from niwari.ledger.asking.checking import checked_form
from niwari.ledger.asking.refusals import as_told_to_clerk, check_not_too_often, note_refused
from niwari.ledger.asking.travelling import check_usable
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.deciding.approvers import acts_in
from niwari.ledger.errors import AlwaysBefore, LedgerError
from niwari.ledger.models import Request
from niwari.ledger.settings import choices_of
from niwari.specs.contributions import Activity

MOST = 20
"""How many others can be asked for at once."""


class UnknownColleague(LedgerError):
    """Nobody of the municipality has that account."""

    text = N_("この市町村に、このアカウントの職員はいません。")
    field = "together"


class JointRefused(DomainError):
    """Some of the others cannot be asked for, so nobody is; ``refusals`` say why, by account."""

    status = 422
    text = N_("申し込めない職員がいます。だれの分もまだ申し込んでいません。")
    field = "together"

    def __init__(self, refusals: Mapping[str, DomainError]) -> None:
        """Keep what was said of each."""
        super().__init__()
        self.refusals = refusals


def ask_jointly(
    ctx: Context, wish: Wish, logins: Sequence[str], activities: Mapping[str, Activity]
) -> list[Request]:
    """Ask for the acting person and for those with ``logins``, for all or for none; the own first.

    The same again returns the first ones. Raises what ``requests.ask`` does for the own request,
    ``JointRefused`` for the others, of those who are not there alone, ``RefusedTooOften`` after many of
    them, ``AlwaysBefore`` after the fact, ``Invalid`` for none or more than ``MOST`` of them, and
    ``NotFound`` where the municipality has no joint requests.
    """
    if not choices_of(ctx).joint:
        raise NotFound
    check_usable(ctx, wish, alone=False)
    wanted = list(dict.fromkeys(logins))
    if not 0 < len(wanted) <= MOST:
        raise Invalid(
            N_("一緒に申し込む職員を、1人以上20人以内で入力してください。"), field="together"
        )
    if wish.after_fact:
        raise AlwaysBefore(AlwaysBefore.jointly, field="work_date")
    checked_form(ctx, wish, activities)
    check_not_too_often(ctx)
    found = _people(ctx, wanted)
    try:
        with transaction(ctx):
            return _asked(ctx, wish, wanted, found, activities)
    except JointRefused as error:
        note_refused(ctx, [(found.get(login), wish.work_date) for login in error.refusals])
        raise


def _asked(
    ctx: Context,
    wish: Wish,
    wanted: Sequence[str],
    found: Mapping[str, int],
    activities: Mapping[str, Activity],
) -> list[Request]:
    unknown = [login for login in wanted if login not in found]
    if unknown:  # and of the others nothing is told
        raise JointRefused({login: UnknownColleague() for login in unknown})
    for person_id in sorted({ctx.person_id, *found.values()}):  # the order of locks (L2)
        accounts.open_account(ctx, person_id, ctx.municipality.id, wish.work_date)
    own = requests.ask(ctx, wish, activities)
    asked, refusals = [own], {}
    for login in wanted:
        try:
            asked.append(
                requests.ask(ctx, wish, activities, for_person=found[login], joint_with=own.id)
            )
        except DomainError as error:
            refusals[login] = as_told_to_clerk(error)
    if refusals:
        raise JointRefused(refusals)
    return asked


def _people(ctx: Context, logins: Sequence[str]) -> dict[str, int]:
    """Return by account who of them works here, but for the acting person."""
    query: Any = (
        Appointment.select(Person.login, Person.id)
        .join(Person)
        .where(
            Person.login.in_(logins)
            & (Appointment.municipality == ctx.municipality.id)
            & (Person.id != ctx.person_id)
            & acts_in(ctx.today)
        )
    )
    return dict(rows(query))
