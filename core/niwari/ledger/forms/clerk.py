"""代理入力: a table of lines for several people, and what was done of what was agreed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, Length, Optional

from niwari.context import Context
from niwari.errors import DomainError
from niwari.ledger.asking.entering import MOST_LINES, EnteredLine, Line
from niwari.ledger.asking.objecting import LONGEST
from niwari.ledger.asking.served import Served
from niwari.ledger.asking.wishes import LONGEST_PURPOSE, Wish
from niwari.ledger.deciding.people import Answering
from niwari.ledger.forms.fields import MINUTES, chosen_id
from niwari.ledger.forms.oral import OralFields
from niwari.ledger.models import PLACES
from niwari.ledger.words import PLACE_LABELS
from niwari.pages.forms import Form, SelectChoice
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import Activity
from niwari.written import new_key

FIRST_LINES = 5
MORE_LINES = 5
_ASKED_WITH = ("person", "starts", "ends", "minutes", "purpose", "oral", "after_fact")


class LineForm(OralFields):
    """One line: for whom, which day, an interval or a length, what, where, and an oral OK."""

    class Meta:
        csrf = False

    person = SelectField(_l("職員"), coerce=chosen_id, validate_choice=False)
    work_date = DateField(
        _l("日にち"), validators=[DataRequired(_l("日にちを 2026-11-18 の形で入力してください。"))]
    )
    starts = TimeField(_l("始まり"), validators=[Optional()])
    ends = TimeField(_l("終わり"), validators=[Optional()])
    minutes = IntegerField(_l("長さ（分）"), validators=[Optional(), *MINUTES])
    activity = SelectField(
        _l("活動の種類"), validators=[DataRequired(_l("活動の種類を選んでください。"))]
    )
    purpose = StringField(
        _l("すること"),
        validators=[
            DataRequired(_l("何をするのかを入力してください。")),
            Length(max=LONGEST_PURPOSE, message=_l("400文字以内で入力してください。")),
        ],
    )
    place = SelectField(_l("場所"), validators=[DataRequired(_l("場所を選んでください。"))])
    after_fact = BooleanField(_l("事後"))
    oral_by = SelectField(_l("了承した人"), coerce=chosen_id, validate_choice=False)
    form_key = HiddenField(validators=[DataRequired(), Length(max=36)])

    @property
    def is_used(self) -> bool:
        """Whether anything was filled in beside what stands there from the start."""
        typed = (self[name].raw_data for name in _ASKED_WITH if name in self)
        return any(text.strip() for texts in typed for text in texts or () if text != "0")

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for a person, and for either an interval or a length."""
        super().validate(extra_validators)
        if not self.person.data:
            self.person.errors = [_("職員を選んでください。")]
        if "oral" in self and self.oral.data and not self.oral_by.data:
            self.oral_by.errors = [_("了承した人を選んでください。")]
        times = [
            field for field in (self.starts, self.ends) if field.raw_data and field.raw_data[0]
        ]
        if times and self.minutes.raw_data and self.minutes.raw_data[0]:
            self.minutes.errors = [_("時刻か長さの、どちらか一つを入力してください。")]
        elif len(times) == 1:
            missing = self.ends if times == [self.starts] else self.starts
            missing.errors = [_("時刻を 15:00 の形で入力してください。")]
        elif not times and self.minutes.data is None and not self.minutes.errors:
            self.minutes.errors = [_("時刻か長さを入力してください。")]
        return not self.errors

    def line(self) -> Line:
        """Return what was filled in; raises ``ValueError`` for a line that was not found valid."""
        if self.work_date.data is None:
            raise ValueError("line() needs a line that validate() found valid")
        return Line(
            self.person.data,
            Wish(
                activity=self.activity.data,
                purpose=self.purpose.data or "",
                place=self.place.data,
                work_date=self.work_date.data,
                minutes=self.minutes.data,
                starts=self.starts.data,
                ends=self.ends.data,
                form_key=self.form_key.data or "",
                oral=self.oral_ok(),
                after_fact="after_fact" in self and bool(self.after_fact.data),
            ),
        )


class EntryForm(Form):
    """The table, and what is said above it."""

    rows = HiddenField(default=str(FIRST_LINES))

    def offer(
        self,
        ctx: Context,
        people: Sequence[Served],
        activities: Iterable[Activity],
        answering: Sequence[Answering],
        *,
        after_fact: bool,
    ) -> None:
        """Make the lines, with the choices of this clerk in the reader's language.

        ``answering`` are those whose oral OK can be noted; without anybody there is no tick. Nor is there
        one for ``after_fact`` where the municipality does not take that.
        """
        wanted = chosen_id(self.rows.data) or FIRST_LINES
        if "more" in request.form:
            wanted += MORE_LINES
        wanted = max(1, min(wanted, MOST_LINES))
        self.rows.data = str(wanted)
        whom = [SelectChoice("", _("選んでください"))]
        whom += [SelectChoice(one.person_id, one.name, optgroup=one.section_name) for one in people]
        kinds = [SelectChoice(one.code, one.label.text(ctx.locale)) for one in activities]
        places = [SelectChoice(code, PLACE_LABELS[code].text(ctx.locale)) for code in PLACES]
        heads = [SelectChoice(post, name) for post, name in answering]
        self.lines = []
        for number in range(1, wanted + 1):
            line = LineForm(
                prefix=f"line{number}-",
                form_key=new_key(),
                work_date=ctx.today,
                oral_day=ctx.today,
            )
            line.offer_oral(answering)
            if not after_fact:
                del line.after_fact
            if len(answering) > 1:  # nobody is chosen by chance
                line.oral_by.choices = [SelectChoice("", _("選んでください")), *heads]
            line.person.choices, line.activity.choices, line.place.choices = whom, kinds, places
            for field in line:
                field.label.text = _(
                    "%(number)s行目の%(field)s", number=number, field=field.label.text
                )
            self.lines.append(line)

    @property
    def may_have_more(self) -> bool:
        """Whether the table can have more lines."""
        return len(self.lines) < MOST_LINES

    @property
    def used(self) -> list[LineForm]:
        """The lines in which something stands."""
        return [line for line in self.lines if line.is_used]

    def validate(self, extra_validators: object = None) -> bool:
        """Check the lines that are used; there must be one."""
        valid = bool(super().validate(extra_validators))
        used = self.used
        if not used:
            self.form_errors.append(_("1行以上入力してください。"))
        return all([valid, bool(used), *[line.validate() for line in used]])

    def refuse_lines(self, refusals: Mapping[int, DomainError]) -> None:
        """Show what a service said to each of the used lines beside its fields."""
        used = self.used
        for place, error in refusals.items():
            error.field = error.field or "person"
            used[place].refuse(error)


class RecordsForm(Form):
    """How many minutes it was, for each request that can be recorded; empty is not yet."""

    def offer(self, lines: Iterable[EnteredLine]) -> None:
        """Make a field for each request."""
        self.amounts = {}
        for line in lines:
            amount = _AmountForm(prefix=f"request{line.request.id}-")
            amount.minutes.label.text = _("%(name)sの実際の長さ（分）", name=line.person_name)
            self.amounts[line.request.id] = amount

    def validate(self, extra_validators: object = None) -> bool:
        """Check every field; one of them must be filled in."""
        valid = bool(super().validate(extra_validators))
        good = [amount.validate() for amount in self.amounts.values()]
        if all(good) and not self.minutes:
            self.form_errors.append(_("記録する行に、実際の長さを入力してください。"))
            valid = False
        return valid and all(good)

    @property
    def minutes(self) -> dict[int, int]:
        """What was filled in, by request."""
        return {
            request_id: amount.minutes.data
            for request_id, amount in self.amounts.items()
            if amount.minutes.data is not None
        }

    def refuse_lines(self, refusals: Mapping[int, DomainError]) -> None:
        """Show what a service said beside the field of each request."""
        for request_id, error in refusals.items():
            error.field = "minutes"
            self.amounts[request_id].refuse(error)


class _AmountForm(Form):
    class Meta:
        csrf = False

    minutes = IntegerField(_l("実際の長さ（分）"), validators=[Optional(), *MINUTES])


class Summary:
    """The fields of a form and of its lines, as ``ui.error_summary`` reads them."""

    drafts = ""

    def __init__(self, form: Form, lines: Iterable[Form]) -> None:
        """Gather what is wrong."""
        self._fields: list[Field] = [*form, *(field for line in lines for field in line)]
        self.form_errors = form.form_errors
        self.errors = form.form_errors or any(field.errors for field in self._fields)

    def __iter__(self) -> Iterator[Field]:
        """Return the fields in their order."""
        return iter(self._fields)


class ObjectionForm(Form):
    """What is wrong about what was entered."""

    objection = TextAreaField(
        _l("何が違うか"),
        validators=[
            DataRequired(_l("何が違うのかを400文字以内で入力してください。")),
            Length(max=LONGEST, message=_l("400文字以内で入力してください。")),
        ],
    )
