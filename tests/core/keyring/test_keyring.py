"""The keyring: what it seals opens by its purpose and its key alone, also after a new key."""

import base64
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from niwari.config import ConfigError, Settings, load_settings, read_key
from niwari.keyring import Broken, Keyring, NoKey, UnknownKey, keyring, open_keyring

ONE, TWO = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))
# Windows keeps no such bits; there the folder of the installation decides.
FOLDER, FILE = (0o777, 0o666) if os.name == "nt" else (0o700, 0o600)

Ring = Callable[[], Keyring]
Given = Callable[[str], Keyring]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keys" / "ring"


@pytest.fixture
def ring(folder: Path) -> Ring:
    """Open the ring of ``folder`` as a process of its own would; it has a key."""
    Keyring(folder, {}).make_first()
    return lambda: Keyring(folder, {})


@pytest.fixture
def given(folder: Path) -> Given:
    """Open a ring whose keys stand in the environment, beside those of ``folder``."""
    return lambda keys: Keyring(folder, {"NIWARI_KEYRING": keys})


class TestSealing:
    def test_what_was_sealed_opens_in_another_process(self, ring: Ring) -> None:
        sealed = ring().seal("tea.order", b"mugi")
        assert ring().open_sealed("tea.order", sealed) == b"mugi"

    def test_the_same_is_sealed_differently_each_time_and_as_long(self, ring: Ring) -> None:
        sealed = {ring().seal("tea.order", b"mugi") for _ in range(20)}
        assert len(sealed) == 20
        assert len({len(text) for text in sealed}) == 1

    def test_another_purpose_does_not_open(self, ring: Ring) -> None:
        sealed = ring().seal("tea.order", b"mugi")
        with pytest.raises(Broken, match=r"tea\.bill: not as it was sealed"):
            ring().open_sealed("tea.bill", sealed)

    def test_every_changed_byte_is_refused(self, ring: Ring) -> None:
        one = ring()
        sealed = one.seal("tea.order", b"mugi")
        for place, char in enumerate(sealed):
            changed = sealed[:place] + ("B" if char == "A" else "A") + sealed[place + 1 :]
            with pytest.raises((Broken, UnknownKey)):
                one.open_sealed("tea.order", changed)

    @pytest.mark.parametrize("text", ["", ".", "mugi", "茶", "00000000", "1.AAAA"])
    def test_what_was_never_sealed_is_refused(self, ring: Ring, text: str) -> None:
        with pytest.raises((Broken, UnknownKey)):
            ring().open_sealed("tea.order", text)

    def test_a_cut_end_is_refused(self, ring: Ring) -> None:
        sealed = ring().seal("tea.order", b"mugi")
        for length in range(len(sealed)):
            with pytest.raises((Broken, UnknownKey)):
                ring().open_sealed("tea.order", sealed[:length])


class TestNames:
    def test_a_name_stays_and_differs_by_purpose_and_installation(
        self, ring: Ring, tmp_path: Path
    ) -> None:
        (name,) = ring().names("tea", b"7")
        assert ring().names("tea", b"7") == (name,)
        elsewhere = Keyring(tmp_path / "other", {})
        elsewhere.make_first()
        others = {
            *ring().names("bill", b"7"),
            *ring().names("tea", b"8"),
            *elsewhere.names("tea", b"7"),
        }
        assert name not in others
        assert len(others) == 3

    def test_after_a_new_key_the_old_name_comes_second(self, ring: Ring) -> None:
        one = ring()
        (old,) = one.names("tea", b"7")
        one.rotate()
        new, second = one.names("tea", b"7")
        assert second == old != new


class TestFiles:
    @pytest.mark.parametrize("use", ["seal", "names", "keys", "rotate"])
    def test_no_key_is_made_by_the_way(self, folder: Path, use: str) -> None:
        given = {"seal": ("tea", b""), "names": ("tea", b"")}.get(use, ())
        with pytest.raises(NoKey, match=r"the keyring has no key.*niwari migrate"):
            getattr(Keyring(folder, {}), use)(*given)
        assert not folder.exists()

    def test_the_first_key_is_made_once(self, ring: Ring, folder: Path) -> None:
        first = ring().keys()
        ring().make_first()
        assert ring().keys() == first
        assert [path.name for path in folder.iterdir()] == ["1.key"]

    def test_the_folders_are_the_owners_alone_whatever_made_them_first(
        self, folder: Path, tmp_path: Path
    ) -> None:
        mask = os.umask(0)
        try:
            Keyring(folder, {}).make_first()
            read_key(Settings(home=tmp_path / "other"), "cookie")
        finally:
            os.umask(mask)
        made = [folder, folder.parent, tmp_path / "other" / "keys"]
        assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {FOLDER}

    def test_the_names_of_new_files_are_on_the_disk_too(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: list[str] = []

        def note(descriptor: int) -> None:
            synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))

        if not Path("/proc/self/fd").is_dir():
            return
        monkeypatch.setattr(os, "fsync", note)
        Keyring(folder, {}).make_first()
        assert synced[-1] == str(folder)
        assert {str(folder.parent), str(folder.parent.parent)} <= set(synced)

    def test_a_file_that_everybody_may_read_is_told(self, ring: Ring, folder: Path) -> None:
        assert ring().exposed() == ()
        (folder / "1.key").chmod(0o604)
        assert ring().exposed() == (() if os.name == "nt" else (folder / "1.key",))

    def test_only_the_owner_may_read_a_key(self, ring: Ring, folder: Path) -> None:
        ring().rotate()
        modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert modes == {FILE}

    def test_a_new_key_seals_and_the_old_one_opens(self, ring: Ring) -> None:
        one = ring()
        old = one.seal("tea", b"before")
        new_key = one.rotate()
        assert one.seal("tea", b"after").startswith(f"{new_key.id}.")
        assert one.open_sealed("tea", old) == b"before"

    def test_a_running_process_takes_a_new_key_by_itself(self, ring: Ring) -> None:
        running = ring()
        running.seal("tea", b"")
        sealed = (other := ring()).rotate() and other.seal("tea", b"later")
        assert running.open_sealed("tea", sealed) == b"later"
        assert running.seal("tea", b"").split(".")[0] == sealed.split(".")[0]

    def test_the_tenth_key_is_newer_than_the_ninth(self, ring: Ring) -> None:
        one = ring()
        assert [one.rotate().number for _ in range(9)] == list(range(2, 11))

    def test_a_lost_key_is_named_with_the_mend_also_where_a_new_one_took_its_number(
        self, ring: Ring, folder: Path
    ) -> None:
        sealed = ring().seal("tea", b"mugi")
        lost = (folder / "1.key").read_text(encoding="ascii")
        (folder / "1.key").unlink()
        ring().make_first()
        with pytest.raises(UnknownKey, match="not in the ring; put its file back into") as refused:
            ring().open_sealed("tea", sealed)
        assert sealed.split(".")[0] in str(refused.value)
        (folder / "2.key").write_text(lost, encoding="ascii")
        assert ring().open_sealed("tea", sealed) == b"mugi"

    @pytest.mark.parametrize("content", ["", "short", "茶" * 20, ONE[:-4]])
    def test_a_file_that_holds_no_key_is_named_and_its_content_is_not(
        self, ring: Ring, folder: Path, content: str
    ) -> None:
        ring().keys()
        (folder / "2.key").write_text(content, encoding="utf-8")
        with pytest.raises(ConfigError, match=r"2\.key: no key of the ring") as refused:
            ring().keys()
        assert not content or content not in str(refused.value)


class TestEnvironment:
    def test_keys_of_the_environment_seal_and_no_file_is_made(
        self, given: Given, folder: Path
    ) -> None:
        old = given(f"1:{ONE}").seal("tea", b"before")
        both = given(f"1:{ONE}, 2:{TWO}")
        both.make_first()
        assert both.keys()[0].number == 2
        assert both.seal("tea", b"").startswith(f"{both.keys()[0].id}.")
        assert both.open_sealed("tea", old) == b"before"
        assert not folder.exists()

    def test_two_keys_with_one_number_are_refused(self, ring: Ring, given: Given) -> None:
        ring().keys()
        with pytest.raises(ConfigError, match="another key with the number 1"):
            given(f"1:{ONE}").keys()
        with pytest.raises(ConfigError, match="NIWARI_KEYRING: two keys have one number"):
            given(f"1:{ONE},1:{TWO}")

    def test_a_wrong_key_is_never_repeated_in_the_message(self, given: Given) -> None:
        with pytest.raises(ConfigError, match="NIWARI_KEYRING: no key of the ring") as refused:
            given(f"1:{ONE[:-8]}")
        assert ONE[:-8] not in str(refused.value)

    def test_a_new_key_is_added_by_hand_there(self, given: Given, folder: Path) -> None:
        with pytest.raises(ConfigError, match="NIWARI_KEYRING: the keys stand there") as refused:
            given(f"1:{ONE}").rotate()
        added = str(refused.value).rsplit(" ", 1)[-1]
        assert given(f"1:{ONE},{added}").keys()[0].number == 2
        assert not folder.exists()

    def test_the_variable_is_no_unknown_setting(self, tmp_path: Path) -> None:
        load_settings(tmp_path, {"NIWARI_KEYRING": f"1:{ONE}"})


def test_a_process_has_the_keyring_that_was_opened_last(tmp_path: Path) -> None:
    opened = open_keyring(Settings(home=tmp_path))
    opened.make_first()
    assert keyring() is opened
    assert opened.keys()[0].origin == str(tmp_path / "keys" / "ring" / "1.key")


class TestMarks:
    def test_a_mark_fits_what_it_was_made_for_also_after_a_new_key(self, ring: Ring) -> None:
        one = ring()
        mark = one.mark("tea", b"mugi")
        one.rotate()
        assert one.is_marked("tea", b"mugi", mark)
        assert not one.is_marked("tea", b"hoji", mark)
        assert not one.is_marked("bill", b"mugi", mark)

    def test_a_mark_of_a_lost_key_is_told(self, ring: Ring, folder: Path) -> None:
        mark = ring().mark("tea", b"mugi")
        (folder / "1.key").unlink()
        ring().make_first()
        with pytest.raises(UnknownKey, match="not in the ring; put its file back"):
            ring().is_marked("tea", b"mugi", mark)
