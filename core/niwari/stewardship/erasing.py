"""Erasing what is kept of somebody who has left, area by area, with a receipt of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory.models import Person
from niwari.errors import N_, Invalid
from niwari.host.dispatch import Dispatcher
from niwari.specs.contributions import Label, Receipt, Subject
from niwari.stewardship import subjects
from niwari.stewardship.keepers import Keeper, keepers
from niwari.stewardship.models import Erasure
from niwari.stewardship.people import somebody
from niwari.stewardship.subjects import CannotErase


class StillHere(Invalid):
    """The person has a post here, or will have one."""

    text = N_(
        "%(name)sさんは、この市町村に所属しています。データを消せるのは、所属がすべて終わったあとです。"
    )


class WrongLogin(Invalid):
    """What was typed to confirm is not the person's login."""

    text = N_("入力したアカウントが違います。消す職員のアカウント（%(login)s）を入力してください。")
    field = "confirm"


@dataclass(frozen=True, slots=True)
class Told:
    """A receipt as it is shown: of which keeper, when, and what became of the rows."""

    id: int
    label: str
    at: datetime
    erased: int
    redacted: int
    kept: int
    reason: str
    failed: bool


def erase_person(
    ctx: Context, dispatcher: Dispatcher, person_id: int, *, typed: str, form_key: str
) -> Sequence[str]:
    """Let every area and plugin erase what it keeps of a person in ``ctx.municipality``.

    Each in a transaction of its own with its receipt and audit rows. One that fails changes nothing
    of its own and does not stop the others; the labels of those are returned, and sending the form
    again tries them again. One audit row says that the form was sent, however often. Raises
    ``NotFound``, ``StillHere`` and ``WrongLogin`` before anything.
    """
    who = somebody(ctx, person_id)
    if not who.has_left:
        raise StillHere(name=who.name)
    # Once the directory has erased, the login is gone too: the receipts say that it was asked.
    begun = _sent(ctx, person_id, form_key).exists()
    if typed.strip() != who.login and not begun:
        raise WrongLogin(login=who.login)
    return [
        keeper.label
        for keeper in keepers(dispatcher, ctx.locale)
        if not _erase(ctx, dispatcher, keeper, person_id, form_key)
    ]


def _erase(
    ctx: Context, dispatcher: Dispatcher, keeper: Keeper, person_id: int, form_key: str
) -> bool:
    subject = Subject(person_id, ctx.municipality.id)
    try:
        with transaction(ctx):
            # The same form, sent once more meanwhile, waits for this.
            locked(Person.select(Person.id).where(Person.id == person_id)).execute()
            if _is_done(ctx, person_id, form_key, keeper):
                return True
            receipt = subjects.erase(ctx, dispatcher, keeper.name, subject)
            _write(ctx, keeper, person_id, form_key, receipt)
    except CannotErase:
        with transaction(ctx):
            _write(ctx, keeper, person_id, form_key, None)
        return False
    return True


def _sent(ctx: Context, person_id: int, form_key: str) -> Any:
    """Return the query for what the form with the key did of this person: a key of another is none."""
    return Erasure.select().where(
        (Erasure.form_key == form_key)
        & (Erasure.person == person_id)
        & (Erasure.municipality == ctx.municipality.id)
    )


def _is_done(ctx: Context, person_id: int, form_key: str, keeper: Keeper) -> bool:
    here = (Erasure.plugin == keeper.name) & ~Erasure.failed
    done: bool = _sent(ctx, person_id, form_key).where(here).exists()
    return done


def _write(
    ctx: Context, keeper: Keeper, person_id: int, form_key: str, receipt: Receipt | None
) -> None:
    if not _sent(ctx, person_id, form_key).exists():
        audit.record(ctx, "stewardship.erase", "person", person_id)
    told = receipt or Receipt()
    reason = told.reason or Label("-", "-")
    Erasure.create(
        municipality=ctx.municipality.id,
        person=person_id,
        plugin=keeper.name,
        erased=told.erased,
        redacted=told.redacted,
        kept=told.kept,
        reason_ja=reason.ja if told.reason else "",
        reason_en=reason.en if told.reason else "",
        failed=receipt is None,
        at=ctx.now,
        by=ctx.acting.id,
        form_key=form_key,
    )


def receipts(ctx: Context, dispatcher: Dispatcher, person_id: int) -> list[Told]:
    """Return the receipts for a person in the own municipality, the newest first, 200 at most."""
    labels = {keeper.name: keeper.label for keeper in keepers(dispatcher, ctx.locale)}
    query = (
        Erasure.select()
        .where((Erasure.municipality == ctx.municipality.id) & (Erasure.person == person_id))
        .order_by(Erasure.id.desc())
        .limit(200)
    )
    return [
        Told(
            row.id,
            labels.get(row.plugin, row.plugin),
            row.at,
            row.erased,
            row.redacted,
            row.kept,
            row.reason_en if ctx.locale == "en" else row.reason_ja,
            row.failed,
        )
        for row in query
    ]
