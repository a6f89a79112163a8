"""The rules for what people write about their leave. Form and service ask the same functions."""

from dataclasses import dataclass
from typing import Any, Final

from niwari.api import (
    N_,
    DomainError,
    Forbidden,
    Invalid,
    checked_choice,
    checked_line,
    checked_text,
)
from niwari_leave_cafe.dates.schemes import EMPLOYMENT_LABELS, PARENT_LABELS, SCHEME_LABELS

HEADLINE_LIMIT: Final = 80
PART_LIMIT: Final = 5_000
FIRST_YEAR: Final = 1990
PARTS: Final = ("applied", "helped", "otherwise", "returned")


class NoPart(Invalid):
    """None of the four parts has words."""

    text = N_("四つの欄のうち、一つ以上に書いてください。")
    field = "applied"


class BadYear(Invalid):
    """The year lies in the future, or before there were such schemes."""

    text = N_("取り始めた年度を、%(first)dから%(last)dまでの西暦で入力してください。")
    field = "year"


class Paused(DomainError):
    """The municipality that owns the experience has the plugin off."""

    text = N_(
        "%(municipality)sでは、産休・育休カフェを休止しています。再開するまで、「助かりました」は押せません。"
    )


class NotAuthor(Forbidden):
    """Only whoever wrote an experience changes or withdraws it."""

    text = N_("この体験談を直したり取り下げたりできるのは、書いた本人だけです。")


class OwnExperience(Forbidden):
    """Nobody marks their own experience as helpful."""

    text = N_("自分の体験談には、「助かりました」を押せません。")


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody writes: which leave, whose, when, and the words."""

    scheme: str
    role: str
    employment: str
    year: int | None
    headline: str
    applied: str = ""
    helped: str = ""
    otherwise: str = ""
    returned: str = ""

    def checked(self, this_year: int) -> dict[str, Any]:
        """Return the columns to store; raises an ``Invalid`` beside the field that is wrong."""
        columns: dict[str, Any] = {
            "scheme": checked_choice(self.scheme, SCHEME_LABELS, "scheme"),
            "role": checked_choice(self.role, PARENT_LABELS, "role"),
            "employment": checked_choice(self.employment, EMPLOYMENT_LABELS, "employment"),
            "headline": checked_headline(self.headline),
            **{name: checked_part(getattr(self, name), name) for name in PARTS},
        }
        if self.year is None or not FIRST_YEAR <= self.year <= this_year:
            raise BadYear(first=FIRST_YEAR, last=this_year)
        if not any(columns[name] for name in PARTS):
            raise NoPart
        return columns | {"year": self.year}


def checked_headline(text: str, field: str = "headline") -> str:
    """Return ``text`` as one line of 1 to ``HEADLINE_LIMIT`` characters; raises as ``checked_line``."""
    return checked_line(text, field, HEADLINE_LIMIT, required=True)


def checked_part(text: str, field: str) -> str:
    """Return ``text`` with plain line ends; what has nothing legible in it becomes empty."""
    return checked_text(text, field, PART_LIMIT)
