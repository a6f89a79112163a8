"""What a record has beyond its agreement, within the tolerance: a supplement (追加分, rule L17).

It is posted as an entry of its own, so that it can be reversed whole (L6) while what was agreed to stays.
"""

from niwari.context import Context
from niwari.directory.people import municipality_ref
from niwari.errors import N_, Minutes
from niwari.ledger import accounts
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking import fitting
from niwari.ledger.asking.slots import Slot, taken_between
from niwari.ledger.errors import DayFull, OverAgreement, OverFree
from niwari.ledger.models import Request, Supplement
from niwari.ledger.recording.postings import Held, reverse
from niwari.ledger.settings import choices_of
from niwari.ledger.telling import tell_supplement

PENDING, ACCEPTED, REFUSED = "pending", "accepted", "refused"


def tolerance_of(ctx: Context, request: Request) -> int:
    """Return by how many minutes a record of the request may exceed its agreement; 0 of an allowance."""
    if request.allowance:
        return 0
    town = request.municipality_id
    here = town == ctx.municipality.id
    return choices_of(ctx, None if here else municipality_ref(town, ctx.today)).tolerance


def supplement_of(request: Request) -> Supplement | None:
    """Return the request's supplement as it stands, refused or not; ``None`` for one taken back."""
    found: Supplement | None = (
        Supplement.select()
        .where((Supplement.request == request.id) & Supplement.taken_back_at.is_null())
        .order_by(Supplement.id.desc())
        .first()
    )
    return found


def check(ctx: Context, opened: OpenAccount, request: Request, total: int, more: int) -> None:
    """Refuse a record of ``total`` minutes, ``more`` than are taken now, beyond the agreement.

    Raises ``OverAgreement`` beyond the tolerance, and where the head refused it before (L17);
    ``DayFull`` for what the day's hours do not hold (L10), and ``OverFree`` beyond what is left (L3).
    """
    agreed = int(request.agreed_minutes)
    most = agreed + tolerance_of(ctx, request)
    if total > agreed == most:
        raise OverAgreement(agreed=Minutes(agreed))
    if total > most:
        raise OverAgreement(
            OverAgreement.beyond_tolerance, agreed=Minutes(agreed), most=Minutes(most)
        )
    before = supplement_of(request)
    if before is not None and before.state == REFUSED:
        raise OverAgreement(OverAgreement.was_refused, agreed=Minutes(agreed))
    day = request.work_date
    taken = taken_between(opened.account.person_id, day, opened.period.ends_on)
    try:
        whole = opened.day(day).base
        if more > whole:
            raise DayFull(base=Minutes(whole), taken=Minutes(0))
        fitting.check_room(opened, Slot(day, more), taken)
    except DayFull as error:
        error.field = "minutes"
        raise
    check_free(opened, request, more)


def check_free(opened: OpenAccount, request: Request, more: int) -> None:
    """Raise ``OverFree`` for ``more`` minutes of a record than are left: never silently over (L3)."""
    if request.counts and more > opened.free:
        raise OverFree(
            N_("増やせるのは、残りの%(free)sまでです。"), free=Minutes(max(opened.free, 0))
        )


def post(
    ctx: Context,
    opened: OpenAccount,
    request: Request,
    minutes: int,
    *,
    former: Supplement | None = None,
    after_closing: bool = False,
) -> None:
    """Post ``minutes`` beyond the agreement in the caller's transaction, and ask the head about them.

    ``former`` is the supplement that they take the place of: no more than the head accepted stays
    accepted. After closing it is HR's approval that accepts them (L7).
    """
    entry = accounts.post(
        ctx,
        opened.account,
        request,
        "record",
        minutes=minutes,
        work_date=request.work_date,
        replaces=former.entry_id if former else None,
        after_closing=after_closing,
    )
    answered: dict[str, object] = {"state": PENDING}
    if former is not None and former.state == ACCEPTED and minutes <= former.minutes:
        names = ("state", "decided_at", "decided_by", "on_behalf_of", "decision_note")
        answered = {name: former.__data__[name] for name in names}
    elif after_closing:
        answered = {"state": ACCEPTED, "decided_at": ctx.now, "decided_by": ctx.acting.id}
    Supplement.create(
        request=request.id, minutes=minutes, entry=entry, asked_at=ctx.now, **answered
    )
    if answered["state"] == PENDING:
        tell_supplement(ctx, request)


def take_back(
    ctx: Context, opened: OpenAccount, request: Request, held: Held, *, after_closing: bool
) -> Supplement | None:
    """Reverse what the record ``held`` has beyond the agreement, with the record; returns it."""
    if held.beyond is None:
        return None
    reverse(ctx, opened.account, request, held.beyond, after_closing=after_closing)
    taken: Supplement = Supplement.get(Supplement.entry == held.beyond.id)
    Supplement.update(taken_back_at=ctx.now).where(Supplement.id == taken.id).execute()
    return taken
