"""Moving the demo's clock."""

from datetime import datetime

from niwari.context import Context
from niwari.db import transaction
from niwari.identity.models import Session
from niwari.identity.sessions.web import web_session
from niwari.installation import DemoClock
from niwari.jobs.shifts import wake_after_commit
from niwari.pages.parts import parts


def move_clock(ctx: Context, instant: datetime) -> None:
    """Let the running demo go on from ``instant``, its worker too, and keep everybody signed in.

    Sessions are moved along: the time that was skipped is not time that somebody was idle. The worker
    is woken, so that what was due meanwhile, as the mail of a day, comes at once.
    """
    clock = parts().clock
    if not isinstance(clock, DemoClock):
        raise LookupError("only a demo's clock can be moved")
    distance = clock.move_to(instant)
    # Locked first: a write after a read that another writer overtook fails at once in SQLite.
    with transaction(ctx):
        for session in list(Session.select()):
            Session.update(
                created_at=session.created_at + distance,
                seen_at=session.seen_at + distance,
                expires_at=session.expires_at + distance,
                auth_time=session.auth_time and session.auth_time + distance,
            ).where(Session.id == session.id).execute()
    # What the present request still writes of its own session must not be of the past.
    web_session().now += distance
    wake_after_commit()
