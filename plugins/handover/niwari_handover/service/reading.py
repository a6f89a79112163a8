"""A notebook to read: its duties, the year, what lacks, and how a duty came to be what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN, Case

from niwari.api import (
    Appointment,
    Attached,
    Context,
    NotFound,
    Person,
    Ref,
    attachments,
    visible,
)
from niwari_handover.errors import NotWriter
from niwari_handover.models import Duty, Version
from niwari_handover.service.comparing import Compared, compared
from niwari_handover.service.duties import KIND, MOST, Written, content_of, plain
from niwari_handover.service.sight import Seen, get_seen
from niwari_handover.texts import months_of

STEPS, DEADLINE, CONTACT, REVIEW = "steps", "deadline", "contact", "review"
PAGE = 30
MOST_REMOVED = 100
"""So many of the duties that were taken out stand below a notebook, the latest."""
APRIL = 4


def fiscal_year_start(day: date) -> date:
    """Return 1 April of the fiscal year in which ``day`` lies."""
    return date(day.year if day.month >= APRIL else day.year - 1, APRIL, 1)


def lacks(duty: Any, day: date) -> tuple[str, ...]:
    """Return what a duty lacks on ``day`` to count as written; nothing where it does (R-026).

    It needs steps, a deadline in words or as a day, a contact, and that somebody looked at it in this
    fiscal year.
    """
    there = {
        STEPS: bool(duty.steps),
        DEADLINE: bool(duty.deadline) or duty.due_on is not None,
        CONTACT: bool(duty.contact),
        REVIEW: duty.reviewed_on is not None and duty.reviewed_on >= fiscal_year_start(day),
    }
    return tuple(name for name, is_there in there.items() if not is_there)


@dataclass(frozen=True, slots=True)
class Book:
    """A notebook with its duties; ``missing`` is the holder's own: for others it is empty.

    ``removed`` are the latest that were taken out, the holder's own too. ``files`` are those of each
    duty by its id, where they were asked for.
    """

    notebook: Seen
    duties: Sequence[Any]
    removed: Sequence[Any]
    missing: Mapping[int, tuple[str, ...]]
    files: Mapping[int, Sequence[Attached]]

    @property
    def written(self) -> int:
        """How many duties lack nothing."""
        return sum(1 for duty in self.duties if not self.missing.get(duty.id))


def get_book(ctx: Context, notebook_id: int, *, with_files: bool = False) -> Book:
    """Return a notebook with all its duties; three queries, four with the files.

    Raises ``NotFound`` where the acting person does not see it.
    """
    notebook = get_seen(ctx, notebook_id)
    query = Duty.select().where((Duty.notebook == notebook.id) & visible(ctx, Duty))
    here_first = Case(None, [(Duty.removed_at.is_null(), 0)], 1)
    every = list(
        query.order_by(here_first, Duty.removed_at.desc(), Duty.id).limit(MOST + MOST_REMOVED)
    )
    here = [duty for duty in every if duty.removed_at is None]
    missing = {duty.id: lacks(duty, ctx.today) for duty in here} if notebook.holds else {}
    files: dict[int, Sequence[Attached]] = {}
    if with_files:
        found = attachments(ctx, [Ref(KIND, duty.id) for duty in here])
        files = {ref.id: some for ref, some in found.items() if some}
    gone = [duty for duty in every if duty.removed_at is not None] if notebook.holds else []
    return Book(notebook, here, gone[:MOST_REMOVED], missing, files)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the year's calendar of a notebook: its duties, and the deadlines that have a day.

    0 is what is done in every month.
    """

    number: int
    duties: Sequence[Any]
    deadlines: Sequence[Any]


def year_of(book: Book) -> list[Month]:
    """Return the months from April to March, with what is done and what is due in each.

    What is done in all of them stands above them, once.
    """
    months = [*range(APRIL, 13), *range(1, APRIL)]
    done = {duty.id: months_of(duty.months) for duty in book.duties}
    always = [duty for duty in book.duties if len(done[duty.id]) == len(months)]
    return ([Month(0, always, ())] if always else []) + [
        Month(
            number,
            [duty for duty in book.duties if number in done[duty.id] and duty not in always],
            sorted(
                (one for one in book.duties if one.due_on and one.due_on.month == number),
                key=lambda one: (one.due_on, one.id),
            ),
        )
        for number in months
    ]


@dataclass(frozen=True, slots=True)
class Page:
    """A duty with its notebook and its files, for its own page."""

    notebook: Seen
    duty: Any
    missing: tuple[str, ...]
    files: Sequence[Attached]


def get_duty(ctx: Context, duty_id: int) -> Page:
    """Return a duty; four queries. Raises ``NotFound`` where the acting person does not see it."""
    duty = Duty.get_or_none((Duty.id == duty_id) & visible(ctx, Duty))
    if duty is None:
        raise NotFound
    notebook = get_seen(ctx, duty.notebook_id)
    if duty.removed_at is not None and not notebook.holds:
        raise NotFound
    ref = Ref(KIND, duty.id)
    missing = lacks(duty, ctx.today) if notebook.holds else ()
    return Page(notebook, duty, missing, attachments(ctx, [ref])[ref])


def get_own(ctx: Context, notebook_id: int) -> Seen:
    """Return a notebook to write in; raises ``NotFound``, and ``NotWriter`` for who only reads it."""
    notebook = get_seen(ctx, notebook_id)
    if not notebook.holds:
        raise NotWriter
    return notebook


def get_own_duty(ctx: Context, duty_id: int) -> Page:
    """Return a duty to write; raises as ``get_own`` does."""
    page = get_duty(ctx, duty_id)
    if not page.notebook.holds:
        raise NotWriter
    return page


@dataclass(frozen=True, slots=True)
class Saved:
    """A version in the history of a duty: who saved it, when."""

    number: int
    saved_at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class History:
    """A page of the versions of a duty, the newest first; ``next`` is below which another begins."""

    page: Page
    versions: Sequence[Saved]
    next: int | None


def history(ctx: Context, duty_id: int, before: int = 0) -> History:
    """Return a page of the versions of a duty; raises ``NotFound`` as ``get_duty`` does."""
    page = get_duty(ctx, duty_id)
    query = _versions(duty_id).order_by(Version.number.desc()).limit(PAGE + 1)
    if before:
        query = query.where(Version.number < before)
    found = [_saved(row) for row in query]
    return History(page, found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None)


@dataclass(frozen=True, slots=True)
class Change:
    """A version beside the one before it; ``before`` is empty for the first."""

    page: Page
    version: Saved
    before: Saved | None
    parts: Sequence[Compared]


def get_change(ctx: Context, duty_id: int, number: int) -> Change:
    """Return what a version changed; raises ``NotFound`` where there is no such version to be seen."""
    page = get_duty(ctx, duty_id)
    some = Version.number.in_([number, number - 1])
    rows = {row.number: row for row in _versions(duty_id).where(some)}
    if number not in rows:
        raise NotFound
    former = rows.get(number - 1)
    old = content_of(former) if former is not None else {}
    return Change(
        page,
        _saved(rows[number]),
        _saved(former) if former is not None else None,
        compared(old, content_of(rows[number])),
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands now, beside what somebody typed who had opened an older version."""

    version: int
    author: str
    parts: Sequence[Compared]


def beside(ctx: Context, duty_id: int, written: Written) -> Beside:
    """Return where what stands differs from what was typed; raises ``NotFound``."""
    page = get_duty(ctx, duty_id)
    now = _versions(duty_id).where(Version.number == page.duty.version).first()
    typed = plain(written.checked(ctx))
    return Beside(page.duty.version, now.author_name or "", compared(content_of(now), typed))


def _versions(duty_id: int) -> Any:
    return (
        Version.select(Version, Person.name.alias("author_name"))
        .left_outer_join(Appointment, on=(Version.author == Appointment.id))
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .where(Version.duty == duty_id)
        .objects()
    )


def _saved(row: Any) -> Saved:
    return Saved(row.number, row.saved_at, row.author_name or "")
