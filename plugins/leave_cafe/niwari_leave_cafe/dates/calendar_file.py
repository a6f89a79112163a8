"""A plan as a calendar file (RFC 5545): days of leave, last days, and days by which papers are due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from niwari.api import gettext
from niwari_leave_cafe.dates.arithmetic import ONE_DAY, Span
from niwari_leave_cafe.dates.planning import FIXED, WISH, Plan

if TYPE_CHECKING:
    # Imported where it is used: that takes a noticeable part of a start.
    from icalendar import Event

MEDIA_TYPE: Final = "text/calendar"
NAME: Final = "leave-dates.ics"
_PRODUCT: Final = "-//Niwari//Leave cafe//JA"


@dataclass(frozen=True, slots=True)
class _Day:
    title: str
    span: Span
    text: str


def written(plan: Plan, *, now: datetime, locale: str) -> bytes:
    """Return the file. The same plan gives the same UIDs, so that none stands twice in a calendar.

    While the rules are not confirmed the file and every event in it say so.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", gettext("産休・育休の日付"))
    if not plan.is_confirmed:
        calendar.add("x-wr-caldesc", plan.pack.notice.text(locale))
    for day in _days(plan, locale):
        calendar.add_component(_event(day, now))
    file: bytes = calendar.to_ical(sorted=False)
    return file


def _days(plan: Plan, locale: str) -> Iterator[_Day]:
    both = len(plan.parents) > 1
    for parent, entry in plan.entries:
        if entry.span is None:
            continue
        label = entry.label.text(locale)
        name = f"{label}（{parent.label.text(locale)}）" if both else label
        source = f"{entry.rule.source.act.text(locale)} {entry.rule.source.article.text(locale)}"
        lines = [] if plan.is_confirmed else [plan.pack.notice.text(locale)]
        text = "\n".join([*lines, source])
        if entry.kind in (FIXED, WISH):
            yield _Day(name, entry.span, text)
        else:
            last = gettext("%(scheme)sが使える最後の日", scheme=name)
            yield _Day(last, Span(entry.span.last, entry.span.last), text)
        if entry.rule.paper is not None and entry.apply_by is not None and entry.is_set:
            yield _paper(entry.rule.paper.text(locale), name, entry.apply_by, text)


def _paper(paper: str, name: str, by: date, text: str) -> _Day:
    title = gettext("%(paper)sの提出期限（%(scheme)s）", paper=paper, scheme=name)
    return _Day(title, Span(by, by), text)


def _event(day: _Day, now: datetime) -> "Event":
    from icalendar import Event, vDatetime

    made = Event()
    key = f"niwari-leave-cafe:{day.title}:{day.span.first}:{day.span.last}"
    made.add("uid", f"{uuid5(NAMESPACE_URL, key)}@leave-cafe.niwari")
    made.add("dtstamp", vDatetime(now.astimezone(UTC)))
    made.add("summary", day.title)
    made.add("dtstart", day.span.first)
    made.add("dtend", day.span.last + ONE_DAY)  # the first day that is not part of it
    made.add("transp", "TRANSPARENT")
    made.add("class", "PRIVATE")
    made.add("description", day.text)
    return made
