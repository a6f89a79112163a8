"""Setting up a municipality's webhook, and what of it waits or has failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from peewee import fn

from niwari.audit import service as audit
from niwari.channels.models import SHAPES, Webhook, WebhookKind
from niwari.channels.webhooks.bodies import Told
from niwari.channels.webhooks.enlisting import WEBHOOK
from niwari.channels.webhooks.places import check_place
from niwari.channels.webhooks.sealed import seal_address, seal_secret
from niwari.channels.webhooks.sending import Webhooks, target_of
from niwari.clock import tokyo_wall_time
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.linking import Link, Ref, linked
from niwari.errors import N_, DomainError, NotFound
from niwari.host.enablement import hold
from niwari.host.rate_limits import Limit, count
from niwari.host.registry import Host
from niwari.identity.protocol.outward import AddressRefused, AddressRule
from niwari.notices.kinds import kind_of, kinds_on
from niwari.notices.models import DEAD, PENDING, Delivery, Notice, Received
from niwari.specs.contributions import NoticeKind

LONGEST_ADDRESS = 2_000
FAILED_SHOWN = 20
_TESTS = Limit("tests of webhooks", 10, 60 * 60)


class BadAddress(DomainError):
    """The address is none at which a webhook may be."""

    status = 422
    text = N_(
        "https:// から始まる、インターネット上のアドレスを入力してください。ポートの番号は付けません。"
    )
    field = "address"


class AddressMissing(DomainError):
    """There is none yet, and none was typed."""

    status = 422
    text = N_("アドレスを入力してください。")
    field = "address"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed. An empty ``address`` or ``secret`` keeps what there is."""

    address: str
    shape: str
    secret: str
    no_secret: bool
    kinds: tuple[str, ...]
    is_active: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """What did not arrive in three days."""

    id: int
    kind: str
    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Present:
    """The webhook of a municipality as it may be shown, and how its notices fare."""

    host: str
    shape: str
    has_secret: bool
    is_active: bool
    kinds: frozenset[str]
    waiting: int
    oldest: datetime | None
    failed: tuple[Failed, ...]


def chat_kinds(host: Host, on: frozenset[str]) -> list[NoticeKind]:
    """Return the kinds that a webhook may get: of what is ``on``, those that say so."""
    return [kind for kind in kinds_on(host, on) if kind.to_chat]


def present(ctx: Context) -> Present | None:
    """Return the webhook of the acting municipality, or ``None``."""
    row = Webhook.get_or_none(Webhook.municipality == ctx.municipality.id)
    if row is None:
        return None
    kinds = rows(WebhookKind.select(WebhookKind.kind).where(WebhookKind.webhook == row.id))
    mine: Any = (Delivery.municipality == ctx.municipality.id) & (Delivery.channel == WEBHOOK)
    ((waiting, oldest),) = rows(
        Delivery.select(fn.COUNT(Delivery.id), fn.MIN(Delivery.since)).where(
            mine & (Delivery.state == PENDING)
        )
    )
    failed = (
        Delivery.select(Delivery.id, Notice.kind, Notice.at, Delivery.what)
        .join(Notice)
        .where(mine & (Delivery.state == DEAD))
        .order_by(Delivery.id.desc())
        .limit(FAILED_SHOWN)
    )
    return Present(
        row.host,
        row.shape,
        bool(row.secret),
        row.is_active,
        frozenset(kind for (kind,) in kinds),
        waiting,
        oldest,
        tuple(Failed(*one) for one in rows(failed)),
    )


def keep(ctx: Context, draft: Draft, rule: AddressRule, known: Sequence[NoticeKind]) -> None:
    """Keep the webhook of the acting municipality; raises ``BadAddress`` and ``AddressMissing``."""
    if draft.address:
        _check(draft.address, rule)
    if draft.shape not in SHAPES:
        raise DomainError
    town = ctx.municipality.id
    with transaction(ctx):
        hold(town)
        row = Webhook.get_or_none(Webhook.municipality == town)
        if row is None and not draft.address:
            raise AddressMissing
        row = row or Webhook(municipality=town)
        if draft.address:
            row.address = seal_address(town, draft.address)
            row.host = urlsplit(draft.address).hostname or ""
        if draft.secret or draft.no_secret:
            row.secret = seal_secret(town, "" if draft.no_secret else draft.secret)
        row.shape, row.is_active = draft.shape, draft.is_active
        row.changed_at, row.changed_by = ctx.now, ctx.acting.id
        row.save()
        offered = {kind.code for kind in known}
        WebhookKind.delete().where(
            (WebhookKind.webhook == row.id) & WebhookKind.kind.in_(sorted(offered))
        ).execute()
        for code in sorted(offered & set(draft.kinds)):
            WebhookKind.create(webhook=row.id, kind=code)
        audit.record(
            ctx,
            "channels.webhook",
            "municipality",
            town,
            host=row.host,
            shape=row.shape,
            active=row.is_active,
            kinds=",".join(sorted(offered & set(draft.kinds))),
        )


def send_again(ctx: Context) -> int:
    """Let all of what did not arrive be sent anew; returns how much it is."""
    town = ctx.municipality.id
    with transaction(ctx):
        changed: int = (
            Delivery.update(
                state=PENDING,
                attempts=0,
                since=ctx.now,
                due_at=ctx.now,
                failing_since=None,
                ended_at=None,
            )
            .where(
                (Delivery.municipality == town)
                & (Delivery.channel == WEBHOOK)
                & (Delivery.state == DEAD)
            )
            .execute()
        )
        if changed:
            audit.record(ctx, "channels.webhook_again", "municipality", town, count=changed)
    return changed


def try_out(ctx: Context, webhooks: Webhooks, base_url: str) -> str:
    """Send a word to the webhook at once; returns an empty text, or as a code what went wrong.

    Ten times an hour in each municipality: more would tell what answers at a lot of addresses. Raises
    ``NotFound`` where there is no webhook, ``TooMany``, and ``SealError``. No transaction is open
    meanwhile.
    """
    row = Webhook.get_or_none(Webhook.municipality == ctx.municipality.id)
    if row is None:
        raise NotFound
    count(_TESTS, str(ctx.municipality.id), ctx.now)
    told = Told(
        f"test-{int(ctx.now.timestamp())}",
        "channels.test",
        "にわりからのテストです。お知らせは、ここに届きます。",
        f"{base_url.rstrip('/')}/notices/",
        tokyo_wall_time(ctx.now).isoformat(timespec="seconds"),
        ctx.municipality.code,
    )
    return webhooks.post(target_of(row), told, anyway=True)


def told(ctx: Context, notice_id: int) -> Link:
    """Return where a notice leads that the whole acting municipality was told.

    Raises ``NotFound`` where the municipality was not told of it by its webhook, and where the acting
    person may not see it.
    """
    notice = Notice.get_or_none(Notice.id == notice_id)
    if notice is None or not notice.about_kind or not _was_told(ctx, notice):
        raise NotFound
    ref = Ref(notice.about_kind, notice.about_id)
    link = linked(ctx, [ref])[ref]
    if not link.is_open:
        raise NotFound
    return link


def _was_told(ctx: Context, notice: Notice) -> bool:
    """Tell whether the acting municipality's webhook may have got ``notice``.

    By those that ``enlist_webhook`` goes by, as long as somebody there has it in the inbox: the delivery
    itself is kept for a month.
    """
    kind, town = kind_of(notice.kind), ctx.municipality.id
    if kind is None or not kind.to_chat:
        return False
    there = Received.select().where(
        (Received.notice == notice.id) & (Received.municipality == town)
    )
    return there.exists() and Webhook.select().where(Webhook.municipality == town).exists()


def _check(address: str, rule: AddressRule) -> None:
    if len(address) > LONGEST_ADDRESS:
        raise BadAddress
    try:
        check_place(rule, address)
    except AddressRefused as refused:
        raise BadAddress from refused
