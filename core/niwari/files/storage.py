"""Where the bytes of files lie: behind a small interface, today in a folder of the server.

A storage knows names and days, and neither people nor rows. Bytes are there before the row that
names them is written, and go after it: a process that dies between leaves bytes without a row, which
the sweep finds, and never a row without bytes.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import BinaryIO, Protocol

from niwari.clock import TOKYO, tokyo_day
from niwari.config import Settings
from niwari.disk import keep_entries, make_private_folder

_NAME = re.compile(r"[0-9a-f]{32}(\.[0-9]{1,5})?")
_ARRIVING = "arriving"
_BLOCK = 2**18


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes in the storage: their name and the day in Tokyo on which they came."""

    name: str
    day: date


class Storage(Protocol):
    """What keeps bytes by names: 32 hexadecimal digits, and for a thumbnail a dot and its width."""

    def put(self, name: str, source: BinaryIO, day: date) -> None:
        """Keep all that ``source`` gives under ``name``, a new one; on the disk when this returns.

        Raises ``OSError`` where there is no room, and ``FileExistsError`` for a name that is taken;
        then nothing of it stays.
        """

    def open(self, name: str) -> BinaryIO:
        """Return the bytes called ``name``, from their beginning; raises ``FileNotFoundError``."""

    def delete(self, name: str) -> None:
        """Remove what is called ``name``; what is not there is fine."""

    def stored(self) -> Iterator[Stored]:
        """Yield everything that lies there, in any order, also what never arrived whole."""


class FolderStorage:
    """A storage in a folder of this machine, or one that several machines share.

    Names are spread over two levels of folders. The time of change of a file is its day and no more,
    and plain copies keep that time alone: they do not tell when a hidden author's file came. Whoever
    reads the server's own disk learns it all the same, from the times that the file system keeps for
    itself (of the inode, the birth, the folders); those nobody can set.
    """

    def __init__(self, folder: Path) -> None:
        """Keep files below ``folder``, which is made at the first one."""
        self._folder = folder

    def put(self, name: str, source: BinaryIO, day: date) -> None:
        """See ``Storage``."""
        path = self._path(name)
        aside = self._folder / _ARRIVING / name
        for folder in (aside.parent, path.parent):
            make_private_folder(folder)
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
                while block := source.read(_BLOCK):
                    to.write(block)
                to.flush()
                os.fsync(to.fileno())
            came = datetime.combine(day, time(0), TOKYO).timestamp()
            os.utime(aside, (came, came))
            if path.exists():
                raise FileExistsError(f"{path}: there is such a file already")
            aside.replace(path)
        except BaseException:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise
        keep_entries(path.parent)

    def open(self, name: str) -> BinaryIO:
        """See ``Storage``."""
        return self._path(name).open("rb")

    def delete(self, name: str) -> None:
        """See ``Storage``."""
        for path in (self._path(name), self._folder / _ARRIVING / name):
            path.unlink(missing_ok=True)

    def stored(self) -> Iterator[Stored]:
        """See ``Storage``."""
        for folder, _folders, files in os.walk(self._folder):
            for name in files:
                if _NAME.fullmatch(name):
                    with suppress(FileNotFoundError):  # removed meanwhile
                        came = os.stat(os.path.join(folder, name)).st_mtime
                        yield Stored(name, tokyo_day(datetime.fromtimestamp(came, UTC)))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a stored file")
        return self._folder / name[:2] / name[2:4] / name


def new_name() -> str:
    """Return a name that nobody can guess and that says nothing of the file.

    Not its digest: of two towns with the same file, one would learn that the other has it, and
    whoever removes one would have to know of all others.
    """
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How much is taken: bytes of a file, files of a row, bytes of a municipality."""

    file: int
    row: int
    town: int

    @property
    def request(self) -> int:
        """Bytes of the files that one request may bring."""
        return self.file * self.row


@dataclass(frozen=True, slots=True)
class _Opened:
    storage: Storage
    limits: FileLimits


_opened: list[_Opened] = []


def open_files(settings: Settings) -> None:
    """Let the files of this process lie where ``settings`` say; nothing is made yet."""
    folder = Path(settings.files_folder) if settings.files_folder else Path("files")
    _opened[:] = [
        _Opened(FolderStorage(settings.home / folder), limits_of(settings)),
    ]


def limits_of(settings: Settings) -> FileLimits:
    """Return how much an installation takes."""
    return FileLimits(
        settings.files_megabytes * 2**20,
        settings.files_per_row,
        settings.files_town_megabytes * 2**20,
    )


def storage() -> Storage:
    """Return this process's storage; raises ``LookupError`` before ``open_files``."""
    return _present().storage


def limits() -> FileLimits:
    """Return how much is taken here; raises ``LookupError`` before ``open_files``."""
    return _present().limits


def _present() -> _Opened:
    if not _opened:
        raise LookupError("no storage of files is open in this process; call open_files first")
    return _opened[0]
