"""Pages that fail when told to."""

import sys

from flask import render_template

from niwari.api import Blueprint, DomainError
from niwari_crasher.switch import crash_at

blueprint = Blueprint("crasher", __name__)


@blueprint.get("/", permission="crasher.read")
def page() -> str:
    """Fail at "route" or while the template is rendered."""
    crash_at("route")
    return render_template("crasher/page.html", crash=crash_at)


@blueprint.get("/exit", permission="crasher.read")
def leave() -> str:
    """Try to end the process."""
    sys.exit("crashed on purpose at exit")


@blueprint.get("/rule", permission="crasher.read")
def rule() -> str:
    """Refuse for a reason, which is no failure."""
    raise DomainError("今日は%(day)sなのでできません。", day="休み")
