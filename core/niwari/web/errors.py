"""Pages for what goes wrong: mapped once, for the core and for plugins."""

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, g, render_template, request, url_for
from flask_babel import get_locale
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from niwari.context import Context
from niwari.errors import DomainError
from niwari.host.enablement import enablements
from niwari.host.faults import was_counted
from niwari.host.gate import FeatureOff
from niwari.host.quarantine import Dark
from niwari.host.rate_limits import TooMany
from niwari.host.town_state import state_of
from niwari.pages.parts import parts
from niwari.pages.programs import of_a_program
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of
from niwari.web.kept_forms import kept_form
from niwari.web.security import WrongAddress

log = logging.getLogger(__name__)


def install_errors(app: Flask, to_programs: Callable[[Exception], Any]) -> None:
    """Show every error as a plain page in the reader's language, with a way on.

    ``to_programs`` answers those of requests to the API.
    """

    def handle(kind: type[Exception], page: Callable[[Any], Any]) -> None:
        app.register_error_handler(
            kind, lambda error: to_programs(error) if of_a_program() else page(error)
        )

    handle(DomainError, _domain_error)
    handle(TooMany, _too_many)
    handle(Dark, _in_quarantine)
    handle(CSRFError, _expired_form)
    handle(HTTPException, _http_error)

    def failed(error: Exception) -> Any:
        _log_failure(error)
        return to_programs(error) if of_a_program() else _failure()

    app.register_error_handler(Exception, failed)


def _page(
    status: int, title: str, message: str, mend: str, *, retry_href: str = "", retry_label: str = ""
) -> tuple[str, int]:
    trace = getattr(g, "request_id", "")
    kept = kept_form(status)
    if kept is not None:
        mend = _how_to_go_on(status) or mend
    return (
        render_template(
            "niwari/error.html",
            status=status,
            title=title,
            message=message,
            mend=mend,
            kept=kept,
            retry_href=retry_href,
            retry_label=retry_label,
            # Only what failed is in the log under its number.
            request_id=trace if status == 500 else "",
            locale=str(get_locale()),
        ),
        status,
    )


def _how_to_go_on(status: int) -> str:
    """Return what to do where the page gives back what was typed; empty: what is done anyway."""
    return {
        400: _("書いた内容は下に残っています。確かめて、もう一度送ってください。"),
        401: _(
            "書いた内容は下に残っています。"
            "「サインインする」を押すと別のタブが開きます。サインインしたら、この画面に戻って送ってください。"
        ),
    }.get(status, "")


def _domain_error(error: DomainError) -> tuple[str, int]:
    sentence = sentence_of(error)
    titles = {404: _("ページが見つかりません"), 403: _("開く権限がありません")}
    title = titles.get(error.status, _("この操作はできませんでした"))
    return _page(error.status, title, sentence, _("前の画面に戻って、内容を確かめてください。"))


def _too_many(error: TooMany) -> tuple[str, int, dict[str, str]]:
    page, status = _page(
        error.status,
        _("しばらくお待ちください"),
        sentence_of(error),
        _("%(seconds)s秒ほどたってから、もう一度お試しください。", seconds=error.retry_after),
    )
    return page, status, {"Retry-After": str(error.retry_after)}


def _expired_form(_error: CSRFError) -> tuple[str, int]:
    return _page(
        400,
        _("もう一度お試しください"),
        _("画面を開いてから時間がたったため、送信できませんでした。"),
        _("前の画面を読み込み直してから、もう一度送信してください。"),
    )


def _in_quarantine(_error: Dark) -> tuple[str, int]:
    return _page(
        503,
        _("このページは一時的に使えません"),
        _("不具合が続いたため、このページだけを止めています。ほかのページや機能は使えます。"),
        _(
            "時間をおいて、もう一度開いてください。正常に動けば、自動で元に戻ります。"
            "止めていることは、情報担当の画面にも表示されます。"
        ),
    )


def _feature_off(error: FeatureOff) -> tuple[str, int] | None:
    """Return the page for people whose town paused the feature; for anybody else it is not there."""
    ctx: Context | None = g.ctx
    if ctx is None:
        return None
    if error.plugin not in state_of(ctx.municipality.id, ctx.municipality.revision).paused:
        return None
    manifest = parts().host.plugins[error.plugin].manifest
    label = manifest.label.text(ctx.locale) if manifest else error.plugin
    return _page(
        404,
        _("「%(name)s」は休止中です", name=label),
        _(
            "%(town)sでは、この機能を休止しています。データは残っています。",
            town=ctx.municipality.name,
        ),
        _reason_of_pause(ctx, error.plugin),
    )


def _reason_of_pause(ctx: Context, plugin: str) -> str:
    row = enablements(ctx.municipality.id).get(plugin)
    if row is None or not row.reason:
        return _("再開の予定は、情報担当にお尋ねください。")
    return _("理由：%(reason)s", reason=row.reason)


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    if isinstance(error, FeatureOff) and (page := _feature_off(error)):
        return page
    if status == 401:
        return _page(
            401,
            _("サインインが必要です"),
            _(
                "しばらく操作がなかったため、サインインが終わっています。送った内容は登録されていません。"
            ),
            _("前の画面に戻って書いた内容を写し、サインインしてからもう一度送ってください。"),
            retry_href=url_for("identity.sign_in"),
            retry_label=_("サインインする"),
        )
    if isinstance(error, WrongAddress):
        return _page(
            400,
            _("このアドレスでは開けません"),
            _("にわりは、%(address)s で開いてください。", address=parts().settings.base_url),
            _("このアドレスが正しいはずのときは、情報担当にお知らせください。"),
        )
    texts = {
        400: (_("受け付けられませんでした"), _("送られた内容を読み取れませんでした。")),
        403: (
            _("開く権限がありません"),
            _("このページは、担当する役割の人だけが開けます。"),
        ),
        404: (
            _("ページが見つかりません"),
            _("アドレスが違うか、お使いの市町村では使っていない機能です。"),
        ),
        405: (_("この操作はできません"), _("このアドレスでは、その操作を受け付けていません。")),
        413: (
            _("大きすぎます"),
            _("送られた内容が大きすぎます。%(limit)s以内にしてください。", limit=_largest()),
        ),
        503: (
            _("ただいま準備中です"),
            _("この機能は更新の途中です。ほかの機能は使えます。"),
        ),
    }
    title, message = texts.get(
        status, (_("うまくいきませんでした"), _("処理を続けられませんでした。"))
    )
    mends = {
        403: _("必要なときは、情報担当にお知らせください。"),
        413: _("前の画面に戻り、大きいファイルを外すか小さくしてから、もう一度送ってください。"),
        503: _("しばらくしてから、もう一度開いてください。"),
    }
    return _page(status, title, message, mends.get(status, _("ホームに戻ってやり直してください。")))


def _largest() -> str:
    """Return how much the present page takes, as ``500KB`` or ``10MB``."""
    limit = request.max_content_length or 0
    megabytes = limit // 2**20
    return f"{megabytes}MB" if megabytes else f"{limit // 1024 // 100 * 100}KB"


def _log_failure(error: Exception) -> None:
    """Write a failure into the log, under the number that the answer names."""
    access = parts().access.of(request.endpoint)
    owner = access.plugin if access else "niwari"
    if not was_counted(error):  # what was counted is in the log already, with the same number
        trace = getattr(g, "request_id", "-")
        log.error("%s failed at %s (request %s)", owner, request.endpoint, trace, exc_info=error)


def _failure() -> tuple[str, int]:
    access = parts().access.of(request.endpoint)
    if access is not None and not access.core:
        return _page(
            500,
            _("この機能は一時的に使えません"),
            _("この機能は一時的に使えません。ほかの機能は使えます。"),
            _("続くときは、下の番号を情報担当にお知らせください。"),
        )
    return _page(
        500,
        _("うまくいきませんでした"),
        _("こちらの不具合で、処理を続けられませんでした。登録済みの内容は変わっていません。"),
        _("続くときは、下の番号を情報担当にお知らせください。"),
    )
