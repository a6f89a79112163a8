"""The forms of the vault's pages, and the field of other forms by which one writes without a name."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from niwari.pages.forms import Form, KeyField, SelectChoice
from niwari.vault.hidden_rows import hidden_kinds
from niwari.vault.officials import LONGEST_REASON as LONGEST_OF_NAMING
from niwari.vault.opening import LONGEST_REASON, SHORTEST_REASON

_WHY = InputRequired(_l("理由を入力してください。"))


class HideNameField(BooleanField):
    """Whether the author of what is written is hidden; ``{{ ui.field(form.hide_name) }}`` draws it.

    Beside it stands the promise of the vault, and what the author is asked to look for.
    """

    def __init__(self, label: Any = None, **options: Any) -> None:
        """Call it 名前を出さない, unless ``label`` says it otherwise."""
        super().__init__(label or _l("名前を出さない"), **options)


class NamingForm(Form):
    """Why somebody is made an official."""

    reason = StringField(
        _l("理由"),
        validators=[
            _WHY,
            Length(max=LONGEST_OF_NAMING, message=_l("200文字以内で入力してください。")),
        ],
    )


class RuleForm(Form):
    """What the region asks of the two officials of an opening."""

    other_towns = BooleanField(_l("開示する2人を、別々の市町村の職員にする"))


class OpeningForm(Form):
    """Which row's author is to be opened, and why; sent twice, it is one request."""

    kind = SelectField(_l("種類"), validators=[InputRequired(_l("種類を選んでください。"))])
    row_id = IntegerField(
        _l("番号"),
        validators=[
            InputRequired(_l("番号を入力してください。")),
            NumberRange(1, 2**31 - 1, message=_l("番号は1以上の整数で入力してください。")),
        ],
    )
    reason = TextAreaField(
        _l("理由"),
        validators=[
            _WHY,
            Length(
                SHORTEST_REASON,
                LONGEST_REASON,
                message=_l("10文字以上1,000文字以内で入力してください。"),
            ),
        ],
    )
    form_key = KeyField(validators=[DataRequired(), Length(max=36)])

    def offer(self, locale: str) -> None:
        """Fill the choices with the kinds of rows whose authors may be hidden."""
        self.kind.choices = [
            SelectChoice(kind, label.text(locale)) for kind, label in hidden_kinds().items()
        ]
