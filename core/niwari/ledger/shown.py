"""Requests and standing agreements as others than their person see them (rule L14)."""

from typing import Any

from niwari.context import Context
from niwari.directory.models import Appointment, Municipality, Person, Section
from niwari.directory.sections import section_name
from niwari.ledger.models import DISCREET_ACTIVITY


def with_names(ctx: Context, model: Any, *columns: Any) -> Any:
    """Return the query of a ``Request`` or ``Standing`` with ``columns`` and the names of its people.

    Whose it is, who answered it, and in whose place: what ``keeps_sight`` needs is among them.
    """
    decider, decider_person = Appointment.alias(), Person.alias()
    head, head_person = Appointment.alias(), Person.alias()
    return (
        model.select(
            model,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
            Municipality.name.alias("municipality_name"),
            decider_person.name.alias("decided_by_name"),
            decider_person.id.alias("decided_by_person"),
            head_person.name.alias("in_place_of_name"),
            head_person.id.alias("in_place_of_person"),
            *columns,
        )
        .join_from(model, Person, on=(model.person == Person.id))
        .join_from(model, Section, on=(model.section == Section.id))
        .join_from(model, Municipality, on=(model.municipality == Municipality.id))
        .left_outer_join(decider, on=(model.decided_by == decider.id), src=model)
        .left_outer_join(decider_person, on=(decider.person == decider_person.id), src=decider)
        .left_outer_join(head, on=(model.on_behalf_of == head.id), src=model)
        .left_outer_join(head_person, on=(head.person == head_person.id), src=head)
    )


def keeps_sight(ctx: Context, named: Any) -> bool:
    """Tell whether the acting person answered it, or is the head in whose place that was."""
    return ctx.person_id in (named.decided_by_person, named.in_place_of_person)


def shown_to_head(asked: Any) -> Any:
    """Hide a discreet class: to anybody but the person it is 「学び・相談」 like most."""
    if asked.discreet:
        asked.activity = DISCREET_ACTIVITY
    return asked
