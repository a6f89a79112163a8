"""Tokens for programs: made, listed and revoked by the person or by municipal IT.

A personal token acts in one appointment and ends with it. A token of the municipality acts for
nobody. Neither ever can more than its owner at the time of the request (``token_reading``).
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.models import Appointment, Municipality, Person, Section, on_day
from niwari.directory.sections import section_name
from niwari.errors import N_, DomainError, Invalid, NotFound
from niwari.identity.hashing import hashed
from niwari.identity.models import ApiToken
from niwari.identity.providers.holding import require_word
from niwari.identity.sessions.reach import within_reach
from niwari.identity.tokens.maker_gone import GRACE, in_grace
from niwari.texts import is_blank

PREFIX = "niw_"
"""What every token begins with, so that people and secret scanners know one when they see it."""

LIFETIMES = (30, 90, 180, 365)
"""For how many days a token can be good."""

MOST_TOKENS = 20
"""How many live tokens a person, or a municipality, can have."""

LONGEST_LABEL = 100


class TooManyTokens(DomainError):
    """The owner has as many tokens as can be looked after."""

    text = N_("トークンは%(most)d件までです。使っていないものを取り消してから作ってください。")


class AlreadyInUse(DomainError):
    """The form was sent again after the token that it made had been used."""

    text = N_("この画面からのトークンは、もう作られて使われています。一覧で確かめてください。")


@dataclass(frozen=True, slots=True)
class NewToken:
    """What is filled in: ``days`` is one of ``LIFETIMES``, ``scopes`` are permissions."""

    label: str
    scopes: Collection[str]
    days: int
    form_key: str


@dataclass(frozen=True, slots=True)
class ListedToken:
    """A live token as its owner sees it; ``used_at`` is up to five minutes late.

    ``place`` names the section in which a personal token acts, ``created_by`` who made it. Where the
    maker is gone, ``stops_on`` is the first Tokyo day on which it is good no more, if not earlier.
    """

    id: int
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    place: str
    created_by: str
    stops_on: date | None


def create_token(
    ctx: Context, new: NewToken, offered: Collection[str], *, of_municipality: bool = False
) -> str:
    """Make a token of the acting person, or of the municipality, and return it: nobody can again.

    ``offered`` are the permissions that the owner can give. The same ``form_key`` again gives the
    token another value as long as it was not used, because of a double click only the second
    answer is seen. Raises ``Invalid``, ``TooManyTokens``, ``AlreadyInUse``,
    and ``NotVouchedFor`` where the session's provider was stopped or has lost the municipality.
    """
    scopes = _checked(new, offered)
    token = PREFIX + secrets.token_urlsafe(32)
    with transaction(ctx):
        require_word(ctx)
        # Whoever makes several at once makes them one after another, so that the limit holds.
        locked(_owner_row(ctx, of_municipality)).first()
        first = ApiToken.get_or_none(
            (ApiToken.form_key == new.form_key)
            & (ApiToken.created_by == ctx.acting.id)
            & _of(ctx, of_municipality)
        )
        if first is not None:
            _renew(ctx, first, token)
            return token
        if ApiToken.select().where(ApiToken.form_key == new.form_key).exists():
            raise AlreadyInUse
        if _owned(ctx, of_municipality).count() >= MOST_TOKENS:
            raise TooManyTokens(most=MOST_TOKENS)
        made = ApiToken.create(
            label=new.label.strip(),
            token_hash=hashed(token),
            municipality=ctx.municipality.id,
            appointment=None if of_municipality else ctx.acting.id,
            scopes=" ".join(scopes),
            created_at=ctx.now,
            created_by=ctx.acting.id,
            expires_at=ctx.now + timedelta(days=new.days),
            form_key=new.form_key,
            issuer=ctx.issuer or None,
        )
        audit.record(
            ctx, "identity.create_token", "api_token", made.id, scopes=made.scopes, days=new.days
        )
    return token


def my_tokens(ctx: Context) -> list[ListedToken]:
    """Return the live tokens of the acting person in all posts within reach, the newest first."""
    return _listed(ctx, _owned(ctx, False))


def system_tokens(ctx: Context) -> list[ListedToken]:
    """Return the live tokens of the municipality, the newest first."""
    return _listed(ctx, _owned(ctx, True))


def revoke_token(ctx: Context, token_id: int, *, of_municipality: bool = False) -> None:
    """End a token at once; again changes nothing. The audit of its municipality says so.

    Raises ``NotFound`` where it is not the acting person's own within reach, or not the
    municipality's.
    """
    with transaction(ctx):
        found = locked(
            ApiToken.select().where((ApiToken.id == token_id) & _of(ctx, of_municipality))
        )
        token = found.first()
        if token is None:
            raise NotFound
        if token.revoked_at is None:
            ApiToken.update(revoked_at=ctx.now).where(ApiToken.id == token_id).execute()
            audit.record(
                ctx,
                "identity.revoke_token",
                "api_token",
                token_id,
                municipality_id=token.municipality_id,
            )


def _checked(new: NewToken, offered: Collection[str]) -> list[str]:
    if is_blank(new.label):
        raise Invalid(N_("何に使うトークンかを入力してください。"), field="label")
    if len(new.label.strip()) > LONGEST_LABEL:
        raise Invalid(N_("100文字以内で入力してください。"), field="label")
    if not new.scopes or not set(new.scopes) <= set(offered):
        raise Invalid(N_("トークンでできることを選んでください。"), field="scopes")
    if new.days not in LIFETIMES:
        raise Invalid(N_("有効期間を選んでください。"), field="days")
    return sorted(set(new.scopes))


def _renew(ctx: Context, first: ApiToken, token: str) -> None:
    if first.used_at is not None or first.revoked_at is not None:
        raise AlreadyInUse
    ApiToken.update(token_hash=hashed(token)).where(ApiToken.id == first.id).execute()
    audit.record(ctx, "identity.renew_token", "api_token", first.id)


def _owner_row(ctx: Context, of_municipality: bool) -> Any:
    if of_municipality:
        return Municipality.select(Municipality.id).where(Municipality.id == ctx.municipality.id)
    return Person.select(Person.id).where(Person.id == ctx.person_id)


def _of(ctx: Context, of_municipality: bool) -> Any:
    """Return the condition that a token belongs to the acting person, or to the municipality."""
    if of_municipality:
        return (ApiToken.municipality == ctx.municipality.id) & ApiToken.appointment.is_null()
    posts = Appointment.select(Appointment.id).where(
        (Appointment.person == ctx.person_id)
        & on_day(Appointment, ctx.today)
        & within_reach(ctx, Appointment.municipality)
    )
    return ApiToken.appointment.in_(posts)


def _owned(ctx: Context, of_municipality: bool) -> Any:
    return ApiToken.select().where(
        _of(ctx, of_municipality)
        & ApiToken.revoked_at.is_null()
        & (ApiToken.expires_at > ctx.now)
        & in_grace(ctx.today)
    )


def _listed(ctx: Context, owned: Any) -> list[ListedToken]:
    maker, maker_person = Appointment.alias(), Person.alias()
    found = (
        owned.select(
            ApiToken.id,
            ApiToken.label,
            ApiToken.scopes,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.used_at,
            ApiToken.maker_gone_on,
            Municipality.name,
            section_name(ctx.today),
            maker_person.name,
        )
        .join_from(ApiToken, Municipality)
        .join_from(ApiToken, Appointment, JOIN.LEFT_OUTER, on=ApiToken.appointment)
        .join_from(Appointment, Section, JOIN.LEFT_OUTER)
        .join_from(ApiToken, maker, on=(ApiToken.created_by == maker.id))
        .join_from(maker, maker_person, on=(maker.person == maker_person.id))
        .order_by(ApiToken.id.desc())
    )
    return [
        ListedToken(
            id_,
            label,
            tuple(scopes.split()),
            created,
            expires,
            used,
            " ".join(filter(None, (town, section))),
            by,
            gone_on and gone_on + GRACE,
        )
        for id_, label, scopes, created, expires, used, gone_on, town, section, by in rows(found)
    ]
