"""A rule about what is removed when a municipality has kept it long enough."""

from collections.abc import Iterator
from datetime import date

from niwari.context import Context
from niwari.db import transaction
from niwari.specs.contributions import Receipt
from niwari.testing.conformance.bench import NEIGHBOUR, OWNER, Bench, Stand
from niwari.testing.conformance.rule import rule

_MOST_ROUNDS = 100
_LATER = 40


@rule(
    "What is old is disposed of until nothing is left to do; what is new, or a neighbour's, stays."
)
def disposal(bench: Bench) -> Iterator[str]:
    """For each key in the manifest: with today as the first day kept, then with one in forty years."""
    with bench.stand() as stand:
        manifest = stand.plugin.manifest
        keys = [data.key for data in manifest.personal_data if data.key] if manifest else []
        if not keys and stand.world.host.implementation("dispose_data", stand.plugin.name):
            yield (
                "the hook dispose_data is never called: no [[personal_data]] of plugin.toml has a "
                "key; give one to each category that can be disposed of"
            )
        here, there = stand.world.ctx_for(OWNER), stand.world.ctx_for(NEIGHBOUR)
        neighbours = stand.sample(NEIGHBOUR)
        later = date(here.today.year + _LATER, 1, 1)
        removed = 0
        for key in keys:
            if _counted(_asked(stand, here, key, here.today)):
                yield f"dispose_data of {key!r} removes rows of today although today is kept"
            for _round in range(_MOST_ROUNDS):
                receipt = _asked(stand, here, key, later)
                if not _counted(receipt):
                    break
                removed += _counted(receipt)
            else:
                yield (
                    f"dispose_data of {key!r} still removes after {_MOST_ROUNDS} calls; "
                    "answer with nothing once nothing is left to do"
                )
        if keys and stand.ids and not removed:
            yield "dispose_data removes nothing, however old it is"
        for kind in _gone(stand, there, neighbours):
            yield f"dispose_data of one municipality removes {kind} of another"


def _asked(stand: Stand, ctx: Context, key: str, before: date) -> Receipt:
    dispatcher = stand.world.dispatcher
    with transaction(ctx):
        outcome = dispatcher.call_one(
            "dispose_data", ctx, stand.plugin.name, category=key, before=before
        )
    if outcome is None or outcome.error is not None:
        raise outcome.error if outcome and outcome.error else LookupError("dispose_data")
    value: Receipt = outcome.value
    return value


def _counted(receipt: Receipt) -> int:
    return receipt.erased + receipt.redacted


def _gone(stand: Stand, ctx: Context, rows: dict[str, int]) -> Iterator[str]:
    for resource in stand.plugin.contributions.resources:
        model = resource.model
        if not model.select().where(model.id == rows[resource.kind]).exists():
            yield resource.kind
