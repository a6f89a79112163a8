"""役割を持つ職員: who has which role, giving and taking it, and what a person may do by it."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from niwari.admin.permission_views import blueprint
from niwari.errors import DomainError, NotFound
from niwari.identity.roles import grants
from niwari.identity.roles.explaining import explain
from niwari.identity.roles.holders import holders
from niwari.identity.roles.rules import CHANGE_ROLES, SEE_ROLES
from niwari.identity.wording import ROLE_LABELS, by_area
from niwari.pages.addresses import whole_number
from niwari.pages.forms import Form, SelectChoice, current_context
from niwari.pages.parts import parts, place_under
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import Role

__all__ = ["blueprint"]

_LISTED: tuple[Role, ...] = ("it", "hr", "auditor", "secretariat", "head")
_GIVEN_HERE: tuple[Role, ...] = ("it", "hr", "auditor")
_ACCOUNT = (
    InputRequired(_l("アカウントを入力してください。")),
    Length(max=200, message=_l("200文字以内で入力してください。")),
)


class GrantForm(Form):
    """Who gets which role, until when; no day means until further notice."""

    login = StringField(_l("職員のアカウント"), validators=[*_ACCOUNT])
    role = RadioField(
        _l("役割"), validators=[InputRequired(_l("役割を選んでください。"))], choices=[]
    )
    ends_on = DateField(_l("終わりの日"), validators=[Optional()])

    @property
    def account(self) -> str:
        """The account without space around it."""
        return (self.login.data or "").strip()


class LookUpForm(Form):
    """Whose permissions to see; it changes nothing, so it carries no token."""

    class Meta:
        csrf = False

    login = StringField(_l("職員のアカウント"), id="look-up", validators=[*_ACCOUNT])

    @property
    def account(self) -> str:
        """The account without space around it."""
        return (self.login.data or "").strip()


@dataclass(frozen=True, slots=True)
class _Tab:
    label: str
    href: str
    current: bool


@blueprint.get("/roles", permission=SEE_ROLES)
def roles() -> str | Response | tuple[str, int]:
    """Show who has which role; with an account, go to what that person may do."""
    if "login" not in request.args:
        return _page(_grant_form())
    form = LookUpForm(request.args)
    if form.validate():
        try:
            post = grants.post_of(current_context(), form.account)
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(url_for("admin.person_permissions", appointment_id=post))
    return _page(_grant_form(), form), 422


@blueprint.post("/roles/grant", permission=CHANGE_ROLES, recent=True)
def grant_role() -> Response | tuple[str, int]:
    """Give somebody of the own municipality a role."""
    form, status = _grant_form(), 422
    if form.validate():
        ctx, role = current_context(), form.role.data
        try:
            post = grants.post_of(ctx, form.account)
            grants.grant_role(ctx, post, role, ends_on=form.ends_on.data)
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            words = {"login": form.account, "role": _role_words(role)}
            flash(_("%(login)sに「%(role)s」の役割を付けました。", **words), "success")
            return redirect(url_for("admin.roles", role=role), code=303)
    return _page(form), status


@blueprint.post("/roles/<role>/<int:appointment_id>/revoke", permission=CHANGE_ROLES, recent=True)
def revoke_role(role: str, appointment_id: int) -> Response | tuple[str, int]:
    """Take a role from somebody of the own municipality."""
    if role not in _GIVEN_HERE:
        raise NotFound
    try:
        grants.revoke_role(current_context(), appointment_id, role)
    except NotFound:
        raise
    except DomainError as error:
        form = _grant_form()
        form.refuse(error)
        return _page(form, role=role), error.status
    flash(
        _("「%(role)s」の役割を外しました。すぐに反映されます。", role=_role_words(role)), "success"
    )
    return redirect(url_for("admin.roles", role=role), code=303)


@blueprint.get("/people/<int:appointment_id>/permissions", permission=SEE_ROLES)
def person_permissions(appointment_id: int) -> str:
    """Show what somebody of the own municipality may do, and why."""
    place_under("admin.roles")
    ctx, host = current_context(), parts().host
    found = explain(ctx, host.permissions(), appointment_id)
    return render_template(
        "admin/person_permissions.html",
        found=found,
        areas=by_area(ctx, host, found.held),
        withheld=by_area(ctx, host, found.withheld),
        role_labels=ROLE_LABELS,
    )


def _grant_form() -> GrantForm:
    locale = current_context().locale
    form = GrantForm()
    form.role.choices = [SelectChoice(r, ROLE_LABELS[r].text(locale)) for r in _GIVEN_HERE]
    return form


def _role_words(role: str) -> str:
    locale = current_context().locale
    return next((label.text(locale) for r, label in ROLE_LABELS.items() if r == role), role)


def _page(form: GrantForm, look_up: LookUpForm | None = None, role: str = "") -> str:
    place_under("admin.roles")
    ctx = current_context()
    chosen = role or form.role.data or request.args.get("role", "")
    shown: Role = next((known for known in _LISTED if known == chosen), "it")
    return render_template(
        "admin/roles.html",
        shown=shown,
        shown_label=ROLE_LABELS[shown].text(ctx.locale),
        found=holders(ctx, shown, whole_number(request.args.get("after")) or 0),
        tabs=[
            _Tab(ROLE_LABELS[r].text(ctx.locale), url_for("admin.roles", role=r), r == shown)
            for r in _LISTED
        ],
        is_given_here=shown in _GIVEN_HERE,
        may_change=ctx.may(CHANGE_ROLES),
        form=form,
        look_up=look_up or LookUpForm(formdata=None),
    )
