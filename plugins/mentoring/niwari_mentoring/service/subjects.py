"""What mutual learning keeps of a person or a municipality: handed out, and erased."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from peewee import Value

from niwari.api import (
    Appointment,
    Context,
    Label,
    Receipt,
    Record,
    Subject,
    forget_author,
    is_own,
)
from niwari_mentoring.models import (
    ACTIVE,
    ASKED,
    ENDED,
    AskedTime,
    LearnerProfile,
    Meeting,
    Message,
    Note,
    OpenDay,
    Pair,
    Seat,
    SectionProfile,
    Sheet,
)
from niwari_mentoring.service import notes
from niwari_mentoring.service.pairs import name_the_two
from niwari_mentoring.service.sheets import words_of

ERASED = "—"
"""What stands in place of a question whose author had it erased, while others' answers remain."""
_WORDS = {"asker": ("theme", "message"), "mentor": ("reply",)}
"""What each of a pair wrote."""
_OF_SECTIONS = (SectionProfile, OpenDay, Sheet)
REMAINS = Label(
    "所属の紹介とオープンカンパニーの日、庶務のシートは、所属と市町村のものとして残ります。直した職員の名前は消しました。",
    "Profiles of sections, their open days and practice sheets remain as theirs; who changed them is erased.",
)


def records(ctx: Context, subject: Subject) -> Iterator[Record]:
    """Yield what there is of ``subject``, the oldest first.

    Nobody is handed out what was written without a name. Of a pair its words and notes are in the
    file alone that a person asks for: whoever else makes one reads that there is a pair. Of seats in open
    days nobody else reads anything: in which section it is would be told by the day.
    """
    for row in _changed(subject, SectionProfile).iterator():
        words = {name: getattr(row, name) for name in ("headline", "work", "day", "branches")}
        words |= {"preparing": row.preparing, "changed_at": row.changed_at.isoformat()}
        yield Record("mentoring.section", row.id, words)
    for row in _changed(subject, OpenDay).iterator():
        data = {"text": row.text, "place": row.place, "starts_at": _iso(row.starts_at)}
        yield Record("mentoring.open_day", row.id, data | {"seats": row.seats})
    named = _wrote(subject) & Message.author.is_null(False)
    for row in Message.select().where(named).order_by(Message.id).iterator():
        data = {"body": row.body, "said_at": row.said_at.isoformat(), "question": row.question_id}
        yield Record("mentoring.message", row.id, data)
    for row in _changed(subject, Sheet).iterator():
        data = {"template": row.template, "words": dict(words_of(row.content))}
        yield Record("mentoring.sheet", row.id, data | {"changed_at": row.changed_at.isoformat()})
    described = LearnerProfile.select().where(_described(subject)).order_by(LearnerProfile.id)
    for row in described.iterator():
        names = ("field", "offers", "seeks", "capacity", "times", "minutes", "audience")
        yield Record("mentoring.profile", row.id, {name: getattr(row, name) for name in names})
    yield from _pairs(subject, own=is_own(ctx, subject))


def _pairs(subject: Subject, *, own: bool) -> Iterator[Record]:
    for row in Pair.select().where(_of_pair(subject)).order_by(Pair.id).iterator():
        data: dict[str, Any] = {"state": row.state, "asked_at": row.asked_at.isoformat()}
        if own:
            data |= {"theme": row.theme, "message": row.message, "reply": row.reply}
            data["ends_on"] = row.ends_on.isoformat()
        yield Record("mentoring.pair", row.id, data)
    met = Meeting.select().join(Pair).where(_of_pair(subject)).order_by(Meeting.id)
    for row in met.iterator():
        data = {"pair": row.pair_id}
        if own:
            data |= {"topic": row.topic, "place": row.place}
            data |= {"starts_at": _iso(row.starts_at), "ends_at": _iso(row.ends_at)}
        yield Record("mentoring.meeting", row.id, data)
    if not own:
        return
    for row in Note.select().where(Note.author.in_(_posts(subject))).order_by(Note.id).iterator():
        data = {"pair": row.pair_id, "text": notes.opened(row.pair_id, row.sealed)}
        yield Record("mentoring.note", row.id, data | {"written_at": _iso(row.written_at)})
    for row in Seat.select().where(Seat.person == subject.person_id).order_by(Seat.id):
        yield Record("mentoring.seat", row.id, {"open_day": row.open_day_id})
    asked = AskedTime.select().where(AskedTime.person == subject.person_id)
    for row in asked.order_by(AskedTime.id).iterator():
        yield Record("mentoring.asked_time", row.id, {"meeting": row.meeting_id})


def erase(subject: Subject) -> Receipt:
    """Erase what is a person's, or everything of a municipality. In the caller's transaction.

    A pair stays, without the one, as long as the other is there. A question stays without its words
    where others answered it. What is a section's or a town's stays without the name.
    """
    erased = redacted = kept = 0
    hidden = sorted(forget_author(subject, Message)) if subject.person_id is not None else []
    if subject.person_id is None:
        erased += _erase_town(subject)
    else:
        for model in _OF_SECTIONS:
            kept += _forget_changed(subject, model)
    gone, emptied = _erase_messages(_wrote(subject) | Message.id.in_(hidden))
    erased, redacted = erased + gone, redacted + emptied
    erased += Seat.delete().where(Seat.appointment.in_(_posts(subject))).execute()
    erased += LearnerProfile.delete().where(_described(subject)).execute()
    erased += Note.delete().where(Note.author.in_(_posts(subject))).execute()
    if subject.person_id is not None:
        erased += AskedTime.delete().where(AskedTime.person == subject.person_id).execute()
    gone, emptied = _erase_pairs(subject)
    erased, redacted = erased + gone, redacted + emptied
    if kept:
        return Receipt(erased=erased, redacted=redacted, kept=kept, reason=REMAINS)
    return Receipt(erased=erased, redacted=redacted)


def _erase_town(subject: Subject) -> int:
    """Remove the rows that the municipality owns, with what others wrote below them; how many."""
    town = subject.municipality_id
    count = 0
    below = (
        (Message, Message.profile, SectionProfile),
        (Seat, Seat.open_day, OpenDay),
        (Note, Note.pair, Pair),
        (Meeting, Meeting.pair, Pair),
    )
    for model, above, owner in below:
        theirs = owner.select(owner.id).where(owner.municipality == town)
        count += model.delete().where(above.in_(theirs)).execute()
    for owner in (OpenDay, SectionProfile, Sheet, Pair):
        count += owner.delete().where(owner.municipality == town).execute()
    for model in _OF_SECTIONS:
        _forget_changed(subject, model)
    return count


def _forget_changed(subject: Subject, model: Any) -> int:
    query = model.update(changed_by=None).where(model.changed_by.in_(_posts(subject)))
    count: int = query.execute()
    return count


def _erase_messages(theirs: Any) -> tuple[int, int]:
    """Remove messages; a question that others answered stays without words. Returns both numbers."""
    answers = Message.alias()
    answered = answers.select(answers.question).where(answers.question.is_null(False))
    gone: int = Message.delete().where(theirs & Message.question.is_null(False)).execute()
    gone += Message.delete().where(theirs & Message.id.not_in(answered)).execute()
    emptied: int = (
        Message.update(
            author=None,
            envelope="",
            body=ERASED,
            # No form bears such a key, and no other row.
            key=Value("erased-").concat(Message.id),
        )
        .where(theirs & (Message.body != ERASED))
        .execute()
    )
    return gone, emptied


def _erase_pairs(subject: Subject) -> tuple[int, int]:
    posts = _posts(subject)
    gone = emptied = 0
    for pair in Pair.select().where(Pair.asker.in_(posts) | Pair.mentor.in_(posts)):
        mine = {
            name
            for name in ("asker", "mentor")
            if getattr(pair, f"{name}_id") is not None
            and posts.where(Appointment.id == getattr(pair, f"{name}_id")).exists()
        }
        left = {n for n in ("asker", "mentor") if getattr(pair, f"{n}_id") is not None} - mine
        met = Meeting.pair == pair.id
        if not left:
            gone += Meeting.delete().where(met).execute()
            gone += Pair.delete().where(Pair.id == pair.id).execute()
            continue
        columns: dict[str, Any] = dict.fromkeys(mine)
        columns |= dict.fromkeys(_WORDS["asker" if "asker" in mine else "mentor"], ERASED)
        if pair.state in (ASKED, ACTIVE):
            columns["state"] = ENDED
        Pair.update(**columns).where(Pair.id == pair.id).execute()
        Meeting.update(set_by=None).where(met & Meeting.set_by.in_(posts)).execute()
        name_the_two(Pair.get_by_id(pair.id))
        emptied += 1
    return gone, emptied


def _posts(subject: Subject) -> Any:
    query = Appointment.select(Appointment.id)
    if subject.person_id is not None:
        query = query.where(Appointment.person == subject.person_id)
    if subject.municipality_id is not None:
        query = query.where(Appointment.municipality == subject.municipality_id)
    return query


def _changed(subject: Subject, model: Any) -> Any:
    if subject.person_id is None:
        here = model.municipality == subject.municipality_id
    else:
        here = model.changed_by.in_(_posts(subject))
    return model.select().where(here).order_by(model.id)


def _wrote(subject: Subject) -> Any:
    """Return the condition that ``subject`` wrote a message by name; of a town, all that its people did."""
    if subject.person_id is None:
        return Message.municipality == subject.municipality_id
    return Message.author.in_(_posts(subject))


def _described(subject: Subject) -> Any:
    mine = LearnerProfile.id > 0
    if subject.person_id is not None:
        mine &= LearnerProfile.person == subject.person_id
    if subject.municipality_id is not None:
        mine &= LearnerProfile.municipality == subject.municipality_id
    return mine


def _of_pair(subject: Subject) -> Any:
    posts = _posts(subject)
    mine = Pair.asker.in_(posts) | Pair.mentor.in_(posts)
    if subject.person_id is None:
        mine |= Pair.municipality == subject.municipality_id
    return mine


def _iso(at: datetime) -> str:
    return at.isoformat()
