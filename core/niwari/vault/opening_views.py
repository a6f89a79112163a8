"""書き手の開示: asking for the opening of one envelope, agreeing to it, and what its author is told."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.directory.linking import Ref, linked
from niwari.errors import DomainError, NotFound
from niwari.keyring import SealError
from niwari.pages.addresses import whole_number
from niwari.pages.forms import Form, current_context
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of
from niwari.vault import opening as service
from niwari.vault import reading
from niwari.vault.forms import OpeningForm
from niwari.vault.hidden_rows import hidden_kinds
from niwari.vault.officials import is_official
from niwari.vault.pages import blueprint
from niwari.vault.reading import Shown, Told

__all__ = ["blueprint"]

OPEN, MINE = "vault.open", "vault.mine"
_ONE = "/openings/<int:opening_id>"


@blueprint.get("/openings", permission=OPEN)
def openings() -> str:
    """Show the openings of the region to its officials."""
    before = whole_number(request.args.get("before"))
    found = reading.openings(current_context(), before)
    return render_template("vault/openings.html", found=found, kind_words=kind_words)


@blueprint.route("/openings/new", methods=("GET", "POST"), permission=OPEN, recent=True)
def ask_opening() -> Response | tuple[str, int]:
    """Ask for an opening."""
    ctx = current_context()
    if not is_official(ctx):  # nobody else sees the form
        raise NotFound
    form, status = OpeningForm(), 200
    form.offer(ctx.locale)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                made = service.ask(
                    ctx,
                    form.kind.data or "",
                    form.row_id.data or 0,
                    form.reason.data or "",
                    form.form_key.data or "",
                )
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(
                    _(
                        "開示を求めました。ほかの開示担当のホームに表示されます。"
                        "7日以内に承認するよう頼んでください。"
                    ),
                    "success",
                )
                return redirect(url_for("vault.opening", opening_id=made), code=303)
    return render_template("vault/opening_new.html", form=form), status


@blueprint.get(_ONE, permission=OPEN)
def opening(opening_id: int) -> str:
    """Show one request, and what may be done with it."""
    return _page(reading.opening(current_context(), opening_id))


@blueprint.post(f"{_ONE}/agree", permission=OPEN, recent=True)
def agree_opening(opening_id: int) -> Response | tuple[str, int]:
    """Agree to a request as the second official."""
    ctx = current_context()
    shown = reading.opening(ctx, opening_id)
    try:
        service.agree(ctx, opening_id)
    except NotFound:
        raise
    except DomainError as error:
        return _page(shown, error), error.status
    flash(_("開示を承認しました。書き手には、開示されたことと理由を知らせます。"), "success")
    return redirect(url_for("vault.opening", opening_id=opening_id), code=303)


@blueprint.post(f"{_ONE}/author", permission=OPEN, recent=True)
def opened_author(opening_id: int) -> str | tuple[str, int]:
    """Show the author to one of the two officials: this once, in no address."""
    ctx = current_context()
    shown = reading.opening(ctx, opening_id)
    try:
        author = service.author(ctx, opening_id)
    except NotFound:
        raise
    except DomainError as error:
        return _page(shown, error), error.status
    return render_template("vault/author.html", shown=shown, author=author, kind_words=kind_words)


@blueprint.get("/mine", permission=MINE)
def mine() -> str:
    """Show the openings of one's own authorship; everybody has the page, so opening it tells nothing."""
    ctx = current_context()
    try:
        found, is_readable = reading.told(ctx), True
    except SealError:
        found, is_readable = Told((), elsewhere=False), False
    return render_template(
        "vault/mine.html",
        found=found,
        is_readable=is_readable,
        is_official=is_official(ctx),
        kind_words=kind_words,
    )


def kind_words(kind: str) -> str:
    """Return what people call rows of a kind; a kind whose plugin is gone shows its code."""
    label = hidden_kinds().get(kind)
    return label.text(current_context().locale) if label is not None else kind


def _page(shown: Shown, error: DomainError | None = None) -> str:
    ref = Ref(shown.kind, shown.row_id)
    return render_template(
        "vault/opening.html",
        shown=shown,
        link=linked(current_context(), [ref])[ref],
        form=Form(formdata=None),
        refusals=[sentence_of(error)] if error is not None else [],
        kind_words=kind_words,
    )
