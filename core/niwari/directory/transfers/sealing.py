"""What is sealed of a file of transfers, and for what; and that nobody speaks of it by the way."""

import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from traceback import extract_tb

from peewee import InterfaceError, OperationalError

from niwari.directory.drafts import FILE_BLOCK
from niwari.directory.padding import open_padded, seal_padded
from niwari.directory.transfers.models import SealedTransfer
from niwari.errors import N_, DomainError
from niwari.keyring import SealError

log = logging.getLogger(__name__)

_NAME_BLOCK = 1024
_LONGEST_NAME = 200


class Unspeakable(DomainError):
    """Something failed whose message may quote the file; where it was stands in the log, no more."""

    text = N_(
        "このファイルの処理中に、思わぬ不具合が起きました。何も取り込んでいません。"
        "サーバーの担当者に、サーバーの記録を確かめるよう頼んでください。"
    )


def sealed_name(row: SealedTransfer, name: str) -> str:
    """Seal the file's name for its row as it is to be released."""
    text = name[:_LONGEST_NAME].encode(errors="replace")
    return seal_padded(_purpose(row, "name"), text, _NAME_BLOCK)


def sealed_content(row: SealedTransfer, data: bytes) -> str:
    """Seal the file's bytes for its row as it is to be released."""
    return seal_padded(_purpose(row, "content"), zlib.compress(data), FILE_BLOCK)


def name_of(row: SealedTransfer) -> str:
    """Return the file's name; raises ``SealError``."""
    return open_padded(_purpose(row, "name"), row.name).decode()


def content_of(row: SealedTransfer) -> bytes:
    """Return the file's bytes; raises ``SealError``."""
    return zlib.decompress(open_padded(_purpose(row, "content"), row.content))


@contextmanager
def discreetly() -> Iterator[None]:
    """Let no message of what fails here come further: a driver's or a parser's may quote the file.

    Rules that say no, seals and an unavailable database pass; all else becomes ``Unspeakable``, and
    the log says what kind of error it was and where.
    """
    try:
        yield
    except (DomainError, SealError, OperationalError, InterfaceError):
        raise
    except Exception as error:
        # Not the trace as it is written: it ends with the message.
        steps = " > ".join(f"{step.name}:{step.lineno}" for step in extract_tb(error.__traceback__))
        log.error("a file of transfers: %s at %s", type(error).__name__, steps)
        raise Unspeakable from None


def _purpose(row: SealedTransfer, part: str) -> str:
    """Bind a seal to the row, its municipality and its release.

    So whoever can write the table can neither bring a release forward nor show a file elsewhere.
    """
    release_at: datetime = row.release_at
    instant = release_at.astimezone(UTC).isoformat()
    return f"directory.transfer {part} {row.municipality_id} {row.id} {instant}"
