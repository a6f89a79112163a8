"""Whom a matter of a duty concerns: for sending something there, never for showing names."""

from typing import Any

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
    return frozenset(one for (one,) in rows(_posts(ctx, (code,), Appointment.person)))


def posts_with_duty(ctx: Context, *codes: str) -> Any:
    """Return the query for the posts of those people, of any of the duties ``codes``, for ``notify``.

    So they are told by one statement, however many they are. Raises ``Invalid`` as
    ``people_with_duty`` does.
    """
    return _posts(ctx, codes, Appointment.id)


def _posts(ctx: Context, codes: tuple[str, ...], column: Any) -> Any:
    for code in codes:
        if code not in duties_by_code():
            raise UnknownDuty(code=code)
    reach = region_towns(ctx)
    post = Appointment.select(column).where(on_day(Appointment, ctx.today))
    by_section = post.join(SectionDuty, on=(SectionDuty.section == Appointment.section)).where(
        SectionDuty.duty.in_(codes) & SectionDuty.municipality.in_(reach)
    )
    by_themselves = post.join(PersonDuty, on=(PersonDuty.appointment == Appointment.id)).where(
        PersonDuty.duty.in_(codes) & PersonDuty.municipality.in_(reach)
    )
    return by_section | by_themselves
