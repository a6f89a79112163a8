"""What moderation keeps of a person or a municipality: handed out, and erased."""

from collections.abc import Iterator
from typing import Any

from niwari.context import Context
from niwari.directory import held
from niwari.directory.models import Appointment
from niwari.directory.subjects import ERASED, is_own, people_of, posts_of
from niwari.host.codes import is_of
from niwari.moderation.models import NOT_SHOWN, RELEASED, Case, Decision, Report
from niwari.specs.contributions import Label, Receipt, Record, Subject

KEPT = Label(
    "投稿への対応をだれの立場で決めたかの記録は、番号で残ります。"
    "理由の文章は、決めた人の所属が終わったあとで消えます。",
    "In whose post it was decided about posts remains, as numbers; the reasons go once that post has "
    "ended.",
)


def records(ctx: Context, subject: Subject) -> Iterator[Record]:
    """Yield what ``subject`` reported, objected to, and decided.

    Reports are handed out to whoever made them and to nobody else, neither HR nor the commands of
    ``niwari``: nobody sees who reported a post. Of the own posts those that are or were held back are
    handed out to their author in the same way: nobody learns of a report that changed nothing, and no
    other file says whose posts were held back. ``erase`` reaches them all the same.
    """
    posts = posts_of(subject)
    if is_own(ctx, subject):
        yield from _reports(subject)
        yield from _cases(posts)
    for one in _of(Decision, Decision.by.in_(posts)):
        data = {"case": one.case_id, "outcome": one.outcome, "reason": one.reason}
        yield Record("moderation.decision", one.id, {**data, "at": one.decided_at.isoformat()})


def _cases(posts: Any) -> Iterator[Record]:
    told = Case.author.in_(posts) & Case.state.in_((*NOT_SHOWN, RELEASED))
    for one in _of(Case, told):
        data = {"kind": one.kind, "row": one.row_id, "state": one.state}
        yield Record("moderation.case", one.id, {**data, "objection": one.objection})


def _reports(subject: Subject) -> Iterator[Record]:
    for one in _of(Report, Report.person.in_(people_of(subject))):
        data = {"case": one.case_id, "reason": one.reason, "text": one.text}
        yield Record("moderation.report", one.id, {**data, "at": one.reported_at.isoformat()})


def erase(ctx: Context, subject: Subject) -> Receipt:
    """Take the person and the words out of reports and cases; the decisions of others stay.

    A report that waits still waits, as nobody's. Why a post of the subject was held back goes too,
    for it speaks of them. In the caller's transaction.
    """
    posts = posts_of(subject)
    ended = posts.where(Appointment.ends_on < ctx.today)
    theirs = Case.select(Case.id).where(Case.author.in_(posts))
    reasons = Decision.by.in_(ended) | Decision.case.in_(theirs)
    redacted: int = (
        Decision.update(reason=ERASED).where(reasons & (Decision.reason != ERASED)).execute()
    )
    redacted += Case.update(author=None, objection="").where(Case.author.in_(posts)).execute()
    redacted += (
        Report.update(person=None, text="").where(Report.person.in_(people_of(subject))).execute()
    )
    kept = Decision.select().where(Decision.by.in_(posts)).count()
    return Receipt(redacted=redacted, kept=kept, reason=KEPT if kept else None)


def forget_plugin(name: str) -> None:
    """Delete what is kept of the posts of a plugin that is purged."""
    held.release_all_of(name)
    forget_cases(Case.select(Case.id).where(is_of(Case.kind, name)))


def forget_cases(cases: Any) -> None:
    """Delete cases, by a query or a list of ids, with what was reported and decided of them."""
    for model in (Report, Decision):
        model.delete().where(model.case.in_(cases)).execute()
    Case.delete().where(Case.id.in_(cases)).execute()


def _of(model: Any, condition: Any) -> Iterator[Any]:
    return iter(model.select().where(condition).order_by(model.id).iterator())
