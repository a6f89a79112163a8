"""A municipality that is merged hands its cases over with its posts."""

from niwari.context import Context
from niwari.db import transaction
from niwari.directory.events import MunicipalityMerged
from niwari.moderation.models import Case


def hand_over(ctx: Context, event: MunicipalityMerged) -> None:
    """Let the successor's moderators have the cases of the municipality that was merged into it."""
    with transaction(ctx):
        Case.update(municipality=event.successor_id).where(
            Case.municipality == event.former_id
        ).execute()
