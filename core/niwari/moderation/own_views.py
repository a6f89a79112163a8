"""Reporting a post, and what became of one's own posts and reports.

Which case an author reads or objects to is in the query and in the form, never in the path: the access
log of ``niwari serve`` leaves both out, and would else name the machine of a hidden author.
"""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.errors import DomainError, NotFound
from niwari.keyring import SealError
from niwari.moderation import own, posts, reporting
from niwari.moderation.forms import ObjectionForm, ReportForm
from niwari.moderation.pages import blueprint
from niwari.moderation.posts import Post
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.texts import gettext as _

__all__ = ["blueprint"]

REPORT, MINE = "moderation.report", "moderation.mine"


@blueprint.route("/report/<string:kind>/<int:row_id>", methods=("GET", "POST"), permission=REPORT)
def report(kind: str, row_id: int) -> Response | tuple[str, int]:
    """Report a post that one can read."""
    ctx = current_context()
    post = posts.seen(ctx, kind, row_id)
    form, status = ReportForm(ctx.locale), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                is_new = reporting.report(
                    ctx,
                    kind,
                    row_id,
                    reason=form.reason.data or "",
                    text=form.text.data or "",
                )
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                _say_reported(is_new)
                return redirect(address_of(post), code=303)
    page = render_template("moderation/report.html", form=form, post=post, back=address_of(post))
    return page, status


@blueprint.get("/mine", permission=MINE)
def mine() -> str:
    """Show which of one's own posts are, or were, held back."""
    ctx = current_context()
    try:
        cases, following = own.own_cases(ctx, whole_number(request.args.get("before")))
        is_readable = True
    except SealError:
        cases, following, is_readable = [], None, False
    return render_template(
        "moderation/mine.html", cases=cases, following=following, is_readable=is_readable
    )


@blueprint.get("/mine/reports", permission=MINE)
def my_reports() -> str:
    """Show what became of one's own reports."""
    reports, following = own.own_reports(
        current_context(), whole_number(request.args.get("before"))
    )
    return render_template("moderation/my_reports.html", reports=reports, following=following)


@blueprint.get("/mine/post", permission=MINE)
def my_post() -> str:
    """Show one of one's own posts that is, or was, held back, and why: ``case`` of the query."""
    return _own_page(_case_in(request.args), ObjectionForm())


@blueprint.post("/mine/object", permission=MINE)
def object_to() -> Response | tuple[str, int]:
    """Ask to look at one's own post again: ``case`` of the form."""
    case_id = _case_in(request.form)
    form = ObjectionForm()
    status = 422
    if form.validate():
        try:
            own.object_to(current_context(), case_id, form.objection.data or "")
        except SealError:
            raise NotFound from None
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            flash(_("再確認の依頼を受け付けました。結果は、この画面に表示します。"), "success")
            return redirect(url_for("moderation.my_post", case=case_id), code=303)
    return _own_page(case_id, form), status


def address_of(post: Post) -> str:
    """Return where those who see a post read it."""
    return url_for(post.endpoint, **post.values, _anchor=post.anchor)


def _case_in(sent: Mapping[str, str]) -> int:
    case_id = whole_number(sent.get("case"))
    if case_id is None:
        raise NotFound
    return case_id


def _own_page(case_id: int, form: ObjectionForm) -> str:
    try:
        found = own.own_post(current_context(), case_id)
    except SealError:
        raise NotFound from None
    address = address_of(found.post) if found.post is not None and found.post.is_seen else ""
    return render_template("moderation/my_post.html", own=found, form=form, address=address)


def _say_reported(is_new: bool) -> None:
    if is_new:
        words = _(
            "報告を受け付けました。結果は「自分の投稿への対応」の「自分の報告」で見られます。"
        )
        flash(words, "success")
    else:
        words = _("この投稿についてのあなたの報告は、すでに受け付けています。今、確認しています。")
        flash(words, "info")
