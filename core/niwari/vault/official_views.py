"""開示担当: the secretariat names the officials of its region, and says what is asked of two of them."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.directory.people import appointment_ref
from niwari.directory.people_views import SearchForm, found_by
from niwari.directory.search.finding import LONGEST
from niwari.errors import DomainError
from niwari.identity.roles.regional import candidate
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _
from niwari.vault import officials as service
from niwari.vault.forms import NamingForm, RuleForm
from niwari.vault.officials import NAME
from niwari.vault.pages import blueprint

__all__ = ["blueprint"]

_LIST = "vault.officials"
_ONE = "/officials/<int:appointment_id>"


@blueprint.get("/officials", permission=NAME)
def officials() -> tuple[str, int]:
    """Show the officials of the region; with a text, also whom one may name."""
    place_under(_LIST)
    ctx, form = current_context(), SearchForm(request.args)
    found = found_by(form)
    region_id = ctx.municipality.region_id
    if region_id is None:
        raise service.NoRegion
    rule = RuleForm(formdata=None, data={"other_towns": service.from_other_towns(region_id)})
    page = render_template(
        "vault/officials.html",
        officials=service.officials(ctx),
        form=form,
        rule=rule,
        found=found,
        text=(form.text.data or "").strip(),
        longest=LONGEST,
    )
    return page, 422 if form.errors else 200


@blueprint.route(_ONE, methods=("GET", "POST"), permission=NAME, recent=True)
def name_official(appointment_id: int) -> Response | tuple[str, int]:
    """Name somebody of one of the region's towns."""
    place_under(_LIST)
    ctx = current_context()
    who, form, status = candidate(ctx, appointment_id), NamingForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                service.name_official(ctx, appointment_id, form.reason.data or "")
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(_("%(name)sさんを開示担当にしました。", name=who.person_name), "success")
                return redirect(url_for(_LIST), code=303)
    return render_template("vault/official_name.html", who=who, form=form), status


@blueprint.post(f"{_ONE}/withdraw", permission=NAME, recent=True)
def withdraw_official(appointment_id: int) -> Response:
    """Let somebody be no official any more."""
    ctx = current_context()
    service.withdraw_official(ctx, appointment_id)
    name = appointment_ref(appointment_id, ctx.today).person_name
    flash(_("%(name)sさんを開示担当から外しました。すぐに反映されます。", name=name), "success")
    return redirect(url_for(_LIST), code=303)


@blueprint.post("/officials/rule", permission=NAME, recent=True)
def opening_rule() -> Response:
    """Keep what is asked of the two officials."""
    service.want_other_towns(current_context(), wanted=bool(RuleForm().other_towns.data))
    flash(_("開示の決まりを保存しました。"), "success")
    return redirect(url_for(_LIST), code=303)
