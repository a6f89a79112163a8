"""Which keys a database was used with, so that a keyring without one of them is noticed at once.

Otherwise a process with another ring, or none, would seal on, and what was sealed before would look
as if nobody had ever written it.
"""

from niwari.config import ConfigError
from niwari.db import rows
from niwari.host.models import KnownKey
from niwari.keyring import Keyring


class MissingKey(ConfigError):
    """The ring lacks a key with which this database was used."""


class KeyIsThere(ConfigError):
    """The key is in the ring, so it is not lost."""


class NoSuchKey(ConfigError):
    """This database was never used with such a key."""


def known_keys() -> frozenset[str]:
    """Return the ids of the keys with which this database was used; needs a connection."""
    return frozenset(one for (one,) in rows(KnownKey.select(KnownKey.id)))


def prepare_keys(ring: Keyring) -> None:
    """Make the first key of an installation that never had one, then check and note all.

    Raises what ``check_keys`` does.
    """
    if not known_keys():
        ring.make_first()
    check_keys(ring)


def check_keys(ring: Keyring, *, is_production: bool = False) -> None:
    """Note new keys of the ring, whose ids the database then knows.

    Where neither knows a key, the first one that is needed raises ``NoKey``. Raises ``MissingKey``,
    and in production ``ConfigError`` where every account of the machine may read a key.
    """
    known = known_keys()
    present = {key.id for key in ring.present()}
    if missing := sorted(known - present):
        raise MissingKey(
            f"keyring: {_counted(missing)} missing, with which this database was used; "
            f"{ring.place}. If it is lost for good: niwari keys forget {missing[0]}"
        )
    if is_production and (exposed := ring.exposed()):
        raise ConfigError(
            f"{exposed[0]}: every account of this machine may read this key; "
            "let the owner alone read it: chmod 600"
        )
    for key_id in sorted(present - known):
        KnownKey.insert(id=key_id).on_conflict_ignore().execute()


def forget_key(ring: Keyring, key_id: str) -> None:
    """Stop asking for a key that is lost for good; what it sealed stays closed.

    Raises ``NoSuchKey`` and ``KeyIsThere``.
    """
    if key_id in {key.id for key in ring.present()}:
        raise KeyIsThere(f"{key_id}: this key is in the ring, so it is not lost")
    if not KnownKey.delete().where(KnownKey.id == key_id).execute():
        raise NoSuchKey(
            f"{key_id}: this database was never used with such a key; niwari keys list names them"
        )


def _counted(ids: list[str]) -> str:
    return f"key {ids[0]} is" if len(ids) == 1 else f"keys {', '.join(ids)} are"
