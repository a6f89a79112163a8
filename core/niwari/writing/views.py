"""Keeping drafts while somebody writes, and throwing them away."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from niwari.errors import DomainError
from niwari.host.blueprint import Blueprint
from niwari.pages.addresses import local_address
from niwari.pages.forms import current_context
from niwari.pages.kept import typed
from niwari.pages.texts import gettext as _
from niwari.writing import drafts

blueprint = Blueprint("writing", __name__)

_OWN = "writing.drafts"


@blueprint.post("/drafts", permission=_OWN)
def keep() -> tuple[str, int]:
    """Keep what is in a form; the page's script asks, and says nothing where that fails."""
    key = request.form.get("draft_key", "")
    try:
        if key:
            drafts.keep(current_context(), key, typed(request.form))
    except DomainError as error:
        return "", error.status
    return "", 204 if key else 400


@blueprint.post("/drafts/discard", permission=_OWN)
def discard() -> Response:
    """Throw a draft away, and go back to its form."""
    drafts.discard(current_context(), request.form.get("draft_key", ""))
    flash(_("下書きを捨てました。"), "success")
    return redirect(local_address(request.form.get("next")) or url_for("web.home"), code=303)
