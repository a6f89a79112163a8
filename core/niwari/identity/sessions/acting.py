"""Acting in one of several concurrent posts (兼務・併任), one at a time."""

from dataclasses import dataclass

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, Municipality, Section, on_day
from niwari.directory.sections import section_name
from niwari.errors import NotFound
from niwari.identity.providers.holding import hold_provider
from niwari.identity.sessions.reach import within_reach
from niwari.identity.sessions.stored import change_post


@dataclass(frozen=True, slots=True)
class Post:
    """A post that the acting person holds today; ``is_main`` tells the main one of several."""

    appointment_id: int
    municipality_id: int
    municipality_name: str
    section_name: str
    is_main: bool


def own_posts(ctx: Context) -> tuple[Post, ...]:
    """Return the posts of the acting person that hold today, within reach, the main ones first."""
    found = (
        Appointment.select(
            Appointment.id,
            Municipality.id,
            Municipality.name,
            section_name(ctx.today),
            Appointment.is_main,
        )
        .join_from(Appointment, Municipality)
        .join_from(Appointment, Section)
        .where(
            (Appointment.person == ctx.person_id)
            & on_day(Appointment, ctx.today)
            & within_reach(ctx, Appointment.municipality)
        )
        .order_by(Appointment.is_main.desc(), Appointment.starts_on, Appointment.id)
    )
    return tuple(Post(*row) for row in rows(found))


def act_in(ctx: Context, token: str, appointment_id: int) -> tuple[Post, str | None]:
    """Let the session of ``token`` act in another post; return the post and the new token.

    The old token is worth nothing afterwards. ``None`` for a token where nothing was to be changed:
    the session acts in that post already, or a second click came later. Where the two posts are of
    different municipalities, the audit of both says so. Raises ``NotFound`` where the appointment is
    not among ``own_posts``.
    """
    with transaction(ctx):
        hold_provider(ctx.issuer)  # else it could move to a town that is just being taken from it
        post = next((p for p in own_posts(ctx) if p.appointment_id == appointment_id), None)
        if post is None:
            raise NotFound
        if appointment_id == ctx.acting.id:
            return post, None
        successor = change_post(token, ctx.acting.id, appointment_id)
        if successor is not None:
            for town in dict.fromkeys((post.municipality_id, ctx.municipality.id)):
                audit.record(
                    ctx, "identity.act", "appointment", appointment_id, municipality_id=town
                )
        return post, successor
