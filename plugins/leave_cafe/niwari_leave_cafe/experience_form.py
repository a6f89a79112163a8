"""The form for an experience."""

from typing import Any

from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Optional

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
from niwari_leave_cafe.dates.schemes import EMPLOYMENTS, PARENTS, SCHEMES
from niwari_leave_cafe.dates_form import Chosen
from niwari_leave_cafe.service.writing import audiences, fiscal_year
from niwari_leave_cafe.texts import HEADLINE_LIMIT, Written


class ChangeForm(Form):
    """Which leave, whose, when, and what one learned."""

    scheme = SelectField(lazy_gettext("使った制度"), [Chosen()], validate_choice=False)
    role = RadioField(lazy_gettext("どの立場で"), [Chosen()], validate_choice=False)
    employment = SelectField(lazy_gettext("任用の種類"), [Chosen()], validate_choice=False)
    year = IntegerField(lazy_gettext("取り始めた年度"), [Optional()])
    headline = StringField(lazy_gettext("一行で言うと"), render_kw={"maxlength": HEADLINE_LIMIT})
    applied = MarkdownField(lazy_gettext("どう申し出たか"))
    helped = MarkdownField(lazy_gettext("助けになったこと"))
    otherwise = MarkdownField(lazy_gettext("次はこうしたいと思うこと"))
    returned = MarkdownField(lazy_gettext("職場に戻ったとき"))
    key = KeyField()

    def __init__(self, ctx: Context, **values: Any) -> None:
        super().__init__(**values)
        first = SelectChoice("", gettext("選んでください"))
        for field, known in ((self.scheme, SCHEMES), (self.employment, EMPLOYMENTS)):
            field.choices = [
                first,
                *(SelectChoice(one.code, one.label.text(ctx.locale)) for one in known),
            ]
        self.role.choices = [SelectChoice(one.code, one.label.text(ctx.locale)) for one in PARENTS]

    def written(self) -> Written:
        """Return what was written."""
        return Written(
            scheme=str(self.scheme.data),
            role=str(self.role.data),
            employment=str(self.employment.data),
            year=self.year.data,
            headline=self.headline.data or "",
            applied=self.applied.data or "",
            helped=self.helped.data or "",
            otherwise=self.otherwise.data or "",
            returned=self.returned.data or "",
        )


class ExperienceForm(ChangeForm):
    """A new one, with one's name or without it, and who may read it."""

    drafts = "leave_cafe.experience"

    audience = RadioField(lazy_gettext("読める人"), [Chosen()], validate_choice=False)
    hide_name = HideNameField()

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        town = gettext("%(municipality)sの職員だけ", municipality=ctx.municipality.name)
        region = gettext("広域圏の市町村の職員")
        possible = audiences(ctx)
        self.audience.choices = [
            SelectChoice(audience, town if audience == MUNICIPALITY else region)
            for audience in reversed(possible)
        ]
        if not self.is_submitted() and not self.is_continued:
            self.year.data = fiscal_year(ctx)
            self.audience.data = possible[-1]
