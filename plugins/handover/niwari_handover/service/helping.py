"""Help in the first year: the predecessor asks the own, current head for the time (R-026)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.api import (
    Context,
    OwnTime,
    Ref,
    answering_now,
    ask_time,
    notify,
    own_time,
    settings_of,
    transaction,
)
from niwari_handover.errors import NotHelper, OutsideFirstYear
from niwari_handover.models import Notebook
from niwari_handover.notices import HELP_COMES, length
from niwari_handover.service.sight import PLUGIN, Seen, get_seen, latest

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
    """Tell who answers for the section of the post, and the successor, that help was agreed to.

    In the worker, for ``ledger.RequestAgreed``: of other sources nothing is told.
    """
    if event.source_kind != KIND:
        return
    notebook = Notebook.get_or_none(Notebook.id == event.source_id)
    handing = latest(event.source_id) if notebook is not None else None
    if notebook is None or handing is None:
        return
    posts = _heads(ctx, notebook)
    if handing.successor_id is not None:
        posts.append(handing.successor_id)
    notify(ctx, HELP_COMES.code, posts, Ref(KIND, notebook.id), minutes=length(event.minutes))


def _heads(ctx: Context, notebook: Any) -> list[int]:
    found: Sequence[Any] = answering_now(ctx, notebook.section_id)
    return [one.appointment_id for one in found if one.appointment_id is not None]


def _own_handing(ctx: Context, notebook_id: int) -> Any:
    """Return the handing over of which the acting person is predecessor, begun and not over."""
    handing = latest(notebook_id)
    if handing is None:
        raise NotHelper
    who = handing.predecessor
    is_begun = handing.starts_on <= ctx.today <= handing.help_until
    if who is None or who.person_id != ctx.person_id or not is_begun:
        raise NotHelper
    return handing
