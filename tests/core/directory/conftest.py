"""What tests of the directory share."""

from collections.abc import Callable
from datetime import date

import pytest

from niwari.directory.codes import reference
from niwari.directory.models import Appointment, Headship, Municipality, Person, Section
from niwari.testing.world import KORIYAMA, World

SINCE = date(2020, 4, 1)


def register(*codes: str) -> None:
    """Register municipalities of the reference table, as loading a region does."""
    for code in codes:
        known = reference()[code]
        Municipality.create(code=code, name=known.name, kana=known.kana, kind=known.kind)


def section(path: str, code: str = KORIYAMA) -> Section:
    """Return the section of ``path``, made with those above it where it is new."""
    town = Municipality.get(Municipality.code == code)
    above, _, name = path.rpartition("/")
    found, _ = Section.get_or_create(
        municipality=town,
        path=path,
        defaults={"name": name, "parent": section(above, code) if above else None},
    )
    made: Section = found
    return made


def appoint(
    login: str,
    path: str,
    *,
    code: str = KORIYAMA,
    head: bool = False,
    title: str = "",
    rank: int | None = None,
    start: date = SINCE,
    end: date | None = None,
) -> Appointment:
    """Appoint a person, new where the login is; as head of the section where told."""
    person, _ = Person.get_or_create(login=login, defaults={"name": login.partition("@")[0]})
    here = section(path, code)
    post: Appointment = Appointment.create(
        person=person,
        municipality=here.municipality_id,
        section=here,
        employment="full_time",
        title=title,
        stand_in_order=rank,
        starts_on=start,
        ends_on=end,
    )
    if head:
        Headship.create(section=here, appointment=post, starts_on=start, ends_on=end)
    return post


@pytest.fixture
def ctx(world: World) -> Callable[[str], object]:
    """Return the context in which a person acts now."""
    return world.ctx_for
