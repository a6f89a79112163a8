"""What could not be held when a standing agreement was agreed to, kept with it."""

import json
from collections.abc import Iterable
from datetime import date

from niwari.ledger.models import Standing
from niwari.ledger.standing.planning import NotHeld, Planned
from niwari.ledger.standing.terms import Terms


def left_out_text(left_out: Iterable[Planned]) -> str:
    """Write what is left out as JSON: a list of [day, reason, minutes left in the period or null]."""
    rows = [[one.day.isoformat(), one.reason, one.free] for one in left_out]
    return json.dumps(rows, separators=(",", ":")) if rows else ""


def left_out_of(standing: Standing) -> tuple[Planned, ...]:
    """Return what was left out of an agreement."""
    terms = Terms.of(standing)
    found = []
    for text, reason, free in json.loads(standing.left_out or "[]"):
        day = date.fromisoformat(text)
        starts_at, ends_at = terms.interval(day) or (None, None)
        found.append(Planned(day, 0, starts_at, ends_at, NotHeld(reason), free))
    return tuple(found)
