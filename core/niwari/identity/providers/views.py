"""サインインの窓口: the pages on which providers are set up."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.errors import DomainError, NotFound
from niwari.identity.protocol.addresses import logout_address, redirect_address, signed_out_address
from niwari.identity.protocol.metadata import BadMetadata
from niwari.identity.protocol.outward import AddressRule
from niwari.identity.providers import changes, records
from niwari.identity.providers.drafts import checked
from niwari.identity.providers.form import ProviderForm, StopForm
from niwari.identity.providers.records import Record
from niwari.identity.providers.relying_parties import check_provider
from niwari.identity.providers.scope import MANAGE, MANAGE_REGION, towns_in_scope
from niwari.identity.providers.stop import Stopped, stop
from niwari.identity.sessions.web import web_session
from niwari.identity.views import blueprint as blueprint
from niwari.identity.wording import metadata_words
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.parts import parts, place_under
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of

_ONE = "/providers/<int:provider_id>"


@blueprint.get("/providers", permission=MANAGE)
def providers() -> str:
    """List the providers that one may set up."""
    ctx = current_context()
    found = records.records(ctx, whole_number(request.args.get("after")) or 0)
    shown = found[: records.PAGE]
    following = shown[-1].id if len(found) > records.PAGE else None
    towns = {id_: name for id_, name, _region in towns_in_scope(ctx)}
    return render_template(
        "identity/providers.html",
        providers=shown,
        following=following,
        towns=towns,
        may_change=ctx.may(MANAGE_REGION),
    )


@blueprint.route("/providers/new", methods=("GET", "POST"), permission=MANAGE_REGION, recent=True)
def new_provider() -> str | Response | tuple[str, int]:
    """Name a new provider; it is active at once."""
    ctx = current_context()
    form = ProviderForm.of(towns_in_scope(ctx), None)
    if not form.is_submitted():
        return _page(form, None)
    if form.validate():
        try:
            draft = checked(form.draft(), AddressRule.of(parts().settings))
            provider_id = changes.add(ctx, draft)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(
                _("窓口を登録しました。下のアドレスを認証サーバーに登録してください。"), "success"
            )
            return redirect(url_for("identity.provider", provider_id=provider_id), code=303)
    return _page(form, None), 422


@blueprint.get(_ONE, permission=MANAGE, recent=True)
def provider(provider_id: int) -> str:
    """Show a provider, and the form to change it to those who may."""
    ctx = current_context()
    found = records.record(ctx, provider_id)
    may_change = ctx.may(MANAGE_REGION)
    return _page(ProviderForm.of(towns_in_scope(ctx), found) if may_change else None, found)


@blueprint.post(_ONE, permission=MANAGE_REGION, recent=True)
def change_provider(provider_id: int) -> Response | tuple[str, int]:
    """Change a provider."""
    ctx = current_context()
    before = records.record(ctx, provider_id)
    form = ProviderForm.of(towns_in_scope(ctx), before)
    if form.validate():
        try:
            draft = checked(form.draft(), AddressRule.of(parts().settings))
            changes.edit(
                ctx,
                provider_id,
                draft,
                revision=form.revision.data,
                system_tokens=form.ends_system_tokens,
            )
        except NotFound:
            raise
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("窓口の設定を保存しました。次のサインインから使います。"), "success")
            return redirect(url_for("identity.provider", provider_id=provider_id), code=303)
    return _page(form, before), 422


@blueprint.post(f"{_ONE}/test", permission=MANAGE, recent=True)
def test_provider(provider_id: int) -> Response:
    """Ask the provider for its metadata and say what is wrong."""
    found = records.record(current_context(), provider_id)
    try:
        check_provider(found.issuer)
    except BadMetadata as error:
        flash(metadata_words(error.reason), "error")
    else:
        flash(_("接続できました。窓口の設定情報に問題はありません。"), "success")
    return redirect(url_for("identity.provider", provider_id=provider_id), code=303)


@blueprint.post(f"{_ONE}/activate", permission=MANAGE, recent=True)
def activate_provider(provider_id: int) -> Response:
    """Let the provider be used."""
    changes.set_active(current_context(), provider_id, active=True)
    flash(_("窓口を使えるようにしました。"), "success")
    return redirect(url_for("identity.provider", provider_id=provider_id), code=303)


@blueprint.post(f"{_ONE}/deactivate", permission=MANAGE, recent=True)
def deactivate_provider(provider_id: int) -> Response:
    """Let nobody sign in with the provider any more, and end what was opened through it."""
    ctx, form = current_context(), StopForm()
    ends_sessions = bool(form.sessions.data)
    page = redirect(url_for("identity.provider", provider_id=provider_id), code=303)
    try:
        stopped = stop(
            ctx, provider_id, sessions=ends_sessions, system_tokens=bool(form.system_tokens.data)
        )
    except changes.NoWayIn as error:
        flash(sentence_of(error), "error")
        return page
    if ends_sessions and records.record(ctx, provider_id).issuer == ctx.issuer:
        web_session().end()
        return redirect(url_for("identity.signed_out"), code=303)
    flash(_stopped_words(stopped, ends_sessions=ends_sessions), "success")
    return page


def _stopped_words(stopped: Stopped, *, ends_sessions: bool) -> str:
    counts = {
        "sessions": stopped.sessions,
        "tokens": stopped.tokens,
        "system_tokens": stopped.system_tokens,
    }
    if not stopped.is_new:
        if not any(counts.values()):
            return _("窓口はすでに止まっています。何も終わらせていません。")
        return _(
            "残っていたサインインを終わらせました。終わらせたサインインは%(sessions)s件、"
            "取り消したトークンは、個人のものが%(tokens)s件、市町村のものが%(system_tokens)s件です。",
            **counts,
        )
    if not ends_sessions and not stopped.system_tokens:
        return _("窓口を止めました。サインイン中の職員は、そのまま使い続けられます。")
    return _(
        "窓口を止めました。終わらせたサインインは%(sessions)s件、取り消したトークンは、"
        "個人のものが%(tokens)s件、市町村のものが%(system_tokens)s件です。",
        **counts,
    )


def _page(form: ProviderForm | None, before: Record | None) -> str:
    place_under("identity.providers")
    base_url = parts().settings.base_url
    addresses = None
    if before is not None:
        addresses = (
            redirect_address(base_url, before.id),
            signed_out_address(base_url),
            logout_address(base_url, before.id),
        )
    return render_template(
        "identity/provider.html",
        form=form,
        provider=before,
        addresses=addresses,
        stop_form=StopForm(formdata=None),
    )
