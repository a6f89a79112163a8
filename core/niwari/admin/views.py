"""使う機能の設定: the page on which a municipality switches its features."""

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length

from niwari.admin import service
from niwari.errors import NotFound
from niwari.host.blueprint import Blueprint
from niwari.pages.forms import Form, current_context
from niwari.pages.parts import parts
from niwari.pages.texts import gettext as _

blueprint = Blueprint("admin", __name__)


class SwitchForm(Form):
    """Why a feature is switched; empty is allowed."""

    reason = StringField(
        _l("理由"),
        validators=[Length(max=200, message=_l("200文字以内で入力してください。"))],
    )


@blueprint.get("/features", permission="admin.features")
def features() -> str:
    """Show every installed feature with its state here."""
    ctx = current_context()
    return render_template(
        "admin/features.html",
        features=service.features(ctx, parts().host),
        form=SwitchForm(),
    )


@blueprint.get("/features/<plugin>/off", permission="admin.features")
def confirm_off(plugin: str) -> str:
    """Ask before switching off, naming the feature and what happens to its data."""
    ctx = current_context()
    feature = next(
        (f for f in service.features(ctx, parts().host) if f.plugin.name == plugin), None
    )
    if feature is None:
        raise NotFound
    return render_template("admin/feature_off.html", feature=feature, form=SwitchForm())


@blueprint.post("/features/<plugin>/on", permission="admin.features")
def switch_on(plugin: str) -> Response:
    """Switch a feature on for the own municipality."""
    service.switch(current_context(), parts().host, plugin, on=True)
    flash(_("%(name)sを使えるようにしました。", name=_label(plugin)), "success")
    return redirect(url_for("admin.features"), code=303)


@blueprint.post("/features/<plugin>/off", permission="admin.features")
def switch_off(plugin: str) -> Response | tuple[str, int]:
    """Switch a feature off for the own municipality; its data stays."""
    form = SwitchForm()
    ctx = current_context()
    if not form.validate_on_submit():
        return confirm_off(plugin), 422
    service.switch(ctx, parts().host, plugin, on=False, reason=form.reason.data or "")
    flash(
        _("%(name)sを使わない設定にしました。データは残っています。", name=_label(plugin)),
        "success",
    )
    return redirect(url_for("admin.features"), code=303)


def _label(plugin: str) -> str:
    manifest = parts().host.plugins[plugin].manifest
    return manifest.label.text(current_context().locale) if manifest else plugin
