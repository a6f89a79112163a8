"""Whether a municipality plans transfers ahead: its HR decides."""

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.people import municipality_ref
from niwari.directory.transfers.models import OPEN, SealedTransfer
from niwari.errors import N_, DomainError, NotFound
from niwari.host.enablement import hold
from niwari.host.settings import save_settings, settings_of

AREA, PLANNED = "directory", "planned_transfers"
MANAGE = "directory.transfers.manage"
"""The permission to keep sealed transfers; HR's, in every municipality."""


class StillSealed(DomainError):
    """There are sealed files, which nobody would see any more."""

    field = "planned"
    text = N_(
        "内示前のファイルを%(count)s個預かっているため、使わない設定にできません。"
        "内示が済んでからか、すべて取り下げてから変えてください。"
    )


def is_planning(ctx: Context) -> bool:
    """Tell whether the acting person's municipality plans transfers ahead."""
    return bool(settings_of(ctx, AREA, "municipality")[PLANNED])


def require_planning(ctx: Context) -> None:
    """Raise ``NotFound`` unless the acting person's municipality plans transfers ahead."""
    if not is_planning(ctx):
        raise NotFound


def hold_planning(ctx: Context) -> None:
    """Let who keeps, releases or switches in the municipality come one after the other.

    Raises ``NotFound`` where it does not plan ahead by now.
    """
    hold(ctx.municipality.id)
    now = municipality_ref(ctx.municipality.id, ctx.today)
    if not settings_of(ctx, AREA, "municipality", owner=now)[PLANNED]:
        raise NotFound


def choose(ctx: Context, *, planned: bool) -> None:
    """Let the municipality plan ahead or not; raises ``StillSealed``."""
    with transaction(ctx):
        hold(ctx.municipality.id)
        if not planned and (count := open_count(ctx.municipality.id)):
            raise StillSealed(count=count)
        if save_settings(ctx, AREA, "municipality", {PLANNED: planned}):
            audit.record(
                ctx,
                "directory.transfers_choose",
                "municipality",
                ctx.municipality.id,
                planned=planned,
            )


def open_count(municipality_id: int, states: tuple[str, ...] = OPEN) -> int:
    """Return how many files of the municipality are in one of ``states``."""
    found = SealedTransfer.select(SealedTransfer.id).where(
        (SealedTransfer.municipality == municipality_id) & SealedTransfer.state.in_(states)
    )
    return len(rows(found))
