"""Finding whose data are meant: somebody who has or had a post in the own municipality."""

from dataclasses import dataclass
from datetime import date

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.sections import section_name
from niwari.directory.subjects import ERASED
from niwari.errors import N_, Invalid, NotFound


class NobodyHere(Invalid):
    """Nobody with that login ever had a post in the municipality."""

    text = N_("%(login)s という職員は、この市町村に所属したことがありません。")
    field = "login"


@dataclass(frozen=True, slots=True)
class Held:
    """A post that somebody has or had here; ``ends_on`` is ``None`` until further notice."""

    section: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with the posts held in the own municipality, the newest first.

    ``name`` is empty where it was erased.
    """

    id: int
    name: str
    login: str
    posts: tuple[Held, ...]
    has_left: bool


def person_of(ctx: Context, login: str) -> int:
    """Return the id of the person with ``login`` who has or had a post here; raises ``NobodyHere``."""
    here = Appointment.municipality == ctx.municipality.id
    found = rows(
        Person.select(Person.id).join(Appointment).where((Person.login == login) & here).limit(1)
    )
    if not found:
        raise NobodyHere(login=login)
    person_id: int = found[0][0]
    return person_id


def somebody(ctx: Context, person_id: int) -> Somebody:
    """Return a person with the posts here; raises ``NotFound`` for whoever never had one."""
    query = (
        Appointment.select(
            Person.name,
            Person.login,
            section_name(ctx.today),
            Appointment.starts_on,
            Appointment.ends_on,
        )
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .where(
            (Appointment.person == person_id) & (Appointment.municipality == ctx.municipality.id)
        )
        .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
    )
    found = rows(query)
    if not found:
        raise NotFound
    posts = tuple(Held(section, first, last) for _, _, section, first, last in found)
    has_left = all(post.ends_on is not None and post.ends_on < ctx.today for post in posts)
    name, login = found[0][:2]
    return Somebody(person_id, "" if name == ERASED else name, login, posts, has_left)
