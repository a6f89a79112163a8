"""Trials: of the calls that meet a dark part once its wait is over one may try it."""

import logging

from peewee import PeeweeException

from niwari.context import Context
from niwari.db import database
from niwari.host.quarantine import Dark, begin_trial, end_quarantine
from niwari.host.town_state import state_of

log = logging.getLogger(__name__)


def begin(ctx: Context, plugin: str, surface: str) -> bool:
    """Begin to try a part where it is dark and its turn has come; returns whether this is a trial.

    Raises ``Dark`` where it must not be called.
    """
    # Asked once: inside a transaction the next answer may be another.
    state = state_of(ctx.municipality.id, ctx.municipality.revision)
    retry_at = state.dark.get((plugin, surface))
    if retry_at is None:
        return False
    if ctx.now < retry_at or not _wins(ctx, plugin, surface):
        raise Dark(plugin, surface)
    return True


def _wins(ctx: Context, plugin: str, surface: str) -> bool:
    try:
        return begin_trial(ctx.municipality.id, plugin, surface, ctx.now)
    except PeeweeException:
        # Whoever only reads a page must not fail because nobody can write just now.
        log.exception("%s: %s could not be tried again", plugin, surface)
        return False


def light(ctx: Context, plugin: str, surface: str) -> None:
    """End the quarantine of a part whose trial was answered.

    Where that cannot be written, the answer stands and another trial will end it; inside a
    transaction the error is raised.
    """
    try:
        end_quarantine(ctx.municipality.id, plugin, surface, ctx.now)
    except PeeweeException:
        if database.in_transaction():
            raise  # what the call wrote is undone with it
        log.exception("%s: the quarantine of %s could not be ended", plugin, surface)
