"""Reading issues: titles are asked of the rows, so each reader sees what is theirs to see today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from niwari.context import Context
from niwari.dates.recurrence import Occurrence
from niwari.db import rows
from niwari.digest.choosing import own_region, require_on
from niwari.digest.contents import Item, contents, shared_in
from niwari.digest.models import COMING, NEW, Issue, IssueItem
from niwari.digest.periods import Period
from niwari.directory.models import Region
from niwari.errors import NotFound
from niwari.host.running import running
from niwari.search.models import Entry
from niwari.search.readable import Shown, kinds_for, shown

PAGE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """An issue in the list: its number and its days, in Tokyo."""

    number: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Issues:
    """A page of issues, the newest first; ``following`` is the number to go on before, or ``None``."""

    issues: Sequence[Listed]
    following: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """What one feature has that is new; ``label`` is what the feature is called."""

    label: str
    rows: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class Coming:
    """A row that takes place: the first time in the period, and how many ``more`` there are in it."""

    row: Shown
    at: Occurrence
    more: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What an issue says to its reader."""

    new: Sequence[Group]
    coming: Sequence[Coming]


@dataclass(frozen=True, slots=True)
class Opened:
    """An issue as it is read; ``region`` is the region's name."""

    number: int
    region: str
    period: Period
    contents: Contents


def issues(ctx: Context, before: int | None = None) -> Issues:
    """Return the newest issues of the own region, or those before a number; one query.

    Raises ``NotFound`` where the region has no periodical.
    """
    wanted = Issue.region == require_on(ctx)
    if before is not None:
        wanted &= Issue.number < before
    query = Issue.select(Issue.number, Issue.first, Issue.last).where(wanted)
    found = [Listed(*row) for row in rows(query.order_by(Issue.number.desc()).limit(PAGE + 1))]
    page = found[:PAGE]
    return Issues(page, page[-1].number if len(found) > PAGE else None)


def issue(ctx: Context, number: int) -> Opened:
    """Return one issue with what the reader sees of it: two queries, and two for each kind of row.

    Raises ``NotFound`` where there is none, or the region has no periodical any more.
    """
    region_id = require_on(ctx)
    found = rows(
        Issue.select(Issue.id, Issue.first, Issue.last, Issue.until, Region.name)
        .join(Region)
        .where((Issue.region == region_id) & (Issue.number == number))
    )
    if not found:
        raise NotFound
    ((issue_id, first, last, until, region),) = found
    period = Period(first, last, until)
    return Opened(number, region, period, _contents(ctx, _items(issue_id, region_id), period))


def preview(ctx: Context, period: Period) -> Contents:
    """Return what an issue about ``period`` would say to the acting person; nothing is kept."""
    return _contents(ctx, contents(own_region(ctx), period), period)


def _items(issue_id: int, region_id: int) -> list[Item]:
    """Return what the issue names and is still shared with the whole region, in its order."""
    still = (Entry.kind == IssueItem.kind) & (Entry.row_id == IssueItem.row_id)
    query = (
        IssueItem.select(IssueItem.section, IssueItem.kind, IssueItem.row_id)
        .join(Entry, on=still)
        .where((IssueItem.issue == issue_id) & shared_in(region_id))
        .order_by(IssueItem.position)
    )
    return [Item(*row) for row in rows(query)]


def _contents(ctx: Context, items: Sequence[Item], period: Period) -> Contents:
    seen = shown(ctx, kinds_for(ctx), {(item.kind, item.row_id, ctx.now) for item in items})
    groups: dict[str, list[Shown]] = {}
    coming = []
    for item in items:
        row = seen.get((item.kind, item.row_id))
        if row is None:
            continue
        if item.section == NEW:
            groups.setdefault(item.plugin, []).append(row)
        elif item.section == COMING and (one := _at(row, period)) is not None:
            coming.append(one)
    new = [Group(_label(plugin, ctx.locale), found) for plugin, found in groups.items()]
    return Contents(new, sorted(coming, key=lambda one: one.at.day))


def _at(row: Shown, period: Period) -> Coming | None:
    """Return when a row takes place in the period, as it is now: it may have been put off."""
    times = [
        at for at in row.said.dates if at.last_day >= period.next_day and at.day <= period.until
    ]
    return Coming(row, times[0], len(times) - 1) if times else None


def _label(plugin: str, locale: str) -> str:
    manifest = running().host.plugins[plugin].manifest
    return manifest.label.text(locale) if manifest is not None else plugin
