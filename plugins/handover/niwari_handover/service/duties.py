"""Writing duties: every saved version is kept, and nothing is overwritten that one has not seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.api import (
    PEOPLE,
    Context,
    NotFound,
    Ref,
    StaleForm,
    Uploads,
    attach,
    audit,
    checked_key,
    checked_line,
    checked_text,
    remove_attachment,
    transaction,
    visible,
)
from niwari_handover.errors import BadReview, ChangedByName, ChangedMeanwhile, FarDay, TooMany
from niwari_handover.models import Duty, Version
from niwari_handover.service.sight import held_to_write, name_again
from niwari_handover.texts import DEADLINE_LIMIT, LINE_LIMIT, NAME_LIMIT, TEXT_LIMIT, checked_months

KIND = "handover.duty"
MOST = 200
"""Duties of one notebook."""
FAR = 10
"""Years from now in which a dated deadline may lie: what is further away is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody writes of a duty. ``steps`` and ``trouble`` are Markdown."""

    name: str
    months: tuple[str, ...] = ()
    steps: str = ""
    rule: str = ""
    deadline: str = ""
    due_on: date | None = None
    contact: str = ""
    trouble: str = ""
    reviewed_on: date | None = None

    def checked(self, ctx: Context) -> dict[str, Any]:
        """Return the columns to store; raises an ``Invalid`` by field."""
        if self.reviewed_on is not None and self.reviewed_on > ctx.today:
            raise BadReview
        if self.due_on is not None and abs(self.due_on.year - ctx.today.year) > FAR:
            raise FarDay(years=FAR)
        return {
            "name": checked_line(self.name, "name", NAME_LIMIT, required=True),
            "months": checked_months(list(self.months)),
            "steps": checked_text(self.steps, "steps", TEXT_LIMIT),
            "rule": checked_line(self.rule, "rule", LINE_LIMIT),
            "deadline": checked_line(self.deadline, "deadline", DEADLINE_LIMIT),
            "due_on": self.due_on,
            "contact": checked_line(self.contact, "contact", LINE_LIMIT),
            "trouble": checked_text(self.trouble, "trouble", TEXT_LIMIT),
            "reviewed_on": self.reviewed_on,
        }


def add_duty(
    ctx: Context, notebook_id: int, written: Written, *, form_key: str, uploads: Uploads = ()
) -> int:
    """Write a new duty into a notebook; returns its id. The same ``form_key`` again returns the first.

    Raises ``NotFound``, ``NotWriter``, ``TooMany``, ``StaleForm``, and what the texts refuse.
    """
    values, key = written.checked(ctx), checked_key(form_key)
    with transaction(ctx):
        notebook = held_to_write(ctx, notebook_id)
        sent = Duty.get_or_none(Duty.form_key == key)
        if sent is not None:
            if sent.notebook_id != notebook.id:
                raise StaleForm
            return int(sent.id)
        if Duty.select().where(_kept(notebook.id)).count() >= MOST:
            raise TooMany(most=MOST)
        duty = Duty.create(
            municipality=notebook.municipality_id,
            section=notebook.section_id,
            region_id=notebook.region_id,
            audience=PEOPLE,
            notebook=notebook.id,
            changed_at=ctx.now,
            form_key=key,
            **values,
        )
        _keep(ctx, duty.id, 1, values)
        name_again(ctx, notebook)
        attach(ctx, Ref(KIND, duty.id), uploads)
        audit(ctx, "handover.write", KIND, duty.id, version=1)
    return int(duty.id)


def save_duty(
    ctx: Context, duty_id: int, written: Written, *, base: int, uploads: Uploads = ()
) -> int:
    """Save a duty anew; returns the number of its version. ``base`` is the version that was opened.

    Saved as it is already, it stays the version that it is. Raises ``ChangedMeanwhile`` where somebody
    saved another one since, ``NotFound``, ``NotWriter``, and what the texts refuse.
    """
    values = written.checked(ctx)
    with transaction(ctx):
        duty = held_duty(ctx, duty_id)
        same = all(getattr(duty, name) == value for name, value in values.items())
        if not same:
            if base != duty.version:
                last = Version.get((Version.duty == duty.id) & (Version.number == duty.version))
                if last.author is None:
                    raise ChangedMeanwhile(number=duty.version)
                raise ChangedByName(name=last.author.person.name, number=duty.version)
            duty.version += 1
            Duty.update(version=duty.version, changed_at=ctx.now, **values).where(
                Duty.id == duty.id
            ).execute()
            _keep(ctx, duty.id, duty.version, values)
            audit(ctx, "handover.write", KIND, duty.id, version=duty.version)
        attach(ctx, Ref(KIND, duty.id), uploads)
    return int(duty.version)


def remove_duty(ctx: Context, duty_id: int, *, removed: bool) -> None:
    """Take a duty out of its notebook, or put it back; its history stays, and again changes nothing.

    Raises ``NotFound``, ``NotWriter`` and ``TooMany``.
    """
    with transaction(ctx):
        duty = held_duty(ctx, duty_id)
        if (duty.removed_at is not None) == removed:
            return
        if not removed and Duty.select().where(_kept(duty.notebook_id)).count() >= MOST:
            raise TooMany(most=MOST)
        Duty.update(removed_at=ctx.now if removed else None).where(Duty.id == duty.id).execute()
        name_again(ctx, duty.notebook)
        audit(ctx, "handover.remove" if removed else "handover.restore", KIND, duty.id)


def remove_file(ctx: Context, duty_id: int, attachment_id: int) -> None:
    """Remove a file of a duty; raises ``NotFound`` and ``NotWriter``."""
    with transaction(ctx):
        duty = held_duty(ctx, duty_id)
        remove_attachment(ctx, Ref(KIND, duty.id), attachment_id)


def held_duty(ctx: Context, duty_id: int) -> Any:
    """Return a duty for a holder to write, its notebook locked; raises ``NotFound``, ``NotWriter``."""
    place = Duty.get_or_none((Duty.id == duty_id) & visible(ctx, Duty))
    if place is None:
        raise NotFound
    held_to_write(ctx, place.notebook_id)
    duty = Duty.get_or_none(Duty.id == duty_id)
    if duty is None:
        raise NotFound
    return duty


def content_of(version: Any) -> Mapping[str, Any]:
    """Return what a version says, by the names of the columns; days are ISO texts."""
    content: Mapping[str, Any] = json.loads(version.content)
    return content


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as a version keeps them: days are ISO texts."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _kept(notebook_id: int) -> Any:
    return (Duty.notebook == notebook_id) & Duty.removed_at.is_null()


def _keep(ctx: Context, duty_id: int, number: int, values: Mapping[str, Any]) -> None:
    Version.create(
        duty=duty_id,
        number=number,
        content=json.dumps(plain(values), ensure_ascii=False),
        author=ctx.acting.id,
        saved_at=ctx.now,
    )
