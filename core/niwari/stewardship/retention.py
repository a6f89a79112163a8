"""After how many years a municipality disposes of what its features keep."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.errors import N_, Invalid, NotFound
from niwari.host.dispatch import Dispatcher
from niwari.host.town_state import state_of
from niwari.stewardship.models import RetentionRule

MOST_YEARS = 30


class WrongYears(Invalid):
    """The number of years is none that a municipality can choose."""

    text = N_("保存期間は、1年から%(most)s年までにしてください。")
    field = "years"


@dataclass(frozen=True, slots=True)
class Category:
    """What a plugin keeps that can be disposed of; ``years`` is ``None`` where it is kept."""

    plugin: str
    key: str
    plugin_label: str
    label: str
    retention: str
    years: int | None


def first_kept(today: date, years: int) -> date:
    """Return the first Tokyo day whose rows are kept when ``years`` are: the same day back then."""
    first: date = today - relativedelta(years=years)
    return first


def categories(ctx: Context, dispatcher: Dispatcher) -> list[Category]:
    """Return what features of the own municipality keep with a key, on or paused, by their names."""
    town = state_of(ctx.municipality.id, ctx.municipality.revision)
    chosen = {
        (rule.plugin, rule.category): rule.years
        for rule in RetentionRule.select().where(RetentionRule.municipality == ctx.municipality.id)
    }
    return [
        Category(
            plugin.name,
            data.key,
            plugin.manifest.label.text(ctx.locale),
            data.category.text(ctx.locale),
            data.retention.text(ctx.locale),
            chosen.get((plugin.name, data.key)),
        )
        for plugin in dispatcher.host.optional()
        if plugin.manifest is not None and (plugin.name in town.on or plugin.name in town.paused)
        for data in plugin.manifest.personal_data
        if data.key
    ]


def category(ctx: Context, dispatcher: Dispatcher, plugin: str, key: str) -> Category:
    """Return one of ``categories``; raises ``NotFound``."""
    for found in categories(ctx, dispatcher):
        if (found.plugin, found.key) == (plugin, key):
            return found
    raise NotFound


def keep_for(
    ctx: Context, dispatcher: Dispatcher, plugin: str, key: str, years: int | None
) -> bool:
    """Dispose of a category after ``years``, or keep it (``None``); returns whether that is new.

    It begins on the day after. Raises ``NotFound`` and ``WrongYears``.
    """
    if years is not None and not 1 <= years <= MOST_YEARS:
        raise WrongYears(most=MOST_YEARS)
    with transaction(ctx):
        before = category(ctx, dispatcher, plugin, key).years
        mine = (
            (RetentionRule.municipality == ctx.municipality.id)
            & (RetentionRule.plugin == plugin)
            & (RetentionRule.category == key)
        )
        values = {"years": years, "looked_on": ctx.today, "set_at": ctx.now}
        rule = locked(RetentionRule.select().where(mine)).first()
        if rule is None and years is None:
            return False
        if rule is not None and rule.years == years:
            return False
        RetentionRule.insert(
            municipality=ctx.municipality.id,
            plugin=plugin,
            category=key,
            set_by=ctx.acting.id,
            **values,
        ).on_conflict(
            conflict_target=[
                RetentionRule.municipality,
                RetentionRule.plugin,
                RetentionRule.category,
            ],
            update={**values, "set_by": ctx.acting.id},
        ).execute()
        audit.record(
            ctx,
            "stewardship.retention",
            "municipality",
            ctx.municipality.id,
            plugin=plugin,
            category=key,
            years_before=before,
            years=years,
        )
    return True
