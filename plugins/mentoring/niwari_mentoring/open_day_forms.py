"""The form about an open-company day: the service says what is wrong, beside the field."""

from wtforms import DateField, IntegerField, RadioField, StringField, TimeField
from wtforms.validators import InputRequired, Optional

from niwari.api import (
    TOKYO,
    Form,
    KeyField,
    MarkdownField,
    Mode,
    SelectChoice,
    gettext,
    lazy_gettext,
)
from niwari_mentoring.service.open_day_lists import Shown
from niwari_mentoring.service.open_days import Planned
from niwari_mentoring.texts import LINE_LIMIT


class OpenDayForm(Form):
    """When the people of a section open it, where, for how many, and what one sees."""

    drafts = "mentoring.open_day"

    text = MarkdownField(
        lazy_gettext("見られること"),
        [InputRequired(lazy_gettext("何を見られるかを入力してください。"))],
    )
    day = DateField(lazy_gettext("日にち"), [Optional()])
    starts = TimeField(lazy_gettext("始まり"), [Optional()])
    minutes = IntegerField(lazy_gettext("長さ"), [Optional()], default=60)
    mode = RadioField(lazy_gettext("開き方"), default=Mode.ON_SITE.value, validate_choice=False)
    place = StringField(lazy_gettext("場所"), render_kw={"maxlength": LINE_LIMIT})
    seats = IntegerField(lazy_gettext("席の数"), [Optional()], default=5)
    closes_on = DateField(
        lazy_gettext("申込みの締切り"), [Optional()], render_kw={"data-sample": ""}
    )
    form_key = KeyField()

    def __init__(self, open_day: Shown | None = None) -> None:
        super().__init__()
        self.mode.choices = [
            SelectChoice(Mode.ON_SITE.value, gettext("会場で")),
            SelectChoice(Mode.ONLINE.value, gettext("オンラインで")),
        ]
        if open_day is None or self.is_submitted() or self.is_continued:
            return
        starts_at = open_day.starts_at.astimezone(TOKYO)
        self.day.data, self.starts.data = starts_at.date(), starts_at.time()
        self.mode.data = open_day.mode.value
        for name in ("text", "minutes", "place", "seats", "closes_on"):
            self[name].data = getattr(open_day, name)

    def planned(self) -> Planned:
        """Return what was filled in."""
        return Planned(
            text=self.text.data or "",
            mode=self.mode.data or "",
            place=self.place.data or "",
            day=self.day.data,
            starts=self.starts.data,
            minutes=self.minutes.data,
            seats=self.seats.data,
            closes_on=self.closes_on.data,
        )
