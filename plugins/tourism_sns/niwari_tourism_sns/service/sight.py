"""Who sees and may change what, and the statements that begin every act."""

from typing import Any

from niwari.api import (
    Appointment,
    Context,
    Municipality,
    MunicipalityRef,
    NotFound,
    StaleForm,
    active,
    active_now,
    locked,
    visible,
)
from niwari_tourism_sns.errors import NotOurs

PLUGIN = "tourism_sns"
SPOT, ROUTE = "tourism_sns.spot", "tourism_sns.route"
ACCOUNT, POST = "tourism_sns.account", "tourism_sns.post"
"""The kinds of the plugin's rows."""

RELEASE = "tourism_sns.release"
"""The permission of the municipality's 広報, who may release posts of every account of it."""

OWNER = (Municipality.id, Municipality.code, Municipality.name, Municipality.revision)
"""The columns of a row's municipality, as ``owner_of`` takes them."""


def owner_of(columns: Any) -> MunicipalityRef:
    """Return a row's municipality from the columns of ``OWNER``."""
    return MunicipalityRef(*columns)


def is_paused(owner: MunicipalityRef) -> bool:
    """Tell whether the owner's municipality has the plugin off."""
    return not active(owner, PLUGIN)


def hold_self(ctx: Context) -> None:
    """Let two clicks of the acting person come one after the other, in the caller's transaction.

    Raises ``NotFound`` where the plugin was switched off meanwhile.
    """
    locked(Appointment.select(Appointment.id).where(Appointment.id == ctx.acting.id)).execute()
    if not active_now(ctx, PLUGIN):
        raise NotFound


def sent_before(ctx: Context, model: Any, key: str) -> Any:
    """Return the row that this form made already, or ``None``; raises ``StaleForm`` for another's."""
    row = model.get_or_none(model.form_key == key)
    if row is not None and row.author_id != ctx.acting.id:
        raise StaleForm
    return row


def held(ctx: Context, model: Any, row_id: int) -> Any:
    """Lock and return a row that the acting person sees; raises ``NotFound``."""
    row = locked(model.select().where((model.id == row_id) & visible(ctx, model))).first()
    if row is None or not active_now(ctx, PLUGIN):
        raise NotFound
    return row


def held_own(ctx: Context, model: Any, row_id: int) -> Any:
    """Lock and return a row of the own municipality; raises ``NotFound`` and ``NotOurs``."""
    row = held(ctx, model, row_id)
    if row.municipality_id != ctx.municipality.id:
        raise NotOurs(town=row.municipality.name)
    return row


def is_own(ctx: Context, owner: MunicipalityRef) -> bool:
    """Tell whether a row belongs to the town in which the acting person acts."""
    return owner.id == ctx.municipality.id
