"""What becomes of posts, for whoever subscribes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostHeld:
    """Moderators hold a post back: the row ``row_id`` of ``kind`` is shown to nobody.

    ``kind`` is that of a ``Resource`` or of a ``Part``. Published in the municipality of the post.
    """

    kind: str
    row_id: int


@dataclass(frozen=True, slots=True)
class PostReleased:
    """A post that was held back is shown again; ``kind`` and ``row_id`` as in ``PostHeld``."""

    kind: str
    row_id: int


EVENTS = (PostHeld, PostReleased)
