"""Shortening or calling off what was agreed to."""

from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from niwari.ledger.deciding.revoking import DEFAULT_REASON
from niwari.ledger.forms.fields import Readable
from niwari.pages.forms import Form
from niwari.pages.texts import gettext
from niwari.written import new_key


class RevokingForm(Form):
    """How much is left, and why."""

    minutes = IntegerField(
        _l("残す長さ"),
        id="revoking-minutes",
        validators=[
            Optional(),
            Readable(_l("長さを分で、整数で入力してください。")),
            NumberRange(min=0, max=1440 * 31, message=_l("0分以上の整数で入力してください。")),
        ],
    )
    reason = TextAreaField(
        _l("理由"),
        id="revoking-reason",
        validators=[Length(max=400, message=_l("400文字以内で入力してください。"))],
    )
    key = HiddenField(id="revoking-key", validators=[DataRequired(), Length(max=36)])

    @classmethod
    def fresh(cls) -> Self:
        """Return the form that nobody has filled in."""
        return cls(key=new_key(), reason=gettext(DEFAULT_REASON), formdata=None)


def reason_kept(text: str | None) -> str:
    """Return the reason as it is stored: the default one always in its own words, not as it was read."""
    said = (text or "").strip()
    return DEFAULT_REASON if said == gettext(DEFAULT_REASON) else said
