"""Asking, and asking again."""

from collections.abc import Iterable
from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import (
    DataRequired,
    Length,
    Optional,
)

from niwari.ledger.asking.wishes import LONGEST_PURPOSE, Wish
from niwari.ledger.forms.fields import MINUTES
from niwari.ledger.forms.oral import OralFields
from niwari.ledger.models import PLACES, Request
from niwari.ledger.sight import wall_times
from niwari.ledger.words import PLACE_LABELS
from niwari.pages.forms import Form, SelectChoice
from niwari.specs.contributions import Activity
from niwari.written import new_key


class RequestForm(OralFields):
    """20%の時間を申し込む: what, when or how many minutes, where."""

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
    work_date = DateField(
        _l("日にち"), validators=[DataRequired(_l("日にちを 2026-11-18 の形で入力してください。"))]
    )
    how = RadioField(
        _l("時間の決め方"),
        choices=[
            SelectChoice("minutes", _l("長さだけ")),
            SelectChoice("interval", _l("時刻を決める")),
        ],
        default="minutes",
    )
    minutes = IntegerField(
        _l("長さ"),
        description=_l("その日の勤務時間より長いときは、月末までの勤務日に分けて使います。"),
        validators=[Optional(), *MINUTES],
    )
    starts = TimeField(_l("始まり"), validators=[Optional()])
    ends = TimeField(_l("終わり"), validators=[Optional()])
    place = SelectField(_l("場所"), validators=[DataRequired(_l("場所を選んでください。"))])
    after_fact = BooleanField(_l("事後の申込みにします（もう終わった時間）"))
    travel_there = IntegerField(_l("行き"), validators=[Optional(), *MINUTES])
    travel_back = IntegerField(_l("帰り"), validators=[Optional(), *MINUTES])
    form_key = HiddenField(validators=[DataRequired(), Length(max=36)])

    def offer(self, activities: Iterable[Activity], locale: str) -> None:
        """Fill the choices with the activities of this municipality, in the reader's language."""
        self.activity.choices = [
            SelectChoice(activity.code, activity.label.text(locale)) for activity in activities
        ]
        self.place.choices = [
            SelectChoice(place, PLACE_LABELS[place].text(locale)) for place in PLACES
        ]

    def offer_after_fact(self, *, offered: bool) -> None:
        """Leave the tick of what is over out where nobody can ask for that."""
        if not offered:
            del self.after_fact

    def offer_travel(self, used: bool) -> None:
        """Leave the fields of the ways there and back out where they are not ``used``."""
        if not used:
            del self.travel_there, self.travel_back

    def wish(self) -> Wish:
        """Return what was filled in; of the two ways to name the time only the chosen one.

        Raises ``ValueError`` for a form that was not found valid.
        """
        if self.work_date.data is None:
            raise ValueError("wish() needs a form that validate() found valid")
        interval = self.how.data == "interval"
        return Wish(
            activity=self.activity.data,
            purpose=self.purpose.data or "",
            place=self.place.data,
            work_date=self.work_date.data,
            minutes=None if interval else self.minutes.data,
            starts=self.starts.data if interval else None,
            ends=self.ends.data if interval else None,
            form_key=self.form_key.data or "",
            oral=self.oral_ok(),
            after_fact="after_fact" in self and bool(self.after_fact.data),
            travel_there=self.travel_there.data if "travel_there" in self else None,
            travel_back=self.travel_back.data if "travel_back" in self else None,
        )

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for the amount in the way that was chosen, and leave the other alone."""
        super().validate(extra_validators)
        if self.how.data == "interval":
            self.minutes.errors = []
            for field in (self.starts, self.ends):
                if field.data is None and not field.errors:
                    field.errors = [_l("時刻を 15:00 の形で入力してください。")]
        else:
            self.starts.errors = self.ends.errors = []
            if self.minutes.data is None and not self.minutes.errors:
                self.minutes.errors = [_l("長さを分で入力してください。")]
        return not self.errors


class JointForm(RequestForm):
    """The same for several: who else does it, by account."""

    together = TextAreaField(
        _l("一緒に申し込む職員のアカウント"),
        validators=[
            DataRequired(_l("一緒に申し込む職員を、1人以上20人以内で入力してください。")),
            Length(max=4000, message=_l("4,000文字以内で入力してください。")),
        ],
    )

    @property
    def logins(self) -> list[str]:
        """The accounts, one a line or with spaces or commas between them."""
        return (self.together.data or "").replace(",", " ").replace("、", " ").split()


class OfferAgainForm(Form):
    """A returned request for an offer: what it is for, and the day where the offer has no time."""

    purpose = TextAreaField(
        _l("すること"),
        validators=[
            DataRequired(_l("何をするのかを入力してください。")),
            Length(max=LONGEST_PURPOSE, message=_l("400文字以内で入力してください。")),
        ],
    )
    work_date = DateField(
        _l("日にち"), validators=[DataRequired(_l("日にちを 2026-11-18 の形で入力してください。"))]
    )
    form_key = HiddenField(validators=[DataRequired(), Length(max=36)])

    @classmethod
    def of(cls, former: Request) -> Self:
        """Return the form of ``former``."""
        form = cls(form_key=new_key(), purpose=former.purpose, work_date=former.work_date)
        if former.starts_at is not None:
            del form.work_date
        return form

    def wish(self, former: Request) -> Wish:
        """Return what was filled in, with all else as in ``former``; call it on a valid form alone."""
        times = wall_times(former)
        chosen = self.work_date.data if "work_date" in self else None
        return Wish(
            activity=former.activity,
            purpose=self.purpose.data or "",
            place=former.place,
            work_date=chosen or former.work_date,
            minutes=None if times else former.minutes,
            starts=times.get("starts"),
            ends=times.get("ends"),
            form_key=self.form_key.data or "",
        )
