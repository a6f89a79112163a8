"""出席の確認: the hosts of what people joined say who was there."""

from flask import flash, redirect, render_template, request, url_for

from niwari.context import Context
from niwari.directory.linking import Ref
from niwari.errors import N_, DomainError, Invalid, NotFound
from niwari.ledger.attending import confirming
from niwari.ledger.attending.confirming import Marked
from niwari.ledger.attending.guests import PAGE, guests_of
from niwari.ledger.attending.hosting import hosted
from niwari.ledger.forms.attending import ABSENT, THERE, AttendanceForm
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _
from niwari.pages.texts import ngettext

_ADDRESS = "/attendance/<kind>/<int:id>"


@blueprint.get(_ADDRESS, permission="ledger.host")
def attendance(kind: str, id: int) -> str:
    """Show who joined a row that the acting person hosts."""
    return _page(current_context(), Ref(kind, id), AttendanceForm())


@blueprint.post(_ADDRESS, permission="ledger.host")
def confirm_attendance(kind: str, id: int) -> Answer:
    """Say of each who was there, and who was absent."""
    ctx, ref, form = current_context(), Ref(kind, id), AttendanceForm()
    if form.validate_on_submit():
        try:
            there, gone = (form.chosen(request.form, one) for one in (THERE, ABSENT))
            if not 0 < len(there | gone) <= PAGE:
                raise Invalid(N_("「出席」か「欠席」を選んでから、確かめてください。"), field="")
            marked = confirming.mark(ctx, ref, there, gone)
        except NotFound:
            raise
        except DomainError as error:
            form.refuse(error)
        else:
            _tell(marked, left_out=len(there | gone) - len(marked.there | marked.absent))
            return redirect(_address(ref), code=303)
    return _page(ctx, ref, form), 422


def _tell(marked: Marked, *, left_out: int) -> None:
    if marked.there:
        count = len(marked.there)
        flash(
            ngettext("%(num)d人の出席を確かめました。", "%(num)d人の出席を確かめました。", count),
            "success",
        )
    if marked.absent:
        count = len(marked.absent)
        flash(
            ngettext("%(num)d人を欠席にしました。", "%(num)d人を欠席にしました。", count), "success"
        )
    if left_out:
        flash(
            _("ほかの操作と重なるなどして、変えられなかった人がいます。本人に確かめてください。"),
            "warning",
        )


def _page(ctx: Context, ref: Ref, form: AttendanceForm) -> str:
    row = hosted(ctx, ref)
    place_under("catalogue.index")
    return render_template(
        "ledger/attendance.html",
        row=row,
        guests=guests_of(ctx, ref, _after() or 0),
        form=form,
        sent=request.form,
        after=_after(),
    )


def _address(ref: Ref) -> str:
    return url_for("ledger.attendance", kind=ref.kind, id=ref.id, after=_after())


def _after() -> int | None:
    """Read where a further page begins; what nobody's page wrote begins at the first."""
    return whole_number(request.args.get("after", ""))
