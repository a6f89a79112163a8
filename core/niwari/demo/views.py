"""The demo's own page: moving its clock forward, so that a visitor sees what comes later."""

from datetime import date, datetime, time, timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField
from wtforms.validators import DataRequired

from niwari.clock import TOKYO
from niwari.demo.clock import move_clock
from niwari.demo.story import LAST_DAY
from niwari.host.blueprint import Blueprint
from niwari.pages.forms import Form, current_context
from niwari.pages.texts import gettext as _

blueprint = Blueprint("demo", __name__)


class ClockForm(Form):
    """The day on which to go on."""

    day = DateField(
        _l("日にち"), validators=[DataRequired(_l("日にちを 2026-11-18 の形で入力してください。"))]
    )

    def accepts(self, today: date) -> bool:
        """Check the form; a day that cannot be gets its sentence beside the field."""
        if not self.validate() or self.day.data is None:
            return False
        if self.day.data <= today:
            self.day.errors = [_("今日より後の日にちを選んでください。")]
        elif self.day.data > LAST_DAY:
            self.day.errors = [_("2030年3月31日までの日にちを選んでください。")]
        return not self.day.errors


@blueprint.route("/clock", methods=("GET", "POST"), permission="demo.clock")
def clock() -> str | Response | tuple[str, int]:
    """Move the demo's clock to 9:00 on a later day, for everybody in this demo."""
    ctx = current_context()
    form = ClockForm(data={"day": ctx.today + timedelta(days=1)})
    if not form.is_submitted():
        return render_template("demo/clock.html", form=form)
    if not form.accepts(ctx.today) or form.day.data is None:
        return render_template("demo/clock.html", form=form), 422
    move_clock(ctx, datetime.combine(form.day.data, time(9, 0), TOKYO))
    flash(_("見本の日付を進めました。"), "success")
    return redirect(url_for("web.home"), code=303)
