"""Who sees what: one model part and one function for every shared row, of the core and of plugins."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, SQL, CharField, ForeignKeyField, IntegerField

from niwari.context import Context, MunicipalityRef
from niwari.db import PluginModel, prepared_condition
from niwari.directory.held import is_held
from niwari.directory.models import Appointment, Municipality, RegionMembership, Section, on_day
from niwari.directory.readers import named_as_person, named_to
from niwari.host.checks.data import OWNER
from niwari.host.enablement import active, using, withdrawn_from

SECTION, MUNICIPALITY, REGION = "section", "municipality", "region"
AUDIENCES = (SECTION, MUNICIPALITY, REGION)
PEOPLE = "people"
"""The audience of a row that named people of the owner municipality see, and nobody else."""
PEOPLE_OF_REGION = "region_people"
"""The audience of a row that named people see, in whichever municipality of the owner's region."""


class Shared(PluginModel):
    """The base of rows that people share: an owner municipality and an audience.

    ``region_id`` is the owner's region at the time of sharing; it keeps the filter to one index.
    """

    # backref="+": plugins with models of the same name must not fight for one attribute.
    municipality: Any = ForeignKeyField(Municipality, backref="+", index=False)
    section: Any = ForeignKeyField(Section, backref="+", index=False)
    region_id: Any = IntegerField(null=True)
    audience: Any = CharField(max_length=20)

    @classmethod
    def owned_by(cls, ctx: Context) -> dict[str, Any]:
        """Return the owner columns of a row that the acting person shares now."""
        return {
            "municipality": ctx.municipality.id,
            "section": ctx.acting.section_id,
            "region_id": ctx.municipality.region_id,
        }


def visible(ctx: Context, model: Any) -> Any:
    """Return the condition under which the acting person sees rows of ``model``, a ``Shared`` model.

    Every list, look-up and search uses it. A row outside it does not exist for the person (404).
    Who acts for the municipality and in no post, as its API token does, sees no row of a section and
    none of named people.
    What another municipality withdrew is outside too, and what moderators hold back, for everybody:
    its author reads it on the page 自分の投稿への対応.
    """
    return _visible(ctx, model)


@prepared_condition
def _visible(ctx: Any, model: Any) -> Any:
    acting = ctx.appointment
    section, person = (acting.section_id, acting.person_id) if acting else (None, None)
    viewer = _Viewer(ctx.municipality.id, section, ctx.municipality.region_id, person, ctx.today)
    return _shared_with(viewer, model) & ~is_held(model)


def readers(ctx: Context, row: Any) -> Any:
    """Return the query for the people who see ``row``, a stored ``Shared`` row, in a post of today.

    ``visible`` turned round. Conditions on ``Appointment`` may be added.
    """
    model = type(row)
    viewer = _Viewer(
        Appointment.municipality,
        Appointment.section,
        RegionMembership.region,
        Appointment.person,
        ctx.today,
    )
    member = (RegionMembership.municipality == Appointment.municipality) & on_day(
        RegionMembership, ctx.today
    )
    return (
        Appointment.select(Appointment.person)
        .join_from(Appointment, model, on=(model.id == row.id))
        .join_from(Appointment, RegionMembership, JOIN.LEFT_OUTER, on=member)
        .where(on_day(Appointment, ctx.today) & _shared_with(viewer, model) & ~is_held(model))
    )


@dataclass(frozen=True, slots=True)
class _Viewer:
    """Who looks, as values or as columns, on which day; in no post no row of a section is theirs."""

    municipality: Any
    section: Any
    region: Any
    person: Any
    day: date


def _shared_with(viewer: _Viewer, model: Any) -> Any:
    mine = model.municipality == viewer.municipality
    shown = model.audience.not_in((SECTION, PEOPLE, PEOPLE_OF_REGION))
    shared = model.audience == REGION
    if viewer.section is not None:
        shown |= (model.audience == SECTION) & (model.section == viewer.section)
        shown |= (model.audience == PEOPLE) & named_to(
            viewer.person, viewer.section, viewer.day, model
        )
        by_name = (model.audience == PEOPLE_OF_REGION) & named_as_person(viewer.person, model)
        shown |= by_name
        shared |= by_name
    own = mine & shown
    if viewer.region is None:
        return own
    others = (model.region_id == viewer.region) & shared
    return own | (others & _not_withdrawn(model))


def not_withdrawn(ctx: Context, model: Any) -> Any:
    """Return the condition that a row's ``municipality`` did not withdraw it, or is the own one.

    For rows below a ``Shared`` row that people of other towns write, as answers to a question:
    who sees the question sees them, but for those that their own municipality withdrew.
    """
    return (model.municipality == ctx.municipality.id) | _not_withdrawn(model)


def _not_withdrawn(model: Any) -> Any:
    owner = getattr(model._meta, OWNER, "")
    return model.municipality.not_in(withdrawn_from(owner)) if owner else SQL("(1 = 1)")


def not_paused(model: Any) -> Any:
    """Return the condition that the municipality that owns a ``Shared`` row has its plugin on.

    For what can be joined or replied to: where the plugin rests, nobody would answer.
    """
    return model.municipality.in_(using(getattr(model._meta, OWNER, "")))


def paused(row: Any) -> bool:
    """Tell whether the municipality that owns ``row``, a ``Shared`` row, has its plugin off.

    Then the row can be read elsewhere and is marked 「この市町村では休止中」, but takes no reply. Costs
    one query where the row was read without its municipality.
    """
    owner = row.municipality
    town = MunicipalityRef(owner.id, owner.code, owner.name, owner.revision)
    return not active(town, getattr(row._meta, OWNER, ""))
