"""台帳の廃棄: whole fiscal years whose 保存年限 is over, by two officials (rule L6)."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.errors import DomainError, NotFound
from niwari.ledger.disposing import proposing, reading, years
from niwari.ledger.disposing.telling import PERMISSION
from niwari.ledger.forms.disposing import DisposalForm
from niwari.ledger.forms.fields import EmptyForm
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.pages.addresses import whole_number
from niwari.pages.downloads import attached_stream
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of

__all__ = ["blueprint"]

_ONE = "/disposals/<int:disposal_id>"


@blueprint.get("/disposals", permission=PERMISSION)
def disposals() -> str:
    """Show which fiscal year can be disposed of, and what was."""
    ctx = current_context()
    found = years.candidate(ctx)
    return render_template(
        "ledger/disposals.html",
        candidate=found,
        refusal=sentence_of(found.refusal) if found is not None and found.refusal else "",
        page=reading.disposals(ctx, before=whole_number(request.args.get("before", ""))),
    )


@blueprint.route(
    "/disposals/years/<int:year>", methods=("GET", "POST"), permission=PERMISSION, recent=True
)
def propose_disposal(year: int) -> Answer:
    """Propose to dispose of a fiscal year; another official agrees."""
    ctx, form, status = current_context(), DisposalForm(), 200
    place_under("ledger.disposals")
    found = years.candidate(ctx)
    if found is None or found.year != year:
        raise NotFound
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                made = proposing.propose(
                    ctx, year, form.reason.data or "", form.form_key.data or ""
                )
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(
                    _(
                        "廃棄を提案しました。ほかの人事担当に、7日以内に承認するよう頼んでください。"
                    ),
                    "success",
                )
                return redirect(url_for("ledger.disposal", disposal_id=made), code=303)
    elif found.refusal is not None:
        form.refuse(found.refusal)
        status = found.refusal.status
    return render_template("ledger/disposal_new.html", form=form, candidate=found), status


@blueprint.get(_ONE, permission=PERMISSION)
def disposal(disposal_id: int) -> str:
    """Show a proposal with what may be done, or the record that stays."""
    return _page(disposal_id)


@blueprint.post(f"{_ONE}/file", permission=PERMISSION, recent=True)
def disposal_file(disposal_id: int) -> Answer:
    """Give the file with all rows of the year, until it is disposed of."""
    try:
        file = proposing.export(current_context(), disposal_id)
    except NotFound:
        raise
    except DomainError as error:
        return _page(disposal_id, error), error.status
    return attached_stream(file.pieces, file.name, "application/zip")


@blueprint.post(f"{_ONE}/agree", permission=PERMISSION, recent=True)
def agree_disposal(disposal_id: int) -> Answer:
    """Agree as the second official: the rows are removed."""
    try:
        proposing.agree(current_context(), disposal_id)
    except NotFound:
        raise
    except DomainError as error:
        return _page(disposal_id, error), error.status
    flash(
        _("廃棄を承認しました。順に消しています。終わると、このページが廃棄記録になります。"),
        "success",
    )
    return _back(disposal_id)


@blueprint.post(f"{_ONE}/withdraw", permission=PERMISSION)
def withdraw_disposal(disposal_id: int) -> Answer:
    """Take a proposal back."""
    try:
        proposing.withdraw(current_context(), disposal_id)
    except NotFound:
        raise
    except DomainError as error:
        return _page(disposal_id, error), error.status
    flash(_("提案を取り下げました。台帳はそのままです。"), "success")
    return _back(disposal_id)


def _back(disposal_id: int) -> Response:
    return redirect(url_for("ledger.disposal", disposal_id=disposal_id), code=303)


def _page(disposal_id: int, error: DomainError | None = None) -> str:
    place_under("ledger.disposals")
    ctx = current_context()
    return render_template(
        "ledger/disposal.html",
        shown=reading.disposal(ctx, disposal_id),
        form=EmptyForm(formdata=None),
        locale=ctx.locale,
        refusals=[sentence_of(error)] if error is not None else [],
    )
