"""What writing keeps of a person or a municipality: said, and erased."""

from collections.abc import Iterator
from typing import Any

from niwari.directory.subjects import people_of
from niwari.specs.contributions import Receipt, Record, Subject
from niwari.writing.models import Draft


def records(subject: Subject) -> Iterator[Record]:
    """Yield that there are drafts of ``subject``, and of which day.

    Never the words: whoever hands out the export would read what nobody has sent, and perhaps who
    is about to ask without a name. The person reads them in the form itself.
    """
    for draft in _of(subject).order_by(Draft.id).iterator():
        yield Record("writing.draft", draft.id, {"day": draft.day.isoformat()})


def erase(subject: Subject) -> Receipt:
    """Remove the drafts of ``subject``; in the caller's transaction."""
    mine = Draft.person.in_(people_of(subject))
    return Receipt(erased=Draft.delete().where(mine).execute())


def _of(subject: Subject) -> Any:
    return Draft.select(Draft.id, Draft.day).where(Draft.person.in_(people_of(subject)))
