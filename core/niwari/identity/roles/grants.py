"""Giving roles to appointments and taking them away."""

from datetime import date
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.models import Appointment, Person, on_day
from niwari.directory.regions import region_towns
from niwari.errors import N_, DomainError, Forbidden, Invalid, NotFound
from niwari.host.enablement import hold
from niwari.identity.models import GRANTED_ROLES, RoleGrant
from niwari.identity.roles.regional import REGIONAL, check_one_stays, hold_region
from niwari.identity.roles.rules import CHANGE_REGION_ROLES, granted_on

_KEEPER = "it"
"""The role that looks after all others: every municipality keeps somebody who has it."""
_APART: tuple[frozenset[str], ...] = (
    frozenset({"auditor", "it"}),
    frozenset({"auditor", "hr"}),
    frozenset({"auditor", REGIONAL}),
)
LONGEST_REASON = 200


class UnknownRole(Invalid):
    """The role does not exist, or is one that nobody grants (staff, head)."""

    text = N_("%(role)s という役割は付けられません。付けられるのは %(known)s です。")


class NotHere(Invalid):
    """Nobody with the account holds a post in the acting municipality today."""

    field = "login"
    text = N_(
        "「%(login)s」に当たる職員は、今日の時点でこの市町村にいません。"
        "氏名ではなく、サインインに使うアカウントを入力してください。"
    )


class OwnRole(Forbidden):
    """Nobody gives a role to themself."""

    field = "login"
    text = N_("自分に役割を付けることはできません。ほかの担当者に頼んでください。")


class RegionalRole(Forbidden):
    """The secretariat is of the whole region, so no municipality gives its role."""

    text = N_(
        "広域圏事務局の役割は、市町村では付け外しできません。"
        "広域圏事務局か、サーバーの担当者に頼んでください。"
    )


class KeptApart(DomainError):
    """Auditors watch over those who look after accounts and people, so nobody is both."""

    field = "login"
    text = N_(
        "監査担当は、情報担当や人事担当と兼ねることができません。"
        "先に今の役割を外すか、ほかの職員を選んでください。"
    )


class KeptApartInRegion(KeptApart):
    """The secretariat decides for all towns of a region, so no auditor of any of them is of it."""

    text = N_(
        "監査担当は、広域圏事務局と兼ねることができません。"
        "先に今の役割を外すか、ほかの職員を選んでください。"
    )


class NoReason(Invalid):
    """A role of the region is given for a reason that can be read later."""

    field = "reason"
    text = N_("理由を200文字以内で入力してください。")


class LastKeeper(DomainError):
    """Without municipal IT nobody could give roles any more."""

    text = N_(
        "情報担当の役割を期限なしで持つ職員が、ほかにいません。"
        "先に、ほかの職員に期限のない情報担当の役割を付けてください。"
    )


class EndsTooEarly(Invalid):
    """The last day of the role is over already."""

    field = "ends_on"
    text = N_("終わりの日は、今日か、それより後の日にちにしてください。")


def grant_role(
    ctx: Context, appointment_id: int, role: str, *, ends_on: date | None = None, reason: str = ""
) -> bool:
    """Give ``role`` (hr, it, secretariat or auditor) to an appointment; again changes nothing.

    It lasts until the Tokyo day ``ends_on``, included, and ends with the appointment at the latest; a
    role that is held already gets the new end. Returns whether anything changed. A command may give
    any role in any municipality, a person those of the own municipality, to others; the secretariat
    gives its own role in its whole region, for a ``reason``. ``staff`` belongs to everybody and
    ``head`` follows from headships. Raises ``UnknownRole``, ``EndsTooEarly``, ``KeptApart``,
    ``LastKeeper``; for a person also ``NotFound``, ``RegionalRole``, ``OwnRole``, ``NoReason`` and
    ``LastOfRegion``.
    """
    if role not in GRANTED_ROLES:
        raise UnknownRole(role=role, known="、".join(GRANTED_ROLES))
    if ends_on is not None and ends_on < ctx.today:
        raise EndsTooEarly
    reason = reason.strip()
    with transaction(ctx):
        post = _post(ctx, appointment_id, role)
        if ctx.appointment is not None and post.person_id == ctx.person_id:
            raise OwnRole
        if len(reason) > LONGEST_REASON or (role == REGIONAL and ctx.appointment and not reason):
            raise NoReason
        # The same person may be given roles in two towns at once.
        rows(locked(Person.select(Person.id).where(Person.id == post.person_id)))
        held = _grant(appointment_id, role)
        if held is not None and held.ends_on == ends_on:
            return False
        _check_apart(ctx, post, role)
        if held is not None and ends_on is not None:
            _check_keeper(ctx, post, role)
        _write(ctx, appointment_id, role, ends_on, reason)
        _record(ctx, "identity.grant_role", post, role, ends_on, reason)
    return True


def revoke_role(ctx: Context, appointment_id: int, role: str) -> bool:
    """Take ``role`` from an appointment; again changes nothing. Returns whether anything changed.

    Felt at the person's next request. Raises ``UnknownRole`` and ``LastKeeper``; for a person also
    ``NotFound``, ``RegionalRole`` and ``LastOfRegion``.
    """
    if role not in GRANTED_ROLES:
        raise UnknownRole(role=role, known="、".join(GRANTED_ROLES))
    with transaction(ctx):
        post = _post(ctx, appointment_id, role)
        if _grant(appointment_id, role) is None:
            return False
        _check_keeper(ctx, post, role)
        RoleGrant.delete().where(
            (RoleGrant.appointment == appointment_id) & (RoleGrant.role == role)
        ).execute()
        _record(ctx, "identity.revoke_role", post, role, None)
    return True


def post_of(ctx: Context, login: str) -> int:
    """Return the post of an account in the acting municipality today, the main one of several.

    Raises ``NotHere``.
    """
    found = (
        Appointment.select(Appointment.id)
        .join(Person)
        .where(
            (Person.login == login)
            & (Appointment.municipality == ctx.municipality.id)
            & on_day(Appointment, ctx.today)
        )
        .order_by(Appointment.is_main.desc(), Appointment.starts_on.desc(), Appointment.id)
        .first()
    )
    if found is None:
        raise NotHere(login=login)
    return int(found.id)


def posts_with_role(login: str, role: str, day: date) -> list[int]:
    """Return the posts of an account on ``day`` that have ``role``, in any municipality."""
    found = (
        RoleGrant.select(RoleGrant.appointment)
        .join(Appointment)
        .join(Person)
        .where((Person.login == login) & (RoleGrant.role == role) & on_day(Appointment, day))
        .order_by(RoleGrant.appointment)
    )
    return [appointment for (appointment,) in rows(found)]


def _post(ctx: Context, appointment_id: int, role: str) -> Appointment:
    """Return a post whose roles may be changed; whoever else changes roles there waits."""
    post: Appointment | None = Appointment.get_or_none(Appointment.id == appointment_id)
    if post is None:
        raise NotFound
    if ctx.appointment is not None:
        _check_reach(ctx, post, role)
    if role == REGIONAL:
        hold_region(post.municipality_id, ctx.today)
    hold(post.municipality_id)
    return post


def _check_reach(ctx: Context, post: Appointment, role: str) -> None:
    """Refuse posts that do not hold today or are another town's, of the secretariat another region's."""
    is_over = post.ends_on is not None and post.ends_on < ctx.today
    if post.starts_on > ctx.today or is_over:
        raise NotFound
    of_region = role == REGIONAL and ctx.may(CHANGE_REGION_ROLES)
    towns = {town for (town,) in rows(region_towns(ctx))} if of_region else {ctx.municipality.id}
    if post.municipality_id not in towns:
        raise NotFound
    if role == REGIONAL and not of_region:
        raise RegionalRole


def _grant(appointment_id: int, role: str) -> RoleGrant | None:
    row: RoleGrant | None = RoleGrant.get_or_none(
        (RoleGrant.appointment == appointment_id) & (RoleGrant.role == role)
    )
    return row


def _check_apart(ctx: Context, post: Appointment, role: str) -> None:
    """Refuse what the roles of the same person in the town, or of the region anywhere, exclude."""
    others = {other for pair in _APART if role in pair for other in pair - {role}}
    if not others:
        return
    query = (
        RoleGrant.select(RoleGrant.role, Appointment.municipality)
        .join(Appointment)
        .where(
            (Appointment.person == post.person_id)
            & on_day(Appointment, ctx.today)
            & RoleGrant.role.in_(sorted(others))
            & granted_on(ctx.today)
        )
    )
    held = rows(query)
    if any(REGIONAL in (role, other) for other, _town in held):
        raise KeptApartInRegion
    if any(town == post.municipality_id for _other, town in held):
        raise KeptApart


def _check_keeper(ctx: Context, post: Appointment, role: str) -> None:
    """Refuse where nobody else would go on as municipal IT of the town, or as the secretariat.

    A command may take the secretariat's last role: it can give it again.
    """
    if role == REGIONAL and ctx.appointment is not None:
        check_one_stays(ctx, post.id)
    if role != _KEEPER:
        return
    others = (
        RoleGrant.select()
        .join(Appointment)
        .where(
            (RoleGrant.role == role)
            & RoleGrant.ends_on.is_null()
            & (RoleGrant.appointment != post.id)
            & (Appointment.municipality == post.municipality_id)
            & on_day(Appointment, ctx.today)
        )
    )
    if not others.exists():
        raise LastKeeper


def _write(ctx: Context, appointment_id: int, role: str, ends_on: date | None, reason: str) -> None:
    model: Any = RoleGrant
    values = {
        "granted_at": ctx.now,
        "granted_by_id": ctx.appointment.id if ctx.appointment else None,
        "ends_on": ends_on,
        "reason": reason,
    }
    model.insert(appointment=appointment_id, role=role, **values).on_conflict(
        conflict_target=[model.appointment, model.role], update=values
    ).execute()


def _record(
    ctx: Context, action: str, post: Appointment, role: str, ends_on: date | None, reason: str = ""
) -> None:
    audit.record(
        ctx,
        action,
        "appointment",
        post.id,
        municipality_id=post.municipality_id,
        after={"reason": reason} if reason else None,
        person_id=post.person_id,
        role=role,
        until=ends_on.isoformat() if ends_on else None,
    )
