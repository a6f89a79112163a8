"""The forms."""

from uuid import uuid4

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from niwari.api import Form, lazy_gettext


class NoteForm(Form):
    """A note."""

    title = StringField(
        lazy_gettext("題名"),
        [
            InputRequired(lazy_gettext("題名を入力してください。")),
            Length(max=80, message=lazy_gettext("80文字以内で入力してください。")),
        ],
    )
    body = TextAreaField(lazy_gettext("本文"))
    form_key = HiddenField(default=lambda: str(uuid4()))


class ReplyForm(Form):
    """A reply."""

    body = TextAreaField(
        lazy_gettext("返事"), [InputRequired(lazy_gettext("返事を入力してください。"))]
    )
    form_key = HiddenField(default=lambda: str(uuid4()))
