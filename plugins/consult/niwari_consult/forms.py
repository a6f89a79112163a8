"""The forms of consult: they refuse what the service would refuse, each thing beside its field."""

from collections.abc import Callable
from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from niwari.api import (
    MUNICIPALITY,
    AttachmentsField,
    Context,
    Form,
    HideNameField,
    Invalid,
    KeyField,
    MarkdownField,
    SelectChoice,
    current_context,
    gettext,
    lazy_gettext,
)
from niwari_consult.service.posting import audiences
from niwari_consult.texts import InParts, Plain, checked_body, checked_optional, checked_title
from niwari_consult.topics import TOPICS, checked_topic

IN_PARTS, PLAIN = "parts", "plain"


class Checked:
    """A validator that asks a rule of the domain, so that form and service never differ.

    With ``shape`` it asks only while the question is written in that shape.
    """

    def __init__(self, rule: Callable[..., Any], *, required: bool = True, shape: str = "") -> None:
        self._rule = rule
        self._shape = shape
        self.field_flags = {"required": True} if required else {}

    def __call__(self, form: Any, field: Any) -> None:
        if self._shape and form.shape.data != self._shape:
            return
        try:
            self._rule(field.data or "", field.name)
        except Invalid as error:
            raise ValidationError(gettext(error.text, **error.params)) from error


def _topic_choices() -> list[SelectChoice]:
    locale = current_context().locale
    topics = [SelectChoice(topic.code, topic.label.text(locale)) for topic in TOPICS]
    return [SelectChoice("", gettext("選んでください")), *topics]


class AskForm(Form):
    """A question: in three parts (R-052) or plain, for the town or the region."""

    drafts = "consult.ask"

    files = AttachmentsField(lazy_gettext("写真・ファイル"))
    hide_name = HideNameField()
    topic = SelectField(
        lazy_gettext("分野"),
        [Checked(checked_topic)],
        choices=_topic_choices,
        validate_choice=False,
    )
    title = StringField(lazy_gettext("聞きたいことを一行で"), [Checked(checked_title)])
    shape = RadioField(lazy_gettext("書き方"), default=IN_PARTS, validate_choice=False)
    background = MarkdownField(
        lazy_gettext("背景"), [Checked(checked_optional, required=False, shape=IN_PARTS)]
    )
    heard = MarkdownField(
        lazy_gettext("調べたこと・聞いたこと"),
        [Checked(checked_optional, required=False, shape=IN_PARTS)],
    )
    ask = MarkdownField(lazy_gettext("教えてほしいこと"), [Checked(checked_body, shape=IN_PARTS)])
    body = MarkdownField(lazy_gettext("相談の内容"), [Checked(checked_body, shape=PLAIN)])
    audience = RadioField(lazy_gettext("読める人"), validate_choice=False)
    form_key = KeyField()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.shape.choices = [
            SelectChoice(IN_PARTS, gettext("三つに分けて書く")),
            SelectChoice(PLAIN, gettext("自由に書く")),
        ]
        town = gettext("%(municipality)sの職員だけ", municipality=ctx.municipality.name)
        region = gettext("広域圏の市町村の職員")
        possible = audiences(ctx)
        self.audience.choices = [
            SelectChoice(audience, town if audience == MUNICIPALITY else region)
            for audience in reversed(possible)
        ]
        if not self.is_submitted() and not self.is_continued:
            self.audience.data = possible[-1]

    def text(self) -> Plain | InParts:
        """Return what was written, in the shape that was chosen."""
        if self.shape.data == PLAIN:
            return Plain(self.body.data or "")
        return InParts(self.background.data or "", self.heard.data or "", self.ask.data or "")


class AnswerForm(Form):
    """An answer to a question."""

    drafts = "consult.answer"

    body = MarkdownField(lazy_gettext("回答"), [Checked(checked_body)])
    hide_name = HideNameField()
    form_key = KeyField()
