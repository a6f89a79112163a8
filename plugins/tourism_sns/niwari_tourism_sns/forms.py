"""The forms of spots, photos and routes: the service says what is wrong, beside the field."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from niwari.api import (
    MUNICIPALITY,
    REGION,
    AttachmentsField,
    Form,
    KeyField,
    Label,
    MarkdownField,
    SelectChoice,
    current_context,
    gettext,
    lazy_gettext,
)
from niwari_tourism_sns.kinds import CONSENTS, LICENCES, SPOT_KINDS
from niwari_tourism_sns.mapping import DEGREE, squares
from niwari_tourism_sns.service.helping import Call
from niwari_tourism_sns.service.photos import Allowed
from niwari_tourism_sns.service.routes import MOST_STOPS, Planned
from niwari_tourism_sns.service.spots import Written, audiences

_LARGEST = 2147483647


def whole(text: Any) -> int:
    """Return a number of a form; 0 for anything that no row has."""
    return min(int(text), _LARGEST) if str(text or "").isascii() and str(text).isdigit() else 0


def labelled(labels: dict[str, Label] | Any) -> list[Any]:
    """Return the choices of a list of labels, in the reader's language."""
    locale = current_context().locale
    return [SelectChoice(code, label.text(locale)) for code, label in labels.items()]


def audience_choices() -> list[Any]:
    """Return who may see what is shared."""
    labels = {REGION: gettext("広域圏の職員"), MUNICIPALITY: gettext("この市町村の職員だけ")}
    return [SelectChoice(one, labels[one]) for one in reversed(audiences(current_context()))]


class DegreesField(StringField):
    """Degrees as 37.4005, kept as ten-thousandths; ``data`` is what was typed, ``value`` the number."""

    value: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the number; raises where it is none."""
        text = (self.data or "").strip()
        if not text:
            return
        try:
            self.value = round(Decimal(text) * DEGREE)
        except (InvalidOperation, OverflowError, ValueError) as error:
            raise ValidationError(
                gettext(
                    "「%(text)s」は数として読めません。37.4005のように入力してください。",
                    text=text[:40],
                )
            ) from error
        if abs(self.value) > 360 * DEGREE:
            self.value = None
            raise ValidationError(gettext("緯度か経度を、37.4005のように入力してください。"))


class SpotForm(Form):
    """A spot; ``base`` is the version that was opened."""

    drafts = "tourism_sns.spot"

    name = StringField(
        lazy_gettext("見どころの名前"),
        [InputRequired(lazy_gettext("見どころの名前を入力してください。"))],
    )
    kind = SelectField(
        lazy_gettext("種類"),
        [InputRequired(lazy_gettext("種類を選んでください。"))],
        validate_choice=False,
    )
    place = StringField(
        lazy_gettext("場所"), [InputRequired(lazy_gettext("場所を入力してください。"))]
    )
    months = SelectMultipleField(
        lazy_gettext("おすすめの月"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    best_days = StringField(lazy_gettext("見ごろ・よい日"))
    access = TextAreaField(lazy_gettext("行き方"))
    story = MarkdownField(lazy_gettext("紹介・いわれ"))
    contact = StringField(lazy_gettext("問い合わせ先"))
    checked_on = DateField(
        lazy_gettext("情報を確かめた日"),
        [InputRequired(lazy_gettext("情報を確かめた日を入力してください。"))],
        default=lambda: current_context().today,
    )
    square = SelectField(lazy_gettext("地図のマス目"), validate_choice=False)
    latitude = DegreesField(lazy_gettext("緯度"), render_kw={"data-sample": ""})
    longitude = DegreesField(lazy_gettext("経度"), render_kw={"data-sample": ""})
    files = AttachmentsField(lazy_gettext("写真"))
    licence = RadioField(lazy_gettext("写真の利用条件"), validate_choice=False)
    credit = StringField(lazy_gettext("作者・提供者の表示"))
    consent = RadioField(lazy_gettext("写っている人"), validate_choice=False)
    consent_kept = StringField(lazy_gettext("承諾の記録の保管場所"))
    audience = RadioField(lazy_gettext("見える人"), validate_choice=False)
    base = HiddenField(default="0")
    form_key = KeyField()

    def __init__(self, spot: Any = None) -> None:
        super().__init__()
        ctx = current_context()
        self.kind.choices = [SelectChoice("", gettext("選んでください")), *labelled(SPOT_KINDS)]
        self.months.choices = [
            SelectChoice(str(month), gettext("%(month)d月", month=month)) for month in range(1, 13)
        ]
        self.square.choices = [
            SelectChoice("", gettext("位置を示さない")),
            *(SelectChoice(one.name, one.name) for one in squares(ctx.municipality.code)),
        ]
        self.licence.choices = labelled(LICENCES)
        self.consent.choices = labelled(CONSENTS)
        self.audience.choices = audience_choices()
        if not self.is_submitted() and not self.is_continued:
            self.audience.data = self.audience.choices[0].value
            if spot is not None:
                self._show(spot)

    def _show(self, spot: Any) -> None:
        for name in ("name", "kind", "place", "best_days", "access", "story", "contact"):
            self[name].data = getattr(spot, name)
        self.checked_on.data = spot.checked_on
        self.months.data = [str(month) for month in spot.months]
        self.audience.data = spot.audience
        if spot.latitude is not None:
            self.latitude.data = f"{spot.latitude / DEGREE:.4f}"
            self.longitude.data = f"{spot.longitude / DEGREE:.4f}"
        self.base.data = str(spot.version)

    def written(self) -> Written:
        """Return what was filled in."""
        return Written(
            name=self.name.data or "",
            kind=self.kind.data or "",
            place=self.place.data or "",
            checked_on=self.checked_on.data,
            months=tuple(self.months.data or ()),
            best_days=self.best_days.data or "",
            access=self.access.data or "",
            story=self.story.data or "",
            contact=self.contact.data or "",
            square=self.square.data or "",
            latitude=self.latitude.value,
            longitude=self.longitude.value,
            audience=self.audience.data or "",
        )

    def allowed(self) -> Allowed:
        """Return what the photos may be used for."""
        return Allowed(
            licence=self.licence.data or "",
            consent=self.consent.data or "",
            credit=self.credit.data or "",
            consent_kept=self.consent_kept.data or "",
        )


class RouteForm(Form):
    """A route; its spots are put in, moved and taken out by buttons, and saved with the rest."""

    drafts = "tourism_sns.route"

    title = StringField(
        lazy_gettext("ルートの名前"),
        [InputRequired(lazy_gettext("ルートの名前を入力してください。"))],
    )
    text = MarkdownField(lazy_gettext("ルートの紹介"))
    stops = HiddenField(render_kw={"data-sample": "2 3"})
    town = SelectField(lazy_gettext("市町村"), validate_choice=False)
    words = StringField(lazy_gettext("見どころの名前の一部"))
    base = HiddenField(default="0")
    form_key = KeyField()

    def __init__(self, towns: dict[int, str], route: Any = None, first: int = 0) -> None:
        super().__init__()
        self.town.choices = [
            SelectChoice("", gettext("すべての市町村")),
            *(SelectChoice(str(id_), name) for id_, name in towns.items()),
        ]
        if not self.is_submitted() and not self.is_continued:
            if route is not None:
                self.title.data, self.text.data = route.title, route.text
                self.put(tuple(stop.spot_id for stop in route.stops if stop.spot_id))
                self.base.data = str(route.version)
            elif first:
                self.put((first,))

    @property
    def chosen(self) -> tuple[int, ...]:
        """The spots that are in it so far."""
        return tuple(whole(one) for one in (self.stops.data or "").split()[: MOST_STOPS + 1])

    def put(self, stops: Iterable[int]) -> None:
        """Let these be its spots."""
        self.stops.data = " ".join(str(stop) for stop in stops)

    def act(self, act: str) -> None:
        """Do what a button says: ``add:12``, ``up:12``, ``drop:12``; anything else changes nothing."""
        verb, _, number = act.partition(":")
        stops, id_ = list(self.chosen), whole(number)
        if verb == "add" and id_ and id_ not in stops and len(stops) < MOST_STOPS:
            stops.append(id_)
        elif verb in ("drop", "up") and id_ in stops:
            at = stops.index(id_)
            stops.remove(id_)
            if verb == "up":
                stops.insert(max(at - 1, 0), id_)
        self.put(stops)

    def planned(self) -> Planned:
        """Return what was filled in."""
        return Planned(self.title.data or "", self.text.data or "", self.chosen)


class HelpForm(Form):
    """Looking for helpers with a route."""

    text = MarkdownField(
        lazy_gettext("手伝ってほしいこと"),
        [InputRequired(lazy_gettext("手伝ってほしいことを入力してください。"))],
    )
    minutes = IntegerField(
        lazy_gettext("1人あたりの時間"),
        [
            InputRequired(lazy_gettext("時間は、15分から465分までの整数で入力してください。")),
            NumberRange(
                15, 465, lazy_gettext("時間は、15分から465分までの整数で入力してください。")
            ),
        ],
        default=120,
    )
    places = IntegerField(
        lazy_gettext("人数"),
        [
            InputRequired(lazy_gettext("人数は、1人から50人までの整数で入力してください。")),
            NumberRange(1, 50, lazy_gettext("人数は、1人から50人までの整数で入力してください。")),
        ],
        default=3,
    )
    until = DateField(
        lazy_gettext("募集の締切"),
        [InputRequired(lazy_gettext("募集の締切を入力してください。"))],
        id="tourism-help_until",
    )

    def call(self) -> Call:
        """Return what was filled in."""
        return Call(self.minutes.data, self.places.data, self.until.data, self.text.data or "")


def ids(values: Iterable[Any] | None) -> tuple[int, ...]:
    """Return the chosen rows of a list of checkboxes."""
    return tuple(dict.fromkeys(whole(one) for one in values or ()))
