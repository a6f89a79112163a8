"""Why a fiscal year is disposed of."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from niwari.ledger.disposing.proposing import LONGEST_REASON
from niwari.ledger.forms.fields import new_key
from niwari.pages.forms import Form


class DisposalForm(Form):
    """A proposal; sent twice, it is one."""

    reason = TextAreaField(
        _l("廃棄する理由"),
        validators=[
            InputRequired(_l("廃棄する理由を入力してください。")),
            Length(max=LONGEST_REASON, message=_l("400文字以内で入力してください。")),
        ],
    )
    form_key = HiddenField(default=new_key, validators=[DataRequired(), Length(max=36)])
