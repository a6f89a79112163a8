"""Moving the demo's clock."""

from datetime import datetime

from niwari.identity.models import Session
from niwari.identity.sessions.web import web_session
from niwari.installation import DemoClock
from niwari.pages.parts import parts


def move_clock(instant: datetime) -> None:
    """Let the running demo go on from ``instant``, and keep everybody signed in.

    Sessions are moved along: the time that was skipped is not time that somebody was idle.
    """
    clock = parts().clock
    if not isinstance(clock, DemoClock):
        raise LookupError("only a demo's clock can be moved")
    distance = clock.move_to(instant)
    for session in Session.select():
        Session.update(
            created_at=session.created_at + distance,
            seen_at=session.seen_at + distance,
            expires_at=session.expires_at + distance,
            auth_time=session.auth_time and session.auth_time + distance,
        ).where(Session.id == session.id).execute()
    # What the present request still writes of its own session must not be of the past.
    web_session().now += distance
