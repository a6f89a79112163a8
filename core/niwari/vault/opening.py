"""Opening one envelope: asked for in writing by one official, agreed to by another, told to its author.

Who the author is stands in no row that can be read: sealed in the opening for the two officials, and
in the author's locker for the author (docs/decisions/0028).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, Municipality, Person, Section, on_day
from niwari.directory.sections import section_name
from niwari.errors import NotFound
from niwari.keyring import SealError, keyring
from niwari.vault.hidden_rows import hidden_row
from niwari.vault.models import Opening
from niwari.vault.officials import (
    NamedOfficial,
    from_other_towns,
    has_several_providers,
    hold_officials,
    municipal_it,
    officials,
)
from niwari.vault.refusals import (
    AskerGone,
    Expired,
    ItAlone,
    KeyLost,
    NoReason,
    NotOpen,
    OpenedAlready,
    SamePerson,
    SameProvider,
    SameTown,
    ShownAlready,
    TooFew,
)
from niwari.vault.service import addressee, tell
from niwari.vault.telling import tell_waiting

OPEN_FOR = timedelta(days=7)
"""How long a request waits for the second official."""
SHOWN_FOR = timedelta(minutes=5)
"""How long the author is shown to an official, from their first look on: a reload is no second look."""
KEPT_FOR = timedelta(days=14)
"""How long after the agreement an official may look."""
SHORTEST_REASON, LONGEST_REASON = 10, 1000


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote the row: name, and the (municipality, section) of each post of today."""

    name: str
    posts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Two:
    asker: NamedOfficial
    agreer: NamedOfficial


def ask(ctx: Context, kind: str, row_id: int, reason: str, form_key: str) -> int:
    """Ask for the opening of the envelope of one row; returns the id of the request.

    The other officials are told that it waits. A second click with the same ``form_key`` returns the
    first request's. Raises ``NotFound`` where the acting person is no official, ``NoReason``,
    ``TooFew``, and what ``hidden_row`` does.
    """
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise NoReason
    with transaction(ctx):
        mine = me(ctx, everybody := officials(ctx))
        if len({one.person_id for one in everybody}) < 2:
            raise TooFew
        row = hidden_row(ctx, kind, row_id)
        made = rows(
            Opening.insert(
                region=ctx.municipality.region_id,
                municipality=row.municipality_id,
                kind=kind,
                row_id=row_id,
                reason=reason,
                form_key=form_key,
                asked_at=ctx.now,
                asked_by=mine.appointment_id,
                asker_issuer=ctx.issuer,
            )
            .on_conflict_ignore()
            .returning(Opening.id)
        )
        if not made:
            return _of_form(ctx, form_key)
        opening = Opening.get_by_id(made[0][0])
        _record(ctx, "vault.ask_opening", opening, reason=reason)
        tell_waiting(ctx, everybody)
    return int(opening.id)


def agree(ctx: Context, opening_id: int) -> bool:
    """Agree to an opening as the second official: it is open, and its author is told.

    Returns whether anything changed: a second click changes nothing. Raises ``NotFound``,
    ``SamePerson``, ``SameTown``, ``SameProvider``, ``ItAlone``, ``AskerGone``, ``Expired``,
    ``OpenedAlready``, ``KeyLost``, and what ``hidden_row`` does; then nothing was changed.
    """
    with transaction(ctx):
        hold_officials(ctx)  # none of the two is withdrawn meanwhile
        mine = me(ctx, everybody := officials(ctx))
        opening = _opening(ctx, opening_id)
        if opening.agreed_at is not None:
            return _agreed(ctx, opening)
        two = _two(mine, everybody, opening)
        _check(ctx, two, opening)
        row = hidden_row(ctx, opening.kind, opening.row_id)
        try:
            person_id = addressee(row.sealed, opening.kind, row.sealed_for)
        except SealError:
            raise KeyLost from None
        claimed = (
            Opening.update(
                agreed_at=ctx.now,
                agreed_by=mine.appointment_id,
                sealed_author=_seal(opening, person_id),
            )
            .where(
                (Opening.id == opening_id)
                & Opening.agreed_at.is_null()
                & (Opening.asked_at > ctx.now - OPEN_FOR)
            )
            .execute()
        )
        if not claimed:
            return _agreed(ctx, _opening(ctx, opening_id))
        _record(ctx, "vault.open", opening, reason=opening.reason)
        try:
            tell(person_id, opening.municipality_id, opening_id)
        except SealError:
            raise KeyLost from None
    return True


def author(ctx: Context, opening_id: int) -> Author:
    """Return who wrote the row, to one of the two officials, once; each look is in the audit.

    The first look lasts ``SHOWN_FOR``, so that a reload shows the same. Raises ``NotFound`` for
    everybody else, ``NotOpen`` and ``ShownAlready``.
    """
    with transaction(ctx):
        me(ctx, officials(ctx))
        opening = _opening(ctx, opening_id)
        looks = {opening.asked_by_id: Opening.asker_saw_at}
        if opening.agreed_by_id is not None:
            looks[opening.agreed_by_id] = Opening.agreer_saw_at
        look = looks.get(ctx.acting.id)
        if look is None:
            raise NotFound
        if opening.agreed_at is None:
            raise NotOpen
        first = (
            Opening.update({look: ctx.now})
            .where((Opening.id == opening_id) & look.is_null())
            .execute()
        )
        saw_at = ctx.now if first else getattr(_opening(ctx, opening_id), look.name)
        is_over = ctx.now > min(saw_at + SHOWN_FOR, opening.agreed_at + KEPT_FOR)
        if is_over or not opening.sealed_author:
            raise ShownAlready
        _record(ctx, "vault.show_author", opening)
        return _author(ctx, opening)


def shut(ctx: Context) -> int:
    """Empty the sealed author of openings that nobody may look at any more; returns how many."""
    seen = ctx.now - SHOWN_FOR
    over = (Opening.agreed_at < ctx.now - KEPT_FOR) | (
        (Opening.asker_saw_at < seen) & (Opening.agreer_saw_at < seen)
    )
    with transaction(ctx):
        emptied: int = (
            Opening.update(sealed_author="")
            .where(Opening.agreed_at.is_null(False) & (Opening.sealed_author != "") & over)
            .execute()
        )
    return emptied


def me(ctx: Context, everybody: tuple[NamedOfficial, ...]) -> NamedOfficial:
    """Return the acting person as an official; for anybody else there is nothing here."""
    for one in everybody:
        if one.appointment_id == ctx.acting.id:
            return one
    raise NotFound


def _opening(ctx: Context, opening_id: int) -> Any:
    found = Opening.get_or_none(
        (Opening.id == opening_id) & (Opening.region == ctx.municipality.region_id)
    )
    if found is None:
        raise NotFound
    return found


def _of_form(ctx: Context, form_key: str) -> int:
    """Return the request that the first click made; another person's key is none."""
    query = Opening.select(Opening.id).where(
        (Opening.form_key == form_key) & (Opening.asked_by == ctx.acting.id)
    )
    for (opening_id,) in rows(query):
        return int(opening_id)
    raise NotFound


def _agreed(ctx: Context, opening: Any) -> bool:
    if opening.agreed_by_id == ctx.acting.id:
        return False
    raise OpenedAlready if opening.agreed_at is not None else Expired


def _two(mine: NamedOfficial, everybody: tuple[NamedOfficial, ...], opening: Any) -> _Two:
    for one in everybody:
        if one.appointment_id == opening.asked_by_id:
            return _Two(one, mine)
    raise AskerGone


def _check(ctx: Context, two: _Two, opening: Any) -> None:
    if two.asker.person_id == two.agreer.person_id:
        raise SamePerson
    if ctx.now >= opening.asked_at + OPEN_FOR:
        raise Expired
    is_one_town = two.asker.municipality_id == two.agreer.municipality_id
    if is_one_town and from_other_towns(opening.region_id):
        raise SameTown
    # One provider could else say of two sessions that they are both officials'.
    if opening.asker_issuer == ctx.issuer and has_several_providers(ctx):
        raise SameProvider
    people = {two.asker.person_id, two.agreer.person_id}
    if municipal_it(ctx, people) == people:
        raise ItAlone


def _purpose(opening: Any) -> str:
    return f"vault.opening {opening.id}"


def _seal(opening: Any, person_id: int) -> str:
    return keyring().seal(_purpose(opening), person_id.to_bytes(8, "big"))


def _author(ctx: Context, opening: Any) -> Author:
    try:
        data = keyring().open_sealed(_purpose(opening), opening.sealed_author)
    except SealError:
        raise KeyLost from None
    person_id = int.from_bytes(data, "big")
    posts = (
        Appointment.select(Municipality.name, section_name(ctx.today))
        .join_from(Appointment, Municipality)
        .join_from(Appointment, Section)
        .where((Appointment.person == person_id) & on_day(Appointment, ctx.today))
        .order_by(Appointment.is_main.desc(), Appointment.id)
    )
    return Author(Person.get_by_id(person_id).name, tuple(rows(posts)))


def _record(ctx: Context, action: str, opening: Any, *, reason: str = "") -> None:
    """Write into the audit of the own town and of the town that owns the row; never who wrote it.

    The reason is the asker's words: it goes with the asker, and with nobody whom it may name.
    """
    asker = Appointment.get_by_id(opening.asked_by_id).person_id
    for town in sorted({ctx.municipality.id, opening.municipality_id}):
        audit.record(
            ctx,
            action,
            opening.kind,
            opening.row_id,
            municipality_id=town,
            after={"reason": reason} if reason else None,
            person_id=asker,
            opening=opening.id,
            asked_by=opening.asked_by_id,
        )
