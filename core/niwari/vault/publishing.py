"""The job of the quarter of an hour: it does what people do without their names, in shuffled order.

What is done shows the quarter and nothing else: ids are handed out in an order of chance among all
that waited, of all plugins and people; each is audited under the alias, in no town of its author.
"""

import secrets
from datetime import datetime, timedelta
from functools import partial

from niwari.clock import tokyo_day
from niwari.context import Context, MunicipalityRef
from niwari.db import locked, rows, transaction
from niwari.directory.system import system_context
from niwari.errors import DomainError
from niwari.host.dispatch import Dispatcher
from niwari.host.municipality import find_municipality
from niwari.host.running import running
from niwari.host.town_state import state_of
from niwari.keyring import SealError
from niwari.vault.acting import KIND, opened
from niwari.vault.author import HiddenAuthor, place_of
from niwari.vault.models import DONE, STOPPED, WAITING, HiddenAct
from niwari.vault.service import addressee

PORTION = 1_000
"""How many are begun in one look, so that the worker's other duties have their turn."""
STOPPED_FOR = timedelta(days=7)
"""How long the author reads what could not be published; as long an old form is known again."""

_QUARTER = 15


def publish_due(now: datetime) -> int:
    """Do what is due of what people did without their names; returns how many acts were ended.

    Any number of workers may do so at once. What its plugin cannot do now waits for the next quarter
    of an hour, for a day; what a rule refuses is stopped.
    """
    dispatcher = running()
    due = HiddenAct.select(HiddenAct.id).where(
        (HiddenAct.state == WAITING) & (HiddenAct.due_at <= now)
    )
    keys = [key for (key,) in rows(due.limit(PORTION))]
    secrets.SystemRandom().shuffle(keys)
    quarter = now.replace(minute=now.minute // _QUARTER * _QUARTER, second=0, microsecond=0)
    ended = 0
    for key in keys:
        ended += _do(dispatcher, key, quarter)
        dispatcher.failing.write_waiting()
    HiddenAct.delete().where(
        (HiddenAct.state != WAITING) & (HiddenAct.until < now - STOPPED_FOR)
    ).execute()
    dispatcher.write_costs()
    return ended


def _do(dispatcher: Dispatcher, key: str, quarter: datetime) -> bool:
    with transaction(system_context(quarter, "vault")):
        act = locked(
            HiddenAct.select().where((HiddenAct.id == key) & (HiddenAct.state == WAITING))
        ).first()
        if act is None:
            return False
        town = find_municipality(act.municipality_id, tokyo_day(quarter))
        if town is not None and _is_on(dispatcher, act.task, town):
            try:
                error = _perform(dispatcher, act, town, quarter)
            except SealError:
                return _end(act, STOPPED)
            if error is None:
                return _end(act, DONE)
            if isinstance(error, DomainError):
                return _end(act, STOPPED)
        if act.until <= quarter:
            return _end(act, STOPPED)
        later = quarter + timedelta(minutes=_QUARTER)
        HiddenAct.update(due_at=later).where(HiddenAct.id == act.id).execute()
        return False


def _perform(
    dispatcher: Dispatcher, act: HiddenAct, town: MunicipalityRef, quarter: datetime
) -> BaseException | None:
    found = dispatcher.host.task(act.task)
    if found is None:
        return LookupError(act.task)
    plugin, task = found
    values, uploads = opened(act)
    ctx = Context(town, None, quarter, actor=task.name)
    author = HiddenAuthor(act.id, addressee(act.envelope, KIND, act.id), town)
    if uploads is not None:
        values["uploads"] = uploads
    # A failure is counted where the region's acts are audited: in the author's town it would tell that.
    quiet = Context(place_of(ctx), None, quarter, actor=task.name)
    call = partial(task.run, ctx, author, **values)
    return dispatcher.guarded(quiet, plugin, f"task {task.name}", call).error


def _is_on(dispatcher: Dispatcher, task: str, town: MunicipalityRef) -> bool:
    name = task.partition(".")[0]
    return dispatcher.host.is_ready(name) and name in state_of(town.id, town.revision).on


def _end(act: HiddenAct, state: str) -> bool:
    left = {"envelope": "", "sealed": ""} if state == DONE else {}
    HiddenAct.update(state=state, **left).where(HiddenAct.id == act.id).execute()
    return True
