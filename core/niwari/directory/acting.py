"""What the acting person does comes one after the other."""

from niwari.context import Context
from niwari.db import locked
from niwari.directory.models import Person


def hold_self(ctx: Context) -> None:
    """Let two clicks of the acting person at the same moment come one after the other.

    In the caller's transaction, as its first statement: then look whether the form made its row
    already. Also for a person who acts in two posts.
    """
    locked(Person.select(Person.id).where(Person.id == ctx.person_id)).execute()
