"""広域圏の役割: who is of the region's secretariat, and giving and taking its role."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length, Optional

from niwari.admin.role_views import blueprint
from niwari.directory.people import appointment_ref
from niwari.directory.people_views import SearchForm, found_by
from niwari.directory.search.finding import LONGEST, People
from niwari.errors import DomainError
from niwari.identity.roles import grants
from niwari.identity.roles.regional import REGIONAL, candidate, region_holders
from niwari.identity.roles.rules import CHANGE_REGION_ROLES
from niwari.pages.addresses import whole_number
from niwari.pages.forms import Form, current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _

__all__ = ["blueprint"]

_LIST = "admin.region_roles"
_ONE = "/region/roles/<int:appointment_id>"


class RegionGrantForm(Form):
    """Why somebody is given the role, until when; no day means until further notice."""

    reason = StringField(
        _l("理由"),
        validators=[
            InputRequired(_l("理由を入力してください。")),
            Length(max=grants.LONGEST_REASON, message=_l("200文字以内で入力してください。")),
        ],
    )
    ends_on = DateField(_l("終わりの日"), validators=[Optional()])


@blueprint.get("/region/roles", permission=CHANGE_REGION_ROLES)
def region_roles() -> tuple[str, int]:
    """Show who has the region's role; with a text, also whom one may give it to."""
    form = SearchForm(request.args)
    found = found_by(form)
    return _page(form, found), 422 if form.errors else 200


@blueprint.route(_ONE, methods=("GET", "POST"), permission=CHANGE_REGION_ROLES, recent=True)
def grant_region_role(appointment_id: int) -> str | Response | tuple[str, int]:
    """Give the region's role to somebody of one of its towns."""
    place_under(_LIST)
    ctx = current_context()
    who, form, status = candidate(ctx, appointment_id), RegionGrantForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                grants.grant_role(
                    ctx,
                    appointment_id,
                    REGIONAL,
                    ends_on=form.ends_on.data,
                    reason=form.reason.data or "",
                )
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(
                    _("%(name)sさんに広域圏事務局の役割を付けました。", name=who.person_name),
                    "success",
                )
                return redirect(url_for(_LIST), code=303)
    return render_template("admin/region_role_grant.html", who=who, form=form), status


@blueprint.post(f"{_ONE}/revoke", permission=CHANGE_REGION_ROLES, recent=True)
def revoke_region_role(appointment_id: int) -> Response | tuple[str, int]:
    """Take the region's role from somebody."""
    ctx = current_context()
    try:
        grants.revoke_role(ctx, appointment_id, REGIONAL)
    except DomainError as error:
        form = SearchForm(formdata=None)
        form.refuse(error)
        return _page(form, None), error.status
    name = appointment_ref(appointment_id, ctx.today).person_name
    flash(
        _("%(name)sさんから広域圏事務局の役割を外しました。すぐに反映されます。", name=name),
        "success",
    )
    return redirect(url_for(_LIST), code=303)


def _page(form: SearchForm, found: People | None) -> str:
    place_under(_LIST)
    place = whole_number(request.args.get("from"))
    return render_template(
        "admin/region_roles.html",
        holders=region_holders(current_context(), place or 0),
        form=form,
        found=found,
        text=(form.text.data or "").strip(),
        longest=LONGEST,
    )
