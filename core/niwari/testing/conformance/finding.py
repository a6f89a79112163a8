"""Rules about finding what a plugin's people share."""

from collections.abc import Iterator
from dataclasses import replace

from peewee import IntegrityError

from niwari.db import transaction
from niwari.directory.audience import MUNICIPALITY
from niwari.search.describing import describe
from niwari.search.finding import search
from niwari.search.queries import Query
from niwari.search.words import phrase
from niwari.specs.contributions import Resource
from niwari.testing.conformance.bench import HERE, NEIGHBOUR, OWNER, Bench, Stand
from niwari.testing.conformance.rule import rule

_ENOUGH = 60
"""Characters of a title: more need not be typed."""


@rule("What its people share is found by its title: by whom it is for, where the plugin is on.")
def found(bench: Bench) -> Iterator[str]:
    """After the worker's look: by the owner; not by the neighbour once it is for the own town alone,
    nor where the plugin is off."""
    with bench.stand() as stand:
        stand.world.index()
        for resource in stand.plugin.contributions.resources:
            problems = list(_described(stand, resource))
            yield from problems or _found(stand, resource)
        stand.world.switch(HERE, stand.plugin.name, on=False)
        for resource in stand.plugin.contributions.resources:
            if _is_found(stand, resource, OWNER):
                yield f"{resource.kind}: found where the plugin is off"


def _described(stand: Stand, resource: Resource) -> Iterator[str]:
    try:
        said = describe(resource, resource.model.get_by_id(stand.ids[resource.kind]))
    except Exception as error:  # a plugin's functions may raise anything
        yield f"{resource.kind}: title, text, dated or hidden_place of its Resource fails: {error!r}"
        return
    if phrase(said.title[:_ENOUGH]) is None:
        yield f"{resource.kind}: its title {said.title!r} has no letter by which it could be found"
    again = describe(resource, resource.model.get_by_id(stand.ids[resource.kind]))
    if again != said:
        yield f"{resource.kind}: two looks at one row say different things; let them follow from it"


def _found(stand: Stand, resource: Resource) -> Iterator[str]:
    if not _is_found(stand, resource, OWNER):
        yield (
            f"{resource.kind}: not found by its title; write the row where the plugin is on, and let "
            "title return what the row itself says"
        )
    if _narrow(stand, resource) and _is_found(stand, resource, NEIGHBOUR):
        yield f"{resource.kind}: found in another municipality although it is for its own alone"


def _narrow(stand: Stand, resource: Resource) -> bool:
    """Let the row be for its own municipality; returns whether it can be."""
    model = resource.model
    try:
        with transaction(stand.full_ctx(OWNER)):
            model.update(audience=MUNICIPALITY).where(
                model.id == stand.ids[resource.kind]
            ).execute()
    except IntegrityError:
        return False
    stand.world.index()
    return True


def _is_found(stand: Stand, resource: Resource, login: str) -> bool:
    row_id = stand.ids[resource.kind]
    words = phrase(resource.title(resource.model.get_by_id(row_id))[:_ENOUGH])
    if words is None:
        return False
    ctx = replace(stand.full_ctx(login), now=stand.world.clock())
    results = search(ctx, Query((words,))).results
    return (resource.kind, row_id) in {(one.row.kind, one.row.id) for one in results}
