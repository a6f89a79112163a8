"""持ち帰り: the one line that a person brought home from 20% time, for the own section to read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory.models import Person
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger.asking.requests import is_own
from niwari.ledger.errors import NotYetRecorded
from niwari.ledger.models import Request, State
from niwari.ledger.shown import shown_to_head

LONGEST_LINE = 200
"""Characters of the line."""

PAGE = 50


@dataclass(frozen=True, slots=True)
class BroughtHome:
    """What somebody of the section brought home. How long it took is not said (rule L14)."""

    id: int
    person_name: str
    work_date: date
    activity: str
    text: str


@dataclass(frozen=True, slots=True)
class BroughtPage:
    """A page of them; ``following`` is after which (day, id) the next begins, if there is one."""

    lines: tuple[BroughtHome, ...]
    following: tuple[date, int] | None


def bring_home(ctx: Context, request_id: int, text: str) -> Request:
    """Keep ``text`` as what the acting person brought home from a recorded request; empty takes it back.

    Raises ``NotFound`` for another's request, ``NotYetRecorded`` and ``Invalid`` for more than one line
    of 200 characters.
    """
    line = text.strip()
    if len(line.splitlines()) > 1:
        raise Invalid(N_("改行せずに、1行で入力してください。"), field="text")
    if len(line) > LONGEST_LINE:
        raise Invalid(N_("200文字以内で入力してください。"), field="text")
    with transaction(ctx):
        request = locked(Request.select().where((Request.id == request_id) & is_own(ctx))).first()
        if request is None:
            raise NotFound
        if request.state != State.RECORDED:
            raise NotYetRecorded
        if request.brought_home != line:
            Request.update(brought_home=line).where(Request.id == request.id).execute()
            request.brought_home = line
            audit.record(
                ctx,
                "ledger.bring_home" if line else "ledger.take_line_back",
                "ledger_request",
                request.id,
                municipality_id=request.municipality_id,
            )
    found: Request = request
    return found


def brought_home(ctx: Context, after: tuple[date, int] | None = None) -> BroughtPage:
    """Return what people of the section in which one acts brought home, the latest day first; one query.

    ``after`` is the day and id of the last one seen.
    """
    wanted: Any = (
        (Request.section == ctx.acting.section_id)
        & (Request.municipality == ctx.municipality.id)
        & (Request.state == State.RECORDED)
        & (Request.brought_home != "")
    )
    if after is not None:
        day, last = after
        wanted &= (Request.work_date <= day) & ((Request.work_date < day) | (Request.id < last))
    found: Any = list(
        Request.select(
            Request.id,
            Request.work_date,
            Request.activity,
            Request.discreet,
            Request.brought_home,
            Person.name.alias("person_name"),
        )
        .join(Person, on=(Request.person == Person.id))
        .where(wanted)
        .order_by(Request.work_date.desc(), Request.id.desc())
        .limit(PAGE + 1)
        .objects()
    )
    lines = tuple(
        BroughtHome(
            one.id, one.person_name, one.work_date, shown_to_head(one).activity, one.brought_home
        )
        for one in found[:PAGE]
    )
    return BroughtPage(lines, (lines[-1].work_date, lines[-1].id) if len(found) > PAGE else None)
