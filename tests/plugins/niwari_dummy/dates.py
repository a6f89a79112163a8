"""When a note takes place."""

from niwari.api import When
from niwari_dummy.models import Note


def held(note: Note) -> When:
    """Return when a note is read out: at once, at the board."""
    return When(note.written_at, place="掲示板の前")
