"""Minutes recorded beyond an agreement, and what the head says of them: 認める or 認めない (rule L17)."""

from collections.abc import Callable
from dataclasses import replace

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.models import Appointment
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger import accounts
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.deciding.answering import to_answer
from niwari.ledger.deciding.decisions import LONGEST_NOTE
from niwari.ledger.errors import AlreadyDecided, ClosedPeriod, OwnSupplement
from niwari.ledger.models import JournalEntry, Request, Supplement
from niwari.ledger.recording.postings import reverse
from niwari.ledger.recording.supplements import ACCEPTED, PENDING, REFUSED
from niwari.ledger.telling import tell_supplement_answered

Act = Callable[[OpenAccount, Request, Supplement], None]


def accept(ctx: Context, supplement_id: int, *, key: str) -> Request:
    """Accept what was recorded beyond an agreement; no minutes move. Returns the request.

    The same ``key`` again changes nothing. Raises ``NotFound``, ``AlreadyDecided`` (L2) also for what a
    correction took back, ``OwnRequest``, ``OwnSupplement`` for what the acting person entered for
    somebody, and ``NotTheApprover`` (L9), and ``ClosedPeriod``: what waited at closing stays
    unconfirmed.
    """

    def check_not_own(_opened: OpenAccount, _request: Request, found: Supplement) -> None:
        mine = Appointment.select(Appointment.id).where(Appointment.person == ctx.person_id)
        entered = (JournalEntry.id == found.entry_id) & JournalEntry.posted_by.in_(mine)
        if JournalEntry.select().where(entered).exists():
            raise OwnSupplement

    return _answered(
        ctx, supplement_id, key, "ledger.accept_supplement", ACCEPTED, "", check_not_own
    )


def refuse(ctx: Context, supplement_id: int, *, key: str, note: str) -> Request:
    """Refuse it with a word on why: the entry is reversed, and the minutes are private time.

    What was agreed to stays recorded. Raises as ``accept`` does, and ``Invalid`` without a note.
    """
    if not note.strip():
        raise Invalid(N_("認めない理由を一言入力してください。"), field="note")
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("400文字以内で入力してください。"), field="note")

    def take_off(opened: OpenAccount, request: Request, found: Supplement) -> None:
        reverse(ctx, opened.account, request, JournalEntry.get_by_id(found.entry_id))

    return _answered(
        ctx, supplement_id, key, "ledger.refuse_supplement", REFUSED, note.strip(), take_off
    )


def _answered(
    ctx: Context, supplement_id: int, key: str, action: str, state: str, note: str, act: Act
) -> Request:
    with transaction(ctx):
        about = Supplement.get_or_none(Supplement.id == supplement_id)
        if about is None:
            raise NotFound
        opened, request, behalf = to_answer(ctx, about.request_id, of_record=True)
        found: Supplement = Supplement.get_by_id(supplement_id)  # under the account's lock
        if found.decision_key == key and found.state == state:
            return request
        if found.state != PENDING or found.taken_back_at is not None:
            raise AlreadyDecided(N_("この追加分は、すでに処理されています。"))
        if opened.account.closed_at is not None:
            raise ClosedPeriod(
                N_(
                    "%(month)s月はもう締まっています。追加分は「未確認」のまま残ります。"
                    "取り消すときは、本人から人事担当に訂正を依頼してください。"
                ),
                month=opened.period.starts_on.month,
            )
        act(opened, request, found)
        changes: dict[str, object] = {
            "state": state,
            "decided_by": ctx.acting.id,
            "on_behalf_of": behalf.id if behalf else None,
            "decided_at": ctx.now,
            "decision_note": note,
            "decision_key": key,
        }
        accounts.store(opened.account)
        Supplement.update(changes).where(Supplement.id == found.id).execute()
        for name, value in changes.items():
            setattr(found, name, value)
        audit.record(
            replace(ctx, on_behalf_of=behalf),
            action,
            "ledger_request",
            request.id,
            after={"reason": note} if note else None,
            person_id=request.person_id,
            minutes=found.minutes,
        )
        tell_supplement_answered(ctx, request, found)
    return request
