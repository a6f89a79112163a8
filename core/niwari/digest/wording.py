"""How an issue reads: its title, its days, when something takes place, and the text for a board."""

from niwari.dates.recurrence import Occurrence
from niwari.digest.periods import Period
from niwari.digest.reading import Coming, Listed, Opened
from niwari.digest.telling import title_of
from niwari.pages.board_text import board_text
from niwari.pages.texts import gettext as _
from niwari.pages.texts import locale
from niwari.pages.times import clock_time, day, moment
from niwari.search.readable import Shown


def title(number: int) -> str:
    """Return what an issue is called in the reader's language."""
    return title_of(number, locale())


def days(period: Period | Listed) -> str:
    """Write the days that an issue is about."""
    return _("%(first)sから%(last)sまで", first=day(period.first, year=True), last=day(period.last))


def coming_days(period: Period) -> str:
    """Write the days of what comes."""
    return _("%(first)sから%(last)sまで", first=day(period.next_day), last=day(period.until))


def when(at: Occurrence) -> str:
    """Write when something takes place: the day with its time, or the days that it lasts."""
    if at.last_day != at.day:
        return _("%(first)sから%(last)sまで", first=day(at.day), last=day(at.last_day))
    if at.starts_at is None:
        return day(at.day)
    end = f"–{clock_time(at.ends_at)}" if at.ends_at is not None else ""
    return moment(at.starts_at) + end


def when_of(one: Coming) -> str:
    """Write the first time of something, and how many more there are in the period."""
    said = when(one.at)
    return _("%(when)s、ほか%(more)s回", when=said, more=one.more) if one.more else said


def place(row: Shown) -> list[str]:
    """Return whose a row is: the municipality with its section; nothing where that is hidden."""
    return [" ".join(part for part in (row.municipality, row.section) if part)]


def board_text_of(issue: Opened, address: str) -> str:
    """Lay an issue out for a groupware's board; ``address`` is that of its page."""
    lines = []
    for group in issue.contents.new:
        lines.append(_("［新しく共有されたもの：%(feature)s］", feature=group.label))
        lines += [_line(_said(row)) for row in group.rows]
    if issue.contents.coming:
        lines.append(_("［これからの予定］"))
        lines += [_line(f"{when_of(one)} {_said(one.row)}") for one in issue.contents.coming]
    head = f"{issue.region} {title(issue.number)}"
    return board_text(
        title=_("%(title)s（%(days)s）", title=head, days=days(issue.period)),
        when="",
        place="",
        lines=lines,
        address=address,
        contact="",
    )


def _line(said: str) -> str:
    return _("・%(said)s", said=said)


def _said(row: Shown) -> str:
    if not row.municipality:
        return row.said.title
    return _("%(title)s（%(place)s）", title=row.said.title, place=row.municipality)
