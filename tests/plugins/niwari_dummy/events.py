"""What others may want to hear of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoteWritten:
    """Somebody wrote a note; ``urgent`` as the author said."""

    note_id: int
    urgent: bool = False
