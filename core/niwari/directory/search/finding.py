"""The search itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from niwari.context import Context
from niwari.db import is_postgresql, rows
from niwari.directory.models import (
    Appointment,
    Municipality,
    Person,
    Section,
    on_day,
)
from niwari.directory.regions import region_towns
from niwari.directory.search.folding import folded
from niwari.directory.search.models import PersonText
from niwari.directory.sections import path_on_day, with_version
from niwari.errors import N_, Invalid
from niwari.pages.addresses import whole_number

PAGE = 30
LONGEST, MOST_WORDS = 100, 5


class WrongSearch(Invalid):
    """The text of a search cannot be used."""

    field = "text"


@dataclass(frozen=True, slots=True)
class Found:
    """A post held today, as the list of people shows it."""

    appointment_id: int
    person_id: int
    name: str
    kana: str
    section: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the list: after the post ``id`` of somebody who reads ``kana``."""

    kana: str
    id: int

    def __str__(self) -> str:
        """Write it for an address."""
        return f"{self.id}-{self.kana}"

    @classmethod
    def read(cls, text: str) -> "Position | None":
        """Read it from an address; what is none gives ``None``."""
        number, found, kana = text.partition("-")
        post = whole_number(number)
        return cls(kana, post) if post and found and "\0" not in kana else None


@dataclass(frozen=True, slots=True)
class People:
    """A page of what was found; ``following`` is where the next one begins, if there is one."""

    people: Sequence[Found]
    following: Position | None


def search_people(ctx: Context, text: str, after: Position | None = None) -> People:
    """Return the posts of today in the own region whose holders or sections have ``text`` in them.

    Any part of a name, of its reading or of a section counts, from one character on; of several
    words each has to be found. At most ``PAGE`` in the order of reading. Without a region the own
    municipality is searched. At most 3 queries, whose cost grows with the region and not with the
    installation. Raises ``WrongSearch`` for a text that is too long or has nothing to look for.
    """
    words = _words(text)
    towns = _towns(ctx)
    condition = on_day(Appointment, ctx.today) & Appointment.municipality.in_(towns)
    for word, sections in zip(words, _sections(towns, words, ctx.today), strict=True):
        condition &= _has(word, sections, towns)
    if after is not None:
        later = (Person.kana == after.kana) & (Appointment.id > after.id)
        condition &= (Person.kana > after.kana) | later
    query: Any = with_version(
        Appointment.select(
            Appointment.id, Person.id, Person.name, Person.kana, path_on_day(), Municipality.name
        )
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .join_from(Appointment, Municipality),
        ctx.today,
    ).where(condition)
    ordered = query.order_by(Person.kana, Appointment.id).limit(PAGE + 1)
    found = [Found(*row) for row in rows(ordered)]
    page = found[:PAGE]
    more = len(found) > PAGE
    return People(page, Position(page[-1].kana, page[-1].appointment_id) if more else None)


def _words(text: str) -> list[str]:
    words = [word for word in text.split() if folded(word)]
    if not words:
        raise WrongSearch(N_("氏名、よみがな、所属のどれかを入力してください。"))
    if len(text) > LONGEST or len(words) > MOST_WORDS:
        raise WrongSearch(
            N_("%(longest)s文字、%(words)s語までにしてください。"),
            longest=LONGEST,
            words=MOST_WORDS,
        )
    return words


def _towns(ctx: Context) -> list[int]:
    return sorted({ctx.municipality.id, *(town for (town,) in rows(region_towns(ctx)))})


def _sections(towns: Sequence[int], words: Sequence[str], day: date) -> list[list[int]]:
    """Return for each word the sections that have it in their path on ``day``.

    Some hundred rows are read.
    """
    here = Section.municipality.in_(towns) & on_day(Section, day)
    known = rows(with_version(Section.select(Section.id, path_on_day()), day).where(here))
    looked_for = [folded(word) for word in words]
    return [[row_id for row_id, path in known if word in folded(path)] for word in looked_for]


def _has(word: str, sections: Sequence[int], towns: Sequence[int]) -> Any:
    """Return the condition that a post's holder or section has ``word``."""
    place = fn.STRPOS if is_postgresql() else fn.INSTR
    holders = PersonText.select(PersonText.person).where(
        PersonText.municipality.in_(towns) & (place(PersonText.text, folded(word)) > 0)
    )
    named: Any = Appointment.person.in_(holders)
    return named | Appointment.section.in_(sections) if sections else named
