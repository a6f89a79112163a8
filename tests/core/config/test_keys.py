"""Keys: made once, whole, for the owner alone, also when many processes start together."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest

from niwari.config import ConfigError, Settings, read_key

PROCESS = """
import sys
from pathlib import Path
from niwari.config import Settings, read_key
sys.stdin.readline()
print(read_key(Settings(home=Path(sys.argv[1])), "cookie"))
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_a_key_is_made_at_its_first_use_and_stays(settings: Settings) -> None:
    key = read_key(settings, "cookie")
    assert len(key) >= 64
    assert read_key(settings, "cookie") == key
    assert read_key(settings, "queue") != key


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    keys = {read_key(Settings(home=tmp_path / name), "cookie") for name in "ab"}
    assert len(keys) == 2


# Windows keeps no such bits; there the folder of the installation decides.
FOLDER, FILE = (0o777, 0o666) if os.name == "nt" else (0o700, 0o600)


def test_only_the_owner_may_read_keys(settings: Settings) -> None:
    read_key(settings, "cookie")
    folder = settings.home / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == FOLDER
    assert stat.S_IMODE((folder / "cookie.key").stat().st_mode) == FILE


def test_nothing_else_is_left_beside_a_key(settings: Settings) -> None:
    read_key(settings, "cookie")
    assert [path.name for path in (settings.home / "keys").iterdir()] == ["cookie.key"]


def test_many_threads_that_start_together_get_one_key(settings: Settings) -> None:
    for round_ in range(20):
        start, found = Barrier(8), list[str]()

        def read(name: str, start: Barrier = start, found: list[str] = found) -> None:
            start.wait(timeout=20)
            found.append(read_key(settings, name))

        threads = [Thread(target=read, args=(f"key{round_}",)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        assert len(found) == 8
        assert len(set(found)) == 1


def test_processes_that_start_together_get_one_key(settings: Settings) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(settings.home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    answers = [process.communicate("go\n", timeout=60) for process in running]
    assert {errors for _, errors in answers} == {""}
    assert len({key for key, _ in answers}) == 1


def test_an_empty_key_is_an_error_with_the_mend(settings: Settings) -> None:
    read_key(settings, "cookie")
    (settings.home / "keys" / "cookie.key").write_text("\n", encoding="ascii")
    with pytest.raises(ConfigError, match=r"cookie\.key: the key is empty; remove the file"):
        read_key(settings, "cookie")
