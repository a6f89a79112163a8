"""From a list that an office keeps to the columns of a plugin."""

import keyword
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from niwari.directory.audience import Shared
from niwari.pages.forms import Form
from niwari.scaffold.refusals import CannotScaffold
from niwari.tabular import LIMITS, Column, ImportRefused, Kind, Table, infer, read_book
from niwari.tabular.cells import heading_of
from niwari.tabular.values import LONGEST_NUMBER, Value, number_in

MOST_COLUMNS = 100
"""A form with more is none that anybody fills in."""

_LISTED = 5
_TOLD = 3
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Values under such a heading are people's; as choices they would stand in the source.
_OF_PEOPLE = re.compile(
    "担当|氏|姓|名前|お名|職員|者|長|主任|主事|本人|家族|世帯|児童|生徒|園児|会員|委員|講師|先生|代表"
    "|宛|連絡|住所|所在|番地|電話|携帯|メール|かな|カナ|生年|性別|年齢|血液|病|障害|国籍"
    "|name|person|people|staff|owner|author|member|contact|address|phone|tel|mail|gender|birth"
)
# What the generated model and form have beside the columns, and each table of PostgreSQL.
_TAKEN = frozenset(
    [
        "added_at",
        "author",
        "author_id",
        "changed_at",
        "cmax",
        "cmin",
        "csrf_token",
        "ctid",
        "form_errors",
        "form_key",
        "meta",
        "revision",
        "search_text",
        "tableoid",
        "values",
        "xmax",
        "xmin",
    ]
)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of the plugin: its name in the table, its labels, and what it takes.

    ``limit`` is the most characters of a text, ``listed`` whether the list shows it.
    """

    name: str
    ja: str
    en: str
    kind: Kind
    required: bool
    limit: int
    decimals: int
    choices: tuple[str, ...]
    listed: bool

    @property
    def field(self) -> str:
        """The Peewee field that keeps it, as Python."""
        null = "" if self.required else "null=True"
        match self.kind:
            case Kind.LONG_TEXT:
                return 'TextField(default="")'
            case Kind.NUMBER if self.decimals:
                options = [f"max_digits={LONGEST_NUMBER}", f"decimal_places={self.decimals}", null]
                return f"DecimalField({', '.join(filter(None, options))})"
            case Kind.NUMBER:
                return f"BigIntegerField({null})"
            case Kind.DATE:
                return f"DateField({null})"
            case Kind.YES_NO:
                return "BooleanField(default=False)"
            case _:
                return f'CharField(max_length={self.limit}, default="")'


def table_values(columns: Sequence[ListColumn]) -> dict[str, object]:
    """Return what the templates of a table know beside the names."""
    used = {column.field.partition("(")[0] for column in columns}
    always = {"CharField", "Check", "ForeignKeyField", "IntegerField", "TextField"}
    return {"columns": columns, "peewee_names": sorted(used | always)}


def read_list(
    path: Path, *, sheet: str = "", names: Mapping[str, str] | None = None
) -> tuple[ListColumn, ...]:
    """Read the list at ``path`` (.xlsx or .csv) and tell its columns; its rows are only looked at.

    ``names`` gives the names of columns by their headings; the others are called after a heading in
    plain ASCII, else ``column_1`` and so on. Raises ``CannotScaffold`` naming what is wrong.
    """
    table = _table(path, sheet)
    if len(table.columns) > MOST_COLUMNS:
        raise CannotScaffold(
            f"{path.name} has {len(table.columns)} columns; {MOST_COLUMNS} is the most, so take out "
            "those that are not needed"
        )
    chosen = _checked_names(table, names or {})
    listed = _listed(table)
    taken = set(chosen.values())
    columns = []
    for at, column in enumerate(_fitting(table)):
        name = chosen.get(column.name) or _name_of(column.name, at, taken)
        taken.add(name)
        columns.append(
            ListColumn(
                name=name,
                ja=column.name,
                en=_english(column.name, at, chosen.get(column.name, "")),
                kind=column.kind,
                required=column.required and column.kind is not Kind.YES_NO,
                limit=_limit(column),
                decimals=column.decimals,
                choices=column.choices,
                listed=column.name in listed,
            )
        )
    return tuple(columns)


def _table(path: Path, sheet: str) -> Table:
    try:
        if path.stat().st_size > LIMITS.size:
            raise CannotScaffold(
                f"{path.name} is larger than {LIMITS.size // 2**20} MB; take a part of the list"
            )
        return read_book(path.read_bytes(), sheet=sheet)
    except OSError as error:
        raise CannotScaffold(
            f"{path} cannot be read ({error.strerror}); name an .xlsx or .csv file that is there"
        ) from error
    except ImportRefused as refused:
        told = [f"line {bad.line} {bad.column}".rstrip() for bad in refused.bad_lines]
        reasons = [
            f"{place}: {bad.reason}" for place, bad in zip(told, refused.bad_lines, strict=True)
        ]
        more = f" (and {len(reasons) - _TOLD} more)" if len(reasons) > _TOLD else ""
        raise CannotScaffold(f"{path.name}: {' / '.join(reasons[:_TOLD])}{more}") from refused


def _fitting(table: Table) -> Iterator[Column]:
    """Yield what each column holds, or a text.

    That is for numbers that no column of the database takes, and for choices that may be people.
    """
    cells = zip(*(record.values for record in table.records), strict=True)
    for column, values in zip(infer(table).columns, cells, strict=True):
        too_long = column.kind is Kind.NUMBER and not all(
            _fits(value, column.decimals) for value in values
        )
        of_people = column.kind is Kind.CHOICE and _is_of_people(column.name)
        text = Column(column.name, Kind.TEXT, column.required, column.longest)
        yield text if too_long or of_people else column


def _is_of_people(heading: str) -> bool:
    return _OF_PEOPLE.search(unicodedata.normalize("NFKC", heading).lower()) is not None


def _fits(value: Value, decimals: int) -> bool:
    number = number_in(value)
    most = 10 ** max(LONGEST_NUMBER - decimals, 0)
    return number is None or (abs(number) < most and decimals < LONGEST_NUMBER)


def _limit(column: Column) -> int:
    match column.kind:
        case Kind.TEXT:
            return max(200, _round_up(column.longest, 100))
        case Kind.LONG_TEXT:
            return max(10_000, _round_up(column.longest, 1_000))
        case Kind.CHOICE:
            return 100
        case _:
            return 0


def _round_up(number: int, step: int) -> int:
    return -(-number // step) * step


def _listed(table: Table) -> set[str]:
    short = [c.name for c in infer(table).columns if c.kind is not Kind.LONG_TEXT]
    return set((short or list(table.columns[:1]))[:_LISTED])


def _checked_names(table: Table, names: Mapping[str, str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for given, name in names.items():
        heading = heading_of(given)
        if heading not in table.columns:
            raise CannotScaffold(
                f"there is no column {heading!r}; there are {', '.join(table.columns[:20])}"
            )
        if problem := _problem_of(name):
            raise CannotScaffold(f"column {heading!r}: {problem}")
        if name in chosen.values():
            raise CannotScaffold(f"two columns are called {name!r}; choose another for one")
        chosen[heading] = name
    return chosen


def _problem_of(name: str) -> str:
    """Return why no column can be called ``name``, with the mend; an empty text where one can."""
    if not _NAME.fullmatch(name):
        return f"name {name!r}: use up to 40 lower-case letters, digits and underscores"
    beginning = name.startswith(("validate_", "filter_"))
    if keyword.iskeyword(name) or name in _TAKEN or hasattr(Shared, name) or hasattr(Form, name):
        return f"name {name!r} means something else in the plugin's code; choose another"
    return f"name {name!r} means something to its form; choose another" if beginning else ""


def _name_of(heading: str, at: int, taken: set[str]) -> str:
    """Return a name after the heading where that is plain ASCII and free, else by its place."""
    found = re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_") if heading.isascii() else ""
    if found and not _problem_of(found) and found not in taken:
        return found
    name, turn = f"column_{at + 1}", 1
    while name in taken:
        name, turn = f"column_{at + 1}_{turn}", turn + 1
    return name


def _english(heading: str, at: int, chosen: str) -> str:
    if heading.isascii():
        return heading
    return chosen.replace("_", " ").capitalize() if chosen else f"Column {at + 1} ({heading})"
