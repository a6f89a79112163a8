"""The forms of the secretariat and of municipal IT."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from niwari.digest.choosing import OFF
from niwari.digest.models import MONTH, WEEK
from niwari.pages.forms import Form, SelectChoice


class ShowForm(Form):
    """Whether the people of a municipality see it."""

    shown = BooleanField(_l("職員に見せる"))


class ChooseForm(Form):
    """Whether there is an issue, and how often."""

    every = RadioField(
        _l("広域通信を出すか"),
        choices=[
            SelectChoice(OFF, _l("出さない")),
            SelectChoice(WEEK, _l("毎週月曜日の午前8時に出す")),
            SelectChoice(MONTH, _l("毎月1日の午前8時に出す")),
        ],
        validators=[InputRequired(_l("出すかどうかを選んでください。"))],
    )
