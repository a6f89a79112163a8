"""The lines of people.csv, each checked by itself."""

import re
from dataclasses import dataclass
from datetime import date

from niwari.directory.cells import login_of, municipality_of
from niwari.directory.duties.cells import duties_of
from niwari.directory.models import EMPLOYMENTS
from niwari.errors import N_
from niwari.tabular import (
    BadCell,
    Reader,
    Refusals,
    Row,
    choice_of,
    day_of,
    normalised,
    optional_day_of,
    read_table,
    shown,
    text_of,
)

SectionKey = tuple[str, str]
"""A section: the code of its municipality, and its path."""

_EMAIL = re.compile(r"[A-Za-z0-9_][^@\s]*@[^@\s]+\.[^@\s]+")
_LONGEST_EMAIL = 254
_LONGEST_PATH = 400
_part = text_of(100)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One good line: a person's post in a section, and that section's head from ``start`` on.

    ``municipality`` is a six-digit code, ``section`` a path; ``email`` and ``head`` may be empty.
    ``duties`` are codes of what the section does, none where the line does not say.
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
    duties: frozenset[str] = frozenset()

    @property
    def section_key(self) -> SectionKey:
        """The section of the post."""
        return self.municipality, self.section


def read_lines(data: bytes, refusals: Refusals) -> tuple[list[PersonLine], frozenset[str]]:
    """Return the good lines of people.csv, and the logins that stand on the bad ones.

    Raises ``ImportRefused`` where the file has no rows to go on with.
    """
    lines: list[PersonLine] = []
    doubtful: set[str] = set()
    for row in read_table(data, COLUMNS, refusals, OPTIONAL):
        line = _line(row, refusals)
        if line is None:
            doubtful.update(_logins(row))
        else:
            lines.append(line)
    return lines, frozenset(doubtful)


def _line(row: Row, refusals: Refusals) -> PersonLine | None:
    said = {column: reader for column, reader in _OPTIONAL.items() if column in row.cells}
    values = row.read(_READERS | said, refusals)
    if values is None:
        return None
    line = PersonLine(row.line, **values)
    if line.end is not None and line.end < line.start:
        refusals.add(row.line, "end", N_("終わりの日が始まりの日より前です。"))
        return None
    return line


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
    kana: str = text_of(200)(normalised(cell))
    return kana


def _email_of(cell: str) -> str:
    email = normalised(cell)
    if email and (not _EMAIL.fullmatch(email) or len(email) > _LONGEST_EMAIL):
        raise BadCell(N_("メールアドレスの形ではありません（%(given)s）。"), given=shown(cell))
    return email


def _section_of(cell: str) -> str:
    names = [name.strip() for name in cell.replace("／", "/").split("/")]
    if not all(names):
        raise BadCell(
            N_("所属は「総務部/人事課」のように書いてください（%(given)s）。"), given=shown(cell)
        )
    path = "/".join(_part(name) for name in names)
    if len(path) > _LONGEST_PATH:
        raise BadCell(
            N_("長すぎます。%(limit)s文字までのところ、%(length)s文字あります。"),
            limit=_LONGEST_PATH,
            length=len(path),
        )
    return path


def _head_of(cell: str) -> str:
    return login_of(cell) if cell else ""


_READERS: dict[str, Reader] = {
    "municipality": municipality_of,
    "login": login_of,
    "name": text_of(100),
    "kana": _kana_of,
    "email": _email_of,
    "section": _section_of,
    "head": _head_of,
    "employment": choice_of(EMPLOYMENTS),
    "start": day_of,
    "end": optional_day_of,
}

_OPTIONAL: dict[str, Reader] = {
    "duties": duties_of,
}

COLUMNS = tuple(_READERS)
"""The columns that people.csv has to have."""

OPTIONAL = tuple(_OPTIONAL)
"""The columns that it may have."""
