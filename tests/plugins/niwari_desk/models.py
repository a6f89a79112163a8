"""The desks."""

from typing import Any

from peewee import BooleanField, CharField, DateField

from niwari.api import InstantField, Repeats, Shared, When


class Desk(Shared):
    """A desk to which anybody may come, once or by a rule; ``is_quiet`` tells nobody which town's."""

    title: Any = CharField(max_length=80)
    place: Any = CharField(max_length=80)
    starts_at: Any = InstantField()
    ends_at: Any = InstantField()
    rule: Any = CharField(max_length=120, null=True)
    until: Any = DateField(null=True)
    on_holiday: Any = CharField(max_length=10)
    is_quiet: Any = BooleanField(default=False)

    class Meta:
        table_name = "desk_desk"
        indexes = ((("municipality", "id"), False),)


def when(desk: Desk) -> When:
    """Return when a desk takes place."""
    repeats = Repeats(desk.rule, desk.until, desk.on_holiday) if desk.rule else None
    return When(desk.starts_at, desk.ends_at, desk.place, repeats)
