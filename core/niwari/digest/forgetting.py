"""What issues name of a plugin that is purged is forgotten."""

from niwari.digest.models import IssueItem
from niwari.host.codes import is_of


def forget_rows_of(plugin: str) -> int:
    """Forget what issues name of a plugin, in the caller's transaction; returns how much it was."""
    forgotten: int = IssueItem.delete().where(is_of(IssueItem.kind, plugin)).execute()
    return forgotten
