"""What identity keeps of a person or a municipality: handed out, and erased.

Never handed out: tokens, which are kept as hashes, and what a browser's session holds.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from niwari.context import Context
from niwari.directory.models import Appointment
from niwari.directory.subjects import left, people_of, posts_of
from niwari.identity.models import ApiToken, ExternalIdentity, RoleGrant, Session
from niwari.specs.contributions import Label, Receipt, Record, Subject

KEPT = Label(
    "今の所属の役割と、サインインのアカウントとの結び付きは、所属が終わるまで残ります。",
    "The roles of present posts, and the link to the account of sign-in, remain until the posts end.",
)


def records(subject: Subject) -> Iterator[Record]:
    """Yield what identity keeps of ``subject``."""
    posts = posts_of(subject)
    for session in _of(Session, Session.appointment.in_(posts)):
        yield Record(
            "identity.session",
            session.id,
            {
                "device": session.device,
                "issuer": session.issuer,
                "created_at": _text(session.created_at),
                "seen_at": _text(session.seen_at),
                "expires_at": _text(session.expires_at),
            },
        )
    for one in _of(ExternalIdentity, ExternalIdentity.person.in_(people_of(subject))):
        account = {"issuer": one.issuer, "subject": one.subject, "bound_at": _text(one.bound_at)}
        yield Record("identity.external_identity", one.id, account)
    for token in _of(ApiToken, _tokens(subject)):
        yield Record(
            "identity.api_token",
            token.id,
            {
                "label": token.label,
                "is_personal": token.appointment_id is not None,
                "scopes": token.scopes,
                "created_at": _text(token.created_at),
                "expires_at": _text(token.expires_at),
                "used_at": _text(token.used_at),
                "revoked_at": _text(token.revoked_at),
            },
        )
    for grant in _of(RoleGrant, RoleGrant.appointment.in_(posts)):
        yield Record(
            "identity.role_grant",
            grant.id,
            {
                "role": grant.role,
                "granted_at": _text(grant.granted_at),
                "ends_on": grant.ends_on.isoformat() if grant.ends_on else None,
                "reason": grant.reason,
            },
        )


def erase(ctx: Context, subject: Subject) -> Receipt:
    """Erase sessions and tokens of ``subject``, and what belonged to posts that have ended.

    In the caller's transaction.
    """
    posts = posts_of(subject)
    ended = posts.where(Appointment.ends_on < ctx.today)
    erased = sum(
        model.delete().where(condition).execute()
        for model, condition in (
            (Session, Session.appointment.in_(posts)),
            (ApiToken, _tokens(subject)),
            (RoleGrant, RoleGrant.appointment.in_(ended)),
            (ExternalIdentity, ExternalIdentity.person.in_(left(ctx, subject))),
        )
    )
    kept = sum(1 for _ in records(subject))
    return Receipt(erased=erased, kept=kept, reason=KEPT if kept else None)


def _tokens(subject: Subject) -> Any:
    """Return the condition for the personal tokens of ``subject``, and for a municipality's own."""
    personal: Any = ApiToken.appointment.in_(posts_of(subject))
    if subject.person_id is not None or subject.municipality_id is None:
        return personal
    of_town = (ApiToken.municipality == subject.municipality_id) & ApiToken.appointment.is_null()
    return personal | of_town


def _of(model: Any, condition: Any) -> Iterator[Any]:
    return iter(model.select().where(condition).order_by(model.id).iterator())


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant is not None else None
