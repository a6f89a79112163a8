"""Dates of leave for the acting person: worked out in the request, and forgotten with it."""

from collections.abc import Sequence

from niwari.api import Context
from niwari_leave_cafe.dates.planning import Birth, Parent, Plan, Rules
from niwari_leave_cafe.dates.working_out import work_out


def plan(
    ctx: Context,
    rules: Rules,
    birth: Birth,
    parents: Sequence[Parent],
    *,
    with_grandchild: bool = False,
) -> Plan:
    """Return the plan of one or two parents by ``rules``; no statement, no row, no line of a log.

    Raises an ``Invalid`` that names the field, and the rule where one says no.
    """
    return work_out(
        rules,
        birth,
        parents,
        today=ctx.today,
        locale=ctx.locale,
        with_grandchild=with_grandchild,
    )
