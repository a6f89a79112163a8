"""The form for dates. It keeps no drafts, and no page of an error gives back what is typed here."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from niwari.api import Context, Form, NotChosen, NotKept, SelectChoice, gettext, lazy_gettext
from niwari_leave_cafe.dates.arithmetic import Span
from niwari_leave_cafe.dates.planning import Birth, Parent, Wish
from niwari_leave_cafe.dates.refusals import WishHalf
from niwari_leave_cafe.dates.schemes import (
    BEARING,
    EMPLOYMENTS,
    PARENTS,
    PARTNER,
)

WISHES = 4
"""So many spells of childcare leave fit a form: two within 57 days of birth, two later."""

_LONGEST_DAY = 465
_LEFT_OUT = {"data-sample": ""}


class Chosen:
    """A validator: one of the choices."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse what is none of the choices."""
        if field.data not in {choice.value for choice in field.choices if choice.value}:
            raise ValidationError(gettext(NotChosen.text))


def _day(label: str, *, sample: bool = False) -> DateField:
    return DateField(label, [Optional(), NotKept()], render_kw={} if sample else _LEFT_OUT)


def _daily(label: str) -> IntegerField:
    fits = NumberRange(1, _LONGEST_DAY, lazy_gettext("1分から465分までの整数で入力してください。"))
    return IntegerField(label, [Optional(), NotKept(), fits], render_kw=_LEFT_OUT)


class DatesForm(Form):
    """A birth, one parent or both, and what they wish for."""

    employment = SelectField(
        lazy_gettext("任用の種類"), [Chosen(), NotKept()], validate_choice=False
    )
    role = RadioField(lazy_gettext("あなたは"), [Chosen(), NotKept()], validate_choice=False)
    due_on = _day(lazy_gettext("出産予定日"), sample=True)
    born_on = _day(lazy_gettext("生まれた日"))
    is_multiple = BooleanField(lazy_gettext("双子以上（多胎）"), [NotKept()])
    with_grandchild = BooleanField(lazy_gettext("孫のための休暇も調べる"), [NotKept()])
    term_ends = _day(lazy_gettext("任期の末日"))
    daily_minutes = _daily(lazy_gettext("1日の勤務時間"))
    other_employment = SelectField(
        lazy_gettext("もう一人の親の任用の種類"), [NotKept()], validate_choice=False
    )
    other_term_ends = _day(lazy_gettext("もう一人の親の任期の末日"))
    other_daily_minutes = _daily(lazy_gettext("もう一人の親の1日の勤務時間"))

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        kinds = [SelectChoice(one.code, one.label.text(ctx.locale)) for one in EMPLOYMENTS]
        self.employment.choices = [SelectChoice("", gettext("選んでください")), *kinds]
        alone = SelectChoice("", gettext("調べない（自分の分だけ）"))
        self.other_employment.choices = [alone, *kinds]
        self.role.choices = [SelectChoice(one.code, one.label.text(ctx.locale)) for one in PARENTS]
        if not self.is_submitted():
            self.role.data = BEARING
            self.other_employment.data = ""

    def birth(self) -> Birth:
        """Return the birth that was typed."""
        return Birth(self.due_on.data, self.born_on.data, bool(self.is_multiple.data))

    def parents(self) -> list[Parent]:
        """Return the one or two parents; raises ``WishHalf`` for half a wish."""
        own = self._parent(str(self.role.data), "")
        if not self.other_employment.data:
            return [own]
        other = BEARING if own.role == PARTNER else PARTNER
        return [own, self._parent(other, "other_")]

    def wishes(self, prefix: str) -> Iterator[tuple[str, Any, Any]]:
        """Yield the fields of each wish of a parent, with what their names begin with."""
        for number in range(1, WISHES + 1):
            name = f"{prefix}wish{number}_"
            yield name, self[f"{name}from"], self[f"{name}to"]

    def sent(self) -> dict[str, str]:
        """Return what was typed, as fields of another form that sends the same again."""
        kept: dict[str, str] = {}
        for field in self:
            value = field.data
            if field.name == "csrf_token" or value in (None, "", False):
                continue
            kept[field.name] = value.isoformat() if isinstance(value, date) else str(value)
        return kept

    def has_more(self, prefix: str) -> bool:
        """Tell whether something was typed, or is wrong, among the wishes of a parent."""
        return any(
            field.data or field.errors for _name, *pair in self.wishes(prefix) for field in pair
        )

    def _parent(self, role: str, prefix: str) -> Parent:
        wishes = []
        for name, first, last in self.wishes(prefix):
            if first.data and last.data:
                wishes.append(Wish(name, Span(first.data, last.data)))
            elif first.data or last.data:
                raise WishHalf(field=f"{name}to" if first.data else f"{name}from")
        return Parent(
            role=role,
            employment=str(self[f"{prefix}employment"].data),
            wishes=tuple(wishes),
            term_ends=self[f"{prefix}term_ends"].data,
            daily_minutes=self[f"{prefix}daily_minutes"].data,
        )

    def validate_other_employment(self, field: Any) -> None:
        """Refuse what is none of the choices."""
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(gettext(NotChosen.text))


def _add_wishes() -> None:
    for prefix in ("", "other_"):
        for number in range(1, WISHES + 1):
            setattr(DatesForm, f"{prefix}wish{number}_from", _day(lazy_gettext("始まる日")))
            setattr(DatesForm, f"{prefix}wish{number}_to", _day(lazy_gettext("終わる日")))


_add_wishes()
