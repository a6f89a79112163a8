"""Look-ups of people, sections and heads that the other areas lean on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from niwari.context import AppointmentRef, MunicipalityRef
from niwari.db import rows
from niwari.directory.models import (
    Appointment,
    Headship,
    Municipality,
    Person,
    RegionMembership,
    Section,
    on_day,
)
from niwari.errors import N_, NotFound
from niwari.host.municipality import find_municipality


class UnknownMunicipality(NotFound):
    """No municipality of this installation has the code."""

    text = N_(
        "市町村コード %(code)s の市町村は登録されていません。職員名簿の取り込みで登録されます。"
    )


class UnknownPerson(NotFound):
    """Nobody in the directory has the login."""

    text = N_("%(login)s という職員は登録されていません。")


@dataclass(frozen=True, slots=True)
class Appointed:
    """An appointment together with its municipality, as plain values."""

    appointment: AppointmentRef
    municipality: MunicipalityRef


def municipality_by_code(code: str, day: date) -> MunicipalityRef:
    """Return a municipality as of ``day``; raises ``UnknownMunicipality``."""
    row = Municipality.get_or_none(Municipality.code == code)
    if row is None:
        raise UnknownMunicipality(code=code)
    return MunicipalityRef(row.id, row.code, row.name, row.revision, region_of(row.id, day))


def municipality_ref(municipality_id: int, day: date) -> MunicipalityRef:
    """Return a municipality by id as of ``day``, with its region, in one query."""
    found = find_municipality(municipality_id, day)
    if found is None:
        raise UnknownMunicipality(code=str(municipality_id))
    return found


def region_of(municipality_id: int, day: date) -> int | None:
    """Return the id of the region that a municipality belongs to on ``day``."""
    membership = RegionMembership.get_or_none(
        (RegionMembership.municipality == municipality_id) & on_day(RegionMembership, day)
    )
    return membership.region_id if membership else None


def main_appointment(login: str, first: date, last: date | None = None) -> Appointed:
    """Return the appointment in which a person acts: the main one, else the latest.

    It holds on the day ``first``, or on some day from ``first`` to ``last`` where that is given.
    Raises ``UnknownPerson`` where nobody has the login or the person is not appointed then.
    """
    row = (
        Appointment.select(Appointment, Person, Section, Municipality)
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .join_from(Appointment, Municipality)
        .where(
            (Person.login == login)
            & (Appointment.starts_on <= (last or first))
            & (Appointment.ends_on.is_null() | (Appointment.ends_on >= first))
        )
        .order_by(Appointment.is_main.desc(), Appointment.starts_on.desc(), Appointment.id)
        .first()
    )
    if row is None:
        raise UnknownPerson(login=login)
    return Appointed(
        AppointmentRef(row.id, row.person.id, row.person.name, row.section.id, row.section.name),
        MunicipalityRef(
            row.municipality.id,
            row.municipality.code,
            row.municipality.name,
            row.municipality.revision,
            region_of(row.municipality.id, last or first),
        ),
    )


@dataclass(frozen=True, slots=True)
class SectionHead:
    """A section's place in the tree, and the person who heads it today (``None``: nobody)."""

    parent_id: int | None
    head_person_id: int | None


def section_heads(municipality_id: int, day: date) -> Mapping[int, SectionHead]:
    """Return the sections of a municipality by id, with parent and head on ``day``, in one query."""
    found = (
        Section.select(Section.id, Section.parent, Appointment.person)
        .left_outer_join(Headship, on=(Headship.section == Section.id) & on_day(Headship, day))
        .left_outer_join(
            Appointment, on=(Headship.appointment == Appointment.id) & on_day(Appointment, day)
        )
        .where(Section.municipality == municipality_id)
    )
    return {section: SectionHead(parent, person) for section, parent, person in rows(found)}


def answering_person(
    tree: Mapping[int, SectionHead], section_id: int, asking_person_id: int | None
) -> int | None:
    """Return who answers for a person of a section: the nearest head above who is somebody else.

    With ``asking_person_id`` ``None`` the answer is that for an ordinary member. A head's own
    request goes to the next superior (ledger rule L9). ``None`` where the line ends.
    """
    here: int | None = section_id
    while here is not None and here in tree:
        head = tree[here].head_person_id
        if head is not None and head != asking_person_id:
            return head
        here = tree[here].parent_id
    return None
