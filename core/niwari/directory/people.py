"""Look-ups of people, sections and heads that the other areas lean on."""

from dataclasses import dataclass
from datetime import date

from peewee import Case

from niwari.context import AppointmentRef, MunicipalityRef
from niwari.db import rows
from niwari.directory.models import (
    Appointment,
    Municipality,
    Person,
    RegionMembership,
    Section,
    on_day,
)
from niwari.directory.registered import unknown_municipality
from niwari.directory.sections import section_name
from niwari.errors import N_, NotFound
from niwari.host.municipality import find_municipality


class UnknownPerson(NotFound):
    """Nobody in the directory has the login."""

    text = N_("%(login)s という職員は登録されていません。")


@dataclass(frozen=True, slots=True)
class Appointed:
    """An appointment together with its municipality, as plain values."""

    appointment: AppointmentRef
    municipality: MunicipalityRef


def municipality_by_code(code: str, day: date) -> MunicipalityRef:
    """Return a municipality as of ``day``; raises ``UnknownMunicipality``, which says why."""
    row = Municipality.get_or_none(Municipality.code == code)
    if row is None:
        raise unknown_municipality(code)
    return MunicipalityRef(row.id, row.code, row.name, row.revision, region_of(row.id, day))


def municipality_ref(municipality_id: int, day: date) -> MunicipalityRef:
    """Return a municipality by id as of ``day``, with its region, in one query; raises ``NotFound``."""
    found = find_municipality(municipality_id, day)
    if found is None:
        raise NotFound
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
        Appointment.select(
            Appointment,
            Person,
            Section,
            Municipality,
            section_name(last or first).alias("section_name"),
        )
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
        AppointmentRef(row.id, row.person.id, row.person.name, row.section_id, row.section_name),
        MunicipalityRef(
            row.municipality.id,
            row.municipality.code,
            row.municipality.name,
            row.municipality.revision,
            region_of(row.municipality.id, last or first),
        ),
    )


def appointment_ref(appointment_id: int, day: date) -> AppointmentRef:
    """Return an appointment by id, its section as it is called on ``day``; raises ``NotFound``."""
    found = rows(
        Appointment.select(Appointment.id, Person.id, Person.name, Section.id, section_name(day))
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .where(Appointment.id == appointment_id)
    )
    if not found:
        raise NotFound
    return AppointmentRef(*found[0])


def home_of(person_id: int, day: date) -> int | None:
    """Return the id of the municipality where a person's audit is read; ``None`` without any post.

    That of the main post on ``day``, else of the one that ended last, else of the next to come.
    """
    latest = Case(None, [(Appointment.starts_on > day, 2), (Appointment.ends_on < day, 1)], 0)
    found = (
        Appointment.select(Appointment.municipality)
        .where(Appointment.person == person_id)
        .order_by(
            latest,
            Case(None, [(Appointment.starts_on > day, Appointment.starts_on)], None),
            Appointment.is_main.desc(),
            Appointment.starts_on.desc(),
            Appointment.id.desc(),
        )
        .first()
    )
    return found.municipality_id if found else None
