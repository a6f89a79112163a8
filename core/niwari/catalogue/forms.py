"""The forms of the catalogue: what to look for, and how to take part."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from niwari.catalogue.joining import ways_of
from niwari.catalogue.wording import way_text
from niwari.pages.forms import Form, KeyField, SelectChoice
from niwari.specs.contributions import VERB_LABELS, Mode, Offer, Verb, Wanted

_DAY_MINUTES = 24 * 60


class FilterForm(Form):
    """Which offers are shown. It comes in an address and changes nothing, so it carries no token."""

    class Meta:
        csrf = False

    verb = SelectField(_l("種類"), validators=[Optional()])
    town = SelectField(_l("市町村"), validators=[Optional()])
    mode = SelectField(_l("参加のしかた"), validators=[Optional()])
    minutes = IntegerField(
        _l("かかる時間（この長さまで）"),
        validators=[
            Optional(),
            NumberRange(
                min=1, max=_DAY_MINUTES, message=_l("1から1440までの数で入力してください。")
            ),
        ],
    )
    first = DateField(_l("この日から"), validators=[Optional()])
    last = DateField(_l("この日まで"), validators=[Optional()])

    def offer(self, towns: Iterable[tuple[int, str]], locale: str) -> None:
        """Fill the choices, in the reader's language; the first of each is all."""
        every = SelectChoice("", _l("すべて"))
        modes = {Mode.ON_SITE: _l("会場"), Mode.ONLINE: _l("オンライン")}
        self.verb.choices = [
            every,
            *(SelectChoice(verb.value, VERB_LABELS[verb].text(locale)) for verb in Verb),
        ]
        self.town.choices = [every, *(SelectChoice(str(number), name) for number, name in towns)]
        self.mode.choices = [every, *(SelectChoice(mode.value, modes[mode]) for mode in Mode)]

    def validate(self, extra_validators: object = None) -> bool:
        """Refuse a period that ends before it begins."""
        valid = super().validate(extra_validators)
        if self.first.data and self.last.data and self.last.data < self.first.data:
            self.last.errors = [
                _l("「この日から」の日にちと同じか、それより後の日にちにしてください。")
            ]
            return False
        return valid

    def wanted(self) -> Wanted:
        """Return what was filled in; call it on a valid form alone."""
        return Wanted(
            0,
            verb=Verb(self.verb.data) if self.verb.data else None,
            municipality_id=int(self.town.data) if self.town.data else None,
            mode=Mode(self.mode.data) if self.mode.data else None,
            most_minutes=self.minutes.data,
            first=self.first.data,
            last=self.last.data,
        )


class JoinForm(Form):
    """参加したい: how, and the day where the offer has none."""

    way = RadioField(
        _l("参加のしかた"), validators=[DataRequired(_l("参加のしかたを選んでください。"))]
    )
    work_date = DateField(_l("日にち"), validators=[Optional()])
    form_key = KeyField(validators=[DataRequired(), Length(max=36)])

    def offer(self, offer: Offer) -> None:
        """Fill the ways of taking part; the first is chosen until the person chooses."""
        ways = ways_of(offer)
        self.way.choices = [SelectChoice(way, way_text(offer, way)) for way in ways]
        if self.way.data is None:
            self.way.data = ways[0]
