"""Where the table lies on a sheet: below a title, beside empty columns, above a note.

Lists in offices begin at B3, have a title and a date above, headings over two lines with merged
cells, a section's name merged over its people, and a note below. The grid is the sheet as it is; the
table is what is meant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from niwari.errors import N_
from niwari.tabular.cells import heading_of, shown
from niwari.tabular.limits import UnreadableFile
from niwari.tabular.refusals import Refusals
from niwari.tabular.values import Value, written
from niwari.texts import is_illegible

_LOOKED_AT = 50
_NOTE_MARKS = ("※", "＊", "注）", "注)", "（注", "(注")
_ERRORS = frozenset(
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"]
)


@dataclass(frozen=True, slots=True)
class GridRow:
    """A line of a sheet with content, its number (from 1) and its cells from the left edge."""

    line: int
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells: lines from 1, columns from 0, both ends included. The value is at its start."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its name (empty for CSV), its lines with content in order, its merged areas."""

    name: str
    rows: tuple[GridRow, ...]
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A line of the table: its values in the order of the columns, and its line in the file."""

    line: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the records below it; no record is empty, and every column has a name."""

    name: str
    columns: tuple[str, ...]
    records: tuple[Record, ...]


def table_of(grid: Grid) -> Table:
    """Find the table on a sheet.

    The header is the first line with at least two cells, right above another line, that is at
    least half as wide as what follows; merged cells carry it over two lines. Columns without name
    and content fall away, notes (※) below the table too. Raises ``ImportRefused`` that names each
    column without a name, each name that stands twice, each cell that holds a formula's error or a
    character that cannot be seen; ``UnreadableFile`` where there is no table.
    """
    rows = [replace(row, cells=tuple(map(_stripped, row.cells))) for row in grid.rows]
    rows = [row for row in rows if _filled(row)]
    start = _header_at(rows)
    names, depth = _names(rows, start, grid.areas)
    body = _without_notes(_filled_down(rows[start + depth :], grid.areas))
    if not body:
        raise _no_table()
    refusals = Refusals()
    width = max(len(row.cells) for row in body)
    names += [""] * (width - len(names))
    kept = [at for at, name in enumerate(names) if name or _has_content(body, at)]
    columns = _checked_names(rows[start].line, names, kept, refusals)
    records = tuple(_record(row, kept, columns, refusals) for row in body)
    refusals.raise_if_any()
    return Table(grid.name, columns, records)


def column_letter(place: int) -> str:
    """Return how a spreadsheet calls the column at ``place`` (from 0): A, B, … AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _no_table() -> UnreadableFile:
    return UnreadableFile(
        N_("表が見つかりません。見出しの行（二つ以上の欄）と、そのすぐ下に一つ以上の行が要ります。")
    )


def _stripped(cell: Value) -> Value:
    if not isinstance(cell, str):
        return cell
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip() or None


def _filled(row: GridRow) -> int:
    return sum(cell is not None for cell in row.cells)


def _has_content(rows: Sequence[GridRow], place: int) -> bool:
    return any(place < len(row.cells) and row.cells[place] is not None for row in rows)


def _header_at(rows: Sequence[GridRow]) -> int:
    """Return the index of the header's line; raises ``UnreadableFile``."""
    for at, row in enumerate(rows[:_LOOKED_AT]):
        following = rows[at + 1 : at + 1 + _LOOKED_AT]
        if not following:
            break
        widest = max(_filled(next_row) for next_row in following)
        adjoining = following[0].line == row.line + 1
        if _filled(row) >= 2 and adjoining and 2 * _filled(row) >= widest:
            return at
    raise _no_table()


def _names(rows: Sequence[GridRow], start: int, areas: Sequence[Area]) -> tuple[list[str], int]:
    """Return the columns' names and how many lines the header has: one or, merged, two."""
    top = rows[start]
    names = [_name(cell) for cell in top.cells]
    over = [area for area in areas if area.top == top.line]
    depth = 2 if any(area.bottom == top.line + 1 for area in over) else 1
    if depth == 1:
        return names, 1
    upper = list(names)
    for area in over:
        for place in range(area.left, min(area.right + 1, len(upper))):
            upper[place] = upper[area.left]
    second = rows[start + 1]
    lower = [_name(cell) for cell in second.cells] if second.line == top.line + 1 else []
    lower += [""] * (len(upper) - len(lower))
    # 「自宅 電話」, where 「電話」 alone would stand twice.
    return [
        f"{above} {below}" if below and above and lower.count(below) > 1 else below or above
        for above, below in zip(upper, lower, strict=False)
    ], 2


def _name(cell: Value) -> str:
    return heading_of(written(cell))


def _filled_down(rows: Sequence[GridRow], areas: Sequence[Area]) -> list[GridRow]:
    """Return the rows with the value of merged cells in each line over which they go."""
    tall = {(area.top, area.left): area for area in areas if area.bottom > area.top}
    if not tall:
        return list(rows)
    filled: list[GridRow] = []
    open_areas: dict[int, tuple[Area, Value]] = {}
    for row in rows:
        cells = list(row.cells)
        for place in [place for place, (area, _) in open_areas.items() if area.bottom < row.line]:
            del open_areas[place]
        for place, (_, value) in open_areas.items():
            cells[place] = value
        for place, cell in enumerate(cells):
            if area := tall.get((row.line, place)):
                open_areas[place] = (area, cell)
        filled.append(GridRow(row.line, tuple(cells)))
    return filled


def _without_notes(rows: list[GridRow]) -> list[GridRow]:
    while rows:
        written_cells = [cell for cell in rows[-1].cells if cell is not None]
        first = written_cells[0]
        if len(written_cells) > 1 or not str(first).startswith(_NOTE_MARKS):
            break
        rows = rows[:-1]
    return rows


def _checked_names(
    line: int, names: Sequence[str], kept: Sequence[int], refusals: Refusals
) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    for place in kept:
        name, letter = names[place], column_letter(place)
        if not name:
            refusals.add(line, letter, N_("この列に見出しがありません。見出しを付けてください。"))
        elif is_illegible(name):
            refusals.add(line, letter, N_("見出しに、使えない文字（制御文字など）があります。"))
        elif name in seen:
            refusals.add(
                line,
                letter,
                N_("見出し「%(name)s」が%(other)s列にもあります。別の名前にしてください。"),
                name=shown(name),
                other=column_letter(seen[name]),
            )
        seen.setdefault(name, place)
    return tuple(names[place] for place in kept)


def _record(
    row: GridRow, kept: Sequence[int], columns: Sequence[str], refusals: Refusals
) -> Record:
    values = tuple(row.cells[place] if place < len(row.cells) else None for place in kept)
    for column, value in _texts(columns, values):
        if value in _ERRORS:
            refusals.add(
                row.line,
                column,
                N_("式の結果がエラー（%(error)s）です。表計算で直してください。"),
                error=value,
            )
        elif is_illegible(value):
            refusals.add(row.line, column, N_("使えない文字（制御文字など）が入っています。"))
    return Record(row.line, values)


def _texts(columns: Sequence[str], values: Sequence[Value]) -> Iterator[tuple[str, str]]:
    for column, value in zip(columns, values, strict=True):
        if isinstance(value, str):
            yield column, value
