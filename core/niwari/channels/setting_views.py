"""How notices reach people: one's own choices, the municipality's, and what did not arrive."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.channels import undelivered as service
from niwari.channels.forms import ALL_FIELD, choices_form, field_of, veto_form
from niwari.channels.inbox_views import MINE
from niwari.channels.pages import blueprint
from niwari.channels.reasons import reason_words
from niwari.channels.smtp import mail_server
from niwari.notices import choices
from niwari.notices.mail import MAIL, has_address
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.parts import parts
from niwari.pages.texts import gettext as _

__all__ = ["blueprint"]

ADMIN = "channels.administer"

Answer = str | Response | tuple[str, int]


@blueprint.route("/settings", methods=("GET", "POST"), permission=MINE)
def my_choices() -> Answer:
    """Choose how to be told of each kind."""
    ctx = current_context()
    kinds = choices.kinds_here(ctx)
    form = choices_form(kinds, choices.choices(ctx), ctx.locale)
    if form.validate_on_submit():
        choices.choose(ctx, {kind.code: form[field_of(kind.code)].data for kind in kinds})
        flash(_("お知らせの届け方を保存しました。"), "success")
        return redirect(url_for("channels.my_choices"), code=303)
    off = choices.vetoes(ctx, MAIL)
    page = render_template(
        "channels/choices.html",
        form=form,
        kinds=kinds,
        field_of=field_of,
        has_mail=_has_mail() and choices.ALL not in off,
        has_address=has_address(ctx),
        off=off,
    )
    return (page, 422) if form.is_submitted() else page


@blueprint.route("/admin", methods=("GET", "POST"), permission=ADMIN)
def administer() -> Answer:
    """Choose what leaves by mail here, and see what did not arrive."""
    ctx = current_context()
    kinds = choices.kinds_here(ctx)
    form = veto_form(kinds, choices.vetoes(ctx, MAIL), ctx.locale)
    if form.validate_on_submit():
        off = {kind.code for kind in kinds if not form[field_of(kind.code)].data}
        off |= set() if form[ALL_FIELD].data else {choices.ALL}
        choices.veto(ctx, MAIL, frozenset(off))
        flash(_("設定を保存しました。"), "success")
        return redirect(url_for("channels.administer"), code=303)
    before = whole_number(request.args.get("before"))
    page = render_template(
        "channels/administer.html",
        form=form,
        kinds=kinds,
        field_of=field_of,
        all_field=ALL_FIELD,
        has_mail=_has_mail(),
        dead=service.undelivered(ctx, before=before),
        is_first=before is None,
        reason_words=reason_words,
    )
    return (page, 422) if form.is_submitted() else page


@blueprint.post("/admin/<int:delivery_id>/again", permission=ADMIN)
def send_again(delivery_id: int) -> Response:
    """Let what did not arrive be tried again."""
    service.send_again(current_context(), delivery_id)
    flash(_("もう一度送ります。届かないときは、またここに表示されます。"), "success")
    return redirect(url_for("channels.administer"), code=303)


@blueprint.post("/admin/<int:delivery_id>/drop", permission=ADMIN)
def give_up(delivery_id: int) -> Response:
    """Take what did not arrive off the page."""
    service.give_up(current_context(), delivery_id)
    flash(_("送るのをやめました。お知らせは、本人の「お知らせ」の画面に残っています。"), "success")
    return redirect(url_for("channels.administer"), code=303)


def _has_mail() -> bool:
    return mail_server(parts().settings) is not None
