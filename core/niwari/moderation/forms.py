"""The forms of reporting, deciding and objecting."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField

from niwari.moderation.reasons import REASONS
from niwari.pages.forms import Form, SelectChoice


class ReportForm(Form):
    """Why a post is reported."""

    reason = RadioField(_l("報告する理由"), validate_choice=False)
    text = TextAreaField(_l("気になるところ"))

    def __init__(self, locale: str) -> None:
        """Offer the reasons in ``locale``."""
        super().__init__()
        self.reason.choices = [
            SelectChoice(code, label.text(locale)) for code, label in REASONS.items()
        ]


class DecisionForm(Form):
    """Why a moderator decides so; ``turn`` is that of the page."""

    reason = TextAreaField(_l("理由"))
    pause = BooleanField(_l("書いた人が名前を出さずに書くことを、30日間止める"))
    turn = HiddenField()


class ObjectionForm(Form):
    """Why an author asks to look again."""

    objection = TextAreaField(_l("再確認してほしい理由"))
