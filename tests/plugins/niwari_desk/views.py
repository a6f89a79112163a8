"""The page of one desk."""

from flask import render_template

from niwari.api import Blueprint, current_context
from niwari_desk import service

blueprint = Blueprint("desk", __name__)


@blueprint.get("/<int:desk_id>", permission="desk.read")
def show(desk_id: int) -> str:
    """Show a desk."""
    return render_template("desk/desk.html", desk=service.desk_of(current_context(), desk_id))
