"""Help in the first year: the predecessor asks the own, current head for the time (R-026)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.api import (
    Appointment,
    Context,
    OwnTime,
    Ref,
    ask_time,
    notify,
    own_time,
    settings_of,
    transaction,
)
from niwari_handover.errors import NotHelper, OutsideFirstYear
from niwari_handover.models import Handing, Notebook
from niwari_handover.notices import HELP_COMES, length
from niwari_handover.service.sight import PLUGIN, Seen, get_seen, posts_holding, superiors

ACTIVITY = "handover"
KIND = "handover.notebook"


@dataclass(frozen=True, slots=True)
class Help:
    """What the predecessor may give: from ``first`` to ``last``, of ``budget`` minutes as a guide.

    ``own`` is what the acting person has used and planned of it: for their eyes alone (L14).
    """

    notebook: Seen
    first: date
    last: date
    budget: int
    own: OwnTime


def get_help(ctx: Context, notebook_id: int) -> Help:
    """Return what the acting person may help with, as predecessor; raises ``NotFound``, ``NotHelper``."""
    notebook = get_seen(ctx, notebook_id)
    handing = _own_handing(ctx, notebook.id)
    budget = int(settings_of(ctx, PLUGIN, scope="municipality")["help_minutes"])
    own = own_time(ctx, Ref(KIND, notebook.id))
    return Help(notebook, max(handing.starts_on, ctx.today), handing.help_until, budget, own)


def ask_for_help(
    ctx: Context, notebook_id: int, *, work_date: date, minutes: int, purpose: str, form_key: str
) -> int:
    """Ask the own head for the time of helping; returns the id of the request in the ledger.

    Raises ``NotFound``, ``NotHelper``, ``OutsideFirstYear``, and what the ledger refuses.
    """
    with transaction(ctx):
        notebook = get_seen(ctx, notebook_id)
        handing = _own_handing(ctx, notebook.id)
        if not handing.starts_on <= work_date <= handing.help_until:
            raise OutsideFirstYear(
                first=handing.starts_on.isoformat(), last=handing.help_until.isoformat()
            )
        return ask_time(
            ctx,
            Ref(KIND, notebook.id),
            activity=ACTIVITY,
            purpose=purpose,
            work_date=work_date,
            minutes=minutes,
            form_key=form_key,
        )


def tell_new_section(ctx: Context, event: Any) -> None:
    """Tell who answers for the section of the post, and who holds it, that help was agreed to.

    In the worker, for ``ledger.RequestAgreed``: of other sources nothing is told.
    """
    if event.source_kind != KIND:
        return
    notebook = Notebook.get_or_none(Notebook.id == event.source_id)
    if notebook is None:
        return
    told = [*superiors(ctx, notebook), *posts_holding(ctx, notebook.id)]
    notify(ctx, HELP_COMES.code, told, Ref(KIND, notebook.id), minutes=length(event.minutes))


def _own_handing(ctx: Context, notebook_id: int) -> Any:
    """Return the latest handing over by the acting person whose first year it is; raises ``NotHelper``.

    The post may have been handed on since.
    """
    query = Handing.select().join(Appointment, on=(Handing.predecessor == Appointment.id))
    here = (
        (Handing.notebook == notebook_id)
        & Handing.is_open()
        & (Appointment.person == ctx.person_id)
        & (Handing.starts_on <= ctx.today)
        & (Handing.help_until >= ctx.today)
    )
    handing = query.where(here).order_by(Handing.id.desc()).first()
    if handing is None:
        raise NotHelper
    return handing
