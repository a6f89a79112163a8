"""Answering a standing agreement: what the head does (rules L2, L3, L9, L12)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from niwari.audit import service as audit
from niwari.context import AppointmentRef, Context
from niwari.db import locked, transaction
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger import accounts, events
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.arranged import period_for
from niwari.ledger.deciding.answering import in_whose_place
from niwari.ledger.deciding.approvers import charge_of
from niwari.ledger.deciding.decisions import LONGEST_NOTE
from niwari.ledger.errors import AlreadyDecided, HeldChanged
from niwari.ledger.models import Request, Standing, State
from niwari.ledger.standing.keeping import left_out_text
from niwari.ledger.standing.planning import Plan, Planned, plan_locked
from niwari.ledger.standing.telling import tell_standing_decided


@dataclass(frozen=True, slots=True)
class _Answer:
    """One of the answers: what it is called in the audit, and which states it leads to."""

    action: str
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What became of an agreement: the row, and how much is held and left out."""

    standing: Standing
    held: int
    minutes: int
    left_out: int


def agree(ctx: Context, standing_id: int, *, key: str, seen: str, note: str = "") -> Agreed:
    """Agree to a standing agreement: what can be held is reserved in every period at once (L12).

    One transaction that locks the accounts of all periods in their order and reads free again (L2).
    ``seen`` is the ``mark`` of the plan that the head saw: where something else can be held now,
    nothing is agreed to and ``HeldChanged`` is raised, so it is never silently fewer (L3). Raises also
    ``NothingHeld``, ``Frozen`` (L13), ``OwnRequest`` and ``NotTheApprover`` (L9), ``AlreadyDecided``
    (L2). The same ``key`` again, as after a double click, returns what was agreed.
    """
    with transaction(ctx):
        plan, opened = plan_locked(ctx, _to_look_at(ctx, standing_id))
        standing, behalf = to_answer(ctx, standing_id)
        if standing.decision_key == key and standing.state == State.AGREED:
            return _agreed_before(standing)
        _check_waits(standing)
        plan.check_held()
        if plan.mark != seen:
            raise HeldChanged
        changes: dict[str, object] = {
            "state": State.AGREED,
            "left_out": left_out_text(plan.left_out),
        }
        _answered(ctx, standing, behalf, key, note, _Answer("ledger.agree_standing", ()), changes)
        _reserve(ctx, standing, opened, plan)
    return Agreed(standing, len(plan.held), plan.minutes, len(plan.left_out))


def return_(ctx: Context, standing_id: int, *, key: str, note: str) -> Standing:
    """Give it back to talk about it (相談して直す); ``note`` says what about.

    Raises as ``agree`` does, and ``Invalid`` without a note.
    """
    if not note.strip():
        raise Invalid(N_("相談したいことを一言入力してください。"), field="note")
    answer = _Answer("ledger.return_standing", (State.RETURNED, State.REQUESTED))
    return _refused(ctx, standing_id, key, note, answer, State.RETURNED)


def decline(ctx: Context, standing_id: int, *, key: str, note: str) -> Standing:
    """Decline it this time (今回は見送り); ``note`` says why.

    Raises as ``agree`` does, and ``Invalid`` without a note.
    """
    if not note.strip():
        raise Invalid(N_("見送る理由を一言入力してください。"), field="note")
    answer = _Answer("ledger.decline_standing", (State.DECLINED,))
    return _refused(ctx, standing_id, key, note, answer, State.DECLINED)


def _refused(
    ctx: Context, standing_id: int, key: str, note: str, answer: _Answer, state: State
) -> Standing:
    with transaction(ctx):
        standing, behalf = to_answer(ctx, standing_id)
        if standing.decision_key == key and standing.state in answer.states:
            return standing
        _check_waits(standing)
        _answered(ctx, standing, behalf, key, note, answer, {"state": state})
    return standing


def to_answer(ctx: Context, standing_id: int) -> tuple[Standing, AppointmentRef | None]:
    """Lock an agreement that the acting person answers, the accounts being locked before.

    Returns also the head in whose place they act, and raises, as ``in_whose_place`` does.
    """
    place = charge_of(ctx).in_place_of(Standing).alias("in_place_of")
    wanted = (Standing.id == standing_id) & (Standing.municipality == ctx.municipality.id)
    query = Standing.select(Standing, place).where(wanted).objects()
    standing = locked(query, of=Standing).first()
    if standing is None:
        raise NotFound
    return standing, in_whose_place(ctx, standing)


def _to_look_at(ctx: Context, standing_id: int) -> Standing:
    """Return the agreement whose periods are to be locked; whether one may is asked under the lock.

    A returned one may be changed meanwhile; then it does not wait, or ``mark`` is another.
    """
    found: Standing | None = Standing.get_or_none(
        (Standing.id == standing_id) & (Standing.municipality == ctx.municipality.id)
    )
    if found is None:
        raise NotFound
    return found


def _check_waits(standing: Standing) -> None:
    if standing.state != State.REQUESTED:
        raise AlreadyDecided


def _answered(
    ctx: Context,
    standing: Standing,
    behalf: AppointmentRef | None,
    key: str,
    note: str,
    answer: _Answer,
    changes: Mapping[str, object],
) -> None:
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("400文字以内で入力してください。"), field="note")
    changes = {
        **changes,
        "decided_by": ctx.acting.id,
        "on_behalf_of": behalf.id if behalf else None,
        "decided_at": ctx.now,
        "decision_note": note.strip(),
        "decision_key": key,
    }
    Standing.update(changes).where(Standing.id == standing.id).execute()
    for name, value in changes.items():
        setattr(standing, name, value)
    audited = replace(ctx, on_behalf_of=behalf)
    audit.record(audited, answer.action, "ledger_standing", standing.id)
    events.tell_standing_answered(ctx, standing)
    tell_standing_decided(ctx, standing)


def _reserve(
    ctx: Context, standing: Standing, opened: Mapping[date, OpenAccount], plan: Plan
) -> None:
    """Write one agreed request for each time that is held, and reserve its minutes."""
    for time in plan.held:
        request = Request.create(**_columns(standing, time))
        account = opened[period_for(ctx.municipality, time.day).starts_on].account
        accounts.post(ctx, account, request, "agreement", reserved=time.minutes)
        events.tell_agreed(ctx, request)


def _columns(standing: Standing, time: Planned) -> dict[str, object]:
    shared = (
        "appointment",
        "person",
        "municipality",
        "section",
        "decided_by",
        "on_behalf_of",
    )
    same = (
        "activity",
        "counts",
        "discreet",
        "purpose",
        "place",
        "requested_at",
        "source_kind",
        "source_id",
        "decided_at",
        "decision_note",
        "decision_key",
    )
    return {
        **{name: getattr(standing, f"{name}_id") for name in shared},
        **{name: getattr(standing, name) for name in same},
        "standing": standing.id,
        "allowance": standing.kind == "allowance",
        "work_date": time.day,
        "starts_at": time.starts_at,
        "ends_at": time.ends_at,
        "minutes": time.minutes,
        "agreed_minutes": time.minutes,
        "state": State.AGREED,
        "form_key": f"standing-{standing.id}-{time.day:%Y%m%d}",
    }


def _agreed_before(standing: Standing) -> Agreed:
    minutes = [one.minutes for one in standing.occurrences]
    left_out = standing.left_out.count('["') if standing.left_out else 0
    return Agreed(standing, len(minutes), sum(minutes), left_out)
