"""Whom a region named to open envelopes: two of them are needed, and the secretariat names them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.db.kept import kept
from niwari.directory.models import Appointment, Municipality, Person, Region, Section, on_day
from niwari.directory.regions import region_towns
from niwari.directory.sections import section_name
from niwari.errors import N_, DomainError, Forbidden, Invalid, NotFound
from niwari.host.enablement import bump_revision
from niwari.identity.models import Provider, ProviderMunicipality, RoleGrant
from niwari.identity.roles.regional import candidate
from niwari.identity.roles.rules import granted_on
from niwari.vault.models import Official, OpeningRule

NAME = "vault.officials"
"""The permission to name and withdraw the officials of the region."""
MOST = 20
"""Officials of one region."""
LONGEST_REASON = 200


class NoRegion(NotFound):
    """The acting municipality is in no region, so nobody can name officials."""


class NamesThemself(Forbidden):
    """Nobody makes themself an official."""

    text = N_("自分を開示担当にすることはできません。広域圏事務局のほかの職員に頼んでください。")


class NoReason(Invalid):
    """An official is named for a reason that can be read later."""

    field = "reason"
    text = N_("理由を200文字以内で入力してください。")


class TooMany(DomainError):
    """The region has as many officials as it can have."""

    text = N_("開示担当は、1つの広域圏に%(most)s人までです。先に、ほかの職員を外してください。")


@dataclass(frozen=True, slots=True)
class NamedOfficial:
    """An official of the region whose post holds today. ``named_by`` is the name of a person."""

    appointment_id: int
    person_id: int
    person_name: str
    municipality_id: int
    municipality: str
    section: str
    reason: str
    named_at: datetime
    named_by: str


def officials(ctx: Context) -> tuple[NamedOfficial, ...]:
    """Return the officials of the acting person's region today, by id of the post."""
    giver, giving = Person.alias(), Appointment.alias()
    query = (
        Official.select(
            Official.appointment,
            Person.id,
            Person.name,
            Municipality.id,
            Municipality.name,
            section_name(ctx.today),
            Official.reason,
            Official.named_at,
            giver.name,
        )
        .join_from(Official, Appointment)
        .join_from(Appointment, Person)
        .join_from(Appointment, Municipality)
        .join_from(Appointment, Section)
        .join_from(Official, giving, on=(giving.id == Official.named_by))
        .join_from(giving, giver, on=(giver.id == giving.person))
        .where(_holds(ctx))
        .order_by(Official.appointment)
    )
    return tuple(NamedOfficial(*row) for row in rows(query))


def name_official(ctx: Context, appointment_id: int, reason: str) -> bool:
    """Name the holder of a post of the region, for a reason; returns whether that is new.

    Raises ``NotFound`` for a post that does not hold today or is of another region,
    ``NamesThemself``, ``NoReason``, ``TooMany`` and ``NoRegion``.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise NoReason
    with transaction(ctx):
        region_id = hold_officials(ctx)
        if candidate(ctx, appointment_id).is_oneself:
            raise NamesThemself
        present = {one.appointment_id for one in officials(ctx)}
        if appointment_id in present:
            return False
        if len(present) >= MOST:
            raise TooMany(most=MOST)
        model: Any = Official
        named = {
            model.reason: reason,
            model.named_at: ctx.now,
            model.named_by: ctx.acting.id,
            model.withdrawn_at: None,
        }
        post = {model.region: region_id, model.appointment: appointment_id}
        model.insert(post | named).on_conflict(conflict_target=list(post), update=named).execute()
        _record(ctx, "vault.name_official", appointment_id, reason)
    return True


def withdraw_official(ctx: Context, appointment_id: int) -> bool:
    """Let somebody be no official any more, at once; again changes nothing.

    Raises ``NotFound`` where the post never was one of the region's officials.
    """
    with transaction(ctx):
        region_id = hold_officials(ctx)
        named = (Official.region == region_id) & (Official.appointment == appointment_id)
        if not Official.select().where(named).exists():
            raise NotFound
        ended = (
            Official.update(withdrawn_at=ctx.now)
            .where(named & Official.withdrawn_at.is_null())
            .execute()
        )
        if ended:
            _record(ctx, "vault.withdraw_official", appointment_id, "")
    return bool(ended)


def may_be_official(ctx: Context) -> bool:
    """Tell, by no query most of the time, whether the acting post was named and not withdrawn.

    In which region, and whether that is the present one, it does not tell.
    """
    town = ctx.municipality
    return ctx.acting.id in _named_posts(town.id, town.revision)


@kept(4096)
def _named_posts(municipality_id: int, revision: int) -> frozenset[int]:
    """Return the posts of a municipality that were named and not withdrawn, by one query, then by none."""
    query = (
        Official.select(Official.appointment)
        .join(Appointment)
        .where((Appointment.municipality == municipality_id) & Official.withdrawn_at.is_null())
    )
    return frozenset(post for (post,) in rows(query))


def from_other_towns(region_id: int) -> bool:
    """Tell whether the two officials of an opening are of two municipalities: unless the region said no."""
    one_is_enough = (OpeningRule.region == region_id) & ~OpeningRule.other_towns
    found: bool = OpeningRule.select().where(one_is_enough).exists()
    return not found


def has_several_providers(ctx: Context) -> bool:
    """Tell whether more than one active provider opens sessions of the acting person's region."""
    towns, town = region_towns(ctx), Municipality.alias()
    # A former municipality's provider goes on for the people of its successor.
    merged = town.select(town.id).where(town.successor.in_(region_towns(ctx)))
    query = (
        ProviderMunicipality.select(Provider.id)
        .join(Provider)
        .where(
            Provider.is_active
            & (
                ProviderMunicipality.municipality.in_(towns)
                | ProviderMunicipality.municipality.in_(merged)
            )
        )
        .distinct()
        .limit(2)
    )
    return len(rows(query)) > 1


def want_other_towns(ctx: Context, *, wanted: bool) -> bool:
    """Say whether the two officials must be of two municipalities; returns whether that is new."""
    with transaction(ctx):
        region_id = hold_officials(ctx)
        if from_other_towns(region_id) == wanted:
            return False
        model: Any = OpeningRule
        values = {
            model.other_towns: wanted,
            model.changed_at: ctx.now,
            model.changed_by: ctx.acting.id,
        }
        model.insert({model.region: region_id, **values}).on_conflict(
            conflict_target=[model.region], update=values
        ).execute()
        audit.record(ctx, "vault.opening_rule", "region", region_id, other_towns=wanted)
    return True


def is_official(ctx: Context) -> bool:
    """Tell whether the acting person is an official of the region, in the post in which they act."""
    return any(one.appointment_id == ctx.acting.id for one in officials(ctx))


def municipal_it(ctx: Context, people: Collection[int]) -> frozenset[int]:
    """Return those of ``people``, ids of persons, who have the role of municipal IT today."""
    query = (
        RoleGrant.select(Appointment.person)
        .join(Appointment)
        .where(
            Appointment.person.in_(sorted(people))
            & (RoleGrant.role == "it")
            & on_day(Appointment, ctx.today)
            & granted_on(ctx.today)
        )
    )
    return frozenset(one for (one,) in rows(query))


def _holds(ctx: Context) -> Any:
    return (
        (Official.region == ctx.municipality.region_id)
        & Official.withdrawn_at.is_null()
        & on_day(Appointment, ctx.today)
        & Appointment.municipality.in_(region_towns(ctx))
    )


def hold_officials(ctx: Context) -> int:
    """Let whoever else names or withdraws officials of the region wait; returns the region's id.

    Raises ``NoRegion``.
    """
    region_id = ctx.municipality.region_id
    if region_id is None:
        raise NoRegion
    rows(locked(Region.select(Region.id).where(Region.id == region_id)))
    return region_id


def _record(ctx: Context, action: str, appointment_id: int, reason: str) -> None:
    post = Appointment.get_by_id(appointment_id)
    audit.record(
        ctx,
        action,
        "appointment",
        appointment_id,
        municipality_id=post.municipality_id,
        after={"reason": reason} if reason else None,
        person_id=post.person_id,
    )
    bump_revision(post.municipality_id)  # their home page asks whether a request waits for them
