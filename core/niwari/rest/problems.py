"""Errors as ``application/problem+json`` (RFC 9457), in the program's language."""

import msgspec
from flask import Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, Unauthorized

from niwari.errors import N_, DomainError, Forbidden
from niwari.host.quarantine import Dark
from niwari.host.rate_limits import TooMany
from niwari.pages.parts import parts
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of
from niwari.rest.reading import WrongParameters, types_of
from niwari.rest.shapes import Problem

MEDIA_TYPE = "application/problem+json"

WRONG_PARAMETERS = "wrong-parameters"
_TYPES = "docs/api.md#"

# By status: the part of docs/api.md, the title, and what is said where nobody says more.
_KNOWN = {
    400: ("bad-request", N_("受け付けられませんでした"), N_("送られた内容を読み取れません。")),
    401: (
        "unauthorized",
        N_("トークンが必要です"),
        N_("有効なトークンを Authorization: Bearer で送ってください。"),
    ),
    403: ("forbidden", N_("権限がありません"), N_("この操作をする権限がありません。")),
    404: ("not-found", N_("見つかりません"), N_("ないか、このトークンでは見られません。")),
    405: (
        "method-not-allowed",
        N_("この操作はできません"),
        N_("このアドレスでは、その操作を受け付けていません。"),
    ),
    413: ("too-large", N_("大きすぎます"), N_("送られた内容が大きすぎます。")),
    415: (
        "unsupported-media-type",
        N_("読み取れない形式です"),
        N_("Content-Type: application/json で送ってください。"),
    ),
    429: (
        "too-many-requests",
        N_("回数が多すぎます"),
        N_("しばらく待ってから、もう一度送ってください。"),
    ),
    503: (
        "unavailable",
        N_("一時的に使えません"),
        N_("しばらくしてから、もう一度送ってください。"),
    ),
}
_FAILURE = (
    "failure",
    N_("うまくいきませんでした"),
    N_("サーバーの不具合です。続くときは request_id を情報担当にお知らせください。"),
)
# What forms and the API call differently.
_FIELDS = {
    "minutes": "asked_minutes",
    "oral": "oral_by_post",
    "oral_by": "oral_by_post",
    "oral_day": "oral_at",
    "oral_time": "oral_at",
    "until": "last_day",
}
_REFUSED = ("refused", N_("この操作はできませんでした"), "")


class NeedsPerson(Forbidden):
    """A token of the municipality asked for what belongs to a person."""

    text = N_("市町村のトークンでは使えません。職員のトークンを使ってください。")


class NotAuthenticated(Unauthorized):
    """No token was sent, or one that opens nothing (any more)."""

    def __init__(self, *, sent: bool) -> None:
        """Say whether a token was ``sent``."""
        super().__init__()
        self.sent = sent


def problem_of(error: Exception) -> Response | HTTPException:
    """Answer an error; what only leads elsewhere is answered as it stands."""
    if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
        return error
    problem = _problem(error)
    response = Response(
        msgspec.json.encode(problem), status=problem.status, content_type=MEDIA_TYPE
    )
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    elif isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    elif isinstance(error, NotAuthenticated):
        reason = ', error="invalid_token"' if error.sent else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="Niwari"{reason}'
    return response


def _problem(error: Exception) -> Problem:
    if isinstance(error, WrongParameters):
        return _of_domain(error, WRONG_PARAMETERS, N_("パラメーターが正しくありません"))
    if isinstance(error, DomainError):
        slug, title, _detail = _KNOWN.get(error.status, _REFUSED)
        return _of_domain(error, slug, title)
    status = 503 if isinstance(error, Dark) else 500
    if isinstance(error, HTTPException):
        status = error.code or 500
    slug, title, detail = _KNOWN.get(status, _FAILURE if status >= 500 else _KNOWN[400])
    text = _(detail)
    if status == 403 and (access := parts().access.of(request.endpoint)) and access.permission:
        text = _("このトークンには %(scope)s が必要です。", scope=access.permission)
    return Problem(_TYPES + slug, _(title), status, text, _request_id())


def _of_domain(error: DomainError, slug: str, title: str) -> Problem:
    return Problem(
        _TYPES + slug,
        _(title),
        error.status,
        sentence_of(error),
        _request_id(),
        rule=error.rule or None,
        field=_field_of(error.field) or None,
        errors=error.wrong if isinstance(error, WrongParameters) else (),
    )


def _field_of(name: str) -> str:
    """Return what the body that was sent calls a field that a rule names."""
    body = g.get("rest_body")
    if body is not None and name in types_of(body):
        return name
    return _FIELDS.get(name, name)


def _request_id() -> str:
    return str(g.get("request_id", ""))
