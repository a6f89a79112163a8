"""Typed settings, per municipality or per person, from which the host makes the pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from niwari.specs.contributions.basics import BadContribution, Label

Value = str | int | bool
Scope = Literal["municipality", "person"]

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_TEXT = 2000
# What a whole number of 32 bits holds; nobody sets more by hand.
_LEAST, _MOST = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a setting that is chosen from a list."""

    value: str
    """What is kept and what ``settings_of`` returns."""
    label: Label
    """What people see."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One typed setting. Its type is that of ``default``: bool, int or str.

    Read it with ``settings_of(ctx, "<plugin>")["<key>"]``.
    """

    key: str
    """The name under which it is read, in lower case, of 40 characters at most."""
    label: Label
    """What the page asks for."""
    default: Value
    """What holds where nobody chose: a bool (yes or no), a whole number or a text."""
    scope: Scope = "municipality"
    """Whose it is: ``municipality``, set by municipal IT, or ``person``, each person's own."""
    hint: Label | None = None
    """A sentence below the label."""
    minimum: int | None = None
    """The least number (-2,147,483,648 where not given), or the least length of a text."""
    maximum: int | None = None
    """The largest number (2,147,483,647 where not given), or length of a text (2,000)."""
    choices: Sequence[Choice] = ()
    """Makes a text a choice from a list; the default is one of its values."""
    unit: Label | None = None
    """What stands beside a number: 分, minutes."""

    def __post_init__(self) -> None:
        where = f"Setting {self.key!r}"
        if not isinstance(self.key, str) or not _KEY.fullmatch(self.key):
            raise BadContribution(f"{where}: write the key like 'days_to_answer', in lower case")
        if not isinstance(self.label, Label):
            raise BadContribution(f"{where}: give its label as Label(ja, en)")
        if not isinstance(self.default, str | int):
            raise BadContribution(f"{where}: the default must be a text, a whole number or a bool")
        if self.scope not in ("municipality", "person"):
            raise BadContribution(f"{where}: scope must be 'municipality' or 'person'")
        if self.choices and not isinstance(self.default, str):
            raise BadContribution(f"{where}: the values of choices are texts; so is the default")
        if problem := self.problem_of(self.default):
            raise BadContribution(
                f"{where}: its own default {self.default!r} is refused: {problem}"
            )

    @property
    def kind(self) -> Literal["yes_no", "number", "choice", "text"]:
        """What the page shows for it."""
        if isinstance(self.default, bool):
            return "yes_no"
        if isinstance(self.default, int):
            return "number"
        return "choice" if self.choices else "text"

    def problem_of(self, value: object) -> str:
        """Return what is wrong with ``value`` in English, or an empty text: the one check."""
        if isinstance(self.default, bool):
            return "" if isinstance(value, bool) else "it takes yes or no"
        if isinstance(self.default, int):
            if not isinstance(value, int) or isinstance(value, bool):
                return "it takes a whole number"
            size, what = value, "the number"
        else:
            if not isinstance(value, str):
                return "it takes a text"
            if self.choices:
                known = [choice.value for choice in self.choices]
                return "" if value in known else f"it takes one of {', '.join(known)}"
            size, what = len(value), "the length"
        least, most = self.bounds
        if least is not None and size < least:
            return f"{what} must be {least} or more"
        if most is not None and size > most:
            return f"{what} must be {most} or less"
        return ""

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """The least and the largest number or length; a number always has both."""
        if isinstance(self.default, str):
            return self.minimum, LONGEST_TEXT if self.maximum is None else self.maximum
        if isinstance(self.default, bool):
            return None, None
        return (
            _LEAST if self.minimum is None else self.minimum,
            _MOST if self.maximum is None else self.maximum,
        )
