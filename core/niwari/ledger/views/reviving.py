"""The head's acts on what rests after a freeze (rule L13)."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from wtforms import HiddenField
from wtforms.validators import Length

from niwari.context import Context
from niwari.errors import DomainError, NotFound
from niwari.ledger.deciding import reviving
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.heads import approvals_page
from niwari.pages.forms import Form, current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import ngettext
from niwari.pages.wording import sentence_of


class ReviveForm(Form):
    """One click."""

    key = HiddenField(validators=[Length(max=36)])


@blueprint.post("/requests/<int:request_id>/revive", permission="ledger.decide")
def revive(request_id: int) -> Answer:
    """Agree anew to one suspended request."""

    def act(ctx: Context, key: str) -> reviving.Revived:
        try:
            reviving.revive(ctx, request_id, key=key)
        except NotFound:
            raise
        except DomainError as error:
            return reviving.Revived(0, {request_id: error})
        return reviving.Revived(1, {})

    return _acted(act)


@blueprint.post("/approvals/revive", permission="ledger.decide")
def revive_all() -> Answer:
    """Agree anew to all suspended requests of the list."""
    return _acted(lambda ctx, key: reviving.revive_all(ctx, key=key))


def _acted(act: Callable[[Context, str], reviving.Revived]) -> Answer:
    """Act and go back to the list, or show line by line what could not be revived."""
    form = ReviveForm()
    if not form.validate_on_submit():
        return redirect(url_for("ledger.approvals"), code=303)
    revived = act(current_context(), form.key.data or "")
    if revived.count:
        flash(
            ngettext(
                "%(num)d件の再開を了承しました。", "%(num)d件の再開を了承しました。", revived.count
            ),
            "success",
        )
    if not revived.refused:
        return redirect(url_for("ledger.approvals"), code=303)
    place_under("ledger.approvals")
    said = {number: sentence_of(error) for number, error in revived.refused.items()}
    left = len(said)
    many = ngettext("%(num)d件は再開できませんでした。", "%(num)d件は再開できませんでした。", left)
    flash(next(iter(said.values())) if left == 1 else many, "warning")
    return approvals_page(said), 409
