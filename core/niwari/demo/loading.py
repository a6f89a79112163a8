"""Filling a demo installation, once."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from niwari.clock import tokyo_day
from niwari.db import rows, transaction
from niwari.demo.content import ContextFor, context_maker, load_ledger
from niwari.demo.duties import load_duties
from niwari.demo.nursery import load_nursery
from niwari.demo.people import load_people
from niwari.demo.story import BEGINNING
from niwari.directory.enabling import switch
from niwari.directory.models import Municipality
from niwari.directory.people import municipality_by_code
from niwari.directory.system import system_context
from niwari.files.uploads import filling
from niwari.host.models import Enablement
from niwari.host.registry import Host
from niwari.host.town_state import ON
from niwari.vault.publishing import publish_due


def load_demo(host: Host) -> bool:
    """Load region, people and content into an empty installation; returns whether it did.

    Every ready plugin is on in all 17 municipalities. A plugin that has a module ``demo`` with
    ``load_demo(ctx_for)`` brings content of its own. Where it is a generator, what was done without a
    name until an instant that it yields is published then. Files are kept by ``keep_uploads``, where
    ``open_files`` said. All or nothing: a start that was cut off is begun anew.
    """
    if Municipality.select().exists():
        return False
    with transaction(system_context(BEGINNING, "niwari demo")):
        load_people()
        load_nursery()
        enable_new(host)
        ctx_for = context_maker(host)
        load_ledger(ctx_for)
        load_duties(ctx_for)
        load_features(host, ctx_for)
    return True


def load_features(host: Host, ctx_for: ContextFor) -> None:
    """Load the content that ready plugins bring, with its files; in a transaction of the caller's."""
    with filling():
        for plugin in host.optional():
            if not host.is_ready(plugin.name):
                continue
            loader = _loader(plugin.package)
            for instant in (loader and loader(ctx_for)) or ():
                publish_due(instant)


def enable_new(host: Host) -> list[str]:
    """Switch on in all municipalities what none of them has ever switched; returns the names.

    So whoever writes a plugin sees it at the demo's next start.
    """
    known = {name for (name,) in rows(Enablement.select(Enablement.plugin).distinct())}
    new = [p.name for p in host.optional() if host.is_ready(p.name) and p.name not in known]
    if not new:
        return []
    for (code,) in rows(Municipality.select(Municipality.code)):
        town = municipality_by_code(code, tokyo_day(BEGINNING))
        ctx = system_context(BEGINNING, "niwari demo", town)
        for name in new:
            switch(ctx, town.id, name, ON)
    return new


def _loader(package: str) -> Callable[..., Iterator[datetime] | None] | None:
    if find_spec(f"{package}.demo") is None:
        return None
    loader: Callable[..., Iterator[datetime] | None] = import_module(f"{package}.demo").load_demo
    return loader
