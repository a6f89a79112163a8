"""Sign-ins that have begun, in a cookie of the browser that began them.

What an answer will be checked against (state, nonce, PKCE verifier, where to go on) is sealed by the
keyring for this use alone, so the browser can neither read nor make it, and no row is written for a
visitor who is nobody yet.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from authlib.integrations.flask_client import FlaskIntegration
from flask import Flask, Response, current_app, g, request

from niwari.clock import Clock
from niwari.config import Settings
from niwari.keyring import SealError, keyring

LIFETIME = timedelta(minutes=15)
"""How long a sign-in that has begun may take."""

LONGEST_NEXT = 1500
"""Bytes of the address to go on to that surely fit into the cookie."""

_PURPOSE = "identity pending sign-in"
_MOST = 4
_LONGEST_COOKIE = 3800  # browsers drop what is longer than 4,096 bytes with name and attributes
_PLACE = "niwari.identity.sign_in.pending"

_Entry = tuple[str, float, dict[str, Any]]


class PendingSignIns:
    """The pending sign-ins of one browser by their ``state``; the oldest of too many is dropped."""

    def __init__(self, sent: str, now: datetime) -> None:
        """Take those that are sealed in ``sent`` and have not run out; anything else is none."""
        self._now = now.timestamp()
        self._entries = [entry for entry in _opened(sent) if self._is_live(entry)]
        self.is_changed = False

    def get(self, state: str) -> dict[str, Any] | None:
        """Return what was put under ``state``."""
        return next((data for known, _made, data in self._entries if known == state), None)

    def put(self, state: str, data: dict[str, Any]) -> None:
        """Remember ``data`` under ``state``."""
        self._entries = [*self._entries, (state, self._now, data)][-_MOST:]
        self.is_changed = True

    def forget(self, state: str) -> None:
        """Forget what is under ``state``, if there is anything."""
        kept = [entry for entry in self._entries if entry[0] != state]
        self.is_changed |= len(kept) != len(self._entries)
        self._entries = kept

    def forget_all(self) -> None:
        """Forget everything: somebody is signed in."""
        self.is_changed |= bool(self._entries)
        self._entries = []

    def sealed(self) -> str:
        """Return the content of the cookie, empty where nothing is pending."""
        while self._entries:
            text = json.dumps(self._entries, ensure_ascii=False, separators=(",", ":"))
            found = keyring().seal(_PURPOSE, text.encode())
            if len(found) <= _LONGEST_COOKIE:
                return found
            del self._entries[0]
        return ""

    def _is_live(self, entry: _Entry) -> bool:
        return 0 <= self._now - entry[1] < LIFETIME.total_seconds()


def _opened(sent: str) -> list[_Entry]:
    if not sent:
        return []
    try:
        found = json.loads(keyring().open_sealed(_PURPOSE, sent))
    except (SealError, ValueError):  # forged, cut, or of a key that is gone
        return []
    return [(state, made, data) for state, made, data in found]


class PendingMemory(FlaskIntegration):  # type: ignore[misc]
    """Where Authlib keeps what it has to remember: the cookie instead of ``flask.session``."""

    def get_state_data(self, session: Any, state: str) -> dict[str, Any] | None:
        """Return what is pending under ``state``."""
        return pending_sign_ins().get(state)

    def set_state_data(self, session: Any, state: str, data: dict[str, Any]) -> None:
        """Keep ``data`` under ``state``."""
        pending_sign_ins().put(state, data)

    def clear_state_data(self, session: Any, state: str) -> None:
        """Forget what is pending under ``state``."""
        pending_sign_ins().forget(state)


class _Cookie:
    """The cookie of pending sign-ins; under https it is bound to its host."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        is_https = settings.base_url.startswith("https://")
        self._clock = clock
        self._name = "__Host-niwari_sign_in" if is_https else "niwari_sign_in"
        self._attributes: dict[str, Any] = {
            "path": "/",
            "secure": is_https,
            "httponly": True,
            "samesite": "Lax",
        }

    def read(self) -> PendingSignIns:
        return PendingSignIns(request.cookies.get(self._name, ""), self._clock())

    def write(self, response: Response) -> Response:
        pending: PendingSignIns | None = g.get("pending_sign_ins")
        if pending is None or not pending.is_changed:
            return response
        content = pending.sealed()
        if content:
            lasts = int(LIFETIME.total_seconds())
            response.set_cookie(self._name, content, max_age=lasts, **self._attributes)
        else:
            response.delete_cookie(self._name, **self._attributes)
        return response


def install_pending_sign_ins(app: Flask, settings: Settings, clock: Clock) -> None:
    """Let ``app`` keep what is pending by ``clock``, and write the cookie where it changed."""
    cookie = _Cookie(settings, clock)
    app.extensions[_PLACE] = cookie
    app.after_request(cookie.write)


def pending_sign_ins() -> PendingSignIns:
    """Return what is pending in the browser of the present request."""
    if "pending_sign_ins" not in g:
        g.pending_sign_ins = current_app.extensions[_PLACE].read()
    found: PendingSignIns = g.pending_sign_ins
    return found


def pending_revision(provider_id: int, state: str) -> int | None:
    """Return as of which revision this browser asked a provider for the answer ``state``."""
    pending = pending_sign_ins().get(state)
    if pending is None or pending["provider_id"] != provider_id:
        return None
    revision: int = pending["revision"]
    return revision
