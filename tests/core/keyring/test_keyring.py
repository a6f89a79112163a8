"""The keyring: what it seals opens by its purpose and its key alone, also after a new key."""

import base64
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from niwari.cli.main import main
from niwari.config import ConfigError, Settings, load_settings
from niwari.keyring import Broken, Keyring, UnknownKey, keyring, open_keyring

ONE, TWO = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))
FILE = 0o666 if os.name == "nt" else 0o600

Ring = Callable[..., Keyring]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keys" / "ring"


@pytest.fixture
def ring(folder: Path) -> Ring:
    """Open the ring of ``folder`` as a process of its own would."""
    return lambda given="": Keyring(folder, {"NIWARI_KEYRING": given} if given else {})


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
        others = {
            *ring().names("bill", b"7"),
            *ring().names("tea", b"8"),
            *Keyring(tmp_path / "other", {}).names("tea", b"7"),
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
    def test_the_first_key_is_made_when_one_is_needed_and_not_before(
        self, ring: Ring, folder: Path
    ) -> None:
        one = ring()
        assert not folder.exists()
        one.seal("tea", b"")
        assert [path.name for path in folder.iterdir()] == ["1.key"]

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
        self, ring: Ring, folder: Path
    ) -> None:
        old = ring(f"1:{ONE}").seal("tea", b"before")
        both = ring(f"1:{ONE}, 2:{TWO}")
        assert both.keys()[0].number == 2
        assert both.seal("tea", b"").startswith(f"{both.keys()[0].id}.")
        assert both.open_sealed("tea", old) == b"before"
        assert not folder.exists()

    def test_two_keys_with_one_number_are_refused(self, ring: Ring) -> None:
        ring().keys()
        with pytest.raises(ConfigError, match="another key with the number 1"):
            ring(f"1:{ONE}").keys()
        with pytest.raises(ConfigError, match="NIWARI_KEYRING: two keys have one number"):
            ring(f"1:{ONE},1:{TWO}")

    def test_a_wrong_key_is_never_repeated_in_the_message(self, ring: Ring) -> None:
        with pytest.raises(ConfigError, match="NIWARI_KEYRING: no key of the ring") as refused:
            ring(f"1:{ONE[:-8]}")
        assert ONE[:-8] not in str(refused.value)

    def test_a_new_key_is_added_by_hand_there(self, ring: Ring, folder: Path) -> None:
        with pytest.raises(ConfigError, match="NIWARI_KEYRING: the keys stand there") as refused:
            ring(f"1:{ONE}").rotate()
        added = str(refused.value).rsplit(" ", 1)[-1]
        assert ring(f"1:{ONE},{added}").keys()[0].number == 2
        assert not folder.exists()

    def test_the_variable_is_no_unknown_setting(self, tmp_path: Path) -> None:
        load_settings(tmp_path, {"NIWARI_KEYRING": f"1:{ONE}"})


def test_a_process_has_the_keyring_that_was_opened_last(tmp_path: Path) -> None:
    opened = open_keyring(Settings(home=tmp_path))
    assert keyring() is opened
    assert opened.keys()[0].origin == str(tmp_path / "keys" / "ring" / "1.key")


class TestCommands:
    @pytest.fixture
    def run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
        """Run ``niwari keys`` in an installation."""
        monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "home"))
        (tmp_path / "home").mkdir()
        return lambda *words: CliRunner().invoke(main, ["keys", *words])

    def test_rotating_makes_a_key_and_the_list_shows_which_one_seals(
        self, run: Callable[..., Result], ring: Ring, folder: Path
    ) -> None:
        assert run("list").output.split()[1:4] == ["seals", "and", "opens"]
        assert "Back up this file." in run("rotate").output
        newest, oldest = ring().keys()
        assert run("list").output.splitlines() == [
            f"{newest.id}  seals and opens  {folder / '2.key'}",
            f"{oldest.id}  opens  {folder / '1.key'}",
        ]

    def test_no_command_prints_a_key(self, run: Callable[..., Result], folder: Path) -> None:
        said = run("rotate").output + run("list").output
        keys = [path.read_text(encoding="ascii") for path in folder.iterdir()]
        assert len(keys) == 2
        assert not [key for key in keys if key in said]

    def test_a_folder_that_is_not_there_is_named(
        self, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "elsewhere"))
        result = run("list")
        assert result.exit_code == 2
        assert "there is no folder" in result.output
        assert not (tmp_path / "elsewhere").exists()
