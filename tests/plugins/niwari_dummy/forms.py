"""The forms."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from niwari.api import AttachmentsField, Form, KeyField, MarkdownField, lazy_gettext


class NoteForm(Form):
    """A note."""

    drafts = "dummy.note"

    title = StringField(
        lazy_gettext("題名"),
        [
            InputRequired(lazy_gettext("題名を入力してください。")),
            Length(max=80, message=lazy_gettext("80文字以内で入力してください。")),
        ],
    )
    body = MarkdownField(lazy_gettext("本文"))
    files = AttachmentsField(lazy_gettext("添付ファイル"))
    form_key = KeyField()


class ReplyForm(Form):
    """A reply."""

    drafts = "dummy.reply"

    body = MarkdownField(
        lazy_gettext("返事"), [InputRequired(lazy_gettext("返事を入力してください。"))]
    )
    form_key = KeyField()
