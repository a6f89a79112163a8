"""Changing the providers of an installation.

Every change is audited in each municipality that the provider serves or served, and makes its
revision grow, so that all processes use it at the next sign-in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from peewee import IntegrityError

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.models import Municipality
from niwari.errors import N_, DomainError, Forbidden, Invalid, NotFound
from niwari.identity.models import (
    Provider,
    ProviderDomain,
    ProviderMunicipality,
)
from niwari.identity.providers.drafts import Draft
from niwari.identity.providers.opened import Ended, end_what_is_lost
from niwari.identity.providers.records import Record, read_records
from niwari.identity.providers.scope import MANAGE_REGION, manageable, scope_of
from niwari.identity.providers.sealed import open_secret, seal_secret
from niwari.identity.providers.serving import is_served
from niwari.keyring import SealError

_NOTHING = Ended()


class ChangedMeanwhile(DomainError):
    """Somebody else has changed the provider since the form was opened."""

    text = N_(
        "開いている間に、ほかの人がこの窓口を変更しました。開き直して、もう一度変更してください。"
    )


class IsStopped(Invalid):
    """The provider is registered just so, and was stopped: it lets nobody in."""

    text = N_(
        "この窓口は登録済みで、停止中です。使うには、窓口%(number)dの画面で「窓口を使えるようにする」を"
        "押すか、コマンド niwari identity provider activate %(number)d を実行してください。"
    )


class NoWayIn(DomainError):
    """The change would leave nobody of the acting person's municipality a way to sign in."""

    text = N_(
        "この操作をすると、%(town)sの職員がだれもサインインできなくなります。先に、別の窓口を使えるようにしてください。"
    )


def add(ctx: Context, draft: Draft) -> int:
    """Store a new, active provider out of a checked draft; return its id.

    The same once more, as by a second click, changes nothing and returns the first's id; where that
    was stopped meanwhile, ``IsStopped`` is raised, which says how to start it.
    Raises ``Invalid`` where the secret is missing, where issuer or a domain is another provider's,
    or where a municipality is not one's own to decide for.
    """
    _require_region(ctx)
    with transaction(ctx):
        _require_scope(ctx, draft)
        if draft.secret is None:
            raise Invalid(N_("クライアントシークレットを入力してください。"), field="secret")
        if (same := _same(ctx, draft)) is not None:
            return same
        _require_free(draft, None)
        with _free_until_now():
            provider_id: int = Provider.insert(**_columns(draft), secret="").execute()
            sealed = seal_secret(provider_id, draft.issuer, draft.client_id, draft.secret)
            Provider.update(secret=sealed).where(Provider.id == provider_id).execute()
            _write_lists(provider_id, draft)
        _audit(ctx, "identity.provider_add", provider_id, 1, draft.municipality_ids, "")
    return provider_id


def edit(
    ctx: Context,
    provider_id: int,
    draft: Draft,
    *,
    revision: int | None = None,
    system_tokens: bool = False,
) -> bool:
    """Change a provider into a checked draft; return whether anything was another.

    ``revision`` is that of the form. A new issuer or client id needs the secret anew: else whoever
    may edit could have the old one sent to a server of their own. In a municipality that it serves no
    more, the sessions end that it opened, and the personal tokens made in them; with
    ``system_tokens`` the municipality's tokens made in them too. Raises ``NotFound``, ``Invalid``,
    ``ChangedMeanwhile`` or ``NoWayIn``.
    """
    _require_region(ctx)
    with transaction(ctx):
        row, before = _locked(ctx, provider_id)
        _require_scope(ctx, draft)
        draft = _with_former(before, draft)
        changed = _changed(row, before, draft)
        if not changed:
            return False
        if revision is not None and revision != before.revision:
            raise ChangedMeanwhile
        moved = (before.issuer, before.client_id) != (draft.issuer, draft.client_id)
        if moved and draft.secret is None:
            raise Invalid(
                N_("発行者かクライアントIDを変えるときは、シークレットも入力してください。"),
                field="secret",
            )
        _require_free(draft, provider_id)
        columns = _columns(draft)
        if draft.secret is not None:
            columns["secret"] = seal_secret(
                provider_id, draft.issuer, draft.client_id, draft.secret
            )
        had_way_in = is_served(ctx.municipality.id)
        with _free_until_now():
            _bump(provider_id, **columns)
            _write_lists(provider_id, draft)
        _require_way_in(ctx, had_way_in)
        ended = end_what_is_lost(ctx, before, draft, system_tokens=system_tokens)
        everybody = set(before.municipality_ids) | set(draft.municipality_ids)
        _audit(
            ctx,
            "identity.provider_edit",
            provider_id,
            row.revision + 1,
            everybody,
            ",".join(changed),
            ended,
        )
    return True


def set_active(ctx: Context, provider_id: int, *, active: bool) -> bool:
    """Let a provider be used or not; return whether that is new. Sessions go on: see ``stop``.

    Raises ``NotFound``, and ``NoWayIn`` where a person would lock out their own municipality.
    """
    with transaction(ctx):
        row, before = _locked(ctx, provider_id)
        if before.is_active == active:
            return False
        had_way_in = is_served(ctx.municipality.id)
        _bump(provider_id, is_active=active)
        _require_way_in(ctx, had_way_in)
        action = "identity.provider_activate" if active else "identity.provider_deactivate"
        _audit(ctx, action, provider_id, row.revision + 1, before.municipality_ids, "")
    return True


def _locked(ctx: Context, provider_id: int) -> tuple[Provider, Record]:
    query = Provider.select().where((Provider.id == provider_id) & manageable(ctx))
    row = locked(query).first()
    if row is None:
        raise NotFound
    return row, read_records([row])[0]


def _with_former(before: Record, draft: Draft) -> Draft:
    """Leave the municipalities that were merged into others, which no form names."""
    former = Municipality.select(Municipality.id).where(
        Municipality.id.in_(before.municipality_ids) & Municipality.successor.is_null(False)
    )
    kept = {id_ for (id_,) in rows(former)}
    return replace(draft, municipality_ids=tuple(sorted(kept.union(draft.municipality_ids))))


def _columns(draft: Draft) -> dict[str, str]:
    return {
        "label": draft.label,
        "issuer": draft.issuer,
        "client_id": draft.client_id,
        "login_claim": draft.login_claim,
    }


def _changed(row: Provider, before: Record, draft: Draft) -> list[str]:
    names = ("label", "issuer", "client_id", "login_claim", "domains", "municipality_ids")
    changed = [name for name in names if getattr(before, name) != getattr(draft, name)]
    if draft.secret is not None and draft.secret != _present_secret(row):
        changed.append("secret")
    return changed


def _present_secret(row: Provider) -> str | None:
    try:
        return open_secret(row)
    except SealError:  # its key is gone: the new one is the mend
        return None


def _require_region(ctx: Context) -> None:
    # Whoever names a provider could sign in there as anybody of the town, the secretariat's and the
    # auditor's posts included: that is not for the town's own IT (docs/decisions/0014).
    if ctx.appointment is not None and not ctx.may(MANAGE_REGION):
        raise Forbidden


def _require_scope(ctx: Context, draft: Draft) -> None:
    scope = scope_of(ctx)
    if scope is not None and not scope.issuperset(draft.municipality_ids):
        raise Invalid(N_("一覧にある市町村から選んでください。"), field="municipality_ids")


def _require_free(draft: Draft, own_id: int | None) -> None:
    others = Provider.select().where(Provider.issuer == draft.issuer)
    if own_id is not None:
        others = others.where(Provider.id != own_id)
    if others.exists():
        raise Invalid(N_("この発行者は、別の窓口に登録されています。"), field="issuer")
    taken = ProviderDomain.select().where(ProviderDomain.domain.in_(draft.domains))
    if own_id is not None:
        taken = taken.where(ProviderDomain.provider != own_id)
    row = taken.first()
    if row is not None:
        raise Invalid(
            N_("「%(domain)s」は、別の窓口に登録されています。"), field="domains", domain=row.domain
        )


def _same(ctx: Context, draft: Draft) -> int | None:
    query = Provider.select().where((Provider.issuer == draft.issuer) & manageable(ctx))
    row = locked(query).first()
    if row is None or _changed(row, read_records([row])[0], draft):
        return None
    if not row.is_active:
        raise IsStopped(field="issuer", number=row.id)
    return int(row.id)


@contextmanager
def _free_until_now() -> Iterator[None]:
    # Where two write at once, the unique key tells the second what the look before could not.
    try:
        yield
    except IntegrityError:
        raise Invalid(
            N_("この発行者かメールのドメインは、別の窓口に登録されたところです。"), field="issuer"
        ) from None


def _bump(provider_id: int, **columns: object) -> None:
    Provider.update(revision=Provider.revision + 1, **columns).where(
        Provider.id == provider_id
    ).execute()


def _write_lists(provider_id: int, draft: Draft) -> None:
    ProviderDomain.delete().where(ProviderDomain.provider == provider_id).execute()
    ProviderMunicipality.delete().where(ProviderMunicipality.provider == provider_id).execute()
    if draft.domains:
        ProviderDomain.insert_many(
            [{"provider": provider_id, "domain": domain} for domain in draft.domains]
        ).execute()
    ProviderMunicipality.insert_many(
        [{"provider": provider_id, "municipality": id_} for id_ in draft.municipality_ids]
    ).execute()


def _require_way_in(ctx: Context, had_way_in: bool) -> None:
    # Commands may: whoever runs them has another way in.
    if ctx.appointment is not None and had_way_in and not is_served(ctx.municipality.id):
        raise NoWayIn(town=ctx.municipality.name)


def _audit(
    ctx: Context,
    action: str,
    provider_id: int,
    revision: int,
    municipality_ids: set[int] | tuple[int, ...],
    changed: str,
    ended: Ended = _NOTHING,
) -> None:
    for municipality_id in sorted(municipality_ids):
        audit.record(
            ctx,
            action,
            "provider",
            provider_id,
            municipality_id=municipality_id,
            revision=revision,
            changed=changed,
            **ended.counts(municipality_id),
        )
