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
    section_name,
    visible,
    within_reach,
)
from niwari_consult.models import SOLVED, Question
from niwari_consult.topics import TOPICS_BY_CODE, Topic

PLUGIN = "consult"


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote something, as shown: name, municipality, and the section of the day of writing.

    The section is called what it is called today, also where it was renamed since.
    """

    name: str
    municipality: str
    section: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A question in short.

    ``paused``: its municipality has consult off, so it can be read but neither answered nor solved.
    ``mine``: the reader asked it, and the session reaches it. ``erased``: its author had it erased,
    only answers remain. ``for_region``: the whole region may read it.
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
    owner, reached = MunicipalityRef(*row[11:15]), row[15]
    return Summary(
        id=id_,
        title=title,
        topic=TOPICS_BY_CODE[topic],
        byline=Byline(name, owner.name, section) if name else Byline("", owner.name, ""),
        asked_at=asked_at,
        last_activity_at=last_at,
        answer_count=count,
        solved=state == SOLVED,
        for_region=audience == REGION,
        paused=not active(owner, PLUGIN),
        mine=person == ctx.person_id and bool(reached),
        erased=person is None,
    )
