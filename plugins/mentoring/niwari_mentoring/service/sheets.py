"""Practice sheets: one of each municipality and template, filled in side by side (R-018)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import Case, fn

from niwari.api import (
    MUNICIPALITY,
    REGION,
    Context,
    Municipality,
    NotFound,
    active_now,
    audit,
    checked_choice,
    checked_text,
    locked,
    not_paused,
    transaction,
    visible,
    write_csv,
)
from niwari_mentoring.errors import ChangedMeanwhile, NothingFilled
from niwari_mentoring.models import Sheet
from niwari_mentoring.practices import TEMPLATES, TEMPLATES_BY_CODE, Template
from niwari_mentoring.service.sections import audiences
from niwari_mentoring.texts import PLUGIN

KIND = "mentoring.sheet"
ITEM_LIMIT = 2_000
MOST_TOWNS = 100
"""So many municipalities stand side by side: a region has fewer."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A template, how many municipalities share theirs, and whether the own one has a sheet."""

    template: Template
    shared: int
    own: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """A municipality's sheet: ``words`` by the codes of the items."""

    id: int
    municipality: str
    words: Mapping[str, str]
    changed_at: datetime
    version: int
    for_region: bool
    own: bool


def overview(ctx: Context) -> Sequence[Overview]:
    """Return all templates with what there is of each; one query."""
    own = fn.MAX(Case(None, [(Sheet.municipality == ctx.municipality.id, 1)], 0))
    query = (
        Sheet.select(Sheet.template, fn.COUNT(Sheet.id), own)
        .where(visible(ctx, Sheet) & not_paused(Sheet))
        .group_by(Sheet.template)
        .tuples()
    )
    found = {template: (count, bool(mine)) for template, count, mine in query}
    return [Overview(one, *found.get(one.code, (0, False))) for one in TEMPLATES]


def compare(ctx: Context, template: str) -> tuple[Template, Sequence[Filled]]:
    """Return a template with the sheets of all municipalities that share theirs, the own one first.

    Those that have the plugin off are left out. One query. Raises ``NotFound`` for an unknown template.
    """
    if template not in TEMPLATES_BY_CODE:
        raise NotFound
    is_own = Case(None, [(Sheet.municipality == ctx.municipality.id, 0)], 1)
    query = (
        Sheet.select(Sheet, Municipality.name.alias("town"))
        .join(Municipality)
        .where((Sheet.template == template) & visible(ctx, Sheet) & not_paused(Sheet))
        .order_by(is_own, Municipality.code)
        .limit(MOST_TOWNS)
    )
    return TEMPLATES_BY_CODE[template], [_filled(ctx, row) for row in query.objects()]


def get_sheet(ctx: Context, sheet_id: int) -> tuple[Template, Filled, Any]:
    """Return a sheet with its template, and the row for ``paused``; raises ``NotFound``. One query."""
    row = _one(ctx).where(Sheet.id == sheet_id).first()
    if row is None or row.template not in TEMPLATES_BY_CODE:
        raise NotFound
    return TEMPLATES_BY_CODE[row.template], _filled(ctx, row, row.municipality.name), row


def own_sheet(ctx: Context, template: str) -> Filled | None:
    """Return the own municipality's sheet; one query. Raises ``NotFound`` for an unknown template."""
    if template not in TEMPLATES_BY_CODE:
        raise NotFound
    here = (Sheet.template == template) & (Sheet.municipality == ctx.municipality.id)
    row = _one(ctx).where(here).first()
    return None if row is None else _filled(ctx, row, row.municipality.name)


def fill(ctx: Context, template: str, words: Mapping[str, str], *, audience: str, base: int) -> int:
    """Write the own municipality's sheet of a template, and say who reads it; returns its id.

    ``base`` is the version that was opened, 0 where there was none. The same again changes nothing.
    Raises ``NotFound``, ``NothingFilled``, ``ChangedMeanwhile``, and what the texts refuse.
    """
    if template not in TEMPLATES_BY_CODE:
        raise NotFound
    audience = checked_choice(audience, audiences(ctx), "audience")
    content = _content(TEMPLATES_BY_CODE[template], words)
    with transaction(ctx):
        # Two of one town at the same moment come one after the other here.
        locked(Municipality.select().where(Municipality.id == ctx.municipality.id)).execute()
        if not active_now(ctx, PLUGIN):
            raise NotFound
        here = (Sheet.template == template) & (Sheet.municipality == ctx.municipality.id)
        sheet = Sheet.get_or_none(here)
        if sheet is not None and (sheet.content, sheet.audience) == (content, audience):
            return int(sheet.id)
        now = {
            "content": content,
            "audience": audience,
            "changed_by": ctx.acting.id,
            "changed_at": ctx.now,
        }
        if sheet is None:
            sheet = Sheet.create(**Sheet.owned_by(ctx), template=template, **now)
        elif sheet.version != base:
            raise ChangedMeanwhile(number=sheet.version)
        else:
            Sheet.update(**now, version=Sheet.version + 1).where(Sheet.id == sheet.id).execute()
        audit(ctx, "mentoring.fill", KIND, sheet.id, template=template, audience=audience)
    return int(sheet.id)


def as_csv(template: Template, sheets: Iterable[Filled], *, locale: str, town_label: str) -> bytes:
    """Return a comparison as a file: a line for each municipality, a column for each item."""
    heads = [town_label, *(item.label.text(locale) for item in template.items)]
    rows = (
        [one.municipality, *(one.words.get(item.code, "") for item in template.items)]
        for one in sheets
    )
    return write_csv(heads, rows)


def words_of(content: str) -> Mapping[str, str]:
    """Return what a sheet's ``content`` says, by the codes of its items."""
    words: dict[str, str] = json.loads(content)
    return words


def _content(template: Template, words: Mapping[str, str]) -> str:
    filled = {
        item.code: checked_text(words.get(item.code, ""), item.code, ITEM_LIMIT)
        for item in template.items
    }
    filled = {code: text for code, text in filled.items() if text}
    if not filled:
        raise NothingFilled(field=template.items[0].code)
    return json.dumps(filled, ensure_ascii=False)


def _one(ctx: Context) -> Any:
    return Sheet.select(Sheet, Municipality).join(Municipality).where(visible(ctx, Sheet))


def _filled(ctx: Context, row: Any, town: str = "") -> Filled:
    return Filled(
        row.id,
        town or row.town,
        words_of(row.content),
        row.changed_at,
        row.version,
        row.audience == REGION,
        row.municipality_id == ctx.municipality.id,
    )


def default_audience(ctx: Context) -> str:
    """Return who reads a new sheet unless somebody chooses otherwise: it is there to be compared."""
    return REGION if REGION in audiences(ctx) else MUNICIPALITY
