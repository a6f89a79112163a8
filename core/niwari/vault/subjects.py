"""What the vault keeps of a person or a municipality: handed out, and erased.

What lies in a locker is never handed out: whoever makes an export would learn the author. It goes
with the rows, by the plugin that keeps them.
"""

from collections.abc import Iterator
from typing import Any

from niwari.context import Context
from niwari.directory.models import Appointment
from niwari.directory.subjects import ERASED, posts_of
from niwari.specs.contributions import Label, Receipt, Record, Subject
from niwari.vault.acting import is_of
from niwari.vault.models import DONE, HiddenAct, Official, Opening
from niwari.vault.pausing import forget_pauses

KEPT = Label(
    "名前を出さずに書いたものとの結び付きは、封をしたまま残ります。"
    "書くのに使った機能のデータを消すと、一緒に消えます。"
    "だれが何の開示を求め、承認したかの記録は、番号で残ります。理由は、求めた人の所属が終わったあとで消えます。",
    "The link to what was written without a name remains sealed, and goes when the feature's "
    "data are erased. Who asked for a disclosure and approved it remains, as numbers; the reason goes "
    "once the post of whoever asked has ended.",
)


def records(subject: Subject) -> Iterator[Record]:
    """Yield for what ``subject`` was an official, and what they asked for or agreed to as one."""
    posts = posts_of(subject)
    for one in _of(Official, Official.appointment.in_(posts)):
        data = {"reason": one.reason, "named_at": one.named_at.isoformat()}
        yield Record("vault.official", one.id, data)
    for one in _of(Opening, Opening.asked_by.in_(posts) | Opening.agreed_by.in_(posts)):
        data = {"kind": one.kind, "row": one.row_id, "asked_at": one.asked_at.isoformat()}
        yield Record("vault.opening", one.id, {**data, "reason": one.reason})


def erase(ctx: Context, subject: Subject) -> Receipt:
    """Redact why posts that have ended were named, and why they asked, and say what remains.

    Whom a reason names beside is not found by this: the form asks to name nobody.

    What waits to be published goes too, and with a person a pause of theirs. The answer is the same
    for everybody, whatever they wrote without a name. In the caller's transaction.
    """
    forget_acts(subject)
    if subject.person_id is not None:
        forget_pauses(subject.person_id)
    ended = posts_of(subject).where(Appointment.ends_on < ctx.today)
    named = Official.appointment.in_(ended) & (Official.reason != ERASED)
    redacted: int = Official.update(reason=ERASED).where(named).execute()
    asked = Opening.asked_by.in_(ended) & (Opening.reason != ERASED)
    redacted += Opening.update(reason=ERASED).where(asked).execute()
    kept = sum(1 for _ in records(subject)) + 1
    return Receipt(redacted=redacted, kept=kept, reason=KEPT)


def forget_acts(subject: Subject) -> None:
    """Remove what ``subject`` did without a name and is not published, in the caller's transaction."""
    waiting = HiddenAct.select().where(HiddenAct.state != DONE)
    if subject.municipality_id is not None:
        waiting = waiting.where(HiddenAct.municipality == subject.municipality_id)
    for act in waiting:
        if subject.person_id is None or is_of(act, subject.person_id):
            HiddenAct.delete().where(HiddenAct.id == act.id).execute()


def _of(model: Any, condition: Any) -> Iterator[Any]:
    return iter(model.select().where(condition).order_by(model.id).iterator())
