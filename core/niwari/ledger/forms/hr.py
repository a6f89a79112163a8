"""What HR and the secretariat fill in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from niwari.clock import TOKYO
from niwari.directory.cells import LONGEST_LOGIN
from niwari.ledger.arranging.bases import LONGEST_ORDER
from niwari.ledger.arranging.freezing import LONGEST_REASON
from niwari.ledger.forms.fields import Readable, chosen_id
from niwari.ledger.words import BASIS_LABELS, PERIOD_LABELS, RATE_LEVEL_LABELS
from niwari.pages.forms import Form, SelectChoice
from niwari.specs.contributions import Activity
from niwari.specs.contributions.settings import Setting, Value

_DAY = InputRequired(_l("日にちを 2026-11-18 の形で入力してください。"))


def rules_form(
    settings: Sequence[Setting], values: Mapping[str, Value], locale: str, *, sent: bool
) -> Form:
    """Return the form of the choices, filled with ``values``, or as it was ``sent``."""
    fields = {setting.key: _field(setting, locale) for setting in settings}
    made = type("RulesForm", (Form,), fields)
    form: Form = made(**({} if sent else {"formdata": None}), data=dict(values))
    return form


def _field(setting: Setting, locale: str) -> Field:
    label = setting.label.text(locale)
    if setting.kind == "yes_no":
        return BooleanField(label)
    least, most = setting.bounds
    said = _l("%(least)dから%(most)dまでの整数を入力してください。", least=least, most=most)
    return IntegerField(
        label, [Readable(said), InputRequired(said), NumberRange(least, most, said)]
    )


def given(day: date | None) -> date:
    """Return the day of a field of a valid form that must be filled in; else raises ``ValueError``."""
    if day is None:
        raise ValueError("ask for the day of a form that validate() found valid")
    return day


class PeriodForm(Form):
    """Which kind of period from which fiscal year on."""

    kind = RadioField(_l("期間"), validators=[InputRequired(_l("期間を選んでください。"))])
    year = SelectField(_l("いつから"), coerce=int)

    @classmethod
    def of(cls, kind: str, years: Iterable[int], locale: str, *, sent: bool) -> "PeriodForm":
        """Return the form with its choices, or as it was ``sent``."""
        form = cls(**({} if sent else {"formdata": None}), data={"kind": kind})
        form.kind.choices = [
            SelectChoice(code, label.text(locale)) for code, label in PERIOD_LABELS.items()
        ]
        form.year.choices = [
            SelectChoice(year, _l("%(year)s年4月1日から", year=year)) for year in years
        ]
        return form


class RegionRateForm(Form):
    """How low, and on which days."""

    percent = DecimalField(
        _l("割合"),
        places=2,
        validators=[
            Readable(_l("割合を 5 や 7.5 のように入力してください。")),
            InputRequired(_l("割合を 5 や 7.5 のように入力してください。")),
        ],
    )
    starts_on = DateField(_l("始まりの日"), validators=[_DAY])
    ends_on = DateField(_l("終わりの日"), validators=[Optional()])

    @property
    def basis_points(self) -> int:
        """Hundredths of a percent; -1 for what is none, which the service refuses."""
        points = (self.percent.data or Decimal(0)) * 100
        if not points.is_finite() or points != points.to_integral_value() or abs(points) > 10_000:
            return -1
        return int(points)


class RateForm(RegionRateForm):
    """Whose rate, how low, and on which days."""

    level = RadioField(
        _l("だれの割合か"),
        validators=[InputRequired(_l("市町村、所属、個人のどれかを選んでください。"))],
    )
    section = SelectField(_l("所属"), coerce=chosen_id, validate_choice=False)
    login = StringField(
        _l("職員のアカウント"),
        validators=[
            Length(max=LONGEST_LOGIN, message=_l("200文字以内で入力してください。")),
        ],
    )

    @classmethod
    def of(cls, sections: Iterable[tuple[int, str]], today: date, locale: str) -> "RateForm":
        """Return the form with its choices."""
        form = cls(data={"level": "section", "starts_on": today})
        form.level.choices = [
            SelectChoice(code, RATE_LEVEL_LABELS[code].text(locale))
            for code in ("municipality", "section", "person")
        ]
        form.section.choices = [
            SelectChoice(0, _l("選んでください")),
            *(SelectChoice(number, path) for number, path in sections),
        ]
        return form

    @property
    def target(self) -> Any:
        """The section's id, the person's login, or nothing for the municipality."""
        return {"section": self.section.data, "person": self.login.data}.get(self.level.data)


class EndRateForm(Form):
    """Until when a rate holds."""

    last_day = DateField(_l("終わりの日"), validators=[_DAY])


class BasisForm(Form):
    """On which basis a class is done, from a day on."""

    activity = SelectField(_l("活動の種類"))
    basis = SelectField(_l("根拠"))
    order_number = StringField(
        _l("命令の番号"),
        validators=[
            Length(max=LONGEST_ORDER, message=_l("100文字以内で入力してください。")),
        ],
    )
    starts_on = DateField(_l("いつから"), validators=[_DAY])

    @classmethod
    def of(cls, activities: Iterable[Activity], today: date, locale: str) -> "BasisForm":
        """Return the form with its choices."""
        form = cls(data={"starts_on": today})
        form.activity.choices = [
            SelectChoice(one.code, one.label.text(locale)) for one in activities
        ]
        form.basis.choices = [
            SelectChoice(code, label.text(locale)) for code, label in BASIS_LABELS.items()
        ]
        return form


class FreezeForm(Form):
    """From when on 20% time rests, and why."""

    reason = TextAreaField(
        _l("理由"),
        validators=[
            InputRequired(_l("停止する理由を入力してください。")),
            Length(max=LONGEST_REASON, message=_l("200文字以内で入力してください。")),
        ],
    )
    day = DateField(_l("停止を始める日"), validators=[Optional()])
    at = TimeField(_l("時刻"), validators=[Optional()])

    @property
    def from_at(self) -> datetime | None:
        """The moment as an aware instant; ``None`` for now. Without a time of day its midnight."""
        if self.day.data is None:
            return None
        at = self.at.data or datetime.min.time()
        return datetime.combine(self.day.data, at, TOKYO)

    def validate(self, extra_validators: object = None) -> bool:
        """A time of day alone names no moment."""
        valid = bool(super().validate(extra_validators))
        if self.at.data is not None and self.day.data is None and not self.day.errors:
            self.day.errors = [_l("時刻を決めるときは、日にちも入力してください。")]
            return False
        return valid
