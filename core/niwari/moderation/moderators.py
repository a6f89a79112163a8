"""Who may decide about a post: of its town, or of the region, and with no part in it."""

from dataclasses import replace
from typing import Any

from peewee import fn

from niwari.context import Context
from niwari.db import Statement, prepared
from niwari.directory.models import Appointment
from niwari.directory.people import municipality_ref
from niwari.directory.regions import region_towns
from niwari.host.registry import Host
from niwari.host.running import running
from niwari.identity.roles.holders import posts_in, posts_with
from niwari.identity.roles.mapping import roles_with
from niwari.moderation.cases import Level, has_now
from niwari.moderation.models import HELD, REGION_LEVEL, REVIEW, WAITING, Case, Decision, Report
from niwari.moderation.posts import kinds_of, owners_here
from niwari.notices.outbox import active_at

DECIDE, DECIDE_REGION = "moderation.decide", "moderation.region"
_UP_TO_REVIEW = 2
"""How many turns a review is after what it looks at again: the decision and the objection are one each."""


def moderators(ctx: Context, case: Any, level: Level) -> Any:
    """Return the query for the posts of those who may decide about ``case`` for the town or the region.

    Not among them are its author, whoever ever reported it, and in a review whoever decided what is
    looked at again. A hidden author is left among them: that one is missing would tell who it is.
    """
    town = municipality_ref(case.municipality_id, ctx.today)
    permissions = running().host.permissions()
    if level == REGION_LEVEL:
        roles = roles_with(town, permissions[DECIDE_REGION])
        posts = posts_in(roles, region_towns(replace(ctx, municipality=town)), ctx.today)
    else:
        posts = posts_with(town, permissions[DECIDE], ctx.today)
    post, reported = Appointment.alias(), (Report.case == case.id) & Report.person.is_null(False)
    posts = posts.where(
        Appointment.person.not_in(Report.select(Report.person).where(reported))
        & active_at(case.kind.partition(".")[0], Appointment.municipality)
    )
    if case.author_id is not None:
        author = post.select(post.person).where(post.id == case.author_id)
        posts = posts.where(Appointment.person.not_in(author))
    if case.state == REVIEW:
        posts = posts.where(Appointment.person.not_in(_held_by(case.id, case.turn)))
    return posts


def waiting(ctx: Context, level: Level) -> Statement:
    """Return the query for how many cases wait for a decision of the acting person.

    A post that the person wrote without a name counts: the locker is not opened for a number.
    """
    return _waiting(ctx, level, running().host, owners_here(ctx))


@prepared
def _waiting(ctx: Any, level: Level, host: Host, owners: tuple[str, ...]) -> Any:
    kinds = kinds_of(host, owners)
    own = Appointment.select(Appointment.id).where(Appointment.person == ctx.person_id)
    reported = Report.select(Report.id).where(
        (Report.case == Case.id) & (Report.person == ctx.person_id)
    )
    held = _held_by(Case.id, Case.turn).where(Appointment.person == ctx.person_id)
    return Case.select(fn.COUNT(Case.id)).where(
        Case.state.in_(WAITING)
        & Case.kind.in_(sorted(kinds))
        & has_now(ctx, level, kinds)
        & (Case.author.is_null() | Case.author.not_in(own))
        & ~fn.EXISTS(reported)
        & ~((Case.state == REVIEW) & fn.EXISTS(held))
    )


def _held_by(case_id: Any, turn: Any) -> Any:
    """Return the query for the person who held back what a case in review is about."""
    return (
        Decision.select(Appointment.person)
        .join(Appointment)
        .where(
            (Decision.case == case_id)
            & (Decision.outcome == HELD)
            & (Decision.turn == turn - _UP_TO_REVIEW)
        )
    )
