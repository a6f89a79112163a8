"""``flask.session`` on the session table, and the acting person of each request.

The row is read when it is first needed, by one query; a request for a static file never needs it.
An anonymous visitor has no row: what is put into ``flask.session`` before a sign-in has succeeded is
dropped.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from flask import Flask, Request, Response, g, request
from flask import session as flask_session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin

from niwari.clock import Clock
from niwari.config import Settings
from niwari.context import Context
from niwari.db import database
from niwari.host.registry import Host
from niwari.identity.providers.relying_parties import install_providers
from niwari.identity.roles.mapping import kept_permissions
from niwari.identity.sessions import acting
from niwari.identity.sessions import stored as sessions
from niwari.identity.sign_in.accounts import Account
from niwari.identity.sign_in.limits import install_limits
from niwari.identity.sign_in.pending import install_pending_sign_ins
from niwari.pages.programs import of_a_program

_LOCALE_COOKIE = "niwari_locale"
_json = TaggedJSONSerializer()


class WebSession(SessionMixin):
    """The dictionary behind ``flask.session``, read from its row at the first look."""

    modified = False

    def __init__(self, settings: Settings, clock: Clock, sent: str) -> None:
        """Stand for the session whose token the browser ``sent``, or none; nothing is read."""
        self.now = clock()
        self.sent = sent
        self.token = sent
        self.is_read = False
        self._is_opened = False
        self._is_unknown = False
        self._settings = settings
        self._state: sessions.SessionState | None = None
        self._values: dict[str, Any] = {}

    @property
    def state(self) -> sessions.SessionState | None:
        """The live row, or ``None``."""
        self._read()
        return self._state

    @property
    def row_id(self) -> int:
        """The id of the live row; raises ``LookupError`` where there is none."""
        if self.state is None:
            raise LookupError("nobody is signed in")
        return self.state.id

    def sign_in(
        self,
        appointment_id: int,
        account: Account,
        id_token: str,
        *,
        device: str,
        age: timedelta | None,
    ) -> None:
        """Open a session of an appointment, under a new token and with nothing of what was before.

        Whoever was signed in in this browser no longer is. ``age`` is how long ago the person showed
        the provider who they are, ``None`` where that is not known. Raises ``SessionEnded`` where
        the provider was stopped meanwhile.
        """
        self.end()
        self._is_opened = True
        self.token = sessions.open_session(
            self._settings,
            self.now,
            appointment_id=appointment_id,
            issuer=account.issuer,
            idp_session=account.idp_session,
            data=_json.dumps({"id_token": id_token, "issuer": account.issuer}),
            device=device,
            auth_time=None if age is None else self.now - age,
            provider_id=account.provider_id,
        )

    def confirm(self, ctx: Context, account: Account, id_token: str, *, age: timedelta) -> None:
        """Note that the acting person showed ``age`` ago who they are; under a new token.

        Raises ``SessionEnded`` where another answer came first.
        """
        self["id_token"] = id_token
        self.token = sessions.confirm_session(
            ctx,
            self.token,
            idp_session=account.idp_session,
            auth_time=self.now - age,
            data=_json.dumps(self._values),
        )

    def act_in(self, ctx: Context, appointment_id: int) -> acting.Post | None:
        """Let the session act in another post of the person, from the next request on.

        Returns the post, or ``None`` where nothing changed. Forms that were opened in the former
        post are refused: nobody wants to send them in the name of another section.
        """
        post, successor = acting.act_in(ctx, self.token, appointment_id)
        if successor is None:
            return None
        self.token = successor
        self.pop("csrf_token", None)
        return post

    def end(self) -> None:
        """Sign out: the row is gone at once, the cookie with the response."""
        if self.state is not None:
            sessions.end_session(self.token)
        self._state, self._values, self.modified = None, {}, False

    def save(self) -> None:
        """Write what has changed, and know the token that the browser is to keep (or empty)."""
        if self._state is not None:
            if self.modified or self._state.is_stale:
                sessions.save_session(
                    self.token,
                    self.now,
                    data=_json.dumps(self._values) if self.modified else None,
                )
        elif not self._is_opened and not self._is_unknown:
            self.token = ""

    def _read(self) -> dict[str, Any]:
        if not self.is_read:
            self.is_read = True
            if self.sent:
                # Who cannot be looked up just now is not signed out for it.
                self._is_unknown = True
                database.connect(reuse_if_open=True)
                self._state = sessions.read_session(self._settings, self.now, self.sent)
                self._is_unknown = False
            if self._state is not None:
                self._values = _json.loads(self._state.data)
        return self._values

    def __getitem__(self, key: str) -> Any:
        return self._read()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._read()[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._read()[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._read()))

    def __len__(self) -> int:
        return len(self._read())


class TableSessions(SessionInterface):
    """Opens and saves ``WebSession``; touches the cookie only when its value changes."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Keep the sessions of one installation; under https the cookie is bound to its host."""
        self._settings = settings
        self._clock = clock
        self._is_https = settings.base_url.startswith("https://")
        self.cookie_name = "__Host-niwari_session" if self._is_https else "niwari_session"

    def open_session(self, app: Flask, request: Request) -> WebSession:
        """Stand ready for the request's session without reading it."""
        return WebSession(self._settings, self._clock, request.cookies.get(self.cookie_name, ""))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the row if it must be, and set or clear the cookie if its value changed."""
        session = cast(WebSession, session)
        if not session.is_read:
            return
        response.vary.add("Cookie")
        session.save()
        if session.token == session.sent:
            return
        attributes: dict[str, Any] = {
            "path": "/",
            "secure": self._is_https,
            "httponly": True,
            "samesite": "Lax",
        }
        if session.token:
            response.set_cookie(self.cookie_name, session.token, **attributes)
        else:
            response.delete_cookie(self.cookie_name, **attributes)


def web_session() -> WebSession:
    """Return the session of the present request with what it can do beyond a dictionary."""
    return cast(WebSession, flask_session._get_current_object())  # type: ignore[attr-defined]


def install_sessions(app: Flask, host: Host, settings: Settings, clock: Clock) -> None:
    """Give ``app`` sessions, and each request ``g.request_id`` and ``g.ctx``.

    ``g.ctx`` is the acting person's ``Context``, or ``None`` for anonymous requests, static files
    and the API, which no cookie opens. To be installed before the gate.
    """
    app.session_interface = TableSessions(settings, clock)
    install_providers(app, settings)
    install_limits(app)
    install_pending_sign_ins(app, settings, clock)
    permissions = kept_permissions(host)

    @app.before_request
    def establish_context() -> None:
        g.request_id = uuid4().hex
        g.ctx = None
        if request.endpoint is None or request.endpoint.endswith("static") or of_a_program():
            return
        current = web_session()
        if current.state is None:
            return
        person = current.state.person
        g.ctx = Context(
            person.municipality,
            person.appointment,
            current.now,
            locale="en" if request.cookies.get(_LOCALE_COOKIE) == "en" else "ja",
            request_id=g.request_id,
            permissions=permissions(person.municipality, person.roles),
            issuer=current.state.issuer,
        )
