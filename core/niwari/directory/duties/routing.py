"""Whom a matter of a duty concerns: for sending something there, never for showing names."""

from niwari.context import Context
from niwari.db import rows
from niwari.directory.duties.models import PersonDuty, SectionDuty
from niwari.directory.duties.own import UnknownDuty
from niwari.directory.duties.standard import duties_by_code
from niwari.directory.models import Appointment, on_day
from niwari.directory.regions import region_towns


def people_with_duty(ctx: Context, code: str) -> frozenset[int]:
    """Return the ids of the people of the own region whose work the duty ``code`` is today.

    Those of sections that have the duty, and those who say that they do it; in one query. Nobody
    agreed to be shown by that: send them what concerns their work, but show neither names nor numbers
    of them. Who lets themselves be named is on 業務別の担当者名簿 alone. Whether a feature is on where
    they work is asked when it is delivered. Raises ``Invalid`` where there is no such duty.
    """
    if code not in duties_by_code():
        raise UnknownDuty(code=code)
    reach = region_towns(ctx)
    person = Appointment.select(Appointment.person).where(on_day(Appointment, ctx.today))
    by_section = person.join(SectionDuty, on=(SectionDuty.section == Appointment.section)).where(
        (SectionDuty.duty == code) & SectionDuty.municipality.in_(reach)
    )
    by_themselves = person.join(PersonDuty, on=(PersonDuty.appointment == Appointment.id)).where(
        (PersonDuty.duty == code) & PersonDuty.municipality.in_(reach)
    )
    return frozenset(one for (one,) in rows(by_section | by_themselves))
