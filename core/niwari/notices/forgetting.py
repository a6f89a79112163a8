"""What is told of a plugin that is purged goes with its rows."""

from niwari.host.codes import is_of
from niwari.notices.models import Choice, Notice, Veto


def forget_plugin(plugin: str) -> int:
    """Remove the notices of a plugin's kinds or about its rows, and what was chosen of these kinds.

    In the caller's transaction. What was to be delivered goes with them. Returns how many notices
    there were.
    """
    told = (Notice.plugin == plugin) | is_of(Notice.about_kind, plugin)
    forgotten: int = Notice.delete().where(told).execute()
    for model in (Choice, Veto):
        model.delete().where(is_of(model.kind, plugin)).execute()
    return forgotten
