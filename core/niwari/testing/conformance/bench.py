"""The bench on which a plugin is tried: fresh applications with it, its routes, rows and people."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from werkzeug.routing import Rule as UrlRule

from niwari.app import load_host, migrate_all
from niwari.clock import FrozenClock
from niwari.context import Context
from niwari.db import connection, open_database
from niwari.host.blueprint import SAFE_METHODS
from niwari.host.discovery import Found
from niwari.host.loaded import Plugin
from niwari.host.manifest import ManifestError, read_manifest
from niwari.host.wiring import Access
from niwari.specs.contributions import Resource
from niwari.testing.conformance.forms import posting_forms
from niwari.testing.engines import Engines
from niwari.testing.lent import Lent
from niwari.testing.plugin import START
from niwari.testing.world import KORIYAMA, SUKAGAWA, Browser, World

HERE, THERE = KORIYAMA, SUKAGAWA
OWNER, NEIGHBOUR = "staff@koriyama", "staff@sukagawa"
EVERYBODY = ("staff@koriyama", "head@koriyama", "hr@koriyama", "it@koriyama", "secretariat")
PAGE = {"Accept": "text/html"}


class NotReady(Exception):
    """The plugin did not come far enough to be tried; says what stopped it."""


@dataclass(frozen=True, slots=True)
class Address:
    """One way into the plugin: a method on a concrete address.

    ``resource`` is the kind of row that the address names, where it names one; ``values`` are those
    of the parts that vary, by name.
    """

    method: str
    path: str
    endpoint: str
    access: Access
    resource: Resource | None
    values: Mapping[str, Any]

    @property
    def takes_values(self) -> bool:
        """Whether any part of the address varies."""
        return bool(self.values)

    @property
    def name(self) -> str:
        """The route as a person finds it in the sources."""
        return f"{self.method} {self.endpoint}"

    @property
    def is_safe(self) -> bool:
        """Whether it only reads."""
        return self.method in SAFE_METHODS

    @property
    def is_of_row(self) -> bool:
        """Whether it is the page that shows a row, and not another about it, as one to change it."""
        return self.resource is not None and (
            self.endpoint.rpartition(".")[2] == self.resource.endpoint.rpartition(".")[2]
        )


def text_of(answer: Any) -> str:
    """Return what an answer says; of a file that is no text, something without its words."""
    text: str = answer.get_data().decode(errors="replace")
    return text


@dataclass
class Stand:
    """An application with the plugin on in all three towns, and one row of each resource.

    ``ids`` are the ids of the rows that ``OWNER`` made, by kind.
    """

    world: World
    plugin: Plugin
    ids: dict[str, int] = field(default_factory=dict)

    def sample(self, login: str = OWNER) -> dict[str, int]:
        """Let a person make one row of each resource; returns their ids by kind."""
        ctx = self.full_ctx(login)
        return {r.kind: r.sample(ctx) for r in self.plugin.contributions.resources}

    def full_ctx(self, login: str) -> Context:
        """Return the context of a person who holds every permission of the plugin."""
        ctx = self.world.ctx_for(login)
        codes = frozenset(p.code for p in self.plugin.contributions.permissions)
        return replace(ctx, permissions=ctx.permissions | codes)

    @cached_property
    def addresses(self) -> tuple[Address, ...]:
        """Every route of the plugin with its methods, at the address of the sample rows."""
        return tuple(self._addresses())

    def _addresses(self) -> Iterator[Address]:
        app = self.world.app
        access = app.extensions["niwari"].access
        for found in app.url_map.iter_rules():
            entry = access.of(found.endpoint)
            if entry is None or entry.plugin != self.plugin.name:
                continue
            resource = self._resource_of(found)
            values = {name: self._value(found, name, resource) for name in found.arguments}
            path = self._path(found.endpoint, values)
            for method in sorted((found.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Address(method, path, found.endpoint, entry, resource, values)

    def with_number(self, address: Address, name: str, number: int) -> str:
        """Return the path of ``address`` with ``number`` for the part ``name``."""
        return self._path(address.endpoint, {**address.values, name: number})

    def _path(self, endpoint: str, values: Mapping[str, Any]) -> str:
        return self.world.app.url_map.bind("localhost").build(endpoint, values)

    def _resource_of(self, found: UrlRule) -> Resource | None:
        """Return the resource whose own page stands above the route, or else one it names."""
        named = [r for r in self.plugin.contributions.resources if r.key in found.arguments]
        app = self.world.app
        for resource in named:
            endpoint = (
                f"{self.plugin.name}.{resource.endpoint.removeprefix(self.plugin.name + '.')}"
            )
            own = [rule.rule for rule in app.url_map.iter_rules(endpoint)]
            if any(found.rule.startswith(rule.rstrip("/")) for rule in own):
                return resource
        return named[0] if named else None

    def _value(self, found: UrlRule, name: str, resource: Resource | None) -> Any:
        if resource is not None and name == resource.key:
            return self.ids.get(resource.kind, 1)
        # Whether the converter wants a number is told by whether it takes one alone.
        numeric = found._converters[name].regex.startswith(r"\d")
        return 1 if numeric else "x"

    def open(self, client: Browser, address: Address, path: str = "") -> Any:
        """Send the request as a browser would, a form empty and with its token."""
        data = None if address.is_safe else {"csrf_token": client.token()}
        return self.request(client, path or address.path, address.method, data)

    def filled(self, client: Browser) -> dict[str, dict[str, str]]:
        """Return what a person would send from the forms of the plugin's pages, by their action."""
        found: dict[str, dict[str, str]] = {}
        for address in self.addresses:
            if address.method == "GET" and address.access.permission is not None:
                answer = self.open(client, address)
                for form in posting_forms(text_of(answer), address.path):
                    found.setdefault(form.action, form.data)
        return found

    def request(
        self,
        client: Browser,
        path: str,
        method: str = "GET",
        data: dict[str, str] | None = None,
        content_type: str | None = None,
    ) -> Any:
        """Send a request as a browser does that wants a page."""
        return client.open(path, method=method, data=data, headers=PAGE, content_type=content_type)


@dataclass
class Bench:
    """Where one plugin is tried. ``found`` is the plugin, ``beside`` what it requires and uses.

    ``template`` names a prepared database that several benches may share, ``chromium`` the program
    for the rule that needs a browser, ``lent`` the plugin's application that several benches share.
    """

    found: Found
    engines: Engines
    folder: Path
    beside: Sequence[Found] = ()
    template: str = ""
    chromium: str = ""
    lent: Lent | None = None
    _numbers: Iterator[int] = field(default_factory=count)
    _is_lent: bool = False

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.found.name

    @property
    def package(self) -> Path:
        """The folder of the plugin's package; raises ``NotReady`` where it cannot be located."""
        if self.found.folder is None:
            raise NotReady(f"the package {self.found.package} cannot be located; install it")
        return self.found.folder

    @contextmanager
    def stand(self, *, sampled: bool = True, nobody: bool = False) -> Iterator[Stand]:
        """Open a fresh application with the plugin on in three towns, filled by ``sample``.

        With ``nobody`` no role holds a permission of the plugin. Raises ``NotReady``.
        """
        url = self.engines.copy_of(
            self.template or f"conformance-{self.package}",
            self._prepare,
            onto=[_CORE],
        )
        try:
            # An application that has answered before remembers what the roles brought.
            with self._world(url, anew=nobody) as world:
                plugin = world.host.plugins[self.name]
                if not world.host.is_ready(self.name):
                    raise NotReady(plugin.problem)
                stand = Stand(world, plugin)
                if nobody:
                    plugin.contributions = replace(
                        plugin.contributions,
                        permissions=tuple(
                            replace(p, roles=()) for p in plugin.contributions.permissions
                        ),
                    )
                if sampled:
                    stand.ids = stand.sample()
                yield stand
        finally:
            self.engines.drop(url)

    def with_core(self) -> str:
        """Return the URL of a database that holds the core's tables alone; drop it when done."""
        return self.engines.copy_of(*_CORE)

    @contextmanager
    def _world(self, url: str, *, anew: bool = False) -> Iterator[World]:
        """Lend the application, or make one anew, as where a rule opens another beside it."""
        plugins = (self.found, *self.beside)
        self.lent = self.lent or Lent(self.folder / "home", plugins)
        if anew or self._is_lent or not self.lent.is_known:
            home = self.folder / f"home{next(self._numbers)}"
            with World.open(
                url, FrozenClock(START), home, plugins, [p.name for p in plugins]
            ) as world:
                yield world
            return
        self._is_lent = True
        try:
            with self.lent.world(url, FrozenClock(START)) as world:
                yield world
        finally:
            self._is_lent = False

    def _prepare(self, url: str) -> None:
        from niwari.demo.people import load_people

        open_database(url)
        with connection():
            migrate_all(load_host((self.found, *self.beside)))
            load_people()


def _prepare_core(url: str) -> None:
    open_database(url)
    with connection():
        migrate_all(load_host(()))


_CORE = ("core", _prepare_core)


def beside(name: str, installed: Sequence[Found]) -> tuple[Found, ...]:
    """Return the installed plugins that the plugin ``name`` requires or uses, and theirs."""
    by_name = {found.name: found for found in installed}
    wanted: dict[str, Found] = {}
    waiting = [name]
    while waiting:
        found = by_name.get(waiting.pop())
        if found is None or found.name in wanted or found.folder is None:
            continue
        wanted[found.name] = found
        try:
            manifest = read_manifest(found.folder / "plugin.toml")
        except ManifestError:
            continue
        waiting += [*manifest.requires, *manifest.uses]
    return tuple(found for found in wanted.values() if found.name != name)
