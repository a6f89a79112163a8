"""Rules about who gets in: nobody without a session, without the permission, or from elsewhere."""

from collections.abc import Iterator

from peewee import IntegrityError

from niwari.db import transaction
from niwari.directory.audience import AUDIENCES, PEOPLE, PEOPLE_OF_REGION, REGION
from niwari.host.enablement import withdraw
from niwari.testing.conformance.bench import (
    EVERYBODY,
    HERE,
    NEIGHBOUR,
    OWNER,
    Address,
    Bench,
    NotReady,
    Stand,
    text_of,
)
from niwari.testing.conformance.rule import rule

FORBIDDEN, NO_SUCH = 403, 404


@rule("Its manifest, sources and declarations are sound, and its migrations run.")
def ready(bench: Bench) -> Iterator[str]:
    """Open the application once; what stopped the plugin is the problem."""
    try:
        with bench.stand(sampled=False):
            return
    except NotReady as stopped:
        yield str(stopped)


@rule("Who is not signed in gets nothing but what is public.")
def anonymous(bench: Bench) -> Iterator[str]:
    """A page leads to sign-in, anything else answers 401."""
    with bench.stand() as stand:
        client = stand.world.anonymous()
        for address in stand.addresses:
            if address.access.public is not None:
                answer = stand.request(client, address.path, address.method)
                if answer.status_code >= 500:
                    yield f"{address.name} is public and fails for who is not signed in"
                continue
            wanted = 302 if address.is_safe else 401
            answer = stand.request(client, address.path, address.method)
            if answer.status_code != wanted:
                yield f"{address.name} answers {answer.status_code} to who is not signed in"


@rule("Who lacks a route's permission gets 403, whatever their role.")
def wrong_role(bench: Bench) -> Iterator[str]:
    """No role holds a permission of the plugin: every route that takes one of them is closed."""
    with bench.stand(nobody=True) as stand:
        for login in EVERYBODY:
            client = stand.world.client_for(login)
            for address in stand.addresses:
                if address.access.permission is None:
                    continue
                status = stand.open(client, address).status_code
                if status != FORBIDDEN:
                    yield (
                        f"{address.name} answers {status} to {login}, who holds no permission of the "
                        f"plugin; it takes {address.access.permission}"
                    )


@rule("A row is there for its audience alone: for others its address is 404 and lists are silent.")
def other_municipality(bench: Bench) -> Iterator[str]:
    """The owner's row is narrowed to each audience; the neighbour tries every address of it."""
    with bench.stand() as stand:
        for resource in stand.plugin.contributions.resources:
            for audience in (PEOPLE, PEOPLE_OF_REGION, *AUDIENCES):
                if audience == REGION or not _narrow(stand, resource.kind, audience):
                    continue
                yield from tried(stand, resource.kind, f"the audience is {audience}")


@rule("What a municipality withdraws is gone for the others, and comes back.")
def withdrawn(bench: Bench) -> Iterator[str]:
    """The owner's municipality withdraws; the neighbour tries every address of the rows."""
    with bench.stand() as stand:
        ctx = stand.world.ctx_for(OWNER)
        withdraw(ctx, ctx.municipality.id, stand.plugin.name, withdrawn=True)
        for resource in stand.plugin.contributions.resources:
            yield from tried(stand, resource.kind, "its municipality withdrew it")
        withdraw(ctx, ctx.municipality.id, stand.plugin.name, withdrawn=False)
        neighbour = stand.world.client_for(NEIGHBOUR)
        for resource in stand.plugin.contributions.resources:
            for address in pages_of(stand, resource.kind):
                if _shared_with_region(stand, resource.kind):
                    status = stand.open(neighbour, address).status_code
                    if status != 200:
                        yield f"{address.name} answers {status} after it was shared again"


def tried(stand: Stand, kind: str, why: str) -> Iterator[str]:
    """Yield where a neighbour still finds the sample row of ``kind``, which is gone by ``why``."""
    resource = next(r for r in stand.plugin.contributions.resources if r.kind == kind)
    title = str(resource.title(resource.model.get_by_id(stand.ids[kind])))
    client = stand.world.client_for(NEIGHBOUR)
    for address in stand.addresses:
        if address.access.permission is None:
            continue
        if not _may(stand, address):
            continue
        answer = stand.open(client, address)
        if address.resource is not None and address.resource.kind == kind:
            if answer.status_code != NO_SUCH:
                yield (
                    f"{address.name} answers {answer.status_code} to a neighbour where {why}; "
                    "look the row up with visible(ctx, Model)"
                )
        elif title in text_of(answer):
            yield (
                f"{address.name} shows {kind} to a neighbour where {why}; "
                "filter with visible(ctx, Model)"
            )
    if title in stand.request(client, "/").get_data(as_text=True):
        yield f"a card at home shows {kind} to a neighbour where {why}"


def _may(stand: Stand, address: Address) -> bool:
    return stand.world.ctx_for(NEIGHBOUR).may(address.access.permission or "")


def _narrow(stand: Stand, kind: str, audience: str) -> bool:
    """Narrow the sample row; returns whether the plugin's table takes that audience."""
    resource = next(r for r in stand.plugin.contributions.resources if r.kind == kind)
    model = resource.model
    try:
        with transaction(stand.world.ctx_for(OWNER)):
            model.update(audience=audience).where(model.id == stand.ids[kind]).execute()
    except IntegrityError:
        return False
    return True


def pages_of(stand: Stand, kind: str) -> list[Address]:
    """Return the pages that show the sample row of ``kind`` itself."""
    return [
        a
        for a in stand.addresses
        if a.is_safe and a.is_of_row and a.resource is not None and a.resource.kind == kind
    ]


def _shared_with_region(stand: Stand, kind: str) -> bool:
    resource = next(r for r in stand.plugin.contributions.resources if r.kind == kind)
    row = resource.model.get_by_id(stand.ids[kind])
    return bool(row.audience == REGION and row.municipality.code == HERE)
