"""The rule about hosts: they say who was there, and nobody else does."""

from collections.abc import Iterator

from niwari.specs.contributions import Resource
from niwari.testing.conformance.bench import NEIGHBOUR, OWNER, Bench, Stand
from niwari.testing.conformance.rule import rule


@rule("Whoever hosts what people join can say who was there, and a neighbour cannot.")
def hosting(bench: Bench) -> Iterator[str]:
    """The page 出席の確認 of each sample row with ``hold``, by whoever made it and by a neighbour."""
    with bench.stand() as stand:
        for resource in stand.plugin.contributions.resources:
            if resource.hold is not None and (resource.hosts or resource.author):
                yield from _asked(stand, resource)


def _asked(stand: Stand, resource: Resource) -> Iterator[str]:
    address = f"/ledger/attendance/{resource.kind}/{stand.ids[resource.kind]}"
    for login, expected in ((OWNER, 200), (NEIGHBOUR, 404)):
        status = stand.request(stand.world.client_for(login), address).status_code
        if status != expected:
            yield (
                f"{resource.kind}: the page on which hosts say who was there answers {status} to {login}; "
                "hosts gets the context and the row, and is true for those alone who host it"
            )
