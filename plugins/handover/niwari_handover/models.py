"""Notebooks, their duties with every saved version, and their handing over."""

from typing import Any

from peewee import (
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from niwari.api import PEOPLE, Appointment, InstantField, Model, Section, Shared
from niwari_handover.texts import months_in_order

OPEN, ENDED = "open", "ended"
"""The states of a handing over: it goes on, or it was called off."""

# backref="+": models of other plugins with the same name must not fight for one attribute.


def _post() -> Any:
    """Return a column for the post in which somebody did something; erased, it is empty."""
    return ForeignKeyField(Appointment, null=True, backref="+")


class Notebook(Shared):
    """The notebook of a post: its owner is the section to which the post belongs.

    It lives on whoever holds the post. ``post`` is what the section calls it (担当の名前). The section's
    column is where it belongs; whoever sees it is named beside (``name_readers``).
    """

    post: Any = CharField(max_length=60)
    opened_by: Any = _post()
    opened_at: Any = InstantField()
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "handover_notebook"
        indexes = ((("municipality", "id"), False), (("section", "id"), False))
        constraints = [Check(f"audience = '{PEOPLE}'", name="handover_notebook_audience")]


class Holder(Model):
    """That somebody holds the post of a notebook, dated by Tokyo days; several may at a time."""

    notebook: Any = ForeignKeyField(Notebook, backref="+", on_delete="CASCADE", index=False)
    appointment: Any = ForeignKeyField(Appointment, null=True, backref="+")
    starts_on: Any = DateField()
    ends_on: Any = DateField(null=True)

    class Meta:
        table_name = "handover_holder"
        indexes = ((("notebook", "ends_on"), False),)


class Duty(Shared):
    """A duty of the post, as it stands now; ``version`` counts how often it was saved.

    ``months`` are the months in which it is done, as ``4,10``. ``due_on`` is its next dated deadline,
    which stands in calendars. ``reviewed_on`` is when its holder last looked whether it still holds.
    The owner is that of the notebook. One that was taken out of the notebook has ``removed_at``.
    """

    notebook: Any = ForeignKeyField(Notebook, backref="+", on_delete="CASCADE", index=False)
    name: Any = CharField(max_length=80)
    months: Any = CharField(max_length=40, default="")
    steps: Any = TextField(default="")
    rule: Any = CharField(max_length=300, default="")
    deadline: Any = CharField(max_length=200, default="")
    due_on: Any = DateField(null=True)
    contact: Any = CharField(max_length=300, default="")
    trouble: Any = TextField(default="")
    reviewed_on: Any = DateField(null=True)
    version: Any = IntegerField(default=1)
    changed_at: Any = InstantField()
    removed_at: Any = InstantField(null=True)
    form_key: Any = CharField(max_length=36, unique=True)

    @property
    def months_in_order(self) -> tuple[int, ...]:
        """The months in which it is done, as people say them."""
        return months_in_order(self.months)

    class Meta:
        table_name = "handover_duty"
        indexes = ((("notebook", "id"), False),)
        constraints = [
            Check(f"audience = '{PEOPLE}'", name="handover_duty_audience"),
            Check("version >= 1", name="handover_duty_version"),
        ]


class Version(Model):
    """A duty as somebody saved it: ``content`` is the JSON of its columns. None is ever changed."""

    duty: Any = ForeignKeyField(Duty, backref="+", on_delete="CASCADE", index=False)
    number: Any = IntegerField()
    content: Any = TextField()
    author: Any = _post()
    saved_at: Any = InstantField()

    class Meta:
        table_name = "handover_version"
        indexes = ((("duty", "number"), True),)


class Handing(Model):
    """That a post is handed over from ``predecessor`` to ``successor`` on the day ``starts_on`` (異動日).

    Written only after the transfer may be known: ``announced_on`` is the day of the 内示. The successor
    confirms first, then the superior: ``approved_for`` is the head in whose place a stand-in did.
    ``begun_at`` is when the notebook's holder changed; until ``help_until`` the predecessor helps.
    ``closed_at`` is when that time was over.
    """

    notebook: Any = ForeignKeyField(Notebook, backref="+", on_delete="CASCADE", index=False)
    predecessor: Any = _post()
    successor: Any = _post()
    announced_on: Any = DateField()
    starts_on: Any = DateField()
    help_until: Any = DateField()
    state: Any = CharField(max_length=10, default=OPEN)
    named_by: Any = _post()
    named_at: Any = InstantField()
    confirmed_at: Any = InstantField(null=True)
    approved_at: Any = InstantField(null=True)
    approved_by: Any = _post()
    approved_for: Any = _post()
    begun_at: Any = InstantField(null=True)
    ended_at: Any = InstantField(null=True)
    closed_at: Any = InstantField(null=True)
    form_key: Any = CharField(max_length=36, unique=True)

    @classmethod
    def is_open(cls) -> Any:
        """Return the condition that a handing over was not called off.

        Said by what it is not: by the index of states SQLite would read those of all towns each time.
        """
        return cls.state != ENDED

    class Meta:
        table_name = "handover_handing"
        indexes = ((("notebook", "id"), False), (("state", "starts_on"), False))
        constraints = [
            Check("state IN ('open', 'ended')", name="handover_handing_state"),
            Check("help_until > starts_on", name="handover_handing_days"),
            Check("approved_at IS NULL OR confirmed_at IS NOT NULL", name="handover_handing_order"),
        ]


class Item(Model):
    """A line of the checklist of a handing over, with its day; ``done_at`` is empty until it is done."""

    handing: Any = ForeignKeyField(Handing, backref="+", on_delete="CASCADE", index=False)
    text: Any = CharField(max_length=200)
    due_on: Any = DateField()
    done_at: Any = InstantField(null=True)
    done_by: Any = _post()
    form_key: Any = CharField(max_length=40, unique=True)

    class Meta:
        table_name = "handover_item"
        indexes = ((("handing", "due_on", "id"), False),)


class Message(Model):
    """A question inside a notebook, or with ``question`` an answer to one."""

    notebook: Any = ForeignKeyField(Notebook, backref="+", on_delete="CASCADE", index=False)
    question: Any = ForeignKeyField("self", null=True, backref="+", on_delete="CASCADE")
    duty: Any = ForeignKeyField(Duty, null=True, backref="+", on_delete="SET NULL")
    author: Any = _post()
    text: Any = TextField()
    said_at: Any = InstantField()
    form_key: Any = CharField(max_length=36, unique=True)

    class Meta:
        table_name = "handover_message"
        indexes = ((("notebook", "id"), False),)
        constraints = [Check("text <> ''", name="handover_message_text")]


class SectionChoice(Model):
    """What the head of a section chose: whether everybody of it reads its notebooks."""

    section: Any = ForeignKeyField(Section, unique=True, backref="+")
    members_read: Any = BooleanField()
    chosen_by: Any = _post()
    chosen_at: Any = InstantField()

    class Meta:
        table_name = "handover_section_choice"


MODELS = (Notebook, Holder, Duty, Version, Handing, Item, Message, SectionChoice)
