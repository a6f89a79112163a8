"""What declare hooks and runtime hooks return: frozen values that the host checks and wires.

They name areas of the core by plain values, so that neither the specs nor the host know an area.
"""

from niwari.specs.contributions.basics import (
    ROLES,
    VERB_LABELS,
    Activity,
    BadContribution,
    Label,
    Permission,
    Role,
    Verb,
)
from niwari.specs.contributions.data import Receipt, Record, Resource, Subject
from niwari.specs.contributions.settings import Choice, Setting
from niwari.specs.contributions.surface import Card, MenuItem
from niwari.specs.contributions.together import Service, Subscription, check_event, event_text

__all__ = [
    "ROLES",
    "VERB_LABELS",
    "Activity",
    "BadContribution",
    "Card",
    "Choice",
    "Label",
    "MenuItem",
    "Permission",
    "Receipt",
    "Record",
    "Resource",
    "Role",
    "Service",
    "Setting",
    "Subject",
    "Subscription",
    "Verb",
    "check_event",
    "event_text",
]
