"""The lines of people.csv, each checked by itself."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from niwari.directory.cells import login_of, municipality_of
from niwari.directory.duties.cells import duties_of
from niwari.directory.importing.columns import PEOPLE, needed
from niwari.directory.models import EMPLOYMENTS
from niwari.errors import N_
from niwari.tabular import (
    BadCell,
    Reader,
    Readings,
    Refusals,
    Row,
    choice_of,
    day_of,
    normalised,
    optional_day_of,
    shown,
    text_of,
)

SectionKey = tuple[str, str]
"""A section: the code of its municipality, and its path."""

_EMAIL = re.compile(r"[A-Za-z0-9_][^@\s]*@[^@\s]+\.[^@\s]+")
_LONGEST_EMAIL = 254
LONGEST_PATH = 400
OTHER_TOWN = N_("ほかの市町村（%(code)s）の行です。取り込めるのは自分の市町村の行だけです。")
_RANK = re.compile(r"[1-9][0-9]?")
_name = text_of(100)
_kana = text_of(200)


class PersonLine(NamedTuple):
    """One good line: a person's post in a section, and that section's head from ``start`` on.

    ``municipality`` is a six-digit code, ``section`` a path; ``email`` and ``head`` may be empty.
    ``title`` (職名) and ``stand_in``, the rank among those who stand in for an absent head, are
    ``None`` where the file has no such column; a rank of 0 is none. ``clerk`` names a 庶務担当.
    ``duties`` are codes of what the section does, none where the line does not say.
    ``said`` is what the file calls the section, where that is not its key. A tuple, as there are
    very many.
    """

    number: int
    municipality: str
    login: str
    name: str
    kana: str
    email: str
    section: str
    head: str
    employment: str
    start: date
    end: date | None
    title: str | None = None
    stand_in: int | None = None
    clerk: bool = False
    duties: frozenset[str] = frozenset()
    said: str = ""

    @property
    def path(self) -> str:
        """The section as the file calls it."""
        return self.said or self.section

    @property
    def section_key(self) -> SectionKey:
        """The section of the post."""
        return self.municipality, self.section


def each_line(
    data: bytes | BinaryIO, refusals: Refusals, doubtful: set[str], only: str = ""
) -> Iterator[PersonLine]:
    """Yield the good lines of people.csv; ``doubtful`` gets the logins that stand on the bad ones.

    With ``only``, the code of a municipality, lines of others are refused. Raises
    ``ImportRefused`` where the file has no rows to go on with.
    """
    readings = Readings(data, _READERS, refusals, _OPTIONAL)
    more = readings.columns[len(COLUMNS) :]
    for number, values in readings:
        if isinstance(values, Row):
            doubtful.update(_logins(values))
            continue
        line = PersonLine(number, *values[: len(COLUMNS)])
        if more:
            line = line._replace(**dict(zip(more, values[len(COLUMNS) :], strict=True)))
        if _is_good(line, only, refusals):
            yield line
        else:
            doubtful.add(line.login)


def _is_good(line: PersonLine, only: str, refusals: Refusals) -> bool:
    if line.end is not None and line.end < line.start:
        refusals.add(line.number, "end", N_("終わりの日が始まりの日より前です。"))
        return False
    if only and line.municipality != only:
        refusals.add(
            line.number,
            "municipality",
            OTHER_TOWN,
            code=line.municipality,
        )
        return False
    return True


def _logins(row: Row) -> list[str]:
    # In a row with a cell too few or too many, the login may stand in any of them.
    cells = [row.cells["login"]] if row.complete else row.cells.values()
    return [login for cell in cells if (login := _login_or_none(cell)) is not None]


def _login_or_none(cell: str) -> str | None:
    try:
        return login_of(cell)
    except BadCell:
        return None


def _kana_of(cell: str) -> str:
    # Half-width kana come from older systems; they would sort apart from all the others.
    kana: str = _kana(normalised(cell))
    return kana


def _email_of(cell: str) -> str:
    email = normalised(cell) if cell else ""
    if email and (not _EMAIL.fullmatch(email) or len(email) > _LONGEST_EMAIL):
        raise BadCell(N_("メールアドレスの形ではありません（%(given)s）。"), given=shown(cell))
    return email


def section_of(cell: str) -> str:
    """Read a section's path like ``総務部/人事課``; raises ``BadCell``."""
    names = [name.strip() for name in cell.replace("／", "/").split("/")]
    if not all(names):
        raise BadCell(
            N_("所属は「総務部/人事課」のように書いてください（%(given)s）。"), given=shown(cell)
        )
    if len(set(names)) < len(names):
        raise BadCell(
            N_("上の所属と下の所属に、同じ名前は使えません（%(given)s）。"), given=shown(cell)
        )
    path = "/".join(_name(name) for name in names)
    if len(path) > LONGEST_PATH:
        raise BadCell(
            N_("長すぎます。%(limit)s文字までのところ、%(length)s文字あります。"),
            limit=LONGEST_PATH,
            length=len(path),
        )
    return path


def _title_of(cell: str) -> str:
    title: str = text_of(40)(cell) if cell else ""
    return title


def _stand_in_of(cell: str) -> int:
    rank = normalised(cell)
    if rank and not _RANK.fullmatch(rank):
        raise BadCell(
            N_("代決の順番は1から99までの整数か、空にしてください（%(given)s）。"),
            given=shown(cell),
        )
    return int(rank or 0)


def _clerk_of(cell: str) -> bool:
    if normalised(cell) not in ("", "1"):
        raise BadCell(
            N_("庶務担当なら1、そうでなければ空にしてください（%(given)s）。"), given=shown(cell)
        )
    return bool(cell)


def _head_of(cell: str) -> str:
    return login_of(cell) if cell else ""


# The same towns, sections and days come again and again.
_REMEMBERED = lru_cache(maxsize=10_000)

_READERS: dict[str, Reader] = {
    "municipality": _REMEMBERED(municipality_of),
    "login": login_of,
    "name": _name,
    "kana": _kana_of,
    "email": _email_of,
    "section": _REMEMBERED(section_of),
    "head": _REMEMBERED(_head_of),
    "employment": _REMEMBERED(choice_of(EMPLOYMENTS)),
    "start": _REMEMBERED(day_of),
    "end": _REMEMBERED(optional_day_of),
}

_OPTIONAL: dict[str, Reader] = {
    "title": _REMEMBERED(_title_of),
    "stand_in": _stand_in_of,
    "clerk": _clerk_of,
    "duties": _REMEMBERED(duties_of),
}

COLUMNS = needed(PEOPLE)
"""The columns that people.csv has to have."""
