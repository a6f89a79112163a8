"""What can be taken, by whom: schemes, parents, employment types. Codes never change their meaning."""

from dataclasses import dataclass
from typing import Final

from niwari.api import Label

BEFORE_BIRTH, AFTER_BIRTH = "before_birth", "after_birth"
SPOUSE_BIRTH, SPOUSE_CHILDCARE = "spouse_birth", "spouse_childcare"
EARLY_CHILDCARE, CHILDCARE = "early_childcare", "childcare"
SHORT_HOURS, PARTIAL_1, PARTIAL_2 = "short_hours", "partial_1", "partial_2"
NURSING, GRANDCHILD = "nursing", "grandchild"

BEARING, PARTNER = "bearing", "partner"

REGULAR, FIXED_TERM = "regular", "fixed_term"
REAPPOINTED_FULL, REAPPOINTED_SHORT = "reappointed_full", "reappointed_short"
FISCAL_YEAR_FULL, FISCAL_YEAR_PART = "fiscal_year_full", "fiscal_year_part"


@dataclass(frozen=True, slots=True)
class Named:
    """A code with what people call it."""

    code: str
    label: Label


SCHEMES: Final = (
    Named(BEFORE_BIRTH, Label("産前休暇", "Leave before birth")),
    Named(AFTER_BIRTH, Label("産後休暇", "Leave after birth")),
    Named(SPOUSE_BIRTH, Label("配偶者出産休暇", "Leave when the spouse gives birth")),
    Named(
        SPOUSE_CHILDCARE, Label("育児参加のための休暇", "Spouse's leave to take part in childcare")
    ),
    Named(
        EARLY_CHILDCARE,
        Label("出生後57日以内の育児休業", "Childcare leave within 57 days of birth"),
    ),
    Named(CHILDCARE, Label("育児休業", "Childcare leave")),
    Named(SHORT_HOURS, Label("育児短時間勤務", "Short hours for childcare")),
    Named(PARTIAL_1, Label("部分休業（第1号）", "Partial leave, type 1")),
    Named(PARTIAL_2, Label("部分休業（第2号）", "Partial leave, type 2")),
    Named(NURSING, Label("子の看護等休暇", "Leave to nurse a child")),
    Named(GRANDCHILD, Label("孫のための休暇", "Leave for a grandchild")),
)
PARENTS: Final = (
    Named(BEARING, Label("出産する人", "The parent who gives birth")),
    Named(PARTNER, Label("配偶者・パートナー", "The spouse or partner")),
)
EMPLOYMENTS: Final = (
    Named(REGULAR, Label("常勤（任期なし）", "Full-time, without a term")),
    Named(FIXED_TERM, Label("任期付職員", "Full-time, for a term")),
    Named(REAPPOINTED_FULL, Label("再任用（フルタイム）", "Reappointed, full-time")),
    Named(REAPPOINTED_SHORT, Label("再任用（短時間）", "Reappointed, short-time")),
    Named(
        FISCAL_YEAR_FULL,
        Label("会計年度任用職員（フルタイム）", "Fiscal-year appointee, full-time"),
    ),
    Named(
        FISCAL_YEAR_PART,
        Label("会計年度任用職員（パートタイム）", "Fiscal-year appointee, part-time"),
    ),
)
FISCAL_YEAR: Final = frozenset({FISCAL_YEAR_FULL, FISCAL_YEAR_PART})
WITH_TERM: Final = FISCAL_YEAR | {FIXED_TERM, REAPPOINTED_FULL, REAPPOINTED_SHORT}
SHORT_DAYS: Final = frozenset({REAPPOINTED_SHORT, FISCAL_YEAR_PART})

SCHEME_LABELS: Final = {one.code: one.label for one in SCHEMES}
PARENT_LABELS: Final = {one.code: one.label for one in PARENTS}
EMPLOYMENT_LABELS: Final = {one.code: one.label for one in EMPLOYMENTS}
