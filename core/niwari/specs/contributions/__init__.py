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
from niwari.specs.contributions.data import Part, Receipt, Record, Resource, Subject
from niwari.specs.contributions.dates import Repeats, When, when_of
from niwari.specs.contributions.notices import PACES, NoticeKind, Pace
from niwari.specs.contributions.offers import Mode, Offer, Wanted
from niwari.specs.contributions.rules import BadDates
from niwari.specs.contributions.settings import Choice, Setting
from niwari.specs.contributions.surface import Card, MenuItem
from niwari.specs.contributions.together import Service, Subscription, check_event, event_text
from niwari.specs.contributions.work import (
    LONGEST_NAME,
    Daily,
    Every,
    Job,
    Monthly,
    Schedule,
    Task,
    Weekday,
    Weekly,
)

__all__ = [
    "LONGEST_NAME",
    "PACES",
    "ROLES",
    "VERB_LABELS",
    "Activity",
    "BadContribution",
    "BadDates",
    "Card",
    "Choice",
    "Daily",
    "Every",
    "Job",
    "Label",
    "MenuItem",
    "Mode",
    "Monthly",
    "NoticeKind",
    "Offer",
    "Pace",
    "Part",
    "Permission",
    "Receipt",
    "Record",
    "Repeats",
    "Resource",
    "Role",
    "Schedule",
    "Service",
    "Setting",
    "Subject",
    "Subscription",
    "Task",
    "Verb",
    "Wanted",
    "Weekday",
    "Weekly",
    "When",
    "check_event",
    "event_text",
    "when_of",
]
