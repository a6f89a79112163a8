"""Writing spots: one for each place, owned by its town, written by anybody who works there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.api import (
    REGION,
    Context,
    NotChosen,
    Uploads,
    audit,
    checked_choice,
    checked_key,
    checked_line,
    checked_text,
    locked,
    transaction,
)
from niwari_tourism_sns.errors import BadChecked, SavedMeanwhile
from niwari_tourism_sns.kinds import SPOT_KINDS
from niwari_tourism_sns.mapping import checked_position
from niwari_tourism_sns.models import AUDIENCES, Month, Spot
from niwari_tourism_sns.service.photos import Allowed, keep_photos
from niwari_tourism_sns.service.sight import SPOT, begin_act, held_own, sent_before
from niwari_tourism_sns.texts import (
    ACCESS_LIMIT,
    BEST_LIMIT,
    CONTACT_LIMIT,
    NAME_LIMIT,
    PLACE_LIMIT,
    STORY_LIMIT,
)

NO_FILES = Uploads()
UNSAID = Allowed("", "")
MONTHS = tuple(str(month) for month in range(1, 13))


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody writes of a spot; degrees as ten-thousandths, ``square`` a square of the map."""

    name: str
    kind: str
    place: str
    checked_on: date | None
    months: Sequence[str] = ()
    best_days: str = ""
    access: str = ""
    story: str = ""
    contact: str = ""
    square: str = ""
    latitude: int | None = None
    longitude: int | None = None
    audience: str = REGION


def audiences(ctx: Context) -> tuple[str, ...]:
    """Return who may see what is shared: without a region, the own municipality alone."""
    return tuple(a for a in AUDIENCES if a != REGION or ctx.municipality.region_id is not None)


def add_spot(
    ctx: Context,
    written: Written,
    *,
    form_key: str,
    uploads: Uploads = NO_FILES,
    allowed: Allowed = UNSAID,
) -> int:
    """Add a spot of the own municipality; returns its id. The same ``form_key`` returns the first.

    Raises ``StaleForm``, and what the texts, the choices, the day, the position and the photos refuse.
    """
    columns, months = _checked(ctx, written)
    key = checked_key(form_key)
    with transaction(ctx):
        begin_act(ctx)
        sent = sent_before(ctx, Spot, key)
        if sent is not None:
            return int(sent.id)
        spot = Spot.create(
            **Spot.owned_by(ctx),
            **columns,
            author=ctx.acting.id,
            changed_at=ctx.now,
            form_key=key,
        )
        _keep_months(spot.id, months)
        audit(ctx, "tourism_sns.add_spot", SPOT, spot.id)
        keep_photos(ctx, spot.id, uploads, allowed)
    return int(spot.id)


def save_spot(
    ctx: Context,
    spot_id: int,
    written: Written,
    *,
    base: int,
    uploads: Uploads = NO_FILES,
    allowed: Allowed = UNSAID,
) -> None:
    """Save a spot that was opened as version ``base``.

    Raises ``NotFound``, ``NotOurs``, ``SavedMeanwhile``, and what ``add_spot`` refuses.
    """
    columns, months = _checked(ctx, written)
    with transaction(ctx):
        spot = held_own(ctx, Spot, spot_id)
        if spot.version != base:
            if _says(spot, columns, months):
                return
            raise SavedMeanwhile
        Spot.update(**columns, version=spot.version + 1, changed_at=ctx.now).where(
            Spot.id == spot.id
        ).execute()
        Month.delete().where(Month.spot == spot.id).execute()
        _keep_months(spot.id, months)
        audit(ctx, "tourism_sns.save_spot", SPOT, spot.id, version=spot.version + 1)
        keep_photos(ctx, spot.id, uploads, allowed)


def mark_checked(ctx: Context, spot_id: int) -> None:
    """Say that a spot of the own municipality still holds today. Raises ``NotFound``, ``NotOurs``."""
    with transaction(ctx):
        spot = held_own(ctx, Spot, spot_id)
        if spot.checked_on == ctx.today:
            return
        Spot.update(checked_on=ctx.today, version=spot.version + 1).where(
            Spot.id == spot.id
        ).execute()
        audit(ctx, "tourism_sns.check_spot", SPOT, spot.id)


def _says(spot: Any, columns: dict[str, Any], months: list[int]) -> bool:
    """Tell whether a spot says just this already: the same form was sent twice."""
    kept = [row.month for row in locked(Month.select().where(Month.spot == spot.id))]
    return sorted(kept) == months and all(getattr(spot, name) == columns[name] for name in columns)


def _keep_months(spot_id: int, months: list[int]) -> None:
    if months:
        Month.insert_many([{"spot": spot_id, "month": month} for month in months]).execute()


def _checked(ctx: Context, written: Written) -> tuple[dict[str, Any], list[int]]:
    if not set(MONTHS).issuperset(written.months):
        raise NotChosen(field="months")
    name = checked_line(written.name, "name", NAME_LIMIT, required=True)
    kind = checked_choice(written.kind, SPOT_KINDS, "kind")
    place = checked_line(written.place, "place", PLACE_LIMIT, required=True)
    if written.checked_on is None or written.checked_on > ctx.today:
        raise BadChecked
    town = ctx.municipality
    position = checked_position(
        town.code, town.name, written.square, written.latitude, written.longitude
    )
    columns = {
        "name": name,
        "kind": kind,
        "place": place,
        "best_days": checked_line(written.best_days, "best_days", BEST_LIMIT),
        "access": checked_text(written.access, "access", ACCESS_LIMIT),
        "story": checked_text(written.story, "story", STORY_LIMIT),
        "contact": checked_line(written.contact, "contact", CONTACT_LIMIT),
        "checked_on": written.checked_on,
        "longitude": position[0] if position else None,
        "latitude": position[1] if position else None,
        "audience": checked_choice(written.audience, audiences(ctx), "audience"),
    }
    return columns, sorted({int(month) for month in written.months})
