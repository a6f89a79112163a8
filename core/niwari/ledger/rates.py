"""Lowering the 20%: dated rates of a municipality, a section or a person, in basis points."""

from datetime import date, datetime

from niwari.audit import service as audit
from niwari.clock import tokyo_day
from niwari.context import Context, MunicipalityRef
from niwari.db import transaction
from niwari.directory.people import main_appointment, municipality_by_code
from niwari.directory.sections import section_at
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger.models import RateRow
from niwari.ledger.worktime import REGION_RATE


class UnknownSection(NotFound):
    """The municipality has no section of that path."""

    text = N_("%(path)s という所属は登録されていません。")


def set_rate(
    now: datetime,
    level: str,
    target: str,
    basis_points: int,
    starts_on: date,
    ends_on: date | None,
) -> None:
    """Set the rate of ``target`` from ``starts_on`` on, until ``ends_on`` where that is given.

    ``level`` is municipality, section or person; ``target`` accordingly a code, ``code:path`` or a
    login. Both days are included. The same start again replaces what was set. The smallest rate
    of all levels holds, so this can only lower. Raises ``Invalid`` for another level, for basis
    points outside 0 to 2000 and for days in the wrong order, ``NotFound`` for an unknown target.
    """
    if level not in ("municipality", "section", "person"):
        raise Invalid(N_("市町村、所属、個人のどれかの割合を決めてください。"))
    if not 0 <= basis_points <= REGION_RATE:
        raise Invalid(N_("割合は0から2000（20パーセント）までで決めてください。"))
    if ends_on is not None and ends_on < starts_on:
        raise Invalid(N_("終わりの日は、始まりの日より前にはできません。"))
    municipality, target_id = _target(level, target, tokyo_day(now))
    ctx = Context(municipality, None, now, actor="niwari ledger set-rate")
    with transaction(ctx):
        values = {"ends_on": ends_on, "basis_points": basis_points}
        RateRow.insert(level=level, target_id=target_id, starts_on=starts_on, **values).on_conflict(
            conflict_target=[RateRow.level, RateRow.target_id, RateRow.starts_on], update=values
        ).execute()
        audit.record(ctx, "ledger.set_rate", level, target_id, basis_points=basis_points)


def _target(level: str, target: str, day: date) -> tuple[MunicipalityRef, int]:
    if level == "municipality":
        municipality = municipality_by_code(target, day)
        return municipality, municipality.id
    if level == "section":
        code, _, path = target.partition(":")
        municipality = municipality_by_code(code, day)
        section_id = section_at(municipality.id, path, day)
        if section_id is None:
            raise UnknownSection(path=path)
        return municipality, section_id
    # Also somebody who begins later: the rate may be set beforehand.
    found = main_appointment(target, day, date.max)
    return found.municipality, found.appointment.person_id
