"""The keyring: seals what a copy of the database must not tell, by keys that lie outside of it.

Its keys are numbered files in ``home/keys/ring`` or stand in ``NIWARI_KEYRING``. The highest number
seals; all of them open, so a new key needs no rewriting of what older ones sealed. No key is made by
the way: a process that found none would seal with one of its own what no other can open.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from niwari.config import ConfigError, Settings, write_key

VARIABLE = "NIWARI_KEYRING"

_KEY_BYTES = 32
_NONCE_BYTES = 12
_ENTRY = re.compile(r"([1-9][0-9]{0,5}):([A-Za-z0-9_-]+={0,2})")


class SealError(ValueError):
    """What was sealed cannot be opened; the message says why."""


class NoKey(ConfigError):
    """The ring has no key at all."""


class UnknownKey(SealError):
    """It was sealed with a key that is not in the ring."""


class Broken(SealError):
    """It is not as it was sealed, or it was sealed for another purpose."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the ring. ``origin`` is its file or ``NIWARI_KEYRING``."""

    number: int
    secret: bytes
    origin: str

    @property
    def id(self) -> str:
        """A mark made from the key itself: it stays with the key, whatever number that is given."""
        return hashlib.sha256(b"niwari id" + self.secret).hexdigest()[:8]

    def derived(self, use: str) -> bytes:
        """Return the key for one use, so that no two uses ever share one."""
        return hmac.digest(self.secret, f"niwari {use}".encode(), "sha256")


class Keyring:
    """The keys of one installation, read again whenever a file was added."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        """Take the keys in ``folder`` and in ``environ``; none is read before one is needed."""
        self._folder = folder
        self._given = _of_environment(environ.get(VARIABLE, ""))
        self._kept: tuple[frozenset[str], tuple[Key, ...]] = (frozenset(), ())

    @property
    def place(self) -> str:
        """Where a key can be put back, for messages."""
        return f"put its file back into {self._folder} from the backup, or the key into {VARIABLE}"

    def keys(self) -> tuple[Key, ...]:
        """Return all keys, the one that seals first; there is always one.

        Raises ``NoKey``, and ``ConfigError`` for a file that holds no key or for two keys with one
        number.
        """
        if keys := self.present():
            return keys
        raise NoKey(
            f"the keyring has no key: none lies in {self._folder} or stands in {VARIABLE}; a new "
            f"installation gets one by niwari migrate, else {self.place}"
        )

    def present(self) -> tuple[Key, ...]:
        """Return the keys as ``keys`` does, or nothing where there is none."""
        names, keys = self._kept
        found = self._files()
        if found != names or not keys:
            keys = self._read(found)
            self._kept = found, keys
        return keys

    def make_first(self) -> None:
        """Make the first key, unless there is one; of processes that do so at once, one makes it."""
        if not self.present():
            with suppress(FileExistsError):
                write_key(self._folder / "1.key", _new_key())

    def rotate(self) -> Key:
        """Make a new key that seals from now on; the others stay and open.

        Raises ``NoKey`` before there is one, and ``ConfigError`` where the keys stand in
        ``NIWARI_KEYRING``: it is changed by hand.
        """
        number = self.keys()[0].number + 1
        if self._given:
            raise ConfigError(
                f"{VARIABLE}: the keys stand there, so write the new one at its end: "
                f"{number}:{_new_key()}"
            )
        # Where another process has just made the same number, that one is the new key.
        with suppress(FileExistsError):
            write_key(self._folder / f"{number}.key", _new_key())
        return self.keys()[0]

    def exposed(self) -> tuple[Path, ...]:
        """Return the files that every account of the machine may read; Windows has no such bits."""
        if os.name == "nt":
            return ()
        paths = (self._folder / name for name in sorted(self._files()))
        return tuple(path for path in paths if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))

    def seal(self, purpose: str, data: bytes) -> str:
        """Seal ``data`` for ``purpose`` with the newest key: ASCII text, another one each time.

        What is sealed is longer than ``data`` by the same amount always: pad what must not tell
        its length.
        """
        key = self.keys()[0]
        nonce = secrets.token_bytes(_NONCE_BYTES)
        box = AESGCM(key.derived("seal")).encrypt(nonce, data, _bound(key.id, purpose))
        return f"{key.id}.{base64.urlsafe_b64encode(nonce + box).decode('ascii')}"

    def open_sealed(self, purpose: str, text: str) -> bytes:
        """Return what was sealed for ``purpose``.

        Raises ``UnknownKey`` where the key is gone, and ``Broken`` where one byte or the purpose is
        another.
        """
        key_id, _, body = text.partition(".")
        key = next((key for key in self.keys() if key.id == key_id), None)
        if key is None and re.fullmatch(r"[0-9a-f]{8}", key_id):
            raise UnknownKey(
                f"{purpose}: sealed with key {key_id}, which is not in the ring; {self.place}, "
                "by a number that is free"
            )
        try:
            if key is None:
                raise ValueError("no key is named")
            raw = base64.b64decode(body.encode("ascii"), altchars=b"-_", validate=True)
            if base64.urlsafe_b64encode(raw).decode("ascii") != body:
                raise ValueError("written in another way than it was sealed")
            nonce, box = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
            return AESGCM(key.derived("seal")).decrypt(nonce, box, _bound(key.id, purpose))
        except (ValueError, InvalidTag) as error:
            raise Broken(
                f"{purpose}: not as it was sealed; it was changed, cut, or sealed for another "
                "purpose; take it from a backup"
            ) from error

    def names(self, purpose: str, data: bytes) -> tuple[str, ...]:
        """Return what ``data`` is called under each key, that of the newest first.

        A name is always the same and tells nothing without the key (HMAC-SHA256, 64 hex digits).
        """
        return tuple(self._name(key, purpose, data) for key in self.keys())

    def mark(self, purpose: str, data: bytes) -> str:
        """Return what ``data`` is called under the newest key, with the id of that key before it."""
        key = self.keys()[0]
        return f"{key.id}.{self._name(key, purpose, data)}"

    def is_marked(self, purpose: str, data: bytes, mark: str) -> bool:
        """Tell whether ``mark`` was made for ``data``; raises ``UnknownKey`` where its key is gone."""
        key_id, _, name = mark.partition(".")
        key = next((key for key in self.keys() if key.id == key_id), None)
        if key is None:
            raise UnknownKey(
                f"{purpose}: made with key {key_id}, which is not in the ring; {self.place}"
            )
        return hmac.compare_digest(self._name(key, purpose, data), name)

    @staticmethod
    def _name(key: Key, purpose: str, data: bytes) -> str:
        return hmac.new(key.derived(f"name {purpose}"), data, "sha256").hexdigest()

    def _files(self) -> frozenset[str]:
        try:
            return frozenset(name for name in os.listdir(self._folder) if name.endswith(".key"))
        except FileNotFoundError:
            return frozenset()

    def _read(self, names: frozenset[str]) -> tuple[Key, ...]:
        found = {key.number: key for key in self._given}
        for name in sorted(names):
            path = self._folder / name
            key = _parsed(f"{path.stem}:{path.read_text('ascii', 'replace').strip()}", str(path))
            other = found.setdefault(key.number, key)
            if other.secret != key.secret:
                raise ConfigError(
                    f"{path}: {other.origin} has another key with the number {key.number}; "
                    "give one of them another number"
                )
        return tuple(sorted(found.values(), key=lambda key: -key.number))


def _of_environment(text: str) -> tuple[Key, ...]:
    keys = [_parsed(entry.strip(), VARIABLE) for entry in text.split(",") if entry.strip()]
    if len({key.number for key in keys}) != len(keys):
        raise ConfigError(f"{VARIABLE}: two keys have one number; give each a number of its own")
    return tuple(keys)


def _parsed(entry: str, origin: str) -> Key:
    # The entry itself never stands in a message: it is a secret, and messages go to logs.
    found = _ENTRY.fullmatch(entry)
    try:
        secret = base64.b64decode(found[2], altchars=b"-_", validate=True) if found else b""
    except binascii.Error:
        secret = b""
    if found is None or len(secret) != _KEY_BYTES:
        raise ConfigError(
            f"{origin}: no key of the ring; it is a number (the file's name) and "
            f"{_KEY_BYTES} random bytes in URL-safe base64; take it from the backup"
        )
    return Key(int(found[1]), secret, origin)


def _new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode("ascii")


def _bound(key_id: str, purpose: str) -> bytes:
    return f"{key_id}\n{purpose}".encode()


_open: list[Keyring] = []


def open_keyring(settings: Settings) -> Keyring:
    """Make the installation's keyring that of this process; reads no key before one is needed."""
    _open[:] = [Keyring(settings.home / "keys" / "ring", os.environ)]
    return _open[0]


def keyring() -> Keyring:
    """Return the keyring of this process; raises ``LookupError`` where none is open."""
    if not _open:
        raise LookupError("no keyring is open in this process")
    return _open[0]
