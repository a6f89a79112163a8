"""What was brought home."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from niwari.ledger.recording.bringing_home import LONGEST_LINE
from niwari.pages.forms import Form


class BringHomeForm(Form):
    """One line for the section."""

    text = StringField(
        _l("分かったこと、仕事に使えそうなこと"),
        validators=[Length(max=LONGEST_LINE, message=_l("200文字以内で入力してください。"))],
    )
