"""Who sees and may change what, and the statements that begin every act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from niwari.api import (
    Appointment,
    Context,
    Municipality,
    MunicipalityRef,
    NotFound,
    Person,
    Section,
    StaleForm,
    active,
    active_now,
    hold_self,
    locked,
    section_name,
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


def begin_act(ctx: Context) -> None:
    """Let two clicks of the acting person come one after the other, in the caller's transaction.

    Raises ``NotFound`` where the plugin was switched off meanwhile.
    """
    hold_self(ctx)
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


@dataclass(frozen=True, slots=True)
class Entered:
    """A row by the names of its columns, ``more`` that was asked for, and who entered it.

    ``author`` is empty where the name was erased.
    """

    columns: Mapping[str, Any]
    more: Sequence[Any]
    owner: MunicipalityRef
    author: str
    section: str


def entered(ctx: Context, model: Any, *columns: Any) -> Any:
    """Return the query of rows that the acting person sees: ``columns``, then who entered them.

    Behind ``columns`` come the owner's four, the author's name and the section's.
    """
    return (
        model.select(*columns, *OWNER, Person.name, section_name(ctx.today))
        .join_from(model, Municipality)
        .join_from(model, Section, on=(model.section == Section.id))
        .join_from(model, Appointment, JOIN.LEFT_OUTER)
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .where(visible(ctx, model))
        .tuples()
    )


def one_entered(query: Any, model: Any) -> Entered:
    """Return the row of a query of ``entered`` whose first column is the whole ``model``.

    One query. Raises ``NotFound``.
    """
    row = query.first()
    if row is None:
        raise NotFound
    names = model._meta.sorted_field_names
    return Entered(
        columns=dict(zip(names, row, strict=False)),
        more=row[len(names) : -6],
        owner=owner_of(row[-6:-2]),
        author=row[-2] or "",
        section=row[-1],
    )


def refuse_others(found: Any) -> None:
    """Raise ``NotOurs`` for another municipality's row, shown with ``is_ours`` and its ``town``."""
    if not found.is_ours:
        raise NotOurs(town=found.town)


def is_own(ctx: Context, owner: MunicipalityRef) -> bool:
    """Tell whether a row belongs to the town in which the acting person acts."""
    return owner.id == ctx.municipality.id
