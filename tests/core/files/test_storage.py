"""The folder in which the bytes lie."""

import os
import stat
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from niwari.clock import TOKYO
from niwari.config import Settings
from niwari.files.storage import FolderStorage, Stored, limits_of, new_name, open_files, storage

DAY = date(2026, 11, 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_what_is_put_is_there_until_it_is_deleted(folder: Path) -> None:
    kept, name = FolderStorage(folder), new_name()
    kept.put(name, BytesIO(b"bytes"), DAY)
    with kept.open(name) as file:
        assert file.read() == b"bytes"
    assert list(kept.stored()) == [Stored(name, DAY)]
    kept.delete(name)
    kept.delete(name)
    assert list(kept.stored()) == []
    with pytest.raises(FileNotFoundError):
        kept.open(name)


def test_files_lie_two_folders_deep_and_are_the_owners_alone(folder: Path) -> None:
    name = new_name()
    FolderStorage(folder).put(name, BytesIO(b"x"), DAY)
    path = folder / name[:2] / name[2:4] / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_time_of_a_file_says_its_day_alone(folder: Path) -> None:
    name = new_name()
    FolderStorage(folder).put(name, BytesIO(b"x"), DAY)
    path = next(path for path in folder.rglob(name))
    came = datetime.fromtimestamp(path.stat().st_mtime, TOKYO)
    assert came == datetime(2026, 11, 10, tzinfo=TOKYO)


def test_what_breaks_off_leaves_nothing(folder: Path) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError("the line broke")
            return super().read(3)

    with pytest.raises(OSError, match="the line broke"):
        FolderStorage(folder).put(new_name(), Broken(b"bytes"), DAY)
    assert names_in(folder) == []


def test_a_name_is_taken_once(folder: Path) -> None:
    kept, name = FolderStorage(folder), new_name()
    kept.put(name, BytesIO(b"first"), DAY)
    with pytest.raises(FileExistsError):
        kept.put(name, BytesIO(b"second"), DAY)
    with kept.open(name) as file:
        assert file.read() == b"first"
    assert names_in(folder) == [name]


def test_the_bytes_are_on_the_disk_before_they_have_their_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (done.append("sync"), real_sync(fd)))
    monkeypatch.setattr(Path, "replace", lambda a, b: (done.append("name"), real_replace(a, b)))
    FolderStorage(folder).put(new_name(), BytesIO(b"x"), DAY)
    assert done[-3:] == ["sync", "name", "sync"]


@pytest.mark.parametrize("name", ["", "x", "../../etc/passwd", "A" * 32, "0" * 32 + "/x", "0" * 31])
def test_other_names_than_ours_are_none(folder: Path, name: str) -> None:
    for act in (FolderStorage(folder).open, FolderStorage(folder).delete):
        with pytest.raises(ValueError, match="no name of a stored file"):
            act(name)


def test_the_folder_is_where_the_settings_say(tmp_path: Path) -> None:
    name = new_name()
    for given, expected in (("", tmp_path / "files"), (str(tmp_path / "far"), tmp_path / "far")):
        open_files(Settings(home=tmp_path, files_folder=given))
        storage().put(name, BytesIO(b"x"), DAY)
        assert (expected / name[:2] / name[2:4] / name).is_file()


def test_the_limits_are_those_of_the_settings(tmp_path: Path) -> None:
    found = limits_of(
        Settings(home=tmp_path, files_megabytes=2, files_per_row=3, files_town_megabytes=4)
    )
    assert (found.file, found.row, found.town) == (2 * 2**20, 3, 4 * 2**20)
    assert found.request == 6 * 2**20
