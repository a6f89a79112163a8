"""How amounts and times are written in templates: 1時間30分, 11月18日（水）15:00."""

from datetime import datetime, timedelta

from flask import Flask

from niwari.clock import Clock, tokyo_day
from niwari.pages.texts import gettext as _
from niwari.pages.texts import ngettext
from niwari.pages.times import clock_time, day, deadline, iso, moment, month, month_name
from niwari.pages.wording import minutes


def install_formatting(app: Flask, clock: Clock) -> None:
    """Make the functions of this module filters of all templates."""

    def ago(instant: datetime) -> str:
        """Write an instant relative to now: 3時間前, 昨日; a plain day from a week on."""
        passed = clock() - instant
        days = (tokyo_day(clock()) - tokyo_day(instant)).days
        if passed < timedelta(minutes=1):
            return _("たった今")
        if passed < timedelta(hours=1):
            count = int(passed.total_seconds() // 60)
            return ngettext("%(num)d分前", "%(num)d分前", count)
        if days == 0:
            count = int(passed.total_seconds() // 3600)
            return ngettext("%(num)d時間前", "%(num)d時間前", count)
        if days == 1:
            return _("昨日")
        if days < 7:
            return ngettext("%(num)d日前", "%(num)d日前", days)
        return day(tokyo_day(instant))

    written = (minutes, day, month, month_name, clock_time, moment, deadline, iso, tokyo_day, ago)
    for function in written:
        app.jinja_env.filters[function.__name__] = function
