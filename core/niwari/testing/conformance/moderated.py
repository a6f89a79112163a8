"""Rules about posts that are reported: each has a way to be, and what is held back is gone."""

from collections.abc import Iterator

from markupsafe import escape

from niwari.db import transaction
from niwari.directory.held import hold, release
from niwari.directory.linking import Ref, linked
from niwari.rest.things import things
from niwari.specs.contributions import Part, Resource
from niwari.testing.conformance.access import pages_of, tried
from niwari.testing.conformance.bench import NEIGHBOUR, OWNER, Address, Bench, Stand, text_of
from niwari.testing.conformance.rule import rule


@rule("Every row and every part below one can be reported on its page.")
def reportable(bench: Bench) -> Iterator[str]:
    """The page of each sample row, with a sample of each part, shows where to report them."""
    with bench.stand() as stand:
        for resource in stand.plugin.contributions.resources:
            row = stand.ids[resource.kind]
            posts = {resource.kind: row}
            posts |= {part.kind: _sample(stand, part, row) for part in resource.parts}
            for address in pages_of(stand, resource.kind):
                text = _text(stand, OWNER, address)
                for kind, id_ in posts.items():
                    if f'href="/moderation/report/{kind}/{id_}"' not in text:
                        yield (
                            f"{address.name} shows no way to report {kind}; write "
                            f'{{{{ ui.report_link("{kind}", …) }}}} beside it'
                        )


@rule("What moderators hold back is gone for everybody, and comes back.")
def held_back(bench: Bench) -> Iterator[str]:
    """Each sample row, then a sample of each part below it: pages, lists, links and the API."""
    with bench.stand() as stand:
        for resource in stand.plugin.contributions.resources:
            yield from _row_held(stand, resource)
            for part in resource.parts:
                yield from _part_held(stand, resource, part)


def _row_held(stand: Stand, resource: Resource) -> Iterator[str]:
    ref = Ref(resource.kind, stand.ids[resource.kind])
    ctx = stand.world.ctx_for(OWNER)
    with transaction(ctx):
        hold(ctx, ref.kind, ref.id)
    yield from tried(stand, resource.kind, "moderators hold it back")
    if linked(ctx, [ref])[ref].is_open:
        yield f"a link to {ref.kind} opens although moderators hold it back"
    if any(thing.id == ref.id for thing in things(ctx, ref.kind, None, 50)):
        yield f"the API hands out {ref.kind} although moderators hold it back"
    with transaction(ctx):
        release(ref.kind, ref.id)
    for address in pages_of(stand, resource.kind):
        status = stand.open(stand.world.client_for(OWNER), address).status_code
        if status != 200:
            yield f"{address.name} answers {status} after moderators released it"


def _part_held(stand: Stand, resource: Resource, part: Part) -> Iterator[str]:
    ctx = stand.world.ctx_for(OWNER)
    row = _sample(stand, part, stand.ids[resource.kind])
    words = str(escape(part.text(part.model.get_by_id(row)).splitlines()[0]))
    for is_held in (True, False):
        with transaction(ctx):
            if is_held:
                hold(ctx, part.kind, row)
            else:
                release(part.kind, row)
        for address in pages_of(stand, resource.kind):
            for login in (OWNER, NEIGHBOUR):
                text = _text(stand, login, address)
                if is_held and words in text:
                    yield (
                        f"{address.name} shows {part.kind} to {login} although moderators hold it "
                        "back; select is_held(Model) with it and show ui.held_post() in its place"
                    )
                if not is_held and login == OWNER and words not in text:
                    yield f"{address.name} does not show {part.kind} after moderators released it"


def _sample(stand: Stand, part: Part, row: int) -> int:
    return part.sample(stand.full_ctx(OWNER), row)


def _text(stand: Stand, login: str, address: Address) -> str:
    return text_of(stand.open(stand.world.client_for(login), address))
