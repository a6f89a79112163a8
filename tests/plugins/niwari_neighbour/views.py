"""One route of each kind."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from niwari.api import Blueprint, Form, current_context
from niwari_neighbour import service

blueprint = Blueprint("neighbour", __name__)


@blueprint.get("/", permission="neighbour.read")
def door() -> str:
    """Show the door."""
    return render_template("neighbour/door.html", form=Form())


@blueprint.post("/knock", permission="neighbour.knock")
def knock() -> Response:
    """Knock."""
    service.knock(current_context())
    return redirect(url_for("neighbour.door"), code=303)


@blueprint.get("/office", permission="neighbour.office")
def office() -> str:
    """For HR alone."""
    return render_template("neighbour/door.html", form=Form())


@blueprint.get("/hours", public="opening hours are for everybody")
def hours() -> str:
    """For everybody."""
    return "neighbour: open from 8:30"
