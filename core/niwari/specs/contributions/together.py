"""How plugins work together without knowing each other: services and events."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from niwari.specs.contributions.basics import BadContribution

if TYPE_CHECKING:
    from niwari.context import Context

_PLAIN = (str, int, bool)


@dataclass(frozen=True, slots=True)
class Service:
    """What a plugin does for others, under its own name.

    Another plugin calls ``ctx.service("gatherings", 1)`` and gets ``factory(ctx)``, or ``None``
    where the plugin is off, failing or of another version.
    """

    version: int
    """1 or more; a change that breaks callers gets the next number, beside the old one."""
    protocol: type[Any]
    """The ``typing.Protocol`` in the plugin's ``contract.py`` that the object fulfils."""
    factory: "Callable[[Context], Any]"
    """Makes the object for one context."""

    def __post_init__(self) -> None:
        name = getattr(self.protocol, "__name__", repr(self.protocol))
        if not getattr(self.protocol, "_is_protocol", False):
            raise BadContribution(
                f"Service: {name} is no typing.Protocol; put one into contract.py"
            )
        if not isinstance(self.version, int) or isinstance(self.version, bool) or self.version < 1:
            raise BadContribution(
                f"Service {name}: version must be 1 or more, not {self.version!r}"
            )
        if not callable(self.factory):
            raise BadContribution(f"Service {name}: factory must be a function of ctx")


@dataclass(frozen=True, slots=True)
class Subscription:
    """Calls ``handler(ctx, event)`` for each event of a type, in the worker, once it is committed.

    The handler runs in a transaction of its own that also marks the delivery as done: at least
    once, and exactly once for what it writes to the database.
    """

    event: str
    """The event's name: ``<plugin>.<ClassName>``."""
    handler: "Callable[[Context, Any], object]"
    """Called with a context that acts as the plugin's system actor in the event's municipality,
    and the event; what it returns is ignored."""

    def __post_init__(self) -> None:
        plugin, _, name = str(self.event).partition(".")
        if not plugin.isidentifier() or not name.isidentifier():
            raise BadContribution(
                f"Subscription {self.event!r}: name the event like 'consult.QuestionAnswered'"
            )
        if not callable(self.handler):
            raise BadContribution(f"Subscription {self.event!r}: handler must be a function")


def check_event(event: Any) -> None:
    """Check that ``event`` can be declared: a frozen dataclass of ids, codes, numbers and texts.

    Events are kept and handed on as JSON; the docstring is the event's documentation. Raises
    ``BadContribution``.
    """
    name = getattr(event, "__name__", repr(event))
    if not isinstance(event, type) or not is_dataclass(event):
        raise BadContribution(f"event {name}: make it a frozen dataclass")
    if not event.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise BadContribution(f"event {name}: write @dataclass(frozen=True)")
    doc = (event.__doc__ or "").strip()
    if not doc or doc.startswith(f"{name}("):
        raise BadContribution(f"event {name}: say in its docstring when it happens")
    hints = get_type_hints(event)
    for item in fields(event):
        if not _is_plain(hints[item.name]):
            raise BadContribution(
                f"event {name}: {item.name} must be a str, int or bool (or None), "
                "so that it can be kept; give an id instead of a row"
            )


def _is_plain(hint: Any) -> bool:
    if get_origin(hint) is Union or type(hint).__name__ == "UnionType":
        return all(_is_plain(part) for part in get_args(hint))
    return hint is type(None) or hint in _PLAIN


def event_text(event: Any) -> str:
    """Return the JSON under which an event is kept, with sorted keys."""
    values = {item.name: getattr(event, item.name) for item in fields(event)}
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
