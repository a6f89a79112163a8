"""Erasing who wrote what was written without a name."""

from typing import Any

from niwari.files.models import KEPT, Attachment
from niwari.files.service import remove_where
from niwari.specs.contributions import Subject
from niwari.vault.hiding import kind_of
from niwari.vault.service import forget

_AT_ONCE = 500
"""How many rows are named in one statement."""


def forget_author(subject: Subject, model: Any) -> frozenset[int]:
    """Take the rows of ``model``, a ``HidesAuthor``, from a person who wrote them without a name.

    Their envelopes are emptied, their files removed, and they leave the person's locker; returns their
    ids, so that ``erase_data`` removes or redacts what they say. Of a subject that names no person
    nothing is forgotten: a municipality's rows are removed as they are. In the caller's transaction;
    rows that it deletes are deleted after this.
    """
    if subject.person_id is None:
        return frozenset()
    kind = kind_of(model)
    taken = forget(subject.person_id, kind, municipality_id=subject.municipality_id)
    ids = sorted(taken.get(kind, ()))
    for begin in range(0, len(ids), _AT_ONCE):
        some = ids[begin : begin + _AT_ONCE]
        model.update(envelope="").where(model.id.in_(some)).execute()
        # Their files too: no column says who added them, so nobody else finds them.
        theirs = (Attachment.kind == kind) & Attachment.row_id.in_(some)
        remove_where(theirs & (Attachment.state == KEPT))
    return frozenset(ids)
