"""Pages that fail when told to."""

import sqlite3
import sys

from flask import abort, render_template
from peewee import OperationalError

from niwari.api import Blueprint, DomainError, current_context
from niwari_crasher import service
from niwari_crasher.switch import crash_at, is_told

blueprint = Blueprint("crasher", __name__)


@blueprint.get("/", permission="crasher.read")
def page() -> str:
    """Fail at "route" or while the template is rendered; say no at "page:404", "page:away"."""
    crash_at("route")
    if is_told("page:404"):
        abort(404)
    if is_told("page:rule"):
        raise DomainError("今日は%(day)sなのでできません。", day="休み")
    if is_told("page:away"):
        # As SQLite says it, which counts on neither engine.
        busy = sqlite3.OperationalError("database is locked")
        busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError(busy)
    return render_template("crasher/page.html", crash=crash_at)


@blueprint.get("/exit", permission="crasher.read")
def leave() -> str:
    """Try to end the process."""
    sys.exit("crashed on purpose at exit")


@blueprint.get("/rule", permission="crasher.read")
def rule() -> str:
    """Refuse for a reason, which is no failure."""
    raise DomainError("今日は%(day)sなのでできません。", day="休み")


@blueprint.post("/drop", permission="crasher.drop")
def drop() -> str:
    """Let something fall."""
    service.fall(current_context())
    return "fallen"
