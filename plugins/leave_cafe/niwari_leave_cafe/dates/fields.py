"""Which fields a rule of each scheme needs, which it may have, and of what type each is."""

from collections.abc import Mapping
from typing import Final

from niwari_leave_cafe.dates.schemes import (
    AFTER_BIRTH,
    BEFORE_BIRTH,
    CHILDCARE,
    EARLY_CHILDCARE,
    GRANDCHILD,
    NURSING,
    PARTIAL_1,
    PARTIAL_2,
    SHORT_HOURS,
    SPOUSE_BIRTH,
    SPOUSE_CHILDCARE,
)

TYPES: Final[Mapping[str, type]] = {
    "weeks": int,
    "weeks_multiple": int,
    "counts_due_date": bool,
    "birth_day": str,
    "starts_after_days": int,
    "compulsory_weeks": int,
    "within_days": int,
    "counts_birth_date": bool,
    "times": int,
    "until_months": int,
    "extended_months": list,
    "until_school": bool,
    "days": int,
    "opens_weeks_before": int,
    "opens_weeks_before_multiple": int,
    "minutes_a_day": int,
    "minutes_a_year": int,
    "daily_times": int,
}
LARGEST: Final[Mapping[str, int]] = {
    "weeks": 52,
    "weeks_multiple": 52,
    "starts_after_days": 1,
    "compulsory_weeks": 52,
    "within_days": 366,
    "times": 10,
    "until_months": 240,
    "days": 366,
    "opens_weeks_before": 52,
    "opens_weeks_before_multiple": 52,
    "minutes_a_day": 1440,
    "minutes_a_year": 100_000,
    "daily_times": 100,
}
"""The largest number that a field takes; the least is 1, of ``starts_after_days`` 0."""

ALWAYS: Final = frozenset({"scheme", "parents", "employments", "source"})
ALLOWED: Final = frozenset({"paper", "apply_days_before", "conditions"})

_WINDOW: Final = frozenset(
    {"days", "opens_weeks_before", "opens_weeks_before_multiple", "until_months", "until_school"}
)
NEEDED: Final[Mapping[str, frozenset[str]]] = {
    BEFORE_BIRTH: frozenset({"weeks", "weeks_multiple", "counts_due_date", "birth_day"}),
    AFTER_BIRTH: frozenset({"weeks", "starts_after_days", "compulsory_weeks"}),
    SPOUSE_BIRTH: frozenset(),
    SPOUSE_CHILDCARE: frozenset(),
    EARLY_CHILDCARE: frozenset({"within_days", "counts_birth_date", "times"}),
    CHILDCARE: frozenset({"until_months", "times"}),
    SHORT_HOURS: frozenset({"until_school"}),
    PARTIAL_1: frozenset({"until_school", "minutes_a_day"}),
    PARTIAL_2: frozenset({"until_school"}),
    NURSING: frozenset(),
    GRANDCHILD: frozenset(),
}
OPTIONAL: Final[Mapping[str, frozenset[str]]] = {
    CHILDCARE: frozenset({"extended_months"}),
    PARTIAL_2: frozenset({"minutes_a_year", "daily_times"}),
    SPOUSE_BIRTH: _WINDOW,
    SPOUSE_CHILDCARE: _WINDOW,
    NURSING: _WINDOW,
    GRANDCHILD: _WINDOW,
}
"""What a pack may leave out: where its rules could not be read, the page says so."""
