"""What heads tick and name: several requests at once, and days to avoid."""

from datetime import date
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from niwari.ledger.deciding.avoided import Avoided
from niwari.ledger.deciding.avoiding import LONGEST_REASON, Days
from niwari.ledger.deciding.waiting_list import Place
from niwari.pages.forms import Form, SelectChoice

_HIGHEST_ID = 2**31 - 1


class ChosenForm(Form):
    """The requests that were ticked in the head's list; ``key`` makes a double click one answer."""

    key = HiddenField(validators=[DataRequired(), Length(max=36)])
    requests = SelectMultipleField(_l("了承する申込み"), coerce=int, validate_choice=False)

    @property
    def chosen(self) -> list[int]:
        """The ids that were ticked, without what can be none."""
        return [one for one in self.requests.data or [] if 0 < one <= _HIGHEST_ID]


class AvoidanceForm(Form):
    """Days to avoid, with why."""

    section = SelectField(_l("所属"), coerce=int, validate_choice=False)
    reason = StringField(
        _l("理由"),
        validators=[
            InputRequired(_l("理由を入力してください。")),
            Length(max=LONGEST_REASON, message=_l("100文字以内で入力してください。")),
        ],
    )
    first_day = DateField(
        _l("始まりの日"), validators=[InputRequired(_l("日にちを入力してください。"))]
    )
    last_day = DateField(
        _l("終わりの日"), validators=[InputRequired(_l("日にちを入力してください。"))]
    )

    @classmethod
    def among(cls, sections: Any) -> Self:
        """Return the form for one of these sections, which are names by id."""
        form = cls()
        form.section.choices = [SelectChoice(id_, name) for id_, name in sections.items()]
        return form

    @classmethod
    def of(cls, present: Avoided) -> Self:
        """Return the form for changing ``present``, whose section stays."""
        form = cls(reason=present.reason, first_day=present.first_day, last_day=present.last_day)
        del form.section
        return form

    def days(self) -> Days:
        """Return what was filled in; call it on a valid form alone."""
        return Days(
            self.first_day.data or date.min, self.last_day.data or date.min, self.reason.data or ""
        )


def place_of(text: str) -> Place | None:
    """Read where a page of the head's list begins, as ``place_text`` wrote it; ``None`` if it cannot."""
    parts = text.split("_")
    try:
        day, section, last = date.fromisoformat(parts[0]), int(parts[1]), int(parts[2])
    except (ValueError, IndexError):
        return None
    if not (0 < section <= _HIGHEST_ID and 0 < last <= _HIGHEST_ID):
        return None
    return Place(day, section, last)


def place_text(place: Place | None) -> str:
    """Write a place for an address, as 2026-11-18_3_17."""
    return "" if place is None else f"{place.day.isoformat()}_{place.section}_{place.id}"
