"""Whether a test has put anything in the place of a part of the application that was lent to it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import partial
from itertools import chain
from operator import attrgetter, is_
from types import ModuleType
from typing import Any

from flask import Flask

from niwari.app import Niwari

# By the attributes of an application that a test could add to: what each holds, by name.
_PLACES = (
    *("view_functions", "before_request_funcs", "after_request_funcs", "teardown_request_funcs"),
    *("template_context_processors", "error_handler_spec", "url_default_functions"),
)
_OF_TEMPLATES = ("globals", "filters", "tests")
_OF_A_PLUGIN = ("stage", "error", "manifest", "module", "contributions")
_Look = Callable[[], tuple[object, ...]]


class Parts:
    """The parts of an application and of the modules of its plugins, as they are now."""

    def __init__(self, app: Flask, modules: Mapping[str, ModuleType]) -> None:
        self._app = app
        self._modules = modules
        self._were = self._all()
        self._seen = self._look()

    def are_unchanged(self) -> bool:
        """Tell whether each part is the very one that it was."""
        if all(_same(look(), was) for look, was in self._seen):
            return True
        # A holder may have become another one, or have got an empty one, without any part doing so.
        now = self._all()
        if self._were.keys() != now.keys() or not all(
            _same(was, now[key]) for key, was in self._were.items()
        ):
            return False
        self._seen = self._look()
        return True

    def _look(self) -> list[tuple[_Look, tuple[object, ...]]]:
        """Return what each holder of parts holds now, and how to look into it again: that is quick."""
        return [(look, look()) for look in self._looks()]

    def _looks(self) -> Iterator[_Look]:
        app, host, known = self._app, self._host, _Known()
        yield lambda: (self._host, host.plugins, host.manager, host.manager.hook, app.jinja_env)
        yield lambda: tuple(app.url_map.iter_rules())
        for owner, places in ((app, _PLACES), (app.jinja_env, _OF_TEMPLATES)):
            yield partial(attrgetter(*places), owner)
            for place in places:
                yield from _into(getattr(owner, place), known)
        yield from _into(vars(host.manager.hook), known)
        for hook in self._hooks().values():
            yield partial(_implementations, hook)
        yield from _into(host.plugins, known)
        for plugin in host.plugins.values():
            yield partial(attrgetter(*_OF_A_PLUGIN), plugin)
        for plugin in host.optional():
            yield from _into(plugin.contributions, known)
        for module in self._modules.values():
            yield partial(_values, vars(module))
            for value in _own(module).values():
                yield from _into(value, known)
        for kind, holders in known.dataclasses.items():
            # The first name twice: of one alone attrgetter gives no tuple. To look into all of a kind at
            # once takes half as long.
            names = [part.name for part in fields(kind)]
            yield partial(_held, attrgetter(names[0], *names), tuple(holders))

    def _all(self) -> dict[object, tuple[object, ...]]:
        """Return every part by where it lies; it takes many times as long as to look."""
        app, host = self._app, self._host
        found: dict[object, tuple[object, ...]] = {"routes": tuple(app.url_map.iter_rules())}
        for owner, places in ((app, _PLACES), (app.jinja_env, _OF_TEMPLATES)):
            for place in places:
                found.update(_flat((place,), getattr(owner, place)))
        for name, hook in self._hooks().items():
            found[name] = _implementations(hook)
        for plugin in host.plugins.values():
            for name in _OF_A_PLUGIN:
                found[plugin.name, name] = (getattr(plugin, name),)
        for plugin in host.optional():
            found.update(_deep((plugin.name, "parts"), plugin.contributions))
        for name, module in self._modules.items():
            found.update(_flat((name,), _own(module)))
        return found

    @property
    def _host(self) -> Any:
        niwari: Niwari = self._app.extensions["niwari"]
        return niwari.host

    def _hooks(self) -> dict[str, Any]:
        hooks = vars(self._host.manager.hook)
        return {name: hook for name, hook in hooks.items() if not name.startswith("_")}


def _implementations(hook: Any) -> tuple[object, ...]:
    return tuple(hook.get_hookimpls())


def _own(module: ModuleType) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if not name.startswith("__")}


def _values(holder: dict[Any, Any]) -> tuple[object, ...]:
    return (*holder, *holder.values())


def _held(
    parts_of: Callable[[object], tuple[object, ...]], holders: tuple[object, ...]
) -> tuple[object, ...]:
    return tuple(chain.from_iterable(map(parts_of, holders)))


@dataclass(frozen=True, slots=True)
class _Known:
    """The holders that have been gone into; ``dataclasses`` those of them that are one, by kind."""

    ids: set[int] = field(default_factory=set)
    dataclasses: dict[Any, list[object]] = field(default_factory=lambda: defaultdict(list))


def _into(holder: Any, known: _Known) -> Iterator[_Look]:
    """Yield how to look into a dictionary, list, tuple or dataclass, and into those in it, once each."""
    if id(holder) in known.ids:
        return
    known.ids.add(id(holder))
    held: tuple[object, ...] = ()
    if isinstance(holder, dict):
        yield partial(_values, holder)
        held = tuple(holder.values())
    elif isinstance(holder, list):
        yield partial(tuple, holder)
        held = tuple(holder)
    elif isinstance(holder, tuple):
        held = holder
    elif is_dataclass(holder) and not isinstance(holder, type):
        held = tuple(getattr(holder, part.name) for part in fields(holder))
        if held:
            known.dataclasses[type(holder)].append(holder)
    for value in held:
        yield from _into(value, known)


def _flat(place: tuple[object, ...], holder: Any) -> Iterator[tuple[object, tuple[object, ...]]]:
    """Yield what lies in dictionaries in one another, and the items of their lists together."""
    for key, value in holder.items():
        if isinstance(value, dict) and len(place) < 4:
            yield from _flat((*place, key), value)
        elif not isinstance(value, ModuleType):
            yield (*place, key), tuple(value) if isinstance(value, list | tuple) else (value,)


def _deep(place: tuple[object, ...], value: Any) -> Iterator[tuple[object, tuple[object, ...]]]:
    """Yield what lies in dataclasses in one another."""
    if is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from _deep((*place, part.name), getattr(value, part.name))
    elif isinstance(value, tuple | list):
        for number, part in enumerate(value):
            yield from _deep((*place, number), part)
    else:
        yield place, (value,)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(map(is_, one, other))
