"""使う機能の設定: the pages on which a municipality switches and sets its features."""

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length

from niwari.admin import job_overview, service, switching
from niwari.admin.preview import preview
from niwari.admin.service import Feature
from niwari.admin.setting_forms import settings_form, typed_values
from niwari.admin.wording import part_words
from niwari.errors import DomainError, NotFound
from niwari.host.blueprint import Blueprint
from niwari.host.settings import declared_settings, settings_of
from niwari.host.town_state import OFF, ON, PAUSED
from niwari.pages.forms import Form, current_context
from niwari.pages.parts import parts, place_under
from niwari.pages.texts import gettext as _
from niwari.specs.contributions.settings import Scope

blueprint = Blueprint("admin", __name__)

_ONE = "/features/<plugin>"
_IT = "admin.features"
_ON_PAGE = "admin/feature_on.html"


class SwitchForm(Form):
    """Why a feature is switched; empty is allowed."""

    reason = StringField(
        _l("理由"),
        validators=[Length(max=200, message=_l("200文字以内で入力してください。"))],
    )


@blueprint.get("/features", permission=_IT)
def features() -> str:
    """Show every installed feature with its state here."""
    return render_template(
        "admin/features.html",
        features=service.features(current_context(), parts().dispatcher),
        form=SwitchForm(),
    )


@blueprint.get(f"{_ONE}/on", permission=_IT)
def confirm_on(plugin: str) -> str:
    """Say what a feature brings before it is switched on."""
    return _confirm(plugin, _ON_PAGE)


@blueprint.post(f"{_ONE}/on", permission=_IT)
def switch_on(plugin: str) -> Response | tuple[str, int]:
    """Switch a feature on for the own municipality, or let a paused one go on."""
    feature = _switchable(plugin)
    done = _("%(name)sを使えるようにしました。", name=feature.label)
    if feature.is_paused:
        done = _("%(name)sを再開しました。", name=feature.label)
    return _switched(plugin, ON, done, _ON_PAGE)


@blueprint.get(f"{_ONE}/off", permission=_IT)
def confirm_off(plugin: str) -> str:
    """Ask before switching off, naming the feature and what happens to its data."""
    return _confirm(plugin, "admin/feature_off.html")


@blueprint.post(f"{_ONE}/off", permission=_IT)
def switch_off(plugin: str) -> Response | tuple[str, int]:
    """Switch a feature off for the own municipality; its data stays."""
    done = _("%(name)sを使わない設定にしました。データは残っています。", name=_label(plugin))
    return _switched(plugin, OFF, done, "admin/feature_off.html")


@blueprint.get(f"{_ONE}/pause", permission=_IT)
def confirm_pause(plugin: str) -> str:
    """Ask before pausing."""
    return _confirm(plugin, "admin/feature_pause.html")


@blueprint.post(f"{_ONE}/pause", permission=_IT)
def pause(plugin: str) -> Response | tuple[str, int]:
    """Pause a feature for the own municipality."""
    done = _("%(name)sを休止しました。再開すると、続きから使えます。", name=_label(plugin))
    return _switched(plugin, PAUSED, done, "admin/feature_pause.html")


@blueprint.post(f"{_ONE}/withdraw", permission=_IT)
def withdraw(plugin: str) -> Response:
    """Hide from other towns what the own municipality shared."""
    if switching.set_withdrawn(current_context(), parts().dispatcher, plugin, withdrawn=True):
        flash(
            _("「%(name)s」でほかの市町村に見せた内容を隠しました。", name=_label(plugin)),
            "success",
        )
    return redirect(url_for("admin.features"), code=303)


@blueprint.post(f"{_ONE}/share-again", permission=_IT)
def share_again(plugin: str) -> Response:
    """Show other towns again what was hidden."""
    if switching.set_withdrawn(current_context(), parts().dispatcher, plugin, withdrawn=False):
        flash(
            _(
                "「%(name)s」で見せた内容を、ほかの市町村の職員がまた読めるようにしました。",
                name=_label(plugin),
            ),
            "success",
        )
    return redirect(url_for("admin.features"), code=303)


@blueprint.route(f"{_ONE}/settings", methods=("GET", "POST"), permission=_IT)
def settings(plugin: str) -> str | Response | tuple[str, int]:
    """Show and keep a feature's settings of the own municipality."""
    place_under("admin.features")
    return _settings_page(plugin, "municipality", url_for("admin.features"))


@blueprint.route("/my/<plugin>", methods=("GET", "POST"), permission="admin.my_settings")
def my_settings(plugin: str) -> str | Response | tuple[str, int]:
    """Show and keep what one chose for oneself in a feature that is on here."""
    ctx = current_context()
    if plugin not in parts().dispatcher.active_in(ctx.municipality):
        raise NotFound
    return _settings_page(plugin, "person", url_for("admin.my_settings", plugin=plugin))


@blueprint.get("/health", permission=_IT)
def health() -> str:
    """Show what failed, what is dark, and what features cost."""
    ctx = current_context()
    plugins = parts().host.plugins
    return render_template(
        "admin/health.html",
        health=service.health(ctx),
        lasting=job_overview.lasting(ctx, parts().host),
        labels={name: switching.label_of(p, ctx.locale) for name, p in plugins.items()},
        part_words=lambda plugin, surface: part_words(plugins.get(plugin), surface),
    )


@blueprint.post(f"{_ONE}/try-again", permission=_IT)
def try_again(plugin: str) -> Response:
    """Let everything of a feature that is in quarantine here be called again."""
    switching.try_again(current_context(), plugin)
    flash(
        _("止めていた部分を、また使えるようにしました。不具合が続くと、もう一度止まります。"),
        "success",
    )
    return redirect(url_for("admin.health"), code=303)


@blueprint.get("/matrix", permission="admin.matrix")
def matrix() -> str:
    """Show the secretariat which municipality uses which feature."""
    return render_template(
        "admin/matrix.html", matrix=service.matrix(current_context(), parts().dispatcher)
    )


def _confirm(plugin: str, template: str, form: SwitchForm | None = None) -> str:
    place_under("admin.features")
    feature = _feature(plugin)
    brings = None
    if template == _ON_PAGE and feature.plugin is not None:
        brings = preview(current_context(), parts().dispatcher, feature.plugin)
    return render_template(template, feature=feature, preview=brings, form=form or SwitchForm())


def _switched(plugin: str, state: str, done: str, template: str) -> Response | tuple[str, int]:
    form = SwitchForm()
    if not form.validate_on_submit():
        return _confirm(plugin, template, form), 422
    try:
        switching.switch(
            current_context(), parts().dispatcher, plugin, state, reason=form.reason.data or ""
        )
    except NotFound:
        raise
    except DomainError as error:
        form.refuse(error)
        return _confirm(plugin, template, form), error.status
    flash(done, "success")
    return redirect(url_for("admin.features"), code=303)


def _settings_page(plugin: str, scope: Scope, back: str) -> str | Response | tuple[str, int]:
    ctx = current_context()
    feature = _feature(plugin)
    declared = declared_settings(plugin, scope)
    if not declared:
        raise NotFound
    form = settings_form(declared, settings_of(ctx, plugin), ctx.locale)
    page = {"feature": feature, "settings": declared, "form": form, "back": back}
    if not form.is_submitted():
        return render_template("admin/settings.html", **page)
    if form.validate():
        try:
            service.keep_settings(ctx, plugin, scope, typed_values(form, declared))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("設定を保存しました。"), "success")
            return redirect(back, code=303)
    return render_template("admin/settings.html", **page), 422


def _feature(plugin: str) -> Feature:
    ctx = current_context()
    for feature in service.features(ctx, parts().dispatcher):
        if feature.name == plugin:
            return feature
    raise NotFound


def _switchable(plugin: str) -> Feature:
    switching.switchable_plugin(parts().dispatcher, plugin)  # says which there are
    return _feature(plugin)


def _label(plugin: str) -> str:
    return _switchable(plugin).label
