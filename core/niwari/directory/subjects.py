"""What the directory keeps of a person or a municipality: handed out, and erased.

Who still holds a post stays who they are, because everything else goes by that; of those who have
left the name goes, and the posts remain as numbers.
"""

from collections.abc import Iterator
from typing import Any

from peewee import Value, fn

from niwari.context import Context
from niwari.directory.drafts import ImportDraft
from niwari.directory.duties.models import PersonDuty
from niwari.directory.models import (
    Appointment,
    Clerk,
    Delegation,
    Headship,
    Municipality,
    Person,
    Section,
)
from niwari.directory.readers import NamedReader
from niwari.directory.search.models import PersonText
from niwari.directory.transfers.models import DRAFT
from niwari.directory.transfers.subjects import kept_files, withdraw_all
from niwari.specs.contributions import Label, Receipt, Record, Subject

ERASED = "—"
"""Stands where the words of somebody were erased."""

KEPT = Label(
    "所属、所属長、代決者、庶務担当の記録は、操作がだれの立場で行われたかを示すため、"
    "消えません。氏名などは、所属がすべて終わった職員について消します。"
    "内示前に預けられた異動のファイルは開けていません。この職員の行があれば、"
    "内示のときに、新しい職員として登録されます。"
    "そうならないように、人事担当に、ファイルを差し替えるか取り下げるよう頼んでください。",
    "Posts, heads, stand-ins and clerks remain on record, to show in whose place "
    "something was done. Names are erased for those whose posts have all ended. Sealed files of planned "
    "transfers were not opened. Where one has a line of this person, its release registers it as a new "
    "person; ask HR to replace or withdraw such a file.",
)
KEPT_OF_TOWN = Label(
    "所属、所属長、代決者、庶務担当の記録は、操作がだれの立場で行われたかを示すため、"
    "消えません。氏名などは、所属がすべて終わった職員について消します。"
    "内示前に預けられていた異動のファイルは、取り下げて消しました。",
    "Posts, heads, stand-ins and clerks remain on record, to show in whose place "
    "something was done. Names are erased for those whose posts have all ended. Sealed files of planned "
    "transfers were withdrawn and erased.",
)


def is_own(ctx: Context, subject: Subject) -> bool:
    """Tell whether people ask for their own data themselves: neither HR nor a command does."""
    return ctx.appointment is not None and ctx.person_id == subject.person_id


def posts_of(subject: Subject) -> Any:
    """Return the query for the ids of the posts that ``subject`` means, whenever they hold."""
    query = Appointment.select(Appointment.id)
    if subject.person_id is not None:
        query = query.where(Appointment.person == subject.person_id)
    if subject.municipality_id is not None:
        query = query.where(Appointment.municipality == subject.municipality_id)
    return query


def people_of(subject: Subject) -> Any:
    """Return the query for the ids of the people who are meant whole.

    Of a municipality they are those who never had a post in another.
    """
    query = Person.select(Person.id)
    if subject.person_id is not None:
        query = query.where(Person.id == subject.person_id)
    if subject.municipality_id is not None:
        # The sum keeps SQLite to the index of people: it would walk all posts of the town for each person.
        own = _posts(Appointment.municipality + 0 == subject.municipality_id)
        others = _posts(Appointment.municipality != subject.municipality_id)
        query = query.where(fn.EXISTS(own) & ~fn.EXISTS(others))
    return query


def left(ctx: Context, subject: Subject) -> Any:
    """Return the query for those of ``people_of`` who have no post today, nor one that is to come."""
    open_posts = _posts(Appointment.ends_on.is_null() | (Appointment.ends_on >= ctx.today))
    return people_of(subject).where(~fn.EXISTS(open_posts))


def records(subject: Subject) -> Iterator[Record]:
    """Yield what the directory keeps of ``subject``."""
    people = Person.select().where(Person.id.in_(people_of(subject)) & ~_is_erased())
    for one in people.order_by(Person.id).iterator():
        words = {"login": one.login, "name": one.name, "kana": one.kana, "email": one.email}
        yield Record("directory.person", one.id, words)
    posts = posts_of(subject)
    yield from _appointments(posts)
    for kind, model, mine in _ROLES:
        for row in model.select().where(mine(posts)).order_by(model.id).iterator():
            yield Record(f"directory.{kind}", row.id, _dated(row))
    duties = PersonDuty.select().where(PersonDuty.appointment.in_(posts))
    for duty in duties.order_by(PersonDuty.id).iterator():
        data = {"duty": duty.duty, "listed": duty.listed, "since": duty.since.isoformat()}
        yield Record("directory.person_duty", duty.id, data)
    drafts = ImportDraft.select(ImportDraft.id, ImportDraft.kind, ImportDraft.made_at)
    # Not those of transfers: that one is being prepared, and when, is HR's until it is sealed.
    told = ImportDraft.by.in_(posts) & (ImportDraft.kind != DRAFT)
    for draft in drafts.where(told).order_by(ImportDraft.id).iterator():
        data = {"kind": draft.kind, "made_at": draft.made_at.isoformat()}
        yield Record("directory.import_draft", draft.id, data)
    yield from kept_files(posts)


def erase(ctx: Context, subject: Subject) -> Receipt:
    """Erase duties, drafts and reasons of ``subject``, and the names of those who have left.

    Of a municipality, its sealed files of transfers are withdrawn too. In the caller's transaction.
    """
    posts = posts_of(subject)
    # As queries, not as lists: a municipality may have more people than a statement has places.
    gone = left(ctx, subject).where(~_is_erased())
    erased = sum(
        model.delete().where(condition).execute()
        for model, condition in (
            (PersonDuty, PersonDuty.appointment.in_(posts)),
            (ImportDraft, ImportDraft.by.in_(posts)),
            (PersonText, PersonText.person.in_(gone)),
            (NamedReader, NamedReader.person.in_(gone)),
        )
    )
    reasons = _of_delegation(posts) & (Delegation.reason != ERASED)
    redacted = Delegation.update(reason=ERASED).where(reasons).execute()
    redacted += (
        Person.update(login=Value("erased-").concat(Person.id), name=ERASED, kana="", email="")
        .where(Person.id.in_(gone))
        .execute()
    )
    reason = KEPT
    if subject.person_id is None and subject.municipality_id is not None:
        redacted += withdraw_all(ctx, subject.municipality_id)
        reason = KEPT_OF_TOWN
    kept = sum(1 for _ in records(subject))
    return Receipt(erased, redacted, kept, reason if kept else None)


def _posts(condition: Any) -> Any:
    return Appointment.select(Appointment.id).where((Appointment.person == Person.id) & condition)


def _is_erased() -> Any:
    return Person.login == Value("erased-").concat(Person.id)


def _appointments(posts: Any) -> Iterator[Record]:
    query: Any = (
        Appointment.select(
            Appointment.id,
            Municipality.name,
            Section.path,
            Appointment.employment,
            Appointment.title,
            Appointment.is_main,
            Appointment.stand_in_order,
            Appointment.starts_on,
            Appointment.ends_on,
        )
        .join_from(Appointment, Municipality)
        .join_from(Appointment, Section)
        .where(Appointment.id.in_(posts))
        .order_by(Appointment.id)
    )
    for id_, town, section, employment, title, is_main, order, first, last in query.tuples():
        yield Record(
            "directory.appointment",
            id_,
            {
                "municipality": town,
                "section": section,
                "employment": employment,
                "title": title,
                "is_main": bool(is_main),
                "stand_in_order": order,
                "starts_on": first.isoformat(),
                "ends_on": last.isoformat() if last else None,
            },
        )


def _dated(row: Any) -> dict[str, Any]:
    data = {
        "section": row.section_id,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
    }
    return {**data, "reason": row.reason} if isinstance(row, Delegation) else data


def _of_delegation(posts: Any) -> Any:
    return Delegation.appointment.in_(posts) | Delegation.head.in_(posts)


_ROLES: tuple[tuple[str, Any, Any], ...] = (
    ("headship", Headship, lambda posts: Headship.appointment.in_(posts)),
    ("delegation", Delegation, _of_delegation),
    ("clerk", Clerk, lambda posts: Clerk.appointment.in_(posts)),
)
