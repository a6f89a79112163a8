"""What heads answer."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from niwari.ledger.deciding.revoking import DEFAULT_REASON
from niwari.ledger.forms.fields import MINUTES
from niwari.pages.forms import Form


class AnswerForm(Form):
    """What the head answers: a word on why."""

    note = TextAreaField(
        _l("一言"), validators=[Length(max=400, message=_l("400文字以内で入力してください。"))]
    )
    key = HiddenField(validators=[DataRequired(), Length(max=36)])


class DecisionForm(AnswerForm):
    """What the head answers to a request: fewer minutes, or a word on why."""

    minutes = IntegerField(_l("了承する長さ"), validators=[Optional(), *MINUTES])


class SupplementForm(AnswerForm):
    """認めない: why minutes beyond an agreement are not accepted."""

    note = TextAreaField(
        _l("一言"),
        id="supplement-note",
        validators=[Length(max=400, message=_l("400文字以内で入力してください。"))],
    )
    key = HiddenField(id="supplement-key", validators=[DataRequired(), Length(max=36)])


class CallOffForm(Form):
    """Why what was agreed is called off."""

    reason = TextAreaField(
        _l("取りやめる理由"),
        default=_l(DEFAULT_REASON),
        validators=[
            DataRequired(_l("取りやめる理由を400文字以内で入力してください。")),
            Length(max=400, message=_l("400文字以内で入力してください。")),
        ],
    )
