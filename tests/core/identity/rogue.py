"""A provider of one town alone, and the sessions that it opens for people of other towns."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from niwari.clock import tokyo_day
from niwari.context import AppointmentRef, Context
from niwari.directory.models import Appointment, Municipality, Section
from niwari.directory.people import municipality_by_code
from niwari.identity.models import ApiToken
from niwari.identity.providers import changes as provider_changes
from niwari.identity.providers.drafts import Draft
from niwari.identity.sessions.stored import open_session
from niwari.identity.tokens.service import NewToken, create_token
from niwari.testing.world import MIHARU, Browser, World

ISSUER = "https://id.miharu.example.jp"
_KEY = "6f9b4d1c-7a36-4f0e-9a35-3a3f1f0a00"


def town_id(code: str) -> int:
    """The id of the town with this code."""
    return int(Municipality.get(Municipality.code == code).id)


def give_post(world: World, login: str, code: str, *, first: date | None = None) -> int:
    """Give a person one more post, in a section of a town; returns its id."""
    made: int = Appointment.insert(
        person=world.ctx_for(login).person_id,
        municipality=town_id(code),
        section=Section.get(Section.municipality == town_id(code)),
        employment="full_time",
        starts_on=first or tokyo_day(world.clock()),
        is_main=False,
    ).execute()
    return made


def post_of(world: World, login: str) -> int:
    """The post in which a person acts."""
    return world.ctx_for(login).acting.id


def made(ctx: Any, number: int, *, of_municipality: bool = False) -> int:
    """Make a token in a session; returns its id."""
    new = NewToken("連携", ["rest.read"], 30, f"{_KEY}{number:02}")
    create_token(ctx, new, ["rest.read"], of_municipality=of_municipality)
    return int(ApiToken.select().order_by(ApiToken.id.desc()).get().id)


def live_tokens() -> set[int]:
    """The ids of the tokens that nobody has revoked."""
    return {row.id for row in ApiToken.select().where(ApiToken.revoked_at.is_null())}


@dataclass(frozen=True)
class Rogue:
    """The provider of 三春町: its word is good for whoever holds a post there."""

    world: World
    id: int

    @classmethod
    def of(cls, world: World, code: str = MIHARU) -> "Rogue":
        """Name it."""
        draft = Draft("三春町", ISSUER, "niwari", "preferred_username", (), (town_id(code),), "x")
        return cls(world, provider_changes.add(world.system_context(), draft))

    def client_for(self, post: int) -> Browser:
        """A browser with a session that it has just opened, in a post."""
        now = self.world.clock()
        token = open_session(
            self.world.settings, now, appointment_id=post, issuer=ISSUER, auth_time=now
        )
        client = self.world.anonymous()
        client.set_cookie("niwari_session", token)
        return client

    def ctx(self, login: str, post: int) -> Context:
        """The context of such a session."""
        row: Any = Appointment.get_by_id(post)
        ctx = self.world.ctx_for(login)
        return replace(
            ctx,
            municipality=municipality_by_code(row.municipality.code, ctx.today),
            appointment=AppointmentRef(
                post, row.person_id, row.person.name, row.section_id, row.section.name
            ),
            issuer=ISSUER,
        )
