"""チャットへのお知らせ: where a municipality lets notices go besides to people."""

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, RadioField, SelectMultipleField
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from niwari.channels.models import JSON, SLACK, TEAMS
from niwari.channels.pages import blueprint
from niwari.channels.webhooks import service
from niwari.channels.webhooks.places import rule_of
from niwari.channels.webhooks.refused import WEBHOOKS
from niwari.channels.webhooks.sending import Webhooks
from niwari.channels.webhooks.service import Draft, Present
from niwari.errors import DomainError
from niwari.host.rate_limits import TooMany
from niwari.keyring import SealError
from niwari.pages.forms import Form, SelectChoice, current_context
from niwari.pages.parts import parts
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of

__all__ = ["blueprint"]

_PLACE = "niwari.channels.webhooks"


class WebhookForm(Form):
    """A municipality's webhook; address and secret are written and never shown."""

    address = PasswordField(
        _l("アドレス（URL）"),
        [Length(max=2000, message=_l("2000文字以内で入力してください。"))],
    )
    shape = RadioField(_l("送り先の種類"))
    kinds = SelectMultipleField(
        _l("送るお知らせ"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    secret = PasswordField(
        _l("署名に使う合言葉"),
        [Length(max=200, message=_l("200文字以内で入力してください。"))],
    )
    no_secret = BooleanField(_l("署名を付けない"))
    is_active = BooleanField(_l("お知らせを送る"))

    @classmethod
    def of(cls, before: Present | None) -> "WebhookForm":
        """Return the form, filled with what there is, as it was sent or not."""
        ctx = current_context()
        values: dict[str, Any] = {"shape": SLACK, "is_active": True}
        if before is not None:
            values = {
                "shape": before.shape,
                "kinds": sorted(before.kinds),
                "is_active": before.is_active,
            }
        form = cls(data=values)
        form.shape.choices = [
            SelectChoice(SLACK, "Slack"),
            SelectChoice(TEAMS, "Microsoft Teams"),
            SelectChoice(JSON, _("そのほかのシステム（JSON）")),
        ]
        form.kinds.choices = [
            SelectChoice(kind.code, kind.label.text(ctx.locale)) for kind in _kinds()
        ]
        if before is None or not before.has_secret:
            del form.no_secret
        return form

    def draft(self) -> Draft:
        """Return what was typed into the valid form."""
        return Draft(
            (self.address.data or "").strip(),
            self.shape.data,
            self.secret.data or "",
            bool(self.no_secret is not None and self.no_secret.data),
            tuple(self.kinds.data or ()),
            bool(self.is_active.data),
        )


@blueprint.get("/webhook", permission=WEBHOOKS, recent=True)
def webhook() -> str:
    """Show where notices go, and how they fare."""
    before = service.present(current_context())
    return _page(WebhookForm.of(before), before)


@blueprint.post("/webhook", permission=WEBHOOKS, recent=True)
def keep_webhook() -> Response | tuple[str, int]:
    """Keep where notices go."""
    ctx = current_context()
    before = service.present(ctx)
    form = WebhookForm.of(before)
    if form.validate():
        try:
            service.keep(ctx, form.draft(), rule_of(parts().settings), _kinds())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("設定を保存しました。"), "success")
            return redirect(url_for("channels.webhook"), code=303)
    return _page(form, before), 422


@blueprint.post("/webhook/test", permission=WEBHOOKS, recent=True)
def test_webhook() -> Response:
    """Send a word at once, and say whether it arrived."""
    try:
        what = service.try_out(current_context(), _webhooks(), parts().settings.base_url)
    except SealError:
        what = "key missing"
    except TooMany as error:
        flash(sentence_of(error), "error")
        return redirect(url_for("channels.webhook"), code=303)
    if what:
        flash(
            _("届きませんでした。アドレスと送り先を確かめてください。記録：%(what)s", what=what),
            "error",
        )
    else:
        flash(_("テストのお知らせを送りました。送り先の画面で確かめてください。"), "success")
    return redirect(url_for("channels.webhook"), code=303)


@blueprint.post("/webhook/again", permission=WEBHOOKS, recent=True)
def send_webhook_again() -> Response:
    """Let what did not arrive be sent anew."""
    if service.send_again(current_context()):
        flash(_("届かなかったお知らせを、もう一度送ります。"), "success")
    else:
        flash(_("届かなかったお知らせはありません。"), "info")
    return redirect(url_for("channels.webhook"), code=303)


@blueprint.get("/told/<int:notice_id>", permission="channels.mine")
def told(notice_id: int) -> Response:
    """Go where a notice leads that the whole municipality was told, if one may see it."""
    link = service.told(current_context(), notice_id)
    return redirect(url_for(link.endpoint, **(link.values or {})), code=303)


def _kinds() -> Any:
    there = parts()
    return service.chat_kinds(
        there.host, there.dispatcher.active_in(current_context().municipality)
    )


def _webhooks() -> Webhooks:
    """Return what sends from this process, which remembers whom it had to wait for."""
    there = parts()
    found: Webhooks | None = current_app.extensions.get(_PLACE)
    if found is None:
        found = Webhooks(rule_of(there.settings), there.clock)
        current_app.extensions[_PLACE] = found
    return found


def _page(form: WebhookForm, before: Present | None) -> str:
    labels = {
        kind.code: kind.label.text(current_context().locale)
        for plugin in parts().host.loaded()
        for kind in plugin.contributions.notices
    }
    return render_template("channels/webhook.html", form=form, webhook=before, labels=labels)
