"""The forms of the ledger."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
)

from niwari.ledger.models import PLACES
from niwari.ledger.requests import LONGEST_PURPOSE, Wish
from niwari.ledger.words import PLACE_LABELS
from niwari.pages.forms import Form, SelectChoice
from niwari.specs.contributions import Activity


class Readable:
    """Says in our words what could not be read, instead of in WTForms' and once more by the next.

    Comes before the validators that look at the value.
    """

    def __init__(self, message: Any) -> None:
        """Say ``message`` for what cannot be read."""
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Stop at the first where ``field`` could not read what was typed."""
        if field.process_errors:
            field.errors = []
            raise StopValidation(self.message)


_MINUTES = (
    Readable(_l("長さを分で、整数で入力してください。")),
    NumberRange(min=1, max=1440, message=_l("1分以上1,440分以内で入力してください。")),
)
_TIME = (Optional(),)


def new_key() -> str:
    """Return a key that makes a double click one act."""
    return str(uuid4())


class RequestForm(Form):
    """20%の時間を申し込む: what, when or how many minutes, where."""

    activity = SelectField(
        _l("活動の種類"), validators=[DataRequired(_l("活動の種類を選んでください。"))]
    )
    purpose = TextAreaField(
        _l("すること"),
        description=_l("「学び・相談」とだけ書いても構いません。"),
        validators=[
            DataRequired(_l("何をするのかを入力してください。")),
            Length(max=LONGEST_PURPOSE, message=_l("400文字以内で入力してください。")),
        ],
    )
    work_date = DateField(
        _l("日にち"), validators=[DataRequired(_l("日にちを 2026-11-18 の形で入力してください。"))]
    )
    how = RadioField(
        _l("時間の決め方"),
        choices=[
            SelectChoice("minutes", _l("長さだけ")),
            SelectChoice("interval", _l("時刻を決める")),
        ],
        default="minutes",
    )
    minutes = IntegerField(
        _l("長さ"),
        description=_l("その日の勤務時間より長いときは、月末までの勤務日に分けて使います。"),
        validators=[Optional(), *_MINUTES],
    )
    starts = TimeField(_l("始まり"), validators=_TIME)
    ends = TimeField(_l("終わり"), validators=_TIME)
    place = SelectField(_l("場所"), validators=[DataRequired(_l("場所を選んでください。"))])
    form_key = HiddenField(validators=[DataRequired(), Length(max=36)])

    def offer(self, activities: Iterable[Activity], locale: str) -> None:
        """Fill the choices with the activities of this municipality, in the reader's language."""
        self.activity.choices = [
            SelectChoice(activity.code, activity.label.text(locale)) for activity in activities
        ]
        self.place.choices = [
            SelectChoice(place, PLACE_LABELS[place].text(locale)) for place in PLACES
        ]

    def wish(self) -> Wish:
        """Return what was filled in; of the two ways to name the time only the chosen one.

        Raises ``ValueError`` for a form that was not found valid.
        """
        if self.work_date.data is None:
            raise ValueError("wish() needs a form that validate() found valid")
        interval = self.how.data == "interval"
        return Wish(
            activity=self.activity.data,
            purpose=self.purpose.data or "",
            place=self.place.data,
            work_date=self.work_date.data,
            minutes=None if interval else self.minutes.data,
            starts=self.starts.data if interval else None,
            ends=self.ends.data if interval else None,
            form_key=self.form_key.data or "",
        )

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for the amount in the way that was chosen, and leave the other alone."""
        super().validate(extra_validators)
        if self.how.data == "interval":
            self.minutes.errors = []
            for field in (self.starts, self.ends):
                if field.data is None and not field.errors:
                    field.errors = [_l("時刻を 15:00 の形で入力してください。")]
        else:
            self.starts.errors = self.ends.errors = []
            if self.minutes.data is None and not self.minutes.errors:
                self.minutes.errors = [_l("長さを分で入力してください。")]
        return not self.errors


class DecisionForm(Form):
    """What the head answers: fewer minutes, or a word on why."""

    minutes = IntegerField(_l("了承する長さ"), validators=[Optional(), *_MINUTES])
    note = TextAreaField(
        _l("一言"), validators=[Length(max=400, message=_l("400文字以内で入力してください。"))]
    )
    key = HiddenField(validators=[DataRequired(), Length(max=36)])


class RecordForm(Form):
    """How many minutes it really was."""

    minutes = IntegerField(
        _l("実際の長さ"),
        validators=[InputRequired(_l("長さを分で入力してください。")), *_MINUTES],
    )


class EmptyForm(Form):
    """A form of one button: the CSRF token alone."""
