"""だれが何をできるか: what each role may do in the own municipality, and changing it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from niwari.admin.permission_table import Area, Line, permission_table
from niwari.admin.views import blueprint
from niwari.errors import DomainError, NotFound
from niwari.identity.roles import mapping as role_map
from niwari.identity.roles.rules import CHANGE_ROLES, SEE_ROLES
from niwari.identity.wording import ROLE_LABELS, area_label
from niwari.pages.addresses import whole_number
from niwari.pages.forms import Form, SelectChoice, current_context
from niwari.pages.parts import parts, place_under
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import ROLES

__all__ = ["blueprint"]


class _Roles(SelectMultipleField):
    """Roles to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


@blueprint.get("/permissions", permission=SEE_ROLES)
def permissions() -> str:
    """Show permission × role for every area."""
    ctx = current_context()
    return render_template(
        "admin/permissions.html",
        table=permission_table(ctx, parts().host),
        role_names=[ROLE_LABELS[role].text(ctx.locale) for role in ROLES],
        role_labels=ROLE_LABELS,
        area_label=area_label,
    )


@blueprint.route(
    "/permissions/<area>", methods=("GET", "POST"), permission=CHANGE_ROLES, recent=True
)
def change_permissions(area: str) -> str | Response | tuple[str, int]:
    """Show and keep what each role may do in one area."""
    place_under("admin.permissions")
    ctx, here = current_context(), _area(area)
    form = _form(here)
    if not form.is_submitted():
        return _page(here, form)
    if not form.validate():
        return _page(here, form), 422
    label = area_label(here.plugin, ctx.locale)
    try:
        declared = here.plugin.contributions.permissions
        role_map.change(ctx, area, declared, _ticked(form, here), _revision(form))
    except role_map.Outdated as error:
        now = _form(here, as_sent=False)
        now.refuse(error)
        return _page(here, now), error.status
    except DomainError as error:
        form.refuse(error)
        return _page(here, form), error.status
    flash(_("「%(area)s」の権限を保存しました。すぐに反映されます。", area=label), "success")
    return redirect(url_for("admin.permissions"), code=303)


def _area(name: str) -> Area:
    for area in permission_table(current_context(), parts().host).areas:
        if area.name == name:
            return area
    raise NotFound


def _form(area: Area, *, as_sent: bool = True) -> Form:
    """Return the form of an area: as it was sent, or as the municipality has it now."""
    ctx = current_context()
    fields: dict[str, Any] = {_name(line): _field(line, ctx.locale) for line in area.open_lines}
    made = type("PermissionsForm", (Form,), {"revision": HiddenField(), **fields})
    data = {_name(line): [c.role for c in line.cells if c.is_given] for line in area.open_lines}
    sent = {} if as_sent else {"formdata": None}
    form: Form = made(data={"revision": str(ctx.municipality.revision), **data}, **sent)
    return form


def _field(line: Line, locale: str) -> _Roles:
    choices = [
        SelectChoice(cell.role, ROLE_LABELS[cell.role].text(locale))
        for cell in line.cells
        if cell.fixed is None
    ]
    return _Roles(line.permission.label.text(locale), choices=choices)


def _name(line: Line) -> str:
    return line.permission.code.replace(".", "-")


def _ticked(form: Any, area: Area) -> set[role_map.Pair]:
    return {
        (role, line.permission.code) for line in area.open_lines for role in form[_name(line)].data
    }


def _revision(form: Any) -> int:
    """Return the revision that the page showed; what is none is that of no municipality."""
    return whole_number(form.revision.data) or 0


def _page(area: Area, form: Form) -> str:
    ctx = current_context()
    return render_template(
        "admin/permissions_change.html",
        area=area,
        label=area_label(area.plugin, ctx.locale),
        lines=[
            (line, form[_name(line)] if line in area.open_lines else None) for line in area.lines
        ],
        form=form,
        names=lambda roles: [ROLE_LABELS[role].text(ctx.locale) for role in roles],
    )
