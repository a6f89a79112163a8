"""The forms about people who learn in pairs: the service says what is wrong, beside the field."""

from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.validators import InputRequired, Optional

from niwari.api import (
    TOKYO,
    Context,
    Form,
    KeyField,
    MarkdownField,
    SelectChoice,
    gettext,
    lazy_gettext,
)
from niwari_mentoring.forms import audience_choices
from niwari_mentoring.service.meetings import Planned
from niwari_mentoring.service.profiles import Described, Shown
from niwari_mentoring.service.reading import Met
from niwari_mentoring.service.sections import audiences
from niwari_mentoring.texts import FIELDS, LINE_LIMIT, TIMES_LIMIT, fiscal_year_end


def field_choices(ctx: Context, first: str) -> list[SelectChoice]:
    """Return what pairs are about, with the words of choosing none before them."""
    known = [SelectChoice(code, label.text(ctx.locale)) for code, label in FIELDS.items()]
    return [SelectChoice("", first), *known]


class ProfileForm(Form):
    """What somebody offers to others and seeks from them."""

    drafts = "mentoring.profile"

    field = SelectField(lazy_gettext("分野"), validate_choice=False)
    offers = MarkdownField(lazy_gettext("伝えられること"))
    seeks = MarkdownField(lazy_gettext("教わりたいこと"))
    capacity = IntegerField(lazy_gettext("同時に引き受ける人数"), [Optional()], default=1)
    times = StringField(lazy_gettext("都合のよい時間"), render_kw={"maxlength": TIMES_LIMIT})
    minutes = IntegerField(lazy_gettext("1回の長さ"), [Optional()], default=60)
    audience = RadioField(lazy_gettext("読める人"), validate_choice=False)

    def __init__(self, ctx: Context, profile: Shown | None = None) -> None:
        super().__init__()
        self["field"].choices = field_choices(ctx, gettext("選んでください"))
        self.audience.choices = audience_choices(ctx)
        if self.is_submitted() or self.is_continued:
            return
        self.audience.data = audiences(ctx)[-1]
        if profile is not None:
            for name in ("field", "offers", "seeks", "capacity", "times", "minutes"):
                self[name].data = getattr(profile, name)
            if profile.is_listed and not profile.for_region:
                self.audience.data = audiences(ctx)[0]

    def described(self) -> Described:
        """Return what was filled in."""
        return Described(
            field=self["field"].data or "",
            offers=self.offers.data or "",
            seeks=self.seeks.data or "",
            capacity=self.capacity.data,
            times=self.times.data or "",
            minutes=self.minutes.data,
            audience=self.audience.data or "",
        )


class AskForm(Form):
    """Asking somebody to accompany oneself; it is between two, so nothing of it is kept as a draft."""

    theme = StringField(
        lazy_gettext("教わりたいことを一行で"),
        [InputRequired(lazy_gettext("何を教わりたいかを、一行で入力してください。"))],
        render_kw={"maxlength": LINE_LIMIT},
    )
    message = MarkdownField(
        lazy_gettext("お願いの言葉"),
        [InputRequired(lazy_gettext("お願いの言葉を入力してください。"))],
    )
    ends_on = DateField(lazy_gettext("いつまで"), [Optional()])
    form_key = KeyField()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        if not self.is_submitted():
            self.ends_on.data = fiscal_year_end(ctx.today)


class ReplyForm(Form):
    """The words with which somebody accepts, or declines."""

    reply = MarkdownField(lazy_gettext("ひとこと"))


class MeetingForm(Form):
    """When two meet, where and about what."""

    topic = StringField(
        lazy_gettext("話すこと"),
        [InputRequired(lazy_gettext("何を話すかを入力してください。"))],
        render_kw={"maxlength": LINE_LIMIT},
    )
    day = DateField(lazy_gettext("日にち"), [Optional()])
    starts = TimeField(lazy_gettext("始まり"), [Optional()])
    ends = TimeField(lazy_gettext("終わり"), [Optional()])
    place = StringField(lazy_gettext("場所"), render_kw={"maxlength": LINE_LIMIT})
    form_key = KeyField(id="mentoring-meeting-key")

    def __init__(self, meeting: Met | None = None) -> None:
        """With a ``meeting`` it is filled with what that says, whatever was sent."""
        super().__init__(**({} if meeting is None else {"formdata": None}))
        if meeting is not None:
            starts_at, ends_at = (
                at.astimezone(TOKYO) for at in (meeting.starts_at, meeting.ends_at)
            )
            self.topic.data, self.place.data = meeting.topic, meeting.place
            self.day.data = starts_at.date()
            self.starts.data, self.ends.data = starts_at.time(), ends_at.time()

    def planned(self) -> Planned:
        """Return what was filled in."""
        return Planned(
            topic=self.topic.data or "",
            place=self.place.data or "",
            day=self.day.data,
            starts=self.starts.data,
            ends=self.ends.data,
        )


class NoteForm(Form):
    """A note of a pair. Its words are kept nowhere else, so it has no drafts."""

    text = MarkdownField(
        lazy_gettext("メモ"), [InputRequired(lazy_gettext("メモを入力してください。"))]
    )
    form_key = KeyField(id="mentoring-note-key")
