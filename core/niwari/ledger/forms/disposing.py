"""Why a fiscal year is disposed of."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from niwari.ledger.disposing.proposing import LONGEST_REASON
from niwari.pages.forms import Form, KeyField


class DisposalForm(Form):
    """A proposal; sent twice, it is one."""

    reason = TextAreaField(
        _l("廃棄する理由"),
        validators=[
            InputRequired(_l("廃棄する理由を入力してください。")),
            Length(max=LONGEST_REASON, message=_l("400文字以内で入力してください。")),
        ],
    )
    form_key = KeyField(validators=[DataRequired(), Length(max=36)])
