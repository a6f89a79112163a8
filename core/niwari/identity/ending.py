"""What ends with a post: the roles that were given to it, and the API tokens that act in it.

An import may open the post again, by another last day; what it could do before does not come back.
"""

from datetime import datetime, timedelta

from niwari.clock import tokyo_day
from niwari.db import transaction
from niwari.directory.models import Appointment
from niwari.directory.system import system_context
from niwari.identity.models import ApiToken, RoleGrant


def end_with_posts(now: datetime) -> int:
    """End roles and tokens of posts that ended before the Tokyo day of ``now``; returns how many."""
    today = tokyo_day(now)
    over = Appointment.select(Appointment.id).where(Appointment.ends_on < today)
    with transaction(system_context(now, "identity.end_with_posts")):
        roles: int = (
            RoleGrant.update(ends_on=today - timedelta(days=1))
            .where(
                RoleGrant.appointment.in_(over)
                & (RoleGrant.ends_on.is_null() | (RoleGrant.ends_on >= today))
            )
            .execute()
        )
        tokens: int = (
            ApiToken.update(revoked_at=now)
            .where(ApiToken.appointment.in_(over) & ApiToken.revoked_at.is_null())
            .execute()
        )
    return roles + tokens
