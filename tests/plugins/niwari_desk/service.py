"""Opening desks, and looking at one."""

from datetime import date, datetime, timedelta

from niwari.api import REGION, TOKYO, Context, NotFound, transaction, visible
from niwari_desk.models import Desk, when


def open_desk(
    ctx: Context,
    *,
    title: str = "相談の日",
    place: str = "相談室2",
    day: date = date(2026, 11, 18),
    rule: str | None = None,
    until: date | None = None,
    on_holiday: str = "skip",
    audience: str = REGION,
    is_quiet: bool = False,
) -> int:
    """Open a desk from 13:30 to 14:30 of ``day`` on; raises what ``When`` does, and writes nothing."""
    starts_at = datetime(day.year, day.month, day.day, 13, 30, tzinfo=TOKYO)
    desk = Desk(
        **Desk.owned_by(ctx),
        audience=audience,
        title=title,
        place=place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        rule=rule,
        until=until,
        on_holiday=on_holiday,
        is_quiet=is_quiet,
    )
    when(desk)
    with transaction(ctx):
        desk.save(force_insert=True)
    return int(desk.id)


def desk_of(ctx: Context, desk_id: int) -> Desk:
    """Return a desk that the acting person sees; else ``NotFound``."""
    found: Desk | None = Desk.get_or_none((Desk.id == desk_id) & visible(ctx, Desk))
    if found is None:
        raise NotFound
    return found
