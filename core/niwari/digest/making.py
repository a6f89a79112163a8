"""Making the issues that are due, each once, with the notices of it, in one transaction."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peewee import SQL, fn

from niwari.clock import ONE_DAY
from niwari.db import locked, rows, transaction
from niwari.digest.contents import Item, contents
from niwari.digest.models import MONTH, WEEK, DigestRule, Issue, IssueItem
from niwari.digest.periods import Period, last_due
from niwari.digest.telling import tell
from niwari.directory.system import system_context

log = logging.getLogger(__name__)


def make_due(now: datetime) -> int:
    """Make each region's issue that was due last, unless it is there; returns how many were made.

    An issue that nobody could make in time is made later, about the same days. Where one region
    fails the others get theirs, and its error is raised at the end.
    """
    made, failed = 0, None
    for region_id in _waiting(now):
        try:
            made += _make(region_id, now)
        except Exception as error:
            log.exception("the digest of region %s was not made", region_id)
            failed = error
    if failed is not None:
        raise failed
    return made


def _waiting(now: datetime) -> list[int]:
    """Return the regions whose issue is due, by id; one query for each pace."""
    found: list[int] = []
    for every in (WEEK, MONTH):
        period = last_due(every, now)
        there = Issue.select(SQL("1")).where(
            (Issue.region == DigestRule.region) & (Issue.last >= period.last)
        )
        query = DigestRule.select(DigestRule.region).where(
            (DigestRule.every == every) & (DigestRule.since <= period.due_at) & ~fn.EXISTS(there)
        )
        found += [region_id for (region_id,) in rows(query)]
    return sorted(found)


def _make(region_id: int, now: datetime) -> bool:
    """Make the issue of a region; returns whether it was still to be made.

    Whoever else would make it, or switches it off, waits for the rule.
    """
    ctx = system_context(now, "digest")
    with transaction(ctx):
        query = locked(DigestRule.select().where(DigestRule.region == region_id))
        rule: Any = next(iter(query), None)
        if rule is None:
            return False
        due = last_due(rule.every, now)
        before: Any = (
            Issue.select().where(Issue.region == region_id).order_by(Issue.number.desc()).first()
        )
        if due.due_at < rule.since or (before is not None and before.last >= due.last):
            return False
        period = _after(before, rule, due)
        issue = Issue.create(
            region=region_id,
            number=before.number + 1 if before is not None else 1,
            first=period.first,
            last=period.last,
            until=period.until,
            made_at=now,
        )
        items = contents(region_id, period)
        _keep(issue.id, items)
        tell(ctx, issue, items)
    return True


def _after(before: Any, rule: Any, due: Period) -> Period:
    """Let an issue begin where the one before it ended: nothing is told twice, nothing is left out.

    After a pause, or another pace, it goes back no further than its own period.
    """
    if before is None:
        return due
    first = before.last + ONE_DAY
    if before.made_at < rule.since:
        first = max(first, due.first)
    return Period(first, due.last, due.until)


def _keep(issue_id: int, items: Sequence[Item]) -> None:
    if items:
        IssueItem.insert_many(
            [
                {
                    "issue": issue_id,
                    "section": item.section,
                    "position": position,
                    "kind": item.kind,
                    "row_id": item.row_id,
                }
                for position, item in enumerate(items)
            ]
        ).execute()
