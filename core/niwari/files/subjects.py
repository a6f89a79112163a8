"""Which files somebody added, or a municipality has: handed out, and erased."""

from collections.abc import Iterator
from typing import Any

from niwari.directory.subjects import posts_of
from niwari.files.models import KEPT, Attachment
from niwari.files.service import remove_where
from niwari.specs.contributions import Receipt, Record, Subject


def records(subject: Subject) -> Iterator[Record]:
    """Yield the files that ``subject`` added; those of a hidden author's rows say of nobody whose."""
    for row in Attachment.select().where(_theirs(subject)).order_by(Attachment.id).iterator():
        yield Record(
            "files.attachment",
            row.id,
            {
                "kind": row.kind,
                "row": row.row_id,
                "name": row.name,
                "alt": row.alt,
                "media_type": row.media_type,
                "size": row.size,
                "added_on": row.added_on.isoformat(),
            },
        )


def erase(subject: Subject) -> Receipt:
    """Remove the files of ``subject``; their bytes go at the next sweep. In the caller's transaction."""
    return Receipt(erased=remove_where(_theirs(subject)))


def _theirs(subject: Subject) -> Any:
    theirs = Attachment.state == KEPT
    if subject.person_id is not None:
        theirs &= Attachment.added_by.in_(posts_of(subject))
    if subject.municipality_id is not None:
        theirs &= Attachment.municipality == subject.municipality_id
    return theirs
