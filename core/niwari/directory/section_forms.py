"""The forms of the organisation's pages."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length, Optional

from niwari.directory.cells import LONGEST_LOGIN
from niwari.directory.standing_in import LONGEST_REASON
from niwari.pages.forms import Form

_LOGIN = (
    InputRequired(_l("アカウントを入力してください。")),
    Length(max=LONGEST_LOGIN, message=_l("200文字以内で入力してください。")),
)
_DAY = InputRequired(_l("日にちを入力してください。"))


class DayForm(Form):
    """Of which day the organisation is shown; it changes nothing, so it carries no token."""

    class Meta:
        csrf = False

    on = DateField(_l("この日の組織を見る"), validators=[Optional()])


class DelegationForm(Form):
    """Who stands in for the head, and on which days."""

    login = StringField(_l("代決者のアカウント"), validators=[*_LOGIN])
    starts_on = DateField(_l("始まりの日"), validators=[_DAY])
    ends_on = DateField(_l("終わりの日"), validators=[_DAY])
    reason = StringField(
        _l("理由"),
        validators=[
            InputRequired(_l("理由を入力してください。")),
            Length(max=LONGEST_REASON, message=_l("200文字以内で入力してください。")),
        ],
    )


class ClerkForm(Form):
    """Who enters for others, from which day on."""

    login = StringField(_l("庶務担当のアカウント"), validators=[*_LOGIN])
    starts_on = DateField(_l("始まりの日"), validators=[_DAY])
    ends_on = DateField(_l("終わりの日"), validators=[Optional()])
