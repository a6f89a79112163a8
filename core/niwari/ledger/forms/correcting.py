"""Correcting a record, and what HR answers."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from niwari.ledger.forms.fields import Readable
from niwari.ledger.recording.correcting import Wanted
from niwari.pages.forms import Form

_LONG = Length(max=400, message=_l("400文字以内で入力してください。"))


class CorrectionForm(Form):
    """The right number of minutes, and why."""

    minutes = IntegerField(
        _l("正しい長さ"),
        validators=[
            InputRequired(_l("長さを分で入力してください。")),
            Readable(_l("長さを分で、整数で入力してください。")),
            NumberRange(min=0, max=1440, message=_l("0分以上1,440分以内で入力してください。")),
        ],
    )
    reason = TextAreaField(_l("訂正の理由"), validators=[_LONG])
    entry = HiddenField()
    key = HiddenField(validators=[DataRequired(), Length(max=36)])

    def wanted(self) -> Wanted:
        """Return what was filled in; call it on a valid form alone."""
        entry = self.entry.data or ""
        return Wanted(
            minutes=self.minutes.data or 0,
            reason=self.reason.data or "",
            key=self.key.data or "",
            entry_id=int(entry) if entry.isdecimal() and len(entry) < 19 else None,
        )


class CorrectionAnswerForm(Form):
    """HR's answer: a word, which is needed where it is no."""

    note = TextAreaField(_l("一言"), validators=[_LONG])
