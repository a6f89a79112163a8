"""お知らせ: the inbox."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.channels import inbox as service
from niwari.channels.pages import blueprint
from niwari.keyring import SealError
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.texts import gettext as _

__all__ = ["blueprint"]

MINE = "channels.mine"


@blueprint.get("/", permission=MINE)
def inbox() -> str:
    """Show the newest notices."""
    return _list(unread_only=False)


@blueprint.get("/unread", permission=MINE)
def unread() -> str:
    """Show the notices that were not read yet."""
    return _list(unread_only=True)


@blueprint.get("/hidden", permission=MINE)
def hidden() -> str:
    """Show notices about what one wrote without a name; everybody has the page, so it tells nothing."""
    try:
        shown, is_readable = service.hidden_page(current_context()), True
    except SealError:
        shown, is_readable = (), False
    return render_template("channels/hidden.html", shown=shown, is_readable=is_readable)


@blueprint.get("/<int:notice_id>", permission=MINE)
def open_notice(notice_id: int) -> Response:
    """Mark a notice as read and go where it leads; from a mail too."""
    link = service.open_one(current_context(), notice_id)
    if link is None:
        flash(
            _("お知らせの内容は、今は表示できません。消されたか、見られる範囲が変わっています。"),
            "info",
        )
        return redirect(url_for("channels.inbox"), code=303)
    return redirect(url_for(link.endpoint, **(link.values or {})), code=303)


@blueprint.post("/<int:notice_id>/read", permission=MINE)
def mark_read(notice_id: int) -> Response:
    """Mark one notice as read."""
    service.mark_one(current_context(), notice_id)
    return redirect(url_for(_list_of_form()), code=303)


@blueprint.post("/read", permission=MINE)
def mark_all_read() -> Response:
    """Mark as read what was there when the page was shown."""
    newest = whole_number(request.form.get("newest")) or 0
    if count := service.mark_all(current_context(), newest):
        flash(_("%(count)s件を既読にしました。", count=count), "success")
    return redirect(url_for(_list_of_form()), code=303)


def _list(*, unread_only: bool) -> str:
    before = whole_number(request.args.get("before"))
    page = service.page(current_context(), before=before, unread_only=unread_only)
    return render_template(
        "channels/inbox.html", page=page, unread_only=unread_only, is_first=before is None
    )


def _list_of_form() -> str:
    return "channels.unread" if request.form.get("list") == "unread" else "channels.inbox"
