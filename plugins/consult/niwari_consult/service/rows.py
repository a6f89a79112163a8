"""A question as its reader sees it: who wrote it, what it is about, whether replies are open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from niwari.api import (
    REGION,
    Appointment,
    Context,
    Municipality,
    MunicipalityRef,
    Person,
    Section,
    active,
    hidden_name,
    section_name,
    visible,
    within_reach,
)
from niwari_consult.models import SOLVED, Question
from niwari_consult.topics import TOPICS_BY_CODE, Topic

PLUGIN = "consult"
ERASED = "—"
"""Stands where the author of a question had the text erased; the pages say so in words."""


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote something, as shown: name, municipality, and the section of the day of writing.

    The section is called what it is called today, also where it was renamed since. A hidden author
    has a letter for a name, and neither of the others.
    """

    name: str
    municipality: str
    section: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A question in short.

    ``paused``: its municipality has consult off, so it can be read but neither answered nor solved.
    ``mine``: the reader asked it by name, and the session reaches it; of what was asked without a name
    a thread alone tells. ``hidden``: it was asked without a name. ``erased``: its author had it erased,
    only answers remain. ``for_region``: the whole region may read it, else the people of ``town``.
    ``day_only``: of its last activity the day is shown alone.
    """

    id: int
    title: str
    topic: Topic
    byline: Byline
    asked_at: datetime
    last_activity_at: datetime
    answer_count: int
    solved: bool
    for_region: bool
    paused: bool
    mine: bool
    erased: bool
    hidden: bool
    day_only: bool
    town: str


def readable(ctx: Context, *more: Any) -> Any:
    """Return the query of all questions that the acting person may read, for ``summary``.

    It is one query for everything that a ``Summary`` shows. ``more`` are further columns; they come
    after a row's own.
    """
    return (
        Question.select(
            Question.id,
            Question.title,
            Question.topic,
            Person.name,
            section_name(ctx.today),
            Question.asked_at,
            Question.last_activity_at,
            Question.answer_count,
            Question.state,
            Question.audience,
            Person.id,
            Municipality.id,
            Municipality.code,
            Municipality.name,
            Municipality.revision,
            within_reach(ctx, Question.municipality),
            Question.hidden_on,
            Question.alias_letter,
            Question.day_only,
            *more,
        )
        .left_outer_join(Appointment, on=(Appointment.id == Question.author))
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .join_from(Question, Section)
        .join_from(Question, Municipality)
        .where(visible(ctx, Question))
        .tuples()
    )


def summary(ctx: Context, row: tuple[Any, ...]) -> Summary:
    """Return one row of ``readable`` as its reader sees it."""
    (id_, title, topic, name, section, asked_at, last_at, count, state, audience, person) = row[:11]
    owner, (reached, hidden_on, alias, day_only) = MunicipalityRef(*row[11:15]), row[15:19]
    hidden, erased = hidden_on is not None, title == ERASED
    return Summary(
        id=id_,
        title=title,
        topic=TOPICS_BY_CODE[topic],
        byline=_byline(name, owner.name, section, alias),
        asked_at=asked_at,
        last_activity_at=last_at,
        answer_count=count,
        solved=state == SOLVED,
        for_region=audience == REGION,
        paused=not hidden and not active(owner, PLUGIN),
        mine=person == ctx.person_id and bool(reached),
        erased=erased,
        hidden=hidden,
        day_only=bool(day_only),
        town="" if audience == REGION else owner.name,
    )


def _byline(name: str | None, town: str, section: str, alias: str) -> Byline:
    if alias:
        return Byline(hidden_name(alias), "", "")
    return Byline(name, town, section) if name else Byline("", town, "")
