"""The forms of 異動の予定."""

from datetime import date, datetime, time

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, TimeField
from wtforms.validators import InputRequired

from niwari.admin.file_pages import file_field
from niwari.clock import TOKYO
from niwari.pages.forms import Form


class TransferFileForm(Form):
    """Which file to look at."""

    file = file_field(_l("異動のファイル"))


class ReleaseForm(Form):
    """When the transfers are released, in Tokyo's time."""

    day = DateField(_l("内示の日"), validators=[InputRequired(_l("日にちを入力してください。"))])
    time = TimeField(_l("内示の時刻"), validators=[InputRequired(_l("時刻を入力してください。"))])

    def release_at(self) -> datetime:
        """Return the aware instant that was typed; the form is valid."""
        return datetime.combine(self.day.data or date.min, self.time.data or time(), TOKYO)


class KeepForm(ReleaseForm):
    """The plan that was looked at, until when it is kept, and in whose place."""

    seen = HiddenField()
    instead = HiddenField()


class PlanningForm(Form):
    """Whether the municipality plans transfers ahead."""

    planned = BooleanField(_l("「異動の予定」を使う"))
