"""From a provider's word to a person of the directory."""

from dataclasses import dataclass
from datetime import datetime

from niwari.audit import service as audit
from niwari.clock import tokyo_day
from niwari.context import Context, Locale
from niwari.db import transaction
from niwari.directory.models import Person
from niwari.directory.people import UnknownPerson, main_appointment
from niwari.errors import N_, Forbidden
from niwari.identity.models import ExternalIdentity


class NotRegistered(Forbidden):
    """The provider knows the account; the directory does not know a person of that name."""

    text = N_("このアカウントは、にわりに登録されていません。")


class NotAppointed(Forbidden):
    """The person is in the directory, but holds no appointment today."""

    text = N_("今日の時点で有効な所属がないため、サインインできません。")


class BoundElsewhere(Forbidden):
    """The person already signs in with another account of the same provider."""

    text = N_("この職員は、別のアカウントと結び付いています。")


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a provider vouches for it: ``issuer`` and ``subject`` name it for good.

    ``login`` is what the provider calls the person today (``preferred_username``); it is believed
    at the first sign-in alone. ``idp_session`` is the provider's ``sid``, or empty.
    """

    issuer: str
    subject: str
    login: str
    idp_session: str = ""


def acting_context(
    account: Account, now: datetime, *, locale: Locale = "ja", request_id: str = ""
) -> Context:
    """Return the context, still without permissions, in which the holder of ``account`` acts now.

    At the first sign-in the account is bound to the person whose login it names, and the audit
    says so. Raises ``NotRegistered``, ``NotAppointed`` or ``BoundElsewhere``: nobody is ever
    created here.
    """
    bound_login = _bound_login(account)
    login = bound_login or account.login
    try:
        found = main_appointment(login, tokyo_day(now))
    except UnknownPerson as error:
        if bound_login or Person.select().where(Person.login == login).exists():
            raise NotAppointed from error
        raise NotRegistered from error
    ctx = Context(found.municipality, found.appointment, now, locale=locale, request_id=request_id)
    if bound_login is None:
        _bind(ctx, account)
    return ctx


def _bound_login(account: Account) -> str | None:
    row = (
        ExternalIdentity.select(Person.login)
        .join(Person)
        .where(
            (ExternalIdentity.issuer == account.issuer)
            & (ExternalIdentity.subject == account.subject)
        )
        .tuples()
        .first()
    )
    return row[0] if row else None


def _bind(ctx: Context, account: Account) -> None:
    with transaction(ctx):
        # Two first sign-ins at once, in two tabs, both end well: the second finds the first's row.
        ExternalIdentity.insert(
            issuer=account.issuer, subject=account.subject, person=ctx.person_id, bound_at=ctx.now
        ).on_conflict_ignore().execute()
        if _bound_login(account) is None:
            raise BoundElsewhere
        audit.record(ctx, "identity.bound", "person", ctx.person_id)
