"""The forms of the pages about duties."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from niwari.directory.duties.standard import duties
from niwari.directory.duties.towns import MOST_SYSTEMS
from niwari.pages.forms import Form, SelectChoice

LONGEST_TEXT = 60
_LONGEST_LIST = 10_000


class MyDutiesForm(Form):
    """What one does. ``find`` is the button that only looks for duties and keeps nothing."""

    text = StringField(
        _l("業務を探す"),
        validators=[Length(max=LONGEST_TEXT, message=_l("60文字以内で入力してください。"))],
    )
    duties = SelectMultipleField(
        _l("業務"),
        validate_choice=True,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    listed = BooleanField(_l("名簿に載せる"))

    @classmethod
    def of(cls, locale: str, codes: Iterable[str], *, listed: bool) -> "MyDutiesForm":
        """Return the form as it was sent, or filled with what is kept."""
        form = cls(data={"duties": sorted(codes), "listed": listed})
        form.duties.choices = [SelectChoice(d.code, d.name.text(locale)) for d in duties()]
        return form


class TownForm(Form):
    """Whether the municipality takes part, and its systems, one in a line."""

    shown = BooleanField(_l("業務別の担当者名簿を使う"))
    systems = TextAreaField(
        _l("使っている業務システム"),
        validators=[
            Length(
                max=_LONGEST_LIST,
                message=_l("長すぎます。%(most)s件までにしてください。", most=MOST_SYSTEMS),
            )
        ],
    )
