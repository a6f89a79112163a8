"""One page: what is offered, and the form to offer something. It can be told to fail."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from niwari.api import Blueprint, Form, current_context
from niwari_lending import service

blueprint = Blueprint("lending", __name__)


class DrawerStuckError(Exception):
    """What the page raises when it is told to fail."""


class OfferForm(Form):
    """What somebody has to lend."""

    name = StringField(
        "貸せるもの", [DataRequired("貸せるものを入力してください。"), Length(max=60)]
    )


@blueprint.get("/", permission="lending.read")
def items() -> str:
    """Show what is offered; with ``?stuck`` in the address, fail."""
    if "stuck" in request.args:
        raise DrawerStuckError
    return _page(OfferForm())


@blueprint.post("/", permission="lending.offer")
def offer() -> Response | tuple[str, int]:
    """Offer something."""
    form = OfferForm()
    if not form.validate():
        return _page(form), 422
    service.offer(current_context(), form.name.data)
    flash("貸せるものに加えました。", "success")
    return redirect(url_for("lending.items"), code=303)


def _page(form: OfferForm) -> str:
    return render_template(
        "lending/items.html", items=service.offered(current_context()), form=form
    )
