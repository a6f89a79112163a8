"""Following the directory: who leaves ends their pairs and gives seats back, who moves takes all along."""

from typing import Any

from niwari.api import Appointment, Context, audit, locked
from niwari_mentoring.models import ACTIVE, ASKED, LearnerProfile, Pair
from niwari_mentoring.service.pairs import KIND, end_pair
from niwari_mentoring.service.profiles import unlist
from niwari_mentoring.service.seats import leave_seats


def follow_leaving(ctx: Context, event: Any) -> None:
    """End the pairs of somebody who has no post any more, unlist their profile, give their seats back.

    In the worker, for ``directory.PersonLeft``; whoever goes on in another municipality keeps theirs.
    """
    posts = Appointment.select(Appointment.id).where(Appointment.person == event.person_id)
    still = posts.where(
        (Appointment.starts_on <= ctx.today)
        & (Appointment.ends_on.is_null() | (Appointment.ends_on >= ctx.today))
    )
    if still.exists():
        return
    for profile in LearnerProfile.select().where(LearnerProfile.person == event.person_id):
        unlist(profile)
    leave_seats(ctx, event.person_id)
    theirs = Pair.asker.in_(posts) | Pair.mentor.in_(posts)
    going_on = Pair.state.in_((ASKED, ACTIVE)) & (Pair.ends_on >= ctx.today)
    for pair in locked(Pair.select().where(theirs & going_on).order_by(Pair.id)):
        end_pair(ctx, pair)
        audit(ctx, "mentoring.pair.end", KIND, pair.id)


def follow_transfer(ctx: Context, event: Any) -> None:
    """Let profile and seats of somebody transferred be of the new post, from ``directory.PersonTransferred``.

    Not those seats of which the new post may not read, and those in the new section.
    """
    post = Appointment.get_or_none(Appointment.id == event.to_appointment_id)
    if post is None:
        return
    LearnerProfile.update(
        author=post.id,
        municipality=post.municipality_id,
        section=post.section_id,
        region_id=ctx.municipality.region_id,
    ).where(LearnerProfile.person == event.person_id).execute()
    leave_seats(ctx, event.person_id, post)
