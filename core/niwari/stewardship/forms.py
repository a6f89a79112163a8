"""The forms of personal data and retention."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from niwari.pages.forms import Form
from niwari.stewardship.retention import MOST_YEARS


class FindForm(Form):
    """Whose data are meant; it comes in an address and changes nothing."""

    class Meta:
        csrf = False

    login = StringField(
        _l("職員のアカウント"),
        validators=[
            InputRequired(_l("アカウントを入力してください。")),
            Length(max=100, message=_l("100文字以内で入力してください。")),
        ],
    )


class EraseForm(Form):
    """The confirmation: the login of whoever is meant."""

    confirm = StringField(
        _l("消す職員のアカウント"),
        validators=[
            InputRequired(_l("アカウントを入力してください。")),
            Length(max=100, message=_l("100文字以内で入力してください。")),
        ],
    )
    form_key = HiddenField(validators=[InputRequired(), Length(min=36, max=36)])


class RetentionForm(Form):
    """How many years; empty keeps."""

    years = IntegerField(
        _l("保存期間"),
        validators=[
            Optional(),
            NumberRange(
                1, MOST_YEARS, message=_l("1年から%(max)s年までの整数を入力してください。")
            ),
        ],
    )
