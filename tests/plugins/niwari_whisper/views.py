"""One page."""

from flask import render_template

from niwari.api import Blueprint, current_context
from niwari_whisper import service

blueprint = Blueprint("whisper", __name__)


@blueprint.get("/<int:whisper_id>", permission="whisper.read")
def show(whisper_id: int) -> str:
    """Show a whisper."""
    text = service.text_of(current_context(), whisper_id)
    return render_template("whisper/whisper.html", text=text, whisper_id=whisper_id)
