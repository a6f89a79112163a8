"""Rules about a plugin that is off: dark on every surface at home, readable but closed elsewhere."""

from collections.abc import Iterator

from niwari.directory.audience import REGION
from niwari.host.dispatch import contained
from niwari.testing.conformance.bench import (
    HERE,
    NEIGHBOUR,
    OWNER,
    Bench,
    Stand,
    text_of,
)
from niwari.testing.conformance.rule import rule

NO_SUCH = 404


@rule("Where it is off, every route is 404 and neither menu nor home shows anything of it.")
def switched_off(bench: Bench) -> Iterator[str]:
    """Switched off at the owner's: routes, menu, cards and own settings."""
    with bench.stand() as stand:
        label = stand.plugin.manifest.label.ja if stand.plugin.manifest else stand.plugin.name
        stand.world.switch(HERE, stand.plugin.name, on=False)
        client = stand.world.client_for(OWNER)
        for address in stand.addresses:
            status = stand.open(client, address).status_code
            if status != NO_SUCH:
                yield f"{address.name} answers {status} where the plugin is off"
        own = stand.request(client, f"/admin/my/{stand.plugin.name}").status_code
        if own != NO_SUCH:
            yield f"the page of own settings answers {own} where the plugin is off"
        home = stand.request(client, "/").get_data(as_text=True)
        if f'href="{stand.plugin.url_prefix}' in home:
            yield f"home leads to {stand.plugin.url_prefix} where {label} is off"


@rule("Rows shared before stay readable elsewhere, are marked as paused, and take no replies.")
def paused_elsewhere(bench: Bench) -> Iterator[str]:
    """Switched off at the owner's; the neighbour, where it is on, opens the rows."""
    with bench.stand() as stand:
        client = stand.world.client_for(NEIGHBOUR)
        typed = stand.filled(client)
        stand.world.switch(HERE, stand.plugin.name, on=False)
        for address in stand.addresses:
            if address.resource is None or not _region_row(stand, address.resource.kind):
                continue
            if not stand.world.ctx_for(NEIGHBOUR).may(address.access.permission or ""):
                continue
            answer = stand.open(client, address)
            if not address.is_safe and address.path in typed:
                answer = stand.request(client, address.path, "POST", typed[address.path])
            status = answer.status_code
            if not address.is_safe and status < 400:
                yield (
                    f"{address.name} answers {status} although the row's municipality has the "
                    "plugin off; ask active(owner, name) in the service"
                )
            shows = address.is_of_row
            if address.is_safe and shows:
                text = text_of(answer)
                if status != 200:
                    yield f"{address.name} answers {status} where only the owner has it off"
                elif "休止中" not in text:
                    yield (
                        f"{address.name} does not say 「この市町村では休止中」 of a row whose "
                        "municipality has the plugin off"
                    )


@rule(
    "Its services offer what their Protocol says, and it can be asked whether it may be switched."
)
def answers(bench: Bench) -> Iterator[str]:
    """Each service is made; can_enable and can_disable are asked. Nothing else of them is called."""
    with bench.stand() as stand:
        ctx = stand.world.ctx_for(OWNER)
        for service in stand.plugin.contributions.services:
            name = f"service {service.protocol.__name__} {service.version}"
            made, error, _micros = contained(service.factory, ctx)
            if error is not None:
                yield f"{name} cannot be made: {error!r}"
                continue
            promised = {*vars(service.protocol), *service.protocol.__annotations__}
            for member in sorted(member for member in promised if not member.startswith("_")):
                if not hasattr(made, member):
                    yield f"{name} has no {member!r}, which its Protocol promises"
        for hook in ("can_enable", "can_disable"):
            asked = stand.world.dispatcher.call_one(hook, ctx, stand.plugin.name)
            if asked is not None and asked.error is not None:
                yield f"hook {hook} failed: {asked.error!r}"


def _region_row(stand: Stand, kind: str) -> bool:
    resource = next(r for r in stand.plugin.contributions.resources if r.kind == kind)
    return bool(resource.model.get_by_id(stand.ids[kind]).audience == REGION)
