"""Holding a provider as it is while something is opened by its word.

Whoever stops a provider, or takes a municipality from it, ends what there is at that moment. What is
being opened meanwhile waits for them and asks anew, or they wait for it and find it.
"""

from typing import Any

from niwari.context import Context
from niwari.db import database, is_postgresql
from niwari.errors import N_, Forbidden
from niwari.identity.models import Provider
from niwari.identity.providers.serving import vouches_for


class NotVouchedFor(Forbidden):
    """The session's provider was stopped, or does not speak for the acting post any more."""

    text = N_(
        "サインインに使った窓口が、止められたか、この所属では使えなくなりました。"
        "別の窓口からサインインし直してください。"
    )


def hold_provider(issuer: str) -> None:
    """Let nobody change the provider ``issuer`` until the transaction ends.

    What is asked after it is as of then. On SQLite the transaction holds the only write lock already.
    """
    if not database.in_transaction():
        raise RuntimeError("holding a provider needs a transaction(ctx) around it")
    if is_postgresql():
        # Shared: many may sign in at once, while whoever changes the provider waits.
        query: Any = Provider.select(Provider.id).where(Provider.issuer == issuer)
        list(query.for_update("FOR SHARE").tuples())


def require_word(ctx: Context) -> None:
    """Hold the provider of the acting session; raises ``NotVouchedFor`` where its word is no good.

    A session without a provider, as of a command, has nobody who could take it back.
    """
    if not ctx.issuer:
        return
    hold_provider(ctx.issuer)
    speaks = (Provider.issuer == ctx.issuer) & Provider.is_active & vouches_for(ctx.acting.id)
    if not Provider.select().where(speaks).exists():
        raise NotVouchedFor
