"""Asking for a standing agreement, answering it, and recording parts of an allowance."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from niwari.ledger.asking.wishes import LONGEST_PURPOSE
from niwari.ledger.forms.deciding import AnswerForm
from niwari.ledger.forms.fields import MINUTES
from niwari.ledger.models import PLACES
from niwari.ledger.standing.asking import StandingWish
from niwari.ledger.standing.terms import Kind, Terms
from niwari.ledger.standing.words import RHYTHM_LABELS, WEEKDAY_LABELS
from niwari.ledger.words import PLACE_LABELS
from niwari.pages.forms import Form, SelectChoice
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import Activity
from niwari.specs.contributions.dates import OnHoliday

_DAY_NEEDED = _l("日にちを 2026-11-18 の形で入力してください。")
_NOTE = Length(max=400, message=_l("400文字以内で入力してください。"))


class StandingForm(Form):
    """包括了承を申し込む: some days by a rule, or some hours each month without dates."""

    activity = SelectField(
        _l("活動の種類"), validators=[DataRequired(_l("活動の種類を選んでください。"))]
    )
    purpose = TextAreaField(
        _l("すること"),
        description=_l("「学び・相談」とだけ書いても構いません。"),
        validators=[
            DataRequired(_l("何をするのかを入力してください。")),
            Length(max=LONGEST_PURPOSE, message=_l("400文字以内で入力してください。")),
        ],
    )
    kind = RadioField(
        _l("決め方"),
        choices=[
            SelectChoice("allowance", _l("月に何分か（日にちを決めない）")),
            SelectChoice("dated", _l("決まった日")),
        ],
        default="allowance",
    )
    every = SelectField(_l("繰り返し"))
    weekday = SelectField(_l("曜日"))
    on_holiday = SelectField(
        _l("祝日・閉庁日に当たるとき"),
        choices=[
            SelectChoice("skip", _l("その回は除く")),
            SelectChoice("before", _l("前の開庁日にする")),
            SelectChoice("after", _l("次の開庁日にする")),
            SelectChoice("next_week", _l("次の週の同じ曜日にする")),
            SelectChoice("keep", _l("その日のまま（祝日も勤務する職場）")),
        ],
    )
    minutes = IntegerField(
        _l("長さ"),
        description=_l("1回の長さか、1か月の合計です。時刻を入力したときは、空欄で構いません。"),
        validators=[Optional(), *MINUTES],
    )
    starts = TimeField(_l("始まりの時刻"), validators=[Optional()])
    ends = TimeField(_l("終わりの時刻"), validators=[Optional()])
    first_day = DateField(_l("始まりの日"), validators=[DataRequired(_DAY_NEEDED)])
    last_day = DateField(_l("終わりの日"), validators=[DataRequired(_DAY_NEEDED)])
    place = SelectField(_l("場所"), validators=[DataRequired(_l("場所を選んでください。"))])
    form_key = HiddenField(validators=[DataRequired(), Length(max=36)])
    seen = HiddenField(validators=[Length(max=200)])

    def offer(self, activities: Iterable[Activity], locale: str) -> None:
        """Fill the choices with the activities of this municipality, in the reader's language."""
        self.activity.choices = [
            SelectChoice(activity.code, activity.label.text(locale)) for activity in activities
        ]
        self.place.choices = [
            SelectChoice(place, PLACE_LABELS[place].text(locale)) for place in PLACES
        ]
        for field, labels in ((self.every, RHYTHM_LABELS), (self.weekday, WEEKDAY_LABELS)):
            field.choices = [SelectChoice(code, one.text(locale)) for code, one in labels.items()]

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for the amount in the way that was chosen, and leave the other alone."""
        super().validate(extra_validators)
        timed = self.kind.data == "dated" and (self.starts.raw_data or self.ends.raw_data)
        timed = bool(timed) and any([*(self.starts.raw_data or ()), *(self.ends.raw_data or ())])
        if timed:
            self.minutes.errors = []
            for field in (self.starts, self.ends):
                if field.data is None and not field.errors:
                    field.errors = [_l("時刻を 15:00 の形で入力してください。")]
        else:
            self.starts.errors = self.ends.errors = []
            if self.minutes.data is None and not self.minutes.errors:
                self.minutes.errors = [_l("長さを分で入力してください。")]
        return not self.errors

    def wish(self) -> StandingWish:
        """Return what was filled in.

        Raises ``ValueError`` for a form that was not found valid.
        """
        if self.first_day.data is None or self.last_day.data is None:
            raise ValueError("wish() needs a form that validate() found valid")
        dated = self.kind.data == "dated"
        terms = Terms(
            kind=cast("Kind", self.kind.data),
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            minutes=self.minutes.data or 0,
            starts=self.starts.data if dated else None,
            ends=self.ends.data if dated else None,
            rule=f"FREQ={self.every.data}{self.weekday.data}" if dated else "",
            on_holiday=cast("OnHoliday", self.on_holiday.data if dated else "skip"),
        )
        return StandingWish(
            activity=self.activity.data,
            purpose=self.purpose.data or "",
            place=self.place.data,
            terms=terms,
            form_key=self.form_key.data or "",
        )


def typed(terms: Terms) -> dict[str, object]:
    """Return what stood in the form of ``terms``; of a rule that the form has not, its defaults."""
    rule = terms.rule.removeprefix("FREQ=")
    return {
        "kind": terms.kind,
        "every": rule[:-2],
        "weekday": rule[-2:],
        "on_holiday": terms.on_holiday,
        "minutes": terms.minutes if terms.starts is None else None,
        "starts": terms.starts,
        "ends": terms.ends,
        "first_day": terms.first_day,
        "last_day": terms.last_day,
    }


class StandingDecisionForm(AnswerForm):
    """What the head answers, with what the head saw; a word on why."""

    seen = HiddenField(validators=[Length(max=64)])


class RevokeStandingForm(Form):
    """Why the rest is called off."""

    reason = TextAreaField(_l("理由"), validators=[_NOTE])


class DrawForm(Form):
    """On which day, and how many minutes."""

    day = DateField(_l("使った日"), validators=[DataRequired(_DAY_NEEDED)])
    minutes = IntegerField(
        _l("使った長さ"),
        validators=[InputRequired(_l("長さを分で入力してください。")), *MINUTES],
    )
    seen = HiddenField(validators=[Regexp(r"^\d{1,4}$", message=_l("入力を確かめてください。"))])


def first_choice(today: date) -> dict[str, object]:
    """Return what the form suggests: two hours a month, for 学び・相談."""
    return {"minutes": 120, "first_day": today, "purpose": _("学び・相談")}
