"""Whether a region has its periodical, and how often: its secretariat chooses."""

from niwari.audit import service as audit
from niwari.context import Context, MunicipalityRef
from niwari.db import locked, rows, transaction
from niwari.db.kept import kept
from niwari.digest.models import MONTH, WEEK, DigestRule
from niwari.directory.models import Region
from niwari.directory.regions import region_towns
from niwari.errors import N_, Invalid, NotFound
from niwari.host.enablement import bump_revision, hold
from niwari.host.settings import save_settings, settings_of
from niwari.specs.contributions import Label, Setting

AREA = "digest"
SHOWN = Setting("shown", Label("広域通信を職員に見せる", "Show staff the digest"), default=True)

OFF = "off"
CHOICES = (OFF, WEEK, MONTH)


class BadChoice(Invalid):
    """The choice is none of those that there are."""

    field = "every"
    text = N_("出すかどうかを選んでください。")


def every_in_region(ctx: Context) -> str:
    """Return how often the acting person's region has an issue: ``week``, ``month`` or ``off``.

    It costs no query while the municipality's revision stands.
    """
    town = ctx.municipality
    return OFF if town.region_id is None else _every(town.region_id, town.id, town.revision)


def every_here(ctx: Context) -> str:
    """Return the same for the people of the acting municipality: ``off`` too where it shows none."""
    return every_in_region(ctx) if is_shown(ctx) else OFF


def is_shown(ctx: Context, town: MunicipalityRef | None = None) -> bool:
    """Tell whether a municipality, by default the acting one, shows the periodical to its people."""
    return bool(settings_of(ctx, AREA, "municipality", owner=town)[SHOWN.key])


def require_on(ctx: Context) -> int:
    """Return the id of the acting person's region; raises ``NotFound`` where they have no periodical."""
    region_id = ctx.municipality.region_id
    if region_id is None or every_here(ctx) == OFF:
        raise NotFound
    return region_id


def own_region(ctx: Context) -> int:
    """Return the id of the acting person's region; raises ``NotFound`` where there is none."""
    if ctx.municipality.region_id is None:
        raise NotFound
    return ctx.municipality.region_id


def choose(ctx: Context, every: str) -> bool:
    """Let the region have an issue every ``week`` or ``month``, or none (``off``).

    The first is made when it is due next. Issues that were made stay. Returns whether that changed
    anything. Raises ``BadChoice``, and ``NotFound`` without a region.
    """
    if every not in CHOICES:
        raise BadChoice
    region_id = own_region(ctx)
    with transaction(ctx):
        rows(locked(Region.select(Region.id).where(Region.id == region_id)))
        known = DigestRule.get_or_none(DigestRule.region == region_id)
        if (known.every if known else OFF) == every:
            return False
        DigestRule.delete().where(DigestRule.region == region_id).execute()
        if every != OFF:
            DigestRule.insert(region=region_id, every=every, since=ctx.now).execute()
        # The menu of every town is kept by its revision. In the order of ids, as all locks of towns.
        for (town,) in sorted(rows(region_towns(ctx))):
            bump_revision(town)
        audit.record(ctx, "digest.choose", "region", region_id, every=every)
    return True


def show(ctx: Context, *, shown: bool) -> bool:
    """Show the periodical to the people of the own municipality, or not; returns whether it changed.

    Where it is not shown they have no page and are not told; the other towns notice nothing.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        if not save_settings(ctx, AREA, "municipality", {SHOWN.key: shown}):
            return False
        audit.record(ctx, "digest.show", "municipality", ctx.municipality.id, shown=shown)
    return True


@kept(4096)
def _every(region_id: int, municipality_id: int, revision: int) -> str:
    """Keep the answer by the revision, which grows in all towns of the region with each choice."""
    found = rows(DigestRule.select(DigestRule.every).where(DigestRule.region == region_id))
    return found[0][0] if found else OFF
