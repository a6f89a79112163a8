"""Rules about what is offered in the catalogue: to whom, as wanted, and nowhere else."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from peewee import IntegrityError

from niwari.db import transaction
from niwari.db.counting import counted_queries
from niwari.directory.audience import MUNICIPALITY, REGION
from niwari.host.enablement import withdraw
from niwari.specs.contributions import Mode, Offer, Verb, Wanted
from niwari.testing.conformance.bench import EVERYBODY, HERE, NEIGHBOUR, OWNER, Bench, Stand
from niwari.testing.conformance.rule import rule
from niwari.testing.plugin import START

_MOST = 50


@rule("Each offer is a row of its own, opens for whom it is offered, and fits what is wanted.")
def offers(bench: Bench) -> Iterator[str]:
    """The offers of the sample rows, for each role and a neighbour, with each filter in turn."""
    with bench.stand() as stand:
        kinds = {resource.kind for resource in stand.plugin.contributions.resources}
        for login in (*EVERYBODY, NEIGHBOUR):
            found = asked(stand, login, Wanted(_MOST))
            if isinstance(found, str):
                yield found
                continue
            client = stand.world.client_for(login)
            for offer in found:
                if offer.kind not in kinds:
                    yield f"{offer.name} is offered, but {offer.kind!r} is no Resource of the plugin"
                    continue
                status = stand.request(client, f"/catalogue/{offer.kind}/{offer.id}").status_code
                if status != 200:
                    yield f"the page of the offer {offer.name} answers {status} to {login}"
        yield from _unwanted(stand)
        yield from _cost(stand)


def _unwanted(stand: Stand) -> Iterator[str]:
    found = asked(stand, OWNER, Wanted(_MOST))
    for offer in found if not isinstance(found, str) else ():
        for why, wanted in _others(offer):
            again = asked(stand, OWNER, wanted)
            if not isinstance(again, str) and any(one.name == offer.name for one in again):
                yield f"{offer.name} is offered although {why} is wanted; ask your table so"
        alone = asked(stand, OWNER, Wanted(1, only=(offer.kind, offer.id)))
        if isinstance(alone, str) or [one.name for one in alone] != [offer.name]:
            yield f"{offer.name} is not returned when it is asked for alone (wanted.only)"
        on = asked(stand, OWNER, Wanted(_MOST, after=(offer.starts_at, offer.id)))
        if isinstance(on, str) or offer.name not in {one.name for one in on}:
            yield f"{offer.name} is not returned on the page that begins with it (wanted.after)"


def _others(offer: Offer) -> Iterator[tuple[str, Wanted]]:
    """Yield what is wanted by somebody for whom ``offer`` is nothing."""
    every = Wanted(_MOST)
    yield from (("another verb", replace(every, verb=v)) for v in Verb if v is not offer.verb)
    yield "another municipality", replace(every, municipality_id=offer.municipality_id + 1_000_000)
    yield from (
        (f"the mode {mode}", replace(every, mode=mode)) for mode in Mode if mode not in offer.modes
    )
    if offer.starts_at is not None and offer.starts_on is not None:
        day = timedelta(days=1)
        yield "a later day", replace(every, first=offer.starts_on + day)
        yield "an earlier day", replace(every, last=offer.starts_on - day)
        yield "what has no time", replace(every, after=(None, 1))
    else:
        yield "a day", replace(every, first=START.date())
        yield "what has a time", replace(every, after=(START, 1))
    yield "what comes after it", replace(every, after=(offer.starts_at, offer.id + 1))
    if offer.takes > 1:
        yield "a shorter one", replace(every, most_minutes=offer.takes - 1)


def _cost(stand: Stand) -> Iterator[str]:
    for _ in range(2):
        stand.sample()
    found = asked(stand, OWNER, Wanted(1))
    if not isinstance(found, str) and len(found) > 1:
        yield f"hook offers returned {len(found)} offers where wanted.most is 1"
    ctx, wanted = stand.world.ctx_for(OWNER), Wanted(_MOST)
    with counted_queries() as log:
        stand.world.dispatcher.call_one("offers", ctx, stand.plugin.name, wanted=wanted)
    if len(log) > 1:
        yield f"hook offers costs {len(log)} queries; 1 is the most"


@rule("What is narrowed, withdrawn or off is not offered elsewhere, and nothing where it is off.")
def offers_elsewhere(bench: Bench) -> Iterator[str]:
    """A neighbour asks for the offers of the owner's sample rows, as each of these holds."""
    with bench.stand() as stand:
        ctx = stand.world.ctx_for(OWNER)
        name = stand.plugin.name
        withdraw(ctx, ctx.municipality.id, name, withdrawn=True)
        yield from _seen_beside(stand, "its municipality withdrew it")
        withdraw(ctx, ctx.municipality.id, name, withdrawn=False)
        _share(stand, MUNICIPALITY)
        yield from _seen_beside(stand, "the audience is municipality")
        _share(stand, REGION)
        own = asked(stand, OWNER, Wanted(_MOST))
        stand.world.switch(HERE, name, on=False)
        yield from _seen_beside(stand, "its municipality has the plugin off")
        page = stand.request(stand.world.client_for(OWNER), "/catalogue/").get_data(as_text=True)
        if not isinstance(own, str) and any(offer.title in page for offer in own):
            yield "the catalogue shows its offers where it is off"


def _seen_beside(stand: Stand, why: str) -> Iterator[str]:
    found = asked(stand, NEIGHBOUR, Wanted(_MOST))
    for offer in found if not isinstance(found, str) else ():
        if stand.ids.get(offer.kind) == offer.id:
            yield (
                f"{offer.name} is offered to a neighbour where {why}; filter with "
                "visible(ctx, Model) and not_paused(Model)"
            )


def _share(stand: Stand, audience: str) -> None:
    """Let the sample rows be for ``audience``, but those of a table that does not take it."""
    for resource in stand.plugin.contributions.resources:
        model = resource.model
        row = model.id == stand.ids[resource.kind]
        with suppress(IntegrityError), transaction(stand.world.ctx_for(OWNER)):
            model.update(audience=audience).where(row).execute()


def asked(stand: Stand, login: str, wanted: Wanted) -> tuple[Offer, ...] | str:
    """Return what is offered to somebody, or what is wrong with asking."""
    ctx = stand.world.ctx_for(login)
    outcome = stand.world.dispatcher.call_one("offers", ctx, stand.plugin.name, wanted=wanted)
    if outcome is None:
        return ()
    if outcome.error is not None:
        return f"hook offers failed for {login}: {outcome.error!r}"
    return tuple(outcome.value)
