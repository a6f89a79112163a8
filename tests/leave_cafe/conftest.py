"""What the tests of the leave cafe share: rules from packs, and plans without a request."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from niwari_leave_cafe.dates.packs import installed_packs
from niwari_leave_cafe.dates.planning import Birth, Entry, Parent, Plan, Rules
from niwari_leave_cafe.dates.schemes import BEARING, REGULAR
from niwari_leave_cafe.dates.working_out import rules_on, work_out

TODAY = date(2026, 11, 10)
PlanFor = Callable[..., Plan]


def rules_of(name: str = "region", day: date = TODAY) -> Rules:
    """Return what a shipped pack says on a day."""
    return rules_on(installed_packs()[name], day, is_confirmed=False)


def planned(
    *parents: Parent,
    due: date | None = None,
    born: date | None = None,
    is_multiple: bool = False,
    rules: Rules | None = None,
    today: date | None = None,
    with_grandchild: bool = False,
) -> Plan:
    """Return a plan, seen from the day of the birth unless another day is named."""
    birth = Birth(due, born, is_multiple)
    return work_out(
        rules or rules_of(),
        birth,
        parents or (Parent(BEARING, REGULAR),),
        today=today or birth.day,
        locale="ja",
        with_grandchild=with_grandchild,
    )


def entry_of(plan: Plan, scheme: str, parent: int = 0, kind: str = "") -> Entry:
    """Return the first line of a scheme, of a kind where one is named."""
    return next(
        entry
        for entry in plan.parents[parent].entries
        if entry.scheme == scheme and (not kind or entry.kind == kind)
    )


@pytest.fixture
def dates_form() -> Callable[..., dict[str, str]]:
    """What somebody types into the form for dates; keywords change it."""

    def typed(**changes: str) -> dict[str, Any]:
        return {"employment": "regular", "role": "bearing", "due_on": "2026-12-10", **changes}

    return typed
