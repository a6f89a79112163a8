"""Text to rows: the header checked, each row with the physical line on which it begins."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from operator import call, itemgetter
from typing import Any, BinaryIO, NamedTuple, TypeVar

from niwari.errors import N_
from niwari.tabular.archive import is_book
from niwari.tabular.cells import Reader, normalised, shown
from niwari.tabular.csv_file import WrongQuotes, records_of
from niwari.tabular.encoding import text_of_file
from niwari.tabular.limits import LIMITS, UnreadableFile
from niwari.tabular.refusals import BadCell, Refusals, refuse_cell
from niwari.tabular.sheet import grid_of_book
from niwari.tabular.values import written
from niwari.texts import is_invisible

# Not every white space: what else stands at the edge of a cell is a control character.
_BLANK = " \t\u3000"
_SIGNATURE = 8
_Line = TypeVar("_Line")


class Row(NamedTuple):
    """A line of the table: stripped cells by column, and the physical line on which it begins.

    A row with too few or too many cells, which is refused already, is not ``complete``.
    """

    line: int
    cells: Mapping[str, str]
    complete: bool = True

    def read(self, readers: Mapping[str, Reader], refusals: Refusals) -> dict[str, Any] | None:
        """Return the values of the columns that ``readers`` name; ``None`` if any is refused."""
        if not self.complete:
            return None
        values = {}
        for column, reader in readers.items():
            try:
                values[column] = reader(self.cells[column])
            except BadCell as bad:
                refuse_cell(refusals, self.line, column, bad)
        return values if len(values) == len(readers) else None


def read_table(
    data: bytes | BinaryIO, columns: Sequence[str], refusals: Refusals, optional: Sequence[str] = ()
) -> list[Row]:
    """Return the rows of ``each_row``."""
    return list(each_row(data, columns, refusals, optional))


def good_lines(
    data: bytes | BinaryIO,
    columns: Sequence[str],
    line: Callable[[Row, Refusals], _Line | None],
    refusals: Refusals,
) -> list[_Line]:
    """Return what ``line`` makes of the rows; those that it refuses, with ``None``, are left out."""
    made = (line(row, refusals) for row in each_row(data, columns, refusals))
    return [one for one in made if one is not None]


def each_row(
    data: bytes | BinaryIO,
    columns: Sequence[str],
    refusals: Refusals,
    optional: Sequence[str] = (),
) -> Iterator[Row]:
    """Read a CSV file or a book whose header names each of ``columns`` once, in any order.

    It may name the ``optional`` ones too, each once; where it does not, no row has such a cell.
    An open CSV file is gone through as a stream: it stays on the disk, and is not closed.

    Lines without any content are left out. Lines with control characters or a wrong number of cells
    go into ``refusals``. Raises ``ImportRefused`` where there is nothing to go on with: unreadable
    bytes, another kind of file, a wrong header, or no line below it. A book's days and times are
    written as in our CSV files.
    """
    names, records = _opened(data, columns, optional, refusals)
    for line, record in records:
        yield _row(line, names, record, refusals)


class Readings:
    """The lines of a file, read by position, as some files have very many.

    ``readers``, two or more, are those of the columns that there have to be, ``optional`` those of
    the others. What is refused is what ``each_row`` and ``Row.read`` refuse.
    """

    def __init__(
        self,
        data: bytes | BinaryIO,
        readers: Mapping[str, Reader],
        refusals: Refusals,
        optional: Mapping[str, Reader],
    ) -> None:
        """Read the header; raises ``ImportRefused`` as ``each_row`` does."""
        self._names, self._records = _opened(data, tuple(readers), tuple(optional), refusals)
        present = {name: optional[name] for name in optional if name in self._names}
        self._readers = {**readers, **present}
        self._refusals = refusals
        self.columns = tuple(self._readers)
        """The columns that the file has, in the order of the readers."""

    def __iter__(self) -> Iterator[tuple[int, list[Any] | Row]]:
        """Yield each line's number and values, in the order of ``columns``; of a bad line its row."""
        width, readers = len(self._names), tuple(self._readers.values())
        pick = itemgetter(*(self._names.index(name) for name in self._readers))
        for line, record in self._records:
            # Most lines are good: only the others are looked at cell by cell.
            if len(record) == width and "".join(record).isprintable():
                try:
                    values = [*map(call, readers, pick(record))]
                except BadCell:
                    pass
                else:
                    yield line, values
                    continue
            row = _row(line, self._names, record, self._refusals)
            found = row.read(self._readers, self._refusals)
            yield line, row if found is None else [*found.values()]


def _opened(
    data: bytes | BinaryIO, columns: Sequence[str], optional: Sequence[str], refusals: Refusals
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """Return the names of the columns and the records, each with the line on which it begins."""
    file = BytesIO(data) if isinstance(data, bytes) else data
    file.seek(0)
    book = is_book(file.read(_SIGNATURE))
    records = _records_of_book(file) if book else _records(file, refusals)
    line, header = next(records, (1, []))
    if not header:
        # The header itself may be what is refused: then nothing is known of its columns.
        refusals.raise_if_any()
        raise UnreadableFile(N_("ファイルが空です。"))
    names = [normalised(name) for name in header]
    _check_header(line, names, columns, optional)
    return names, _not_without(records, refusals)


def _not_without(
    records: Iterator[tuple[int, list[str]]], refusals: Refusals
) -> Iterator[tuple[int, list[str]]]:
    """Yield the records; raises ``UnreadableFile`` at their end where there were none."""
    first = next(records, None)
    if first is None:
        if not refusals:
            raise UnreadableFile(
                N_(
                    "見出しの行だけで、取り込む行がありません。"
                    "2行目から内容のあるファイルを選んでください。"
                )
            )
        return
    yield first
    yield from records


def _row(line: int, names: Sequence[str], record: Sequence[str], refusals: Refusals) -> Row:
    row = Row(line, dict(zip(names, record, strict=False)), len(record) == len(names))
    if not row.complete:
        refusals.add(
            line,
            "",
            N_("欄の数が違います。%(expected)s個のはずが、%(found)s個あります。"),
            expected=len(names),
            found=len(record),
        )
    if not "".join(record).isprintable():  # what cannot be seen is not, and most lines are
        _check_characters(row, refusals)
    return row


def _records_of_book(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of the first visible sheet as a CSV file would have them."""
    width = 0
    file.seek(0)
    for row in grid_of_book(file.read(), "", LIMITS).rows:
        record = [written(cell).strip(_BLANK) for cell in row.cells]
        while len(record) > width and not record[-1]:
            record.pop()
        width = width or len(record)
        if any(record):
            yield row.line, record


def _records(file: BinaryIO, refusals: Refusals) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that have any content, stripped, with the line on which each begins."""
    try:
        with text_of_file(file) as text:
            for line, cells in records_of(text):
                record = [cell.strip(_BLANK) for cell in cells]
                if any(record):
                    yield line, record
    except WrongQuotes as wrong:
        refusals.add(
            wrong.line,
            "",
            N_('引用符（"）の使い方が正しくありません。この行から後は確かめていません。'),
        )


def _check_header(
    line: int, names: Sequence[str], columns: Sequence[str], optional: Sequence[str]
) -> None:
    refusals = Refusals()
    for column in (*columns, *optional):
        if column not in names:
            if column in optional:
                continue
            refusals.add(line, column, N_("この列がありません。"))
        elif names.count(column) > 1:
            refusals.add(line, column, N_("この列が二つ以上あります。"))
    for name in dict.fromkeys(names):
        if name not in (*columns, *optional):
            refusals.add(
                line,
                shown(name),
                N_("知らない列です。使える列は %(columns)s です。"),
                columns=", ".join((*columns, *optional)),
            )
    refusals.raise_if_any()


def _check_characters(row: Row, refusals: Refusals) -> None:
    for column, cell in row.cells.items():
        wrong = next(filter(is_invisible, cell), None)
        if wrong is None:
            continue
        if wrong in "\r\n":
            refusals.add(row.line, column, N_("欄の中に改行があります。"))
        else:
            refusals.add(
                row.line,
                column,
                N_("使えない文字（%(character)s）があります。"),
                character=f"U+{ord(wrong):04X}",
            )
