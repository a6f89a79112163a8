"""Who may say who stands in and who enters for others in a section, and whom they may name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from niwari.context import Context
from niwari.db import rows
from niwari.directory.answering import SectionHead, answering_person, section_heads
from niwari.directory.cells import plain_login
from niwari.directory.models import Appointment, Person, on_day
from niwari.errors import N_, Invalid, NotFound

ALL = "directory.arrange_all"
"""The permission to arrange every section of one's municipality, as HR does."""


def may_arrange(ctx: Context, tree: Mapping[int, SectionHead], section_id: int) -> bool:
    """Tell whether the acting person arranges a section of ``tree``, the own municipality's.

    HR arranges all, a head those for whose members the head answers.
    """
    if section_id not in tree:
        return False
    return ctx.may(ALL) or answering_person(tree, section_id, None) == ctx.person_id


def tree_to_arrange(ctx: Context, section_id: int) -> Mapping[int, SectionHead]:
    """Return today's sections of the own municipality.

    Raises ``NotFound`` where ``section_id`` is not the acting person's to arrange.
    """
    tree = section_heads(ctx.municipality.id, ctx.today)
    if not may_arrange(ctx, tree, section_id):
        raise NotFound
    return tree


def check_days(ctx: Context, starts_on: date, ends_on: date | None) -> None:
    """Refuse days that are over, or in the wrong order; raises ``Invalid``."""
    if starts_on < ctx.today:
        raise Invalid(N_("今日か、今日より後の日を入力してください。"), field="starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise Invalid(N_("始まりの日か、それより後の日を入力してください。"), field="ends_on")


def post_named(ctx: Context, login: str, day: date) -> Appointment:
    """Return the post that the person with ``login`` holds here on ``day``, the main one first.

    Raises ``Invalid``, and does not tell somebody of another municipality apart from nobody.
    """
    found: Any = (
        Appointment.select()
        .join(Person)
        .where(
            (Person.login == plain_login(login))
            & (Appointment.municipality == ctx.municipality.id)
            & on_day(Appointment, day)
        )
        .order_by(Appointment.is_main.desc(), Appointment.id)
        .first()
    )
    if found is None:
        raise Invalid(
            N_("%(login)s という職員は、始まりの日にこの市町村に所属していません。"),
            field="login",
            login=login.strip(),
        )
    post: Appointment = found
    return post


def candidates(ctx: Context, sections: list[int]) -> list[tuple[str, str]]:
    """Return login and name of up to 200 people of ``sections`` today, in the order of kana."""
    query = (
        Appointment.select(Person.login, Person.name)
        .join(Person)
        .where(Appointment.section.in_(sections) & on_day(Appointment, ctx.today))
        .order_by(Person.kana, Person.login)
        .distinct()
        .limit(200)
    )
    # PostgreSQL wants what it orders by among what is distinct.
    return [(login, name) for login, name, *_ in rows(query.select_extend(Person.kana))]
