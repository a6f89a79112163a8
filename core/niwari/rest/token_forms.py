"""The form in which a token is made."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from niwari.identity.tokens.service import LIFETIMES, LONGEST_LABEL, NewToken
from niwari.pages.forms import Form, KeyField, SelectChoice
from niwari.specs.contributions import Permission


class TokenForm(Form):
    """What the token is for, what it can do, and how long."""

    label = StringField(
        _l("用途"),
        description=_l("例：勤怠システムとの連携"),
        validators=[
            DataRequired(_l("何に使うトークンかを入力してください。")),
            Length(max=LONGEST_LABEL, message=_l("100文字以内で入力してください。")),
        ],
    )
    scopes = SelectMultipleField(
        _l("できること"),
        description=_l("必要なものだけを選んでください。"),
        validators=[DataRequired(_l("トークンでできることを選んでください。"))],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    days = RadioField(
        _l("有効期間"),
        coerce=int,
        default=90,
        choices=[SelectChoice(days, _l("%(num)d日", num=days)) for days in LIFETIMES],
        validators=[InputRequired(_l("有効期間を選んでください。"))],
    )
    form_key = KeyField(validators=[DataRequired(), Length(max=36)])

    def offer(self, scopes: Iterable[Permission], locale: str) -> None:
        """Fill the choices with what can be given, in the reader's language."""
        self.scopes.choices = [SelectChoice(one.code, one.label.text(locale)) for one in scopes]

    def new_token(self) -> NewToken:
        """Return what was filled in; of a form that ``validate`` found valid."""
        return NewToken(
            label=self.label.data or "",
            scopes=tuple(self.scopes.data or ()),
            days=int(self.days.data),
            form_key=self.form_key.data or "",
        )
