"""Look-ups of people, sections and heads that the other areas lean on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Case

from niwari.context import AppointmentRef, MunicipalityRef
from niwari.db import prepared, rows
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
    found = _region({"town": municipality_id, "day": day}).rows()
    return found[0][0] if found else None


@prepared
def _region(of: Any) -> Any:
    return RegionMembership.select(RegionMembership.region).where(
        (RegionMembership.municipality == of.town) & on_day(RegionMembership, of.day)
    )


def main_appointment(login: str, first: date, last: date | None = None) -> Appointed:
    """Return the appointment in which a person acts: the main one, else the latest.

    It holds on the day ``first``, or on some day from ``first`` to ``last`` where that is given.
    Raises ``UnknownPerson`` where nobody has the login or the person is not appointed then.
    """
    last = last or first
    found = _acting({"login": login, "first": first, "last": last}).rows()
    if not found:
        raise UnknownPerson(login=login)
    appointment, (town, code, name, revision) = found[0][:5], found[0][5:]
    return Appointed(
        AppointmentRef(*appointment),
        MunicipalityRef(town, code, name, revision, region_of(town, last)),
    )


@prepared
def _acting(of: Any) -> Any:
    return (
        Appointment.select(
            Appointment.id,
            Person.id,
            Person.name,
            Section.id,
            section_name(of.last),
            Municipality.id,
            Municipality.code,
            Municipality.name,
            Municipality.revision,
        )
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .join_from(Appointment, Municipality)
        .where(
            (Person.login == of.login)
            & (Appointment.starts_on <= of.last)
            & (Appointment.ends_on.is_null() | (Appointment.ends_on >= of.first))
        )
        .order_by(Appointment.is_main.desc(), Appointment.starts_on.desc(), Appointment.id)
        .limit(1)
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
