"""What the API takes and answers: the one source for reading, writing and the OpenAPI document.

Names are English snake_case. Instants are RFC 3339 in UTC, days ``YYYY-MM-DD`` in Tokyo, amounts
whole minutes in fields called ``*_minutes``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import Meta

Item = TypeVar("Item")

LONGEST_PAGE = 100

MunicipalityCode = Annotated[
    str, Meta(pattern="^[0-9]{6}$", description="Code of a municipality, with check digit.")
]
Audience = Literal["section", "municipality", "region", "people", "region_people"]
WallTime = Annotated[
    str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="Wall time in Tokyo.")
]
Cursor = Annotated[str, Meta(max_length=600)]
Instant = Annotated[datetime, Meta(tz=True)]
RowId = Annotated[int, Meta(ge=0, le=2**31 - 1)]
DayOrInstant = Annotated[str, Meta(description="A day, or an instant in RFC 3339.")]


@dataclass(frozen=True, slots=True)
class NoParameters:
    """Nothing is asked."""


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list."""

    after: Annotated[Cursor | None, Meta(description="The `next_cursor` of the page before.")] = (
        None
    )
    limit: Annotated[int, Meta(ge=1, le=LONGEST_PAGE, description="Items of a page.")] = 50


@dataclass(frozen=True, slots=True)
class SectionsQuery(Paging):
    """Which sections."""

    municipality_code: Annotated[
        MunicipalityCode | None, Meta(description="A municipality of the region; else one's own.")
    ] = None


@dataclass(frozen=True, slots=True)
class PeopleQuery(Paging):
    """Which people."""

    municipality_code: Annotated[
        MunicipalityCode | None, Meta(description="A municipality of the region; else all of it.")
    ] = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: tuple[Item, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of the region."""

    code: MunicipalityCode
    name: str
    kana: str
    kind: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section (課・室・施設) of a municipality; `path` is the chain of names from the top."""

    id: int
    municipality_code: MunicipalityCode
    parent_id: int | None
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a post that holds today. Concurrent posts (兼務・併任) are items of their own."""

    post_id: int
    person_id: int
    name: str
    kana: str
    municipality_code: MunicipalityCode
    section_id: int
    section_path: str


@dataclass(frozen=True, slots=True)
class Post:
    """The post in which a personal token acts."""

    post_id: int
    person_id: int
    person_name: str
    section_id: int
    section_name: str


@dataclass(frozen=True, slots=True)
class Me:
    """For whom the token acts, and what it can do today. `post` is null for a municipality's."""

    municipality_code: MunicipalityCode
    municipality_name: str
    post: Post | None
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that people share through a feature."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Thing:
    """A shared thing. `dated` is the day or instant that it is about; `url` is its page.

    `municipality_code` is null where nobody may see whose it is.
    """

    kind: str
    id: int
    title: str
    text: str
    dated: DayOrInstant | None
    audience: Audience
    municipality_code: MunicipalityCode | None
    url: str


@dataclass(frozen=True, slots=True)
class WrongParameter:
    """A parameter that could not be taken. `expected` is its JSON schema."""

    source: Literal["query", "header", "body", "path"]
    name: str
    reason: str
    expected: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """An error (RFC 9457). `type` is a part of docs/api.md, `request_id` finds it in the log."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    rule: str | None = None
    field: str | None = None
    errors: tuple[WrongParameter, ...] = ()
