"""Splitting a large file into portions that can be imported one after the other."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from tempfile import SpooledTemporaryFile
from typing import IO

from msgspec import msgpack

from niwari.directory.importing.lines import PersonLine

PORTION = 5_000
"""Lines of a portion, at the least; a town's lines stay together whatever their number."""

_by_number = attrgetter("number")


class Gathered:
    """The lines of a file by municipality, as ``gathered`` yields them."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin with no lines, and with an empty file for those that memory should not hold."""
        self.count = 0
        self._file = file
        self._held: dict[str, list[PersonLine]] = defaultdict(list)
        # Of each municipality: begin and length of each piece in the file, one after the other.
        self._pieces: dict[str, array[int]] = defaultdict(lambda: array("Q"))
        self._meetings = _Meetings()
        self._encode = msgpack.Encoder().encode
        self._decode = msgpack.Decoder(list[PersonLine]).decode

    @property
    def towns(self) -> list[str]:
        """The codes of the municipalities, in order."""
        return sorted(self._pieces.keys() | self._held.keys())

    def take(self, lines: Iterable[PersonLine]) -> None:
        """Take in lines, as they come."""
        for line in lines:
            self._held[line.municipality].append(line)
            self.count += 1
            if self.count % PORTION == 0:
                self._put_away()
        for town, held in self._held.items():
            self._meetings.note(town, held)

    def portions(self) -> Iterator[list[PersonLine]]:
        """Yield the lines in portions that do not touch each other, in the order of municipalities.

        Two municipalities whose lines name the same person, as holder or head, are in the same
        portion. It can be asked for once.
        """
        together: dict[str, list[str]] = defaultdict(list)
        groups = self._meetings.groups()
        for town in self.towns:
            together[groups.of(town)].append(town)
        portion: list[PersonLine] = []
        for group in together.values():
            for town in group:
                portion += self._lines_of(town)
            if len(portion) >= PORTION:
                yield sorted(portion, key=_by_number)
                portion = []
        if portion:
            yield sorted(portion, key=_by_number)

    def _put_away(self) -> None:
        place = self._file.tell()
        for town, lines in self._held.items():
            self._meetings.note(town, lines)
            piece = self._encode(lines)
            self._file.write(piece)
            self._pieces[town].extend((place, len(piece)))
            place += len(piece)
        self._held.clear()

    def _lines_of(self, town: str) -> Iterator[PersonLine]:
        places = self._pieces.get(town, ())
        for place, length in zip(places[::2], places[1::2], strict=True):
            self._file.seek(place)
            yield from self._decode(self._file.read(length))
        yield from self._held.pop(town, ())


@contextmanager
def gathered(lines: Iterable[PersonLine]) -> Iterator[Gathered]:
    """Take in all lines and yield them by municipality, for the block.

    Memory holds ``PORTION`` of them at most. The others are in a file without a name, which the
    operating system removes whatever happens; fewer lines make none.
    """
    with SpooledTemporaryFile(max_size=1) as file:
        found = Gathered(file)
        found.take(lines)
        yield found


def portions(lines: Iterable[PersonLine]) -> Iterator[list[PersonLine]]:
    """Yield the portions of ``gathered`` lines."""
    with gathered(lines) as found:
        yield from found.portions()


class _Meetings:
    """Which municipalities name the same person.

    Of each name 8 bytes are kept: 48 of its hash, 16 of its municipality's number. Where two names
    have the same by chance, two municipalities are together that need not be: no harm.
    """

    _PARTS = 64

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._parts = [array("Q") for _ in range(self._PARTS)]

    def note(self, town: str, lines: Sequence[PersonLine]) -> None:
        """Take in whom some lines of a municipality name."""
        number = self._numbers.setdefault(town, len(self._numbers))
        logins = {line.login for line in lines}
        logins.update(line.head for line in lines if line.head)
        for login in logins:
            mark = hash(login) & 0xFFFF_FFFF_FFFF
            self._parts[mark % self._PARTS].append(mark << 16 | number)

    def groups(self) -> "_Groups":
        """Return which municipalities belong together."""
        groups = _Groups()
        towns = list(self._numbers)
        for part in self._parts:
            last = -1
            for entry in sorted(part):
                if entry >> 16 == last >> 16 and entry != last:
                    groups.join(towns[last & 0xFFFF], towns[entry & 0xFFFF])
                last = entry
        return groups


class _Groups:
    """Which towns belong together: each names another of its group, the first one itself."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, town: str) -> str:
        """Return the first town of the group."""
        while (above := self._above.get(town, town)) != town:
            self._above[town] = self._above.get(above, above)
            town = above
        return town

    def join(self, one: str, other: str) -> None:
        """Let two towns be in one group."""
        first, second = self.of(one), self.of(other)
        if first != second:
            self._above[second] = first
