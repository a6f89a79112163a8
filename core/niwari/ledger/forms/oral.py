"""An oral OK: noting it, and denying it."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField, TextAreaField, TimeField
from wtforms.validators import DataRequired, Length, Optional

from niwari.clock import TOKYO
from niwari.ledger.asking.wishes import OralOk
from niwari.pages.forms import Form, SelectChoice


class OralFields(Form):
    """One tick, and who said yes when; left out where nobody can be chosen."""

    oral = BooleanField(_l("所属長から、もう口頭で了承をもらいました"))
    oral_by = SelectField(_l("了承した人"), coerce=int, validators=[Optional()])
    oral_day = DateField(_l("了承の日"), validators=[Optional()])
    oral_time = TimeField(_l("了承の時刻"), validators=[Optional()])

    def offer_oral(self, people: Iterable[tuple[int, str]]) -> None:
        """Fill the choice with who answers now, as (post, name); without anybody there is no tick."""
        choices = [SelectChoice(post, name) for post, name in people]
        if choices:
            self.oral_by.choices = choices
            return
        del self.oral, self.oral_by, self.oral_day, self.oral_time

    def oral_ok(self) -> OralOk | None:
        """Return what was filled in; ``None`` where it is not ticked. Call it on a valid form alone."""
        if "oral" not in self or not self.oral.data:
            return None
        day, time = self.oral_day.data, self.oral_time.data
        if day is None or time is None:
            raise ValueError("oral_ok() needs a form that validate() found valid")
        return OralOk(self.oral_by.data, datetime.combine(day, time, TOKYO))

    def validate(self, extra_validators: object = None) -> bool:
        """Ask who and when where the tick is set, and leave them alone where it is not."""
        super().validate(extra_validators)
        if "oral" not in self:
            return not self.errors
        asked = {
            self.oral_by: _l("了承した人を選んでください。"),
            self.oral_day: _l("日にちを 2026-11-18 の形で入力してください。"),
            self.oral_time: _l("時刻を 15:00 の形で入力してください。"),
        }
        for field, sentence in asked.items():
            if not self.oral.data:
                field.errors = []
            elif field.data is None or (field is self.oral_by and field.errors):
                field.errors = [sentence]
        return not self.errors


class DenialForm(Form):
    """了承していません: what there was instead."""

    note = TextAreaField(
        _l("一言"),
        id="denial-note",
        validators=[Length(max=400, message=_l("400文字以内で入力してください。"))],
    )
    key = HiddenField(id="denial-key", validators=[DataRequired(), Length(max=36)])
