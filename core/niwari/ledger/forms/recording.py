"""What was done."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired

from niwari.ledger.forms.fields import MINUTES
from niwari.pages.forms import Form


class RecordForm(Form):
    """How many minutes it really was."""

    minutes = IntegerField(
        _l("実際の長さ"),
        validators=[InputRequired(_l("長さを分で入力してください。")), *MINUTES],
    )
