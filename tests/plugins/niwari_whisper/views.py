"""One page."""

from flask import render_template

from niwari.api import Blueprint, current_context
from niwari_whisper import service

blueprint = Blueprint("whisper", __name__)


@blueprint.get("/<int:whisper_id>", permission="whisper.read")
def show(whisper_id: int) -> str:
    """Show a whisper."""
    found = service.heard(current_context(), whisper_id)
    return render_template("whisper/whisper.html", found=found, whisper_id=whisper_id)
