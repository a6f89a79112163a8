"""Ending sessions because the provider says so."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from niwari.audit import service as audit
from niwari.db import rows, transaction
from niwari.directory.models import Appointment
from niwari.directory.system import system_context
from niwari.identity.models import ExternalIdentity, Session, UsedLogoutToken
from niwari.identity.protocol.logout_token import LogoutRefused, LogoutToken

_ACTOR = "identity.provider"


def end_sessions(now: datetime, token: LogoutToken, *, request_id: str = "") -> int:
    """End the sessions that ``token`` speaks of, in all posts of the person; returns how many.

    None is an answer too: they had ended before. Each is audited in the municipality of its post.
    A token is good once: raises ``LogoutRefused`` where it was used before.
    """
    ctx = replace(system_context(now, _ACTOR), request_id=request_id)
    with transaction(ctx):
        _use_up(token, now)
        found = dict(
            rows(
                Session.select(Session.id, Appointment.municipality)
                .join(Appointment)
                .where(_meant(token))
            )
        )
        ended = [
            row.id
            for row in Session.delete()
            .where(Session.id.in_(list(found)))
            .returning(Session.id)
            .execute()
        ]
        for session_id in ended:
            audit.record(
                ctx,
                "identity.provider_logout",
                "session",
                session_id,
                municipality_id=found[session_id],
            )
    return len(ended)


def _use_up(token: LogoutToken, now: datetime) -> None:
    taken = (
        UsedLogoutToken.insert(id=token.id, expires_at=now + timedelta(seconds=token.seconds_left))
        .on_conflict_ignore()
        .returning(UsedLogoutToken.id)
        .execute()
    )
    if not list(taken):
        raise LogoutRefused("the token was used before")


def _meant(token: LogoutToken) -> Any:
    """Tell which sessions: by the provider's session where it names one, else by the person.

    A session of which the provider did not say what it calls it ends with the person.
    """
    here = Session.issuer == token.issuer
    of_session = Session.idp_session == token.idp_session
    if not token.subject:
        return here & of_session
    person = ExternalIdentity.select(ExternalIdentity.person).where(
        (ExternalIdentity.issuer == token.issuer) & (ExternalIdentity.subject == token.subject)
    )
    posts = Appointment.select(Appointment.id).where(Appointment.person.in_(person))
    of_person = here & Session.appointment.in_(posts)
    if not token.idp_session:
        return of_person
    return of_person & (of_session | (Session.idp_session == ""))
