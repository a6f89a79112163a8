"""組織: the sections of one's municipality, and who stands in and enters for others in them."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.directory import clerks, standing_in
from niwari.directory.organisation import arrangement, organisation
from niwari.directory.pages import blueprint
from niwari.directory.section_forms import ClerkForm, DayForm, DelegationForm
from niwari.errors import DomainError
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _

Answer = str | Response | tuple[str, int]

_READ, _ARRANGE = "directory.read", "directory.arrange"
# Both forms stand on one page, and have fields of the same names.
_DELEGATION, _CLERK = "delegation", "clerk"


@blueprint.get("/sections", permission=_READ)
def sections() -> Answer:
    """Show the organisation of today, or of ``?on=2027-04-01``."""
    ctx = current_context()
    form = DayForm(request.args)
    valid = form.validate()
    day = (form.on.data if valid else None) or ctx.today
    page = render_template(
        "directory/sections.html", form=form, day=day, units=organisation(ctx, day)
    )
    return page if valid else (page, 422)


@blueprint.get("/sections/<int:section_id>/arrange", permission=_ARRANGE, recent=True)
def arrange(section_id: int) -> Answer:
    """Show who stands in and who enters for others, to change it."""
    return _arrangement(section_id)


@blueprint.post("/sections/<int:section_id>/delegations", permission=_ARRANGE, recent=True)
def give_delegation(section_id: int) -> Answer:
    """Let somebody stand in for the head on some days."""
    form = DelegationForm(prefix=_DELEGATION)
    if form.validate_on_submit():
        try:
            standing_in.give_delegation(
                current_context(),
                section_id,
                login=form.login.data or "",
                starts_on=form.starts_on.data or date.min,
                ends_on=form.ends_on.data or date.min,
                reason=form.reason.data or "",
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("代決者を決めました。"), "success")
            return _back(section_id)
    return _arrangement(section_id, delegation=form), 422


@blueprint.post("/delegations/<int:delegation_id>/end", permission=_ARRANGE)
def end_delegation(delegation_id: int) -> Response:
    """End a delegation at once."""
    section_id = standing_in.end_delegation(current_context(), delegation_id)
    flash(_("代決を終わりにしました。"), "success")
    return _back(section_id)


@blueprint.post("/sections/<int:section_id>/clerks", permission=_ARRANGE, recent=True)
def name_clerk(section_id: int) -> Answer:
    """Let somebody enter for others."""
    form = ClerkForm(prefix=_CLERK)
    if form.validate_on_submit():
        try:
            clerks.name_clerk(
                current_context(),
                section_id,
                login=form.login.data or "",
                starts_on=form.starts_on.data or date.min,
                ends_on=form.ends_on.data,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("庶務担当を決めました。"), "success")
            return _back(section_id)
    return _arrangement(section_id, clerk=form), 422


@blueprint.post("/clerks/<int:clerk_id>/end", permission=_ARRANGE)
def end_clerk(clerk_id: int) -> Response:
    """Let a clerk enter no more."""
    section_id = clerks.end_clerk(current_context(), clerk_id)
    flash(_("庶務担当を終わりにしました。"), "success")
    return _back(section_id)


def _back(section_id: int) -> Response:
    return redirect(url_for("directory.arrange", section_id=section_id), code=303)


def _arrangement(
    section_id: int, *, delegation: DelegationForm | None = None, clerk: ClerkForm | None = None
) -> str:
    """Render the page; whoever may not arrange the section gets 404, as everywhere."""
    ctx = current_context()
    today = {"starts_on": ctx.today}
    place_under("directory.sections")
    return render_template(
        "directory/arrange.html",
        arranged=arrangement(ctx, section_id),
        delegation_form=delegation or DelegationForm(formdata=None, data=today, prefix=_DELEGATION),
        clerk_form=clerk or ClerkForm(formdata=None, data=today, prefix=_CLERK),
    )
