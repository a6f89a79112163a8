"""Work time as it is stored: weekly hours and leave. The pure rules are in ``worktime``."""

import json
from typing import Any, cast

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, TextField

from niwari.db import InstantField, Model
from niwari.directory.models import Person
from niwari.ledger.worktime import Interval, Week

LEAVE_KINDS = (
    "annual",
    "sick",
    "special",
    "maternity",
    "childcare",
    "partial",
    "care",
    "study",
    "grandchild",
)


class WorkPattern(Model):
    """A person's weekly hours from the Tokyo day ``starts_on`` on, until their next pattern.

    ``week`` is the text that ``week_text`` writes. ``observes_holidays`` is false for shift sites,
    which work on public holidays.
    """

    person: Any = ForeignKeyField(Person, backref="work_patterns", index=False)
    starts_on: Any = DateField()
    week: Any = TextField()
    observes_holidays: Any = BooleanField(default=True)

    class Meta:
        table_name = "ledger_work_pattern"
        indexes = ((("person", "starts_on"), True),)


class LeaveSpan(Model):
    """A leave of a person, from ``starts_at`` to before ``ends_at``, both instants."""

    person: Any = ForeignKeyField(Person, backref="leave_spans", index=False)
    kind: Any = CharField(max_length=20)
    starts_at: Any = InstantField()
    ends_at: Any = InstantField()

    class Meta:
        table_name = "ledger_leave_span"
        indexes = (
            (("person", "starts_at"), False),
            (("person", "ends_at"), False),
            (("person", "kind", "starts_at", "ends_at"), True),
        )
        constraints = [
            Check(
                f"kind IN ({', '.join(repr(kind) for kind in LEAVE_KINDS)})",
                name="ledger_leave_span_kind",
            ),
            Check("ends_at > starts_at", name="ledger_leave_span_times"),
        ]


def week_text(week: Week) -> str:
    """Write a week as JSON: seven lists, Monday first, of [start, end] in minutes of the day.

    Equal weeks give equal texts.
    """
    days = [[[interval.start, interval.end] for interval in hours] for hours in week]
    return json.dumps(days, separators=(",", ":"))


def read_week(text: str) -> Week:
    """Read what ``week_text`` wrote."""
    days = tuple(tuple(Interval(start, end) for start, end in hours) for hours in json.loads(text))
    return cast("Week", days)
