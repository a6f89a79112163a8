"""Accounts of networks: which section keeps them, and the sheet that says for whom and how."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.api import (
    Context,
    NotFound,
    audit,
    checked_choice,
    checked_key,
    checked_line,
    checked_text,
    transaction,
)
from niwari_tourism_sns.errors import SameAccount
from niwari_tourism_sns.models import Account
from niwari_tourism_sns.networks import NETWORKS
from niwari_tourism_sns.service.sight import (
    ACCOUNT,
    begin_act,
    entered,
    held_own,
    is_own,
    is_paused,
    owner_of,
    refuse_others,
    sent_before,
)
from niwari_tourism_sns.service.spots import audiences
from niwari_tourism_sns.texts import HANDLE_LIMIT, POLICY_LIMIT

PAGE = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """An account as its reader sees it; ``section`` owns it, and its head releases its posts."""

    id: int
    network: str
    handle: str
    policy: str
    ended_on: date | None
    section_id: int
    section: str
    town: str
    paused: bool
    is_ours: bool
    author: str


def add_account(
    ctx: Context, *, network: str, handle: str, policy: str, audience: str, form_key: str
) -> int:
    """Enter an account of the own section; returns its id. The same ``form_key`` returns the first.

    Raises ``SameAccount``, ``StaleForm``, and what the texts and choices refuse.
    """
    columns = {
        "network": checked_choice(network, NETWORKS, "network"),
        "handle": checked_line(handle, "handle", HANDLE_LIMIT, required=True),
        "policy": checked_text(policy, "policy", POLICY_LIMIT, required=True),
        "audience": checked_choice(audience, audiences(ctx), "audience"),
    }
    key = checked_key(form_key)
    with transaction(ctx):
        begin_act(ctx)
        sent = sent_before(ctx, Account, key)
        if sent is not None:
            return int(sent.id)
        if _is_there(ctx, columns):
            raise SameAccount
        account = Account.create(
            **Account.owned_by(ctx),
            **columns,
            author=ctx.acting.id,
            changed_at=ctx.now,
            form_key=key,
        )
        audit(ctx, "tourism_sns.add_account", ACCOUNT, account.id)
    return int(account.id)


def save_policy(ctx: Context, account_id: int, policy: str) -> None:
    """Change the sheet of an account of the own municipality. Raises ``NotFound``, ``NotOurs``."""
    policy = checked_text(policy, "policy", POLICY_LIMIT, required=True)
    with transaction(ctx):
        account = held_own(ctx, Account, account_id)
        if account.policy == policy:
            return
        Account.update(policy=policy, changed_at=ctx.now).where(Account.id == account.id).execute()
        audit(ctx, "tourism_sns.save_account", ACCOUNT, account.id)


def end_account(ctx: Context, account_id: int, *, ended: bool) -> None:
    """Close an account for new posts, or open it again. Raises ``NotFound`` and ``NotOurs``."""
    with transaction(ctx):
        account = held_own(ctx, Account, account_id)
        if (account.ended_on is not None) == ended:
            return
        Account.update(ended_on=ctx.today if ended else None).where(
            Account.id == account.id
        ).execute()
        audit(ctx, "tourism_sns.end_account", ACCOUNT, account.id, ended=ended)


def find_accounts(ctx: Context, *, after: int = 0) -> tuple[list[Shown], int | None]:
    """Return a page of the region's accounts, and the id above which the next begins; one query."""
    query = _readable(ctx).where(Account.id > after).order_by(Account.id).limit(PAGE + 1)
    found = [_shown(ctx, row) for row in query]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def own_accounts(ctx: Context) -> list[Shown]:
    """Return the accounts of the own municipality that take posts; one query."""
    query = _readable(ctx).where(
        (Account.municipality == ctx.municipality.id) & Account.ended_on.is_null()
    )
    return [_shown(ctx, row) for row in query.order_by(Account.id).limit(PAGE)]


def get_account(ctx: Context, account_id: int) -> Shown:
    """Return an account with its sheet; one query. Raises ``NotFound``."""
    row = _readable(ctx).where(Account.id == account_id).first()
    if row is None:
        raise NotFound
    return _shown(ctx, row)


def get_own_account(ctx: Context, account_id: int) -> Shown:
    """Return an account of the own municipality; raises ``NotFound`` and ``NotOurs``."""
    found = get_account(ctx, account_id)
    refuse_others(found)
    return found


def _is_there(ctx: Context, columns: dict[str, Any]) -> bool:
    there: bool = (
        Account.select()
        .where(
            (Account.municipality == ctx.municipality.id)
            & (Account.network == columns["network"])
            & (Account.handle == columns["handle"])
        )
        .exists()
    )
    return there


def _readable(ctx: Context) -> Any:
    return entered(
        ctx, Account, Account.id, Account.network, Account.handle, Account.policy,
        Account.ended_on, Account.section,
    )  # fmt: skip


def _shown(ctx: Context, row: Sequence[Any]) -> Shown:
    owner = owner_of(row[6:10])
    author, section = row[10:]
    return Shown(*row[:6], section, owner.name, is_paused(owner), is_own(ctx, owner), author or "")
