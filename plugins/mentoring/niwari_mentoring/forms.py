"""The forms about sections and practices: the service says what is wrong, beside the field."""

from typing import Any

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired

from niwari.api import (
    MUNICIPALITY,
    Context,
    Form,
    HideNameField,
    KeyField,
    MarkdownField,
    SelectChoice,
    gettext,
    lazy_gettext,
)
from niwari_mentoring.practices import TEMPLATES, Template
from niwari_mentoring.service.sections import Told, Written, audiences
from niwari_mentoring.service.sheets import Filled
from niwari_mentoring.texts import LINE_LIMIT


def version_of(field: Any) -> int:
    """Return the version that a form was opened with; 0 for anything that is no number."""
    text = field.data or ""
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def audience_choices(ctx: Context) -> list[SelectChoice]:
    """Return who may read something, the widest first."""
    town = gettext("%(municipality)sの職員だけ", municipality=ctx.municipality.name)
    region = gettext("広域圏の市町村の職員")
    return [
        SelectChoice(audience, town if audience == MUNICIPALITY else region)
        for audience in reversed(audiences(ctx))
    ]


class SectionForm(Form):
    """What the people of a section say of it; ``base`` is the version that was opened."""

    drafts = "mentoring.section"

    headline = StringField(
        lazy_gettext("一行で言うと"),
        [InputRequired(lazy_gettext("どんな所属かを、一行で入力してください。"))],
        render_kw={"maxlength": LINE_LIMIT},
    )
    work = MarkdownField(
        lazy_gettext("どんな仕事か"),
        [InputRequired(lazy_gettext("どんな仕事をしているかを入力してください。"))],
    )
    day = MarkdownField(lazy_gettext("ある一日"))
    branches = MarkdownField(lazy_gettext("本庁と支所の違い"))
    preparing = MarkdownField(lazy_gettext("来る前に知っておくとよいこと"))
    audience = RadioField(lazy_gettext("読める人"), validate_choice=False)
    base = HiddenField(default="0")

    def __init__(self, ctx: Context, profile: Told | None = None) -> None:
        super().__init__()
        self.audience.choices = audience_choices(ctx)
        if self.is_submitted() or self.is_continued:
            return
        self.audience.data = audiences(ctx)[-1]
        if profile is not None:
            for name in ("headline", "work", "day", "branches", "preparing"):
                self[name].data = getattr(profile, name)
            self.audience.data = profile.shared_with
            self.base.data = str(profile.version)

    def written(self) -> Written:
        """Return what was filled in."""
        return Written(
            headline=self.headline.data or "",
            work=self.work.data or "",
            day=self.day.data or "",
            branches=self.branches.data or "",
            preparing=self.preparing.data or "",
            audience=self.audience.data or "",
        )


class QuestionForm(Form):
    """A question to a section, without one's name unless one takes the tick away.

    It keeps no drafts: a draft would note beside the person about which section it is.
    """

    body = MarkdownField(
        lazy_gettext("質問"), [InputRequired(lazy_gettext("質問を入力してください。"))]
    )
    hide_name = HideNameField()
    form_key = KeyField()

    def __init__(self) -> None:
        super().__init__()
        if not self.is_submitted():
            # Which section somebody would like to go to is told by nobody but themselves.
            self.hide_name.data = True


class AnswerForm(Form):
    """An answer of somebody who works in the section."""

    body = MarkdownField(
        lazy_gettext("答え"), [InputRequired(lazy_gettext("答えを入力してください。"))]
    )
    form_key = KeyField()


class SheetForm(Form):
    """A practice sheet: of each template there is a form with a field for each of its items."""

    audience = RadioField(lazy_gettext("読める人"), validate_choice=False)
    base = HiddenField(default="0")

    def offer(self, ctx: Context, template: Template, sheet: Filled | None) -> None:
        """Name the fields, and fill them with what the sheet says."""
        for item in template.items:
            self[item.code].label.text = item.label.text(ctx.locale)
        self.audience.choices = audience_choices(ctx)
        if self.is_submitted() or self.is_continued:
            return
        self.audience.data = audiences(ctx)[-1]
        if sheet is not None:
            for item in template.items:
                self[item.code].data = sheet.words.get(item.code, "")
            self.audience.data = audiences(ctx)[-1 if sheet.for_region else 0]
            self.base.data = str(sheet.version)

    def words(self, template: Template) -> dict[str, str]:
        """Return what was filled in, by the codes of the items."""
        return {item.code: self[item.code].data or "" for item in template.items}


def sheet_form(ctx: Context, template: Template, sheet: Filled | None = None) -> SheetForm:
    """Return the form of a template, filled with what the own town's sheet says."""
    form = _SHEET_FORMS[template.code]()
    form.offer(ctx, template, sheet)
    return form


def _of(template: Template) -> type[SheetForm]:
    fields = {item.code: MarkdownField(item.label.ja) for item in template.items}
    return type("SheetForm", (SheetForm,), {**fields, "drafts": f"mentoring.{template.code}"})


_SHEET_FORMS = {template.code: _of(template) for template in TEMPLATES}
