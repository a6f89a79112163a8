"""What a person's allowance depends on, read in one query for any number of people."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from niwari.clock import TOKYO
from niwari.context import MunicipalityRef
from niwari.db import database, is_postgresql
from niwari.ledger.models.work_time import read_week
from niwari.ledger.worktime import (
    Employment,
    Leave,
    LeavePolicy,
    Rate,
    RateLevels,
    RosterDay,
    WorkConditions,
    WorkPattern,
    parse_hours,
)

# Prepared text, because this runs on every home page; the marks of people are filled in by number.
_QUERY = """
SELECT person_id, 'post', CAST(starts_on AS TEXT), CAST(ends_on AS TEXT),
       CASE WHEN is_main THEN 'main' ELSE '' END,
       CASE WHEN municipality_id = {mark} THEN section_id ELSE 0 END, id
  FROM directory_appointment WHERE person_id IN ({people})
UNION ALL
SELECT person_id, 'pattern', CAST(starts_on AS TEXT), NULL, week,
       CASE WHEN observes_holidays THEN 1 ELSE 0 END, 0
  FROM ledger_work_pattern WHERE person_id IN ({people})
UNION ALL
SELECT person_id, 'leave', CAST(starts_at AS TEXT), CAST(ends_at AS TEXT), kind, 0, 0
  FROM ledger_leave_span
 WHERE person_id IN ({people}) AND ends_at > {mark} AND starts_at < {mark}
UNION ALL
SELECT person_id, 'roster', CAST(day AS TEXT), NULL, hours, 0, 0
  FROM ledger_roster WHERE person_id IN ({people}) AND day >= {mark} AND day <= {mark}
UNION ALL
SELECT target_id, level, CAST(starts_on AS TEXT), CAST(ends_on AS TEXT), '', basis_points, 0
  FROM ledger_rate
 WHERE (level = 'region' AND target_id = {mark}) OR (level = 'municipality' AND target_id = {mark})
    OR (level = 'person' AND target_id IN ({people}))
    OR (level = 'section' AND target_id IN (
        SELECT section_id FROM directory_appointment
         WHERE person_id IN ({people}) AND municipality_id = {mark}))
UNION ALL
SELECT 0, 'setting', NULL, NULL, value, 0, 0
  FROM host_municipality_setting
 WHERE municipality_id = {mark} AND plugin = 'ledger' AND key = 'long_leave_only'
"""


@dataclass(frozen=True, slots=True)
class _Dated:
    """Valid from one Tokyo day to another, both included; ``value`` is what it says."""

    starts_on: date
    ends_on: date | None
    value: int


@lru_cache(maxsize=64)
def _text(people: int, postgresql: bool) -> str:
    mark = "%s" if postgresql else "?"
    return _QUERY.format(people=", ".join([mark] * people), mark=mark)


def work_conditions(
    person_ids: Sequence[int], municipality: MunicipalityRef, first: date, last: date
) -> dict[int, WorkConditions]:
    """Return the conditions of people in a municipality for the days ``first`` to ``last``.

    One query, whatever the number of people. They hold for these days alone. A person works for
    the municipality on the days on which the main post is there; of concurrent posts only the main
    one gives scheduled time and its section's rate (rule L9), so nobody's time is counted twice.
    Which leave lowers the base is the municipality's choice (``long_leave_only``, L23), read with the
    rest, so that it is the choice as of now also inside a transaction.
    """
    if not person_ids:
        return {}
    people = tuple(person_ids)
    begin = datetime.combine(first, datetime.min.time(), TOKYO).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), TOKYO).astimezone(UTC)
    parameters = (
        municipality.id,
        *people,
        *people,
        *people,
        begin.replace(tzinfo=None),
        end.replace(tzinfo=None),
        *people,
        first,
        last,
        municipality.region_id or 0,
        municipality.id,
        *people,
        *people,
        municipality.id,
        municipality.id,
    )
    if not is_postgresql():
        parameters = tuple(str(p) if isinstance(p, date) else p for p in parameters)
    cursor = database.execute_sql(_text(len(people), is_postgresql()), parameters)
    return _assembled(people, cursor.fetchall(), first, last)


def _assembled(
    people: Sequence[int], rows: Sequence[Any], first: date, last: date
) -> dict[int, WorkConditions]:
    posts: dict[int, list[tuple[bool, date, int, _Dated]]] = defaultdict(list)
    patterns: dict[int, list[WorkPattern]] = defaultdict(list)
    leaves: dict[int, list[Leave]] = defaultdict(list)
    roster: dict[int, list[RosterDay]] = defaultdict(list)
    rates: dict[str, dict[int, list[_Dated]]] = defaultdict(lambda: defaultdict(list))
    policy = LeavePolicy()
    for owner, kind, start, end, text, number, row_id in rows:
        match kind:
            case "post":
                post = _Dated(_day(start), _day_or_none(end), number)
                posts[owner].append((text == "main", post.starts_on, -row_id, post))
            case "pattern":
                patterns[owner].append(WorkPattern(_day(start), None, _week(text), bool(number)))
            case "leave":
                leaves[owner].append(Leave(text, _instant(start), _instant(end)))
            case "setting":
                policy = LeavePolicy("long" if text == "true" else "all")
            case "roster":
                roster[owner].append(RosterDay(_day(start), _hours(text)))
            case _:
                rates[kind][owner].append(_Dated(_day(start), _day_or_none(end), number))
    everyone = {
        level: tuple(_rate(one) for found in rates[level].values() for one in found)
        for level in ("region", "municipality")
    }
    conditions = {}
    for person in people:
        # As whoever signs in acts: in the main post, else in the latest.
        in_order = [post for *_, post in sorted(posts[person], key=_precedence, reverse=True)]
        here = [stretch for stretch in _stretches(in_order, first, last) if stretch[2]]
        conditions[person] = WorkConditions(
            employment=tuple(Employment(begins, ends) for begins, ends, _section in here),
            patterns=tuple(patterns[person]),
            roster=tuple(roster[person]),
            leaves=tuple(leaves[person]),
            rates=RateLevels(
                region=everyone["region"],
                municipality=everyone["municipality"],
                section=_section_rates(here, rates["section"]),
                person=tuple(_rate(one) for one in rates["person"][person]),
            ),
            leave_policy=policy,
        )
    return conditions


def _precedence(row: tuple[bool, date, int, _Dated]) -> tuple[bool, date, int]:
    return row[:3]


def _section_rates(
    posts: Sequence[tuple[date, date, int]], rates: dict[int, list[_Dated]]
) -> tuple[Rate, ...]:
    """Return what each section's rates say for the days spent there; no two overlap."""
    found = []
    for begins, ends, section in posts:
        latest_first = sorted(rates.get(section, ()), key=lambda one: one.starts_on, reverse=True)
        found += [Rate(*stretch) for stretch in _stretches(latest_first, begins, ends)]
    return tuple(found)


def _stretches(in_order: Sequence[_Dated], first: date, last: date) -> list[tuple[date, date, int]]:
    """Cut the days ``first`` to ``last`` so that in each stretch the first that covers it holds.

    Returns (first day, last day, value); days that none covers are left out.
    """
    edges = {first, last + timedelta(days=1)}
    for one in in_order:
        edges.add(one.starts_on)
        if one.ends_on is not None:
            edges.add(one.ends_on + timedelta(days=1))
    inside = sorted(edge for edge in edges if first <= edge <= last + timedelta(days=1))
    found = []
    for begins, following in pairwise(inside):
        for one in in_order:
            if one.starts_on <= begins and (one.ends_on is None or begins <= one.ends_on):
                found.append((begins, following - timedelta(days=1), one.value))
                break
    return found


def _rate(one: _Dated) -> Rate:
    return Rate(one.starts_on, one.ends_on, one.value)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _day_or_none(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


_hours = lru_cache(maxsize=1024)(parse_hours)
_week = lru_cache(maxsize=1024)(read_week)
