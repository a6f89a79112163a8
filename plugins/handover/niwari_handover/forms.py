"""The forms of handover: the service says what is wrong, beside the field."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from niwari.api import (
    AttachmentsField,
    Form,
    KeyField,
    MarkdownField,
    SelectChoice,
    current_context,
    gettext,
    lazy_gettext,
)
from niwari_handover.service.checklist import Lined
from niwari_handover.service.duties import Written
from niwari_handover.service.handing import Named

APRIL_FIRST = (*range(4, 13), *range(1, 4))


class NotebookForm(Form):
    """Opening the notebook of a post."""

    post = StringField(
        lazy_gettext("担当の名前"), [InputRequired(lazy_gettext("担当の名前を入力してください。"))]
    )
    form_key = KeyField()


class DutyForm(Form):
    """A duty; ``base`` is the version that was opened."""

    drafts = "handover.duty"

    name = StringField(
        lazy_gettext("業務の名前"), [InputRequired(lazy_gettext("業務の名前を入力してください。"))]
    )
    months = SelectMultipleField(
        lazy_gettext("行う月"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    steps = MarkdownField(lazy_gettext("手順"))
    deadline = StringField(lazy_gettext("締切"))
    due_on = DateField(lazy_gettext("次の締切の日"), [Optional()])
    rule = StringField(lazy_gettext("根拠の法律・規則"))
    contact = StringField(lazy_gettext("連絡先"))
    trouble = MarkdownField(lazy_gettext("過去に困ったこと"))
    reviewed_on = DateField(lazy_gettext("見直した日"), [Optional()], render_kw={"data-sample": ""})
    files = AttachmentsField(lazy_gettext("添付ファイル"))
    base = HiddenField(default="0")
    form_key = KeyField()

    def __init__(self, duty: Any = None) -> None:
        super().__init__()
        self.months.choices = [
            SelectChoice(str(month), gettext("%(month)d月", month=month)) for month in APRIL_FIRST
        ]
        if duty is not None and not self.is_submitted() and not self.is_continued:
            for name in ("name", "steps", "deadline", "due_on", "rule", "contact", "trouble"):
                self[name].data = getattr(duty, name)
            self.reviewed_on.data = duty.reviewed_on
            self.months.data = duty.months.split(",") if duty.months else []
            self.base.data = str(duty.version)

    @property
    def version(self) -> int:
        """The version that was opened; 0 for anything that is no number."""
        text = self.base.data or ""
        return int(text) if text.isdecimal() and len(text) < 9 else 0

    def written(self) -> Written:
        """Return what was filled in."""
        return Written(
            name=self.name.data or "",
            months=tuple(self.months.data or ()),
            steps=self.steps.data or "",
            rule=self.rule.data or "",
            deadline=self.deadline.data or "",
            due_on=self.due_on.data,
            contact=self.contact.data or "",
            trouble=self.trouble.data or "",
            reviewed_on=self.reviewed_on.data,
        )


class SuccessorForm(Form):
    """Naming the successor of a post."""

    announced_on = DateField(
        lazy_gettext("内示の日"),
        default=lambda: current_context().today,
        validators=[InputRequired(lazy_gettext("内示の日を入力してください。"))],
    )
    starts_on = DateField(
        lazy_gettext("異動日"), [InputRequired(lazy_gettext("異動日を入力してください。"))]
    )
    login = StringField(
        lazy_gettext("後任のアカウントか氏名"),
        [InputRequired(lazy_gettext("後任を入力してください。"))],
        render_kw={"data-sample": "staff2@koriyama"},
    )
    form_key = KeyField()

    def named(self) -> Named:
        """Return what was filled in."""
        return Named(self.login.data or "", self.announced_on.data, self.starts_on.data)


class HolderForm(Form):
    """Letting somebody hold a post."""

    login = StringField(
        lazy_gettext("担当者のアカウントか氏名"),
        [InputRequired(lazy_gettext("担当者を入力してください。"))],
        render_kw={"data-sample": "staff2@koriyama"},
    )


class ItemForm(Form):
    """A line of the checklist."""

    text = StringField(
        lazy_gettext("確認事項"), [InputRequired(lazy_gettext("確認事項を入力してください。"))]
    )
    due_on = DateField(lazy_gettext("いつまでに"), [Optional()])
    form_key = KeyField()

    def lined(self) -> Lined:
        """Return what was filled in."""
        return Lined(self.text.data or "", self.due_on.data)


class QuestionForm(Form):
    """A question inside a notebook."""

    drafts = "handover.question"

    duty = SelectField(lazy_gettext("どの業務について"), validate_choice=False)
    text = MarkdownField(
        lazy_gettext("質問"), [InputRequired(lazy_gettext("質問を入力してください。"))]
    )
    form_key = KeyField()

    def __init__(self, duties: Iterable[Any]) -> None:
        super().__init__()
        self.duty.choices = [
            SelectChoice("", gettext("ノート全体について")),
            *(SelectChoice(str(duty.id), duty.name) for duty in duties),
        ]

    @property
    def duty_id(self) -> int | None:
        """The duty that was chosen; ``None`` for the whole notebook."""
        text = self.duty.data or ""
        if not text:
            return None
        return int(text) if text.isdecimal() and len(text) < 10 else 0


class AnswerForm(Form):
    """An answer to a question."""

    text = MarkdownField(
        lazy_gettext("答え"), [InputRequired(lazy_gettext("答えを入力してください。"))]
    )
    form_key = KeyField()


class HelpForm(Form):
    """The predecessor's time for helping."""

    work_date = DateField(
        lazy_gettext("日にち"), [InputRequired(lazy_gettext("日にちを入力してください。"))]
    )
    minutes = IntegerField(
        lazy_gettext("長さ"),
        [
            InputRequired(lazy_gettext("長さは、15分から465分までの整数で入力してください。")),
            NumberRange(
                15, 465, lazy_gettext("長さは、15分から465分までの整数で入力してください。")
            ),
        ],
        default=60,
    )
    purpose = StringField(
        lazy_gettext("すること"), [InputRequired(lazy_gettext("することを入力してください。"))]
    )
    form_key = KeyField()
