"""Who acts, for whom, when: the one argument that every service takes first.

A ``Context`` carries plain values and no database, so a service that is given one can be called
from a page, a job, a command or a test alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, Self

from niwari.clock import tokyo_day

Locale = Literal["ja", "en"]

ServiceFinder = Callable[["Context", str, int], Any | None]
_finder: list[ServiceFinder] = []


def find_services_with(finder: ServiceFinder) -> None:
    """Let ``Context.service`` ask ``finder``: a context is plain and knows no host by itself."""
    _finder[:] = [finder]


@dataclass(frozen=True, slots=True)
class MunicipalityRef:
    """A municipality as read together with the session.

    ``revision`` grows whenever its features, role map or settings change, so whatever was computed
    from those may be kept under (id, revision). ``region_id`` is its region on the day of reading.
    """

    id: int
    code: str
    name: str
    revision: int
    region_id: int | None = None


@dataclass(frozen=True, slots=True)
class AppointmentRef:
    """The one appointment in which a session acts (concurrent posts are separate appointments)."""

    id: int
    person_id: int
    person_name: str
    section_id: int
    section_name: str


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one request, job or command.

    ``now`` is an aware instant. ``appointment`` is ``None`` for jobs and commands, which act as the
    system actor named in ``actor``. ``on_behalf_of`` names whose place a stand-in or a section
    clerk takes (ledger rule L9). ``issuer`` is the provider whose word opened the session; it is
    empty for a token, a job or a command.
    """

    municipality: MunicipalityRef
    appointment: AppointmentRef | None
    now: datetime
    locale: Locale = "ja"
    request_id: str = ""
    permissions: frozenset[str] = field(default=frozenset())
    on_behalf_of: AppointmentRef | None = None
    actor: str = ""
    issuer: str = ""

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("Context.now needs an aware instant, with a time zone")

    @property
    def today(self) -> date:
        """The day in Tokyo on which this happens."""
        return tokyo_day(self.now)

    @property
    def person_id(self) -> int:
        """The id of the acting person; raises ``LookupError`` for a system actor."""
        return self.acting.person_id

    @property
    def acting(self) -> AppointmentRef:
        """The acting appointment; raises ``LookupError`` for a system actor."""
        if self.appointment is None:
            raise LookupError(f"the system actor {self.actor!r} has no appointment")
        return self.appointment

    def may(self, permission: str) -> bool:
        """Tell whether the acting person holds ``permission`` in this municipality."""
        return permission in self.permissions

    def service(self, name: str, version: int) -> Any | None:
        """Return what the plugin ``name`` does for others, or ``None`` where it is off or missing.

        The calling plugin's manifest names it in ``requires`` or ``uses``; its Protocol lies in its
        ``contract.py``. Raises ``LookupError`` where no plugins are loaded.
        """
        if not _finder:
            raise LookupError("no plugins are loaded in this process")
        return _finder[0](self, name, version)

    def at(self, now: datetime) -> Self:
        """Return the same context at another instant."""
        return replace(self, now=now)
