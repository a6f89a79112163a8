"""Telling HR that rules are in force which nobody of their town has confirmed."""

from niwari.api import Context, active_now, notify, posts_who_may, transaction
from niwari_leave_cafe.dates.refusals import NoPack
from niwari_leave_cafe.models import RulesTold
from niwari_leave_cafe.notices import RULES_WAIT
from niwari_leave_cafe.service.in_force import PLUGIN, hold_town, rules_of_town


def look_at_rules(ctx: Context) -> None:
    """Tell HR of the acting municipality once of each version that waits for their word.

    As the job does each morning: a version comes into force by its date, or with a new file.
    """
    with transaction(ctx):
        hold_town(ctx)
        try:
            rules = rules_of_town(ctx)
        except NoPack:
            return
        version = rules.version
        told = RulesTold.get_or_none(RulesTold.municipality == ctx.municipality.id)
        if rules.is_confirmed or (told is not None and told.fingerprint == version.fingerprint):
            return
        if not active_now(ctx, PLUGIN):
            return
        RulesTold.delete().where(RulesTold.municipality == ctx.municipality.id).execute()
        RulesTold.create(municipality=ctx.municipality.id, fingerprint=version.fingerprint)
        posts = posts_who_may(ctx, "leave_cafe.confirm")
        notify(ctx, RULES_WAIT.code, posts, pack=rules.pack.label, version=version.number)
