"""What a provider publishes, its metadata and keys, as this process keeps them.

One thread at a time asks. The others use what was good before, where that may be, or wait a moment
for the one who asks; whoever still has nothing then is told so, instead of waiting too.
"""

import math
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from niwari.identity.protocol.line import Line, NotAnswering
from niwari.identity.protocol.metadata import MALFORMED, BadMetadata, fetch_metadata
from niwari.identity.protocol.outward import AddressRule
from niwari.identity.protocol.transport import TIMEOUT_SECONDS, AnswerTooLong

Clock = Callable[[], float]

_FRESH_SECONDS = 3600
# Where a provider keeps its addresses, they are still good when its metadata cannot be had for once.
_GOOD_SECONDS = 24 * 3600
_PATIENCE_SECONDS = 1.0
# Without an answer nothing speaks against what was known before; a wrong answer does.
_NO_ANSWER = frozenset({"timeout", "unreachable", "status"})


class Published:
    """The metadata and keys of one provider, as of one revision; all threads share it."""

    def __init__(
        self,
        issuer: str,
        session_class: type[Any],
        rule: AddressRule,
        line: Line,
        clock: Clock = time.monotonic,
    ) -> None:
        """Know nothing yet, and ask for nothing before it is needed; ``clock`` gives seconds."""
        self._issuer = issuer
        self._session_class = session_class
        self._rule = rule
        self._line = line
        self._metadata = _Kept(self._ask_for_metadata, line, clock, good_for=_GOOD_SECONDS)
        self._keys = _Kept(self._ask_for_keys, line, clock, good_for=_FRESH_SECONDS)

    def metadata(self) -> dict[str, Any]:
        """Return the metadata; raises ``BadMetadata``.

        They are asked for anew after an hour; without an answer, those before are good for a day.
        """
        try:
            found: dict[str, Any] = self._metadata.get()
        except NotAnswering as error:
            raise BadMetadata("timeout", str(error)) from None
        return found

    def keys(self) -> Any:
        """Return the key set (JWKS), no older than an hour.

        Raises ``BadMetadata``, ``requests.RequestException``, and ``ValueError`` where it is none.
        """
        return self._keys.get()

    def keys_after(self, former: Any) -> Any:
        """Return another key set than ``former``, asked for unless there is one; raises as ``keys``."""
        return self._keys.get(other_than=former)

    def look_again(self) -> None:
        """Ask for the metadata when they are next needed; without an answer these are still good."""
        self._metadata.expire()

    def distrust(self) -> None:
        """Forget all: one empty or outdated answer must not break sign-in for good."""
        self._metadata.forget()
        self._keys.forget()

    def _ask_for_metadata(self) -> dict[str, Any]:
        try:
            found = fetch_metadata(self._issuer, self._session_class, self._rule)
        except BadMetadata as error:
            if error.reason not in ("timeout", "tls", "unreachable"):  # those the line knows
                self._line.failed()
            raise
        self._line.answered()
        return found

    def _ask_for_keys(self) -> Any:
        with self._session_class(default_timeout=TIMEOUT_SECONDS) as http:
            address = self.metadata()["jwks_uri"]
            try:
                answer = http.request("GET", address, withhold_token=True)
            except AnswerTooLong:  # of silence the line knows itself
                self._line.failed()
                raise
        try:
            answer.raise_for_status()
            found = answer.json()
            KeySet.import_key_set(found)
        except (JoseError, *MALFORMED) as error:
            self._line.failed()
            raise ValueError(f"its keys are malformed: {type(error).__name__}") from None
        except OSError:
            self._line.failed()
            raise
        self._line.answered()
        return found


class _Kept:
    """A value that one thread at a time asks for, and for how long it may be used."""

    def __init__(
        self, ask: Callable[[], Any], line: Line, clock: Clock, *, good_for: float
    ) -> None:
        self._ask = ask
        self._line = line
        self._clock = clock
        self._good_for = good_for
        self._asking = Lock()
        self._lock = Lock()
        self._value: Any = None
        self._asked_at = self._fresh_until = -math.inf

    def get(self, *, other_than: Any = None) -> Any:
        """Return the value; raises what asking for it raises, and ``NotAnswering``."""
        found = self._fresh(other_than)
        if found is not None:
            return found
        former = None if other_than is not None else self._good()
        patience = 0.0 if former is not None or self._line.is_failing else _PATIENCE_SECONDS
        if not self._asking.acquire(timeout=patience):
            if former is None:
                raise NotAnswering("somebody else waits for its answer")
            return former
        try:
            return self._fresh(other_than) or self._asked(former)
        finally:
            self._asking.release()

    def expire(self) -> None:
        with self._lock:
            self._fresh_until = -math.inf

    def forget(self) -> None:
        with self._lock:
            self._value, self._asked_at, self._fresh_until = None, -math.inf, -math.inf

    def _asked(self, former: Any) -> Any:
        try:
            found = self._ask()
        except BadMetadata as error:
            if former is None or error.reason not in _NO_ANSWER:
                raise
            return former
        with self._lock:
            self._value, self._asked_at = found, self._clock()
            self._fresh_until = self._asked_at + _FRESH_SECONDS
        return found

    def _fresh(self, other_than: Any) -> Any:
        with self._lock:
            if self._clock() >= self._fresh_until or self._value is other_than:
                return None
            return self._value

    def _good(self) -> Any:
        with self._lock:
            return self._value if self._clock() < self._asked_at + self._good_for else None
