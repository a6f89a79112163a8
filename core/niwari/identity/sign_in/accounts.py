"""From a provider's word to a person of the directory, within the municipalities that it serves."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.clock import tokyo_day
from niwari.context import AppointmentRef, Context, MunicipalityRef
from niwari.db import rows, transaction
from niwari.directory.models import (
    Appointment,
    Municipality,
    Person,
    RegionMembership,
    Section,
    on_day,
)
from niwari.directory.people import UnknownPerson, home_of
from niwari.directory.sections import section_name
from niwari.errors import N_, Forbidden
from niwari.identity.models import (
    ApiToken,
    ExternalIdentity,
    Provider,
    ProviderDomain,
    ProviderMunicipality,
    Session,
)
from niwari.identity.providers.serving import keeps_vouching

MAIL = "email"
"""The claim that is matched with the directory's mail address instead of its login."""


class NotRegistered(Forbidden):
    """The provider knows the account; the directory does not know a person of that name."""

    text = N_("このアカウントは、にわりに登録されていません。")


class NotAppointed(Forbidden):
    """The person is in the directory, but holds no appointment today."""

    text = N_("今日の時点で有効な所属がないため、サインインできません。")


class NotServed(Forbidden):
    """The person holds appointments today, but in none of the provider's municipalities."""

    text = N_(
        "このアカウントでは、今の所属の市町村にサインインできません。「もう一度サインインする」を押して、今の所属の市町村を選んでください。"
    )


class BoundElsewhere(Forbidden):
    """The person already signs in with another account of the same provider."""

    text = N_("この職員は、別のアカウントと結び付いています。")


class UnverifiedMail(Forbidden):
    """The provider does not vouch for the mail address by which it names the account."""

    text = N_("このアカウントのメールアドレスは、確認が済んでいないため、サインインに使えません。")


class SharedMail(Forbidden):
    """Several people have the mail address, so that it names none of them."""

    text = N_("同じメールアドレスの職員が2人以上登録されているため、サインインできません。")


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a provider vouches for it: ``issuer`` and ``subject`` name it for good.

    ``login`` is what the provider calls the person today by ``claim``, its login claim; it is
    believed at the first sign-in alone. ``idp_session`` is the provider's ``sid``, or empty.
    """

    provider_id: int
    issuer: str
    subject: str
    login: str
    claim: str = "preferred_username"
    has_verified_mail: bool = False
    idp_session: str = ""

    @property
    def domain(self) -> str:
        """The domain of the mail address in ``login``, in lower case."""
        return self.login.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class _Post:
    appointment: AppointmentRef
    municipality: MunicipalityRef
    is_served: bool
    is_bound: bool


def acting_context(account: Account, now: datetime, *, request_id: str = "") -> Context:
    """Return the context, still without permissions, in which the holder of ``account`` acts now.

    It is the person's main post, else the latest, in the municipalities that the provider serves,
    or served until they were merged into another one.
    At the first sign-in the account is bound to the person whom its claim names there, and the
    audit says so. Raises ``NotRegistered``, ``NotAppointed``, ``NotServed``, ``BoundElsewhere``,
    ``UnverifiedMail`` or ``SharedMail``: nobody is ever created here. A later sign-in costs one
    query, the first three.
    """
    posts = _posts(account, now)
    served = [post for post in posts if post.is_served]
    if not served:
        raise _reason(account, posts)
    found = served[0]
    ctx = Context(found.municipality, found.appointment, now, request_id=request_id)
    if not found.is_bound:
        if len({post.appointment.person_id for post in served}) > 1:
            raise SharedMail
        _bind(ctx, account)
    return ctx


def unbind(ctx: Context, login: str) -> int:
    """Forget which accounts are the person's, end their sessions and tokens; return how many accounts.

    The next sign-in binds anew. The audit of each municipality says what ended there, and that of
    the present post that accounts were forgotten. Raises ``UnknownPerson``.
    """
    with transaction(ctx):
        person = Person.get_or_none(Person.login == login)
        if person is None or (home := home_of(person.id, ctx.today)) is None:
            raise UnknownPerson(login=login)
        forgotten: int = (
            ExternalIdentity.delete().where(ExternalIdentity.person == person).execute()
        )
        ended, revoked = _end_all(ctx, person)
        towns = ended.keys() | revoked.keys() | ({home} if forgotten else set())
        for town in sorted(towns):
            audit.record(
                ctx,
                "identity.unbound",
                "person",
                person.id,
                municipality_id=town,
                accounts=forgotten,
                sessions=ended[town],
                tokens=revoked[town],
            )
    return forgotten


def _end_all(ctx: Context, person: Person) -> tuple[Counter[int], Counter[int]]:
    """End a person's sessions and personal tokens; return how many, by municipality."""
    own: dict[int, int] = dict(
        rows(
            Appointment.select(Appointment.id, Appointment.municipality).where(
                Appointment.person == person
            )
        )
    )
    posts = list(own)
    gone = (
        Session.delete()
        .where(Session.appointment.in_(posts))
        .returning(Session.appointment)
        .execute()
    )
    revoked = (
        ApiToken.update(revoked_at=ctx.now)
        .where(ApiToken.appointment.in_(posts) & ApiToken.revoked_at.is_null())
        .returning(ApiToken.municipality)
        .execute()
    )
    return (
        Counter(own[row.appointment_id] for row in gone),
        Counter(row.municipality_id for row in revoked),
    )


def _posts(account: Account, now: datetime) -> list[_Post]:
    """Return today's posts of whom the account is bound to, else of whom it names."""
    day = tokyo_day(now)
    bound = _bound(account)
    people = bound.select(ExternalIdentity.person) | _named(account).where(~fn.EXISTS(bound))
    active = Provider.select().where((Provider.id == account.provider_id) & Provider.is_active)
    found = (
        Appointment.select(
            Appointment.id,
            Person.id,
            Person.name,
            Section.id,
            section_name(day),
            Municipality.id,
            Municipality.code,
            Municipality.name,
            Municipality.revision,
            RegionMembership.region,
            ProviderMunicipality.id.is_null(False)
            | (fn.EXISTS(active) & keeps_vouching(account.provider_id)),
            fn.EXISTS(bound),
        )
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .join_from(Appointment, Municipality)
        .left_outer_join(
            RegionMembership,
            on=(RegionMembership.municipality == Municipality.id) & on_day(RegionMembership, day),
        )
        .left_outer_join(
            ProviderMunicipality,
            on=(ProviderMunicipality.municipality == Municipality.id)
            & (ProviderMunicipality.provider == account.provider_id)
            & fn.EXISTS(active),
        )
        .where(Appointment.person.in_(people) & on_day(Appointment, day))
        .order_by(Appointment.is_main.desc(), Appointment.starts_on.desc(), Appointment.id)
    )
    return [
        _Post(AppointmentRef(*row[:5]), MunicipalityRef(*row[5:10]), bool(row[10]), bool(row[11]))
        for row in rows(found)
    ]


def _bound(account: Account) -> Any:
    return ExternalIdentity.select(ExternalIdentity.id).where(
        (ExternalIdentity.issuer == account.issuer) & (ExternalIdentity.subject == account.subject)
    )


def _named(account: Account) -> Any:
    """Return the query for the people whom the account's claim names, in any municipality."""
    people = Person.select(Person.id)
    if account.claim != MAIL:
        return people.where(Person.login == account.login)
    known = ProviderDomain.select().where(
        (ProviderDomain.provider == account.provider_id) & (ProviderDomain.domain == account.domain)
    )
    spellings = {account.login, account.login.lower()} if account.has_verified_mail else set()
    return people.where(Person.email.in_(sorted(spellings)) & fn.EXISTS(known))


def _reason(account: Account, posts: list[_Post]) -> Forbidden:
    """Say why nobody is let in: no more than the provider's own municipalities may know."""
    if _bound(account).exists():
        return NotServed() if posts else NotAppointed()
    if account.claim == MAIL and not account.has_verified_mail:
        return UnverifiedMail()
    was_served = (
        Appointment.select()
        .join(
            ProviderMunicipality,
            on=(ProviderMunicipality.municipality == Appointment.municipality),
        )
        .where(
            Appointment.person.in_(_named(account))
            & (ProviderMunicipality.provider == account.provider_id)
        )
        .exists()
    )
    if not was_served:
        return NotRegistered()
    return NotServed() if posts else NotAppointed()


def _bind(ctx: Context, account: Account) -> None:
    with transaction(ctx):
        # Two first sign-ins at once, in two tabs, both end well: the second finds the first's row.
        made = (
            ExternalIdentity.insert(
                issuer=account.issuer,
                subject=account.subject,
                person=ctx.person_id,
                bound_at=ctx.now,
            )
            .on_conflict_ignore()
            .returning(ExternalIdentity.id)
            .execute()
        )
        if list(made):
            audit.record(ctx, "identity.bound", "person", ctx.person_id)
        elif not _bound(account).where(ExternalIdentity.person == ctx.person_id).exists():
            raise BoundElsewhere
