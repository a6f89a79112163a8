"""What was typed into a form that did not arrive: given back on the page that says so.

Only to a page of this installation that sent it. A form of another site, given back with a token
beside it, would be its forgery one click away from being sent.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import g, request
from flask_wtf.csrf import generate_csrf
from peewee import PeeweeException
from werkzeug.exceptions import HTTPException

from niwari.host.blueprint import SAFE_METHODS
from niwari.pages.kept import LIST, TEXT, KeptField, sent_fields
from niwari.pages.parts import parts

LARGEST = 2 * 2**20
"""Bytes of a request that was too large, of which the texts are read nevertheless."""

_CAN_BE_SENT_AGAIN = frozenset({400, 401, 429, 500, 503})


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form given back: ``texts`` are shown, ``rest`` goes with them.

    ``action`` is where to send it again, empty where that is of no use: then it can be copied.
    ``token`` is that of the session, empty where nobody is signed in.
    """

    texts: tuple[KeptField, ...]
    rest: tuple[KeptField, ...]
    action: str
    token: str

    @property
    def list(self) -> str:
        """What the form said of its fields, so that it says it again."""
        return request.form.get(LIST, "")


def kept_form(status: int) -> KeptForm | None:
    """Return what the present request brought, for a page that answers it with ``status``.

    ``None`` where nothing was typed, where the page that sent it is not known to be one of ours, and
    on addresses that anybody may open. Passwords, files and marked fields are not in it.
    """
    if request.method in SAFE_METHODS or not is_from_here() or not _is_behind_the_gate():
        return None
    fields = _fields()
    texts = tuple(f for f in fields if f.kind == TEXT and any(v.strip() for v in f.values))
    if not texts:
        return None
    rest = tuple(field for field in fields if field not in texts)
    again = request.full_path.rstrip("?") if status in _CAN_BE_SENT_AGAIN else ""
    return KeptForm(texts, rest, f"{request.script_root}{again}" if again else "", _token())


def is_from_here() -> bool:
    """Tell whether the browser says that a page of this installation sent the request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    ours = urlsplit(parts().settings.base_url)
    return request.headers.get("Origin") == f"{ours.scheme}://{ours.netloc}"


def _is_behind_the_gate() -> bool:
    access = parts().access.of(request.endpoint)
    return access is not None and access.permission is not None


def _fields() -> tuple[KeptField, ...]:
    try:
        if (request.content_length or 0) <= LARGEST:
            request.max_content_length = max(request.max_content_length or 0, LARGEST)
            request.max_form_memory_size = max(request.max_form_memory_size or 0, LARGEST)
        return sent_fields(request.form)
    except HTTPException:
        return ()


def _token() -> str:
    if g.get("ctx") is None:
        return ""
    try:
        return str(generate_csrf())
    except PeeweeException:
        return ""
