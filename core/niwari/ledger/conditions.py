"""What a person's allowance depends on, read in one query for any number of people."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from niwari.clock import TOKYO
from niwari.context import MunicipalityRef
from niwari.db import database, is_postgresql
from niwari.ledger.models.work_time import read_week
from niwari.ledger.worktime import (
    Employment,
    Leave,
    Rate,
    RateLevels,
    WorkConditions,
    WorkPattern,
)

# Prepared text, because this runs on every home page; the marks of people are filled in by number.
_QUERY = """
SELECT person_id, 'appointment', CAST(starts_on AS TEXT), CAST(ends_on AS TEXT), '', section_id
  FROM directory_appointment WHERE person_id IN ({people}) AND municipality_id = {mark}
UNION ALL
SELECT person_id, 'pattern', CAST(starts_on AS TEXT), NULL, week,
       CASE WHEN observes_holidays THEN 1 ELSE 0 END
  FROM ledger_work_pattern WHERE person_id IN ({people})
UNION ALL
SELECT person_id, 'leave', CAST(starts_at AS TEXT), CAST(ends_at AS TEXT), kind, 0
  FROM ledger_leave_span
 WHERE person_id IN ({people}) AND ends_at > {mark} AND starts_at < {mark}
UNION ALL
SELECT target_id, level, CAST(starts_on AS TEXT), CAST(ends_on AS TEXT), '', basis_points
  FROM ledger_rate
 WHERE (level = 'region' AND target_id = {mark}) OR (level = 'municipality' AND target_id = {mark})
    OR (level = 'person' AND target_id IN ({people}))
    OR (level = 'section' AND target_id IN (
        SELECT section_id FROM directory_appointment
         WHERE person_id IN ({people}) AND municipality_id = {mark}))
"""


@lru_cache(maxsize=64)
def _text(people: int, postgresql: bool) -> str:
    mark = "%s" if postgresql else "?"
    return _QUERY.format(people=", ".join([mark] * people), mark=mark)


def work_conditions(
    person_ids: Sequence[int], municipality: MunicipalityRef, first: date, last: date
) -> dict[int, WorkConditions]:
    """Return the conditions of people in a municipality for the days ``first`` to ``last``.

    One query, whatever the number of people. Leave outside the days is left out. A person who was
    never appointed there has conditions without employment, so the base is 0.
    """
    if not person_ids:
        return {}
    people = tuple(person_ids)
    begin = datetime.combine(first, datetime.min.time(), TOKYO).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), TOKYO).astimezone(UTC)
    parameters = (
        *people,
        municipality.id,
        *people,
        *people,
        begin.replace(tzinfo=None),
        end.replace(tzinfo=None),
        municipality.region_id or 0,
        municipality.id,
        *people,
        *people,
        municipality.id,
    )
    if not is_postgresql():
        parameters = tuple(
            p.isoformat(sep=" ") if isinstance(p, datetime) else p for p in parameters
        )
    cursor = database.execute_sql(_text(len(people), is_postgresql()), parameters)
    return _assembled(people, cursor.fetchall())


def _assembled(people: Sequence[int], rows: Sequence[Any]) -> dict[int, WorkConditions]:
    found: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for owner, kind, start, end, text, number in rows:
        match kind:
            case "appointment":
                found[kind][owner].append((Employment(_day(start), _day_or_none(end)), number))
            case "pattern":
                pattern = WorkPattern(_day(start), None, _week(text), bool(number))
                found[kind][owner].append(pattern)
            case "leave":
                found[kind][owner].append(Leave(text, _instant(start), _instant(end)))
            case _:
                found[kind][owner].append(Rate(_day(start), _day_or_none(end), number))
    everyone = {
        level: tuple(rate for rates in found[level].values() for rate in rates)
        for level in ("region", "municipality")
    }
    return {
        person: WorkConditions(
            employment=tuple(job for job, _section in found["appointment"][person]),
            patterns=tuple(found["pattern"][person]),
            leaves=tuple(found["leave"][person]),
            rates=RateLevels(
                region=everyone["region"],
                municipality=everyone["municipality"],
                section=_section_rates(found["appointment"][person], found["section"]),
                person=tuple(found["person"][person]),
            ),
        )
        for person in people
    }


def _section_rates(
    appointments: Sequence[tuple[Employment, int]], rates: dict[int, list[Rate]]
) -> tuple[Rate, ...]:
    """Return the rates of a person's sections, each cut to the days spent there.

    Where concurrent posts would give two rates from one day on, the lower one holds.
    """
    by_start: dict[date, Rate] = {}
    for job, section in appointments:
        for rate in rates.get(section, ()):
            part = rate.within(job.starts_on, job.ends_on)
            if part is None:
                continue
            other = by_start.get(part.starts_on)
            if other is None or part.basis_points < other.basis_points:
                by_start[part.starts_on] = part
    return tuple(by_start.values())


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _day_or_none(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


_week = lru_cache(maxsize=1024)(read_week)
