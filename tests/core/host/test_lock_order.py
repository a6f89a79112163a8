"""Who locks the same rows takes them in the same order, so that no two wait for each other.

On SQLite there is one writer at a time; there the tests show that both come to their end.
"""

import threading
from collections.abc import Callable

import pytest

from niwari.admin import purging, switching
from niwari.context import Context
from niwari.db import connection, database, is_postgresql, transaction
from niwari.directory.models import Municipality
from niwari.host.enablement import bump_revision, enablements, hold, withdraw
from niwari.host.models import Quarantine, RolePermission
from niwari.host.quarantine import Failed, begin_trial, end_quarantine, record_failure
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World

HERE = "staff@koriyama"
PARTS = ("card first", "card second")


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher and the neighbour, on everywhere; two cards are to be tried."""
    ctx = crashers.ctx_for(HERE)
    for surface in PARTS:
        failed = Failed(
            "crasher", surface, ctx.municipality.id, None, crashers.clock(), "number", "Crash"
        )
        assert [record_failure(failed) for _ in range(5)][-1]
    crashers.clock.advance(minutes=5)
    return crashers


def wait_until_somebody_waits() -> None:
    """Return once somebody waits for a lock; on SQLite, where nobody can see that, at once."""
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
    assert not is_postgresql() or any(
        database.execute_sql(waiting).fetchone() for _ in range(1_000_000)
    )


def one_after_the_other(
    ctx: Context,
    take: Callable[[], object],
    go_on: Callable[[], object],
    other: Callable[[], object],
) -> None:
    """In one transaction take something, let ``other`` come and wait for it elsewhere, and go on.

    Raises what either of them raised.
    """
    raised: list[BaseException] = []

    def come() -> None:
        try:
            with connection():
                other()
        except BaseException as error:  # raised in the test's own thread
            raised.append(error)

    coming = threading.Thread(target=come)
    try:
        with transaction(ctx):
            take()
            coming.start()
            wait_until_somebody_waits()
            go_on()
    finally:
        coming.join(timeout=60)
    if raised:
        raise raised[0]


def test_municipal_it_lights_all_parts_while_a_trial_of_one_of_them_succeeds(world: World) -> None:
    ctx = world.ctx_for(HERE)
    trial = (ctx.municipality.id, "crasher", PARTS[1], ctx.now)
    parts: list[int] = []
    one_after_the_other(
        ctx,
        take=lambda: begin_trial(*trial),
        go_on=lambda: end_quarantine(*trial),
        other=lambda: parts.append(switching.try_again(ctx, "crasher")),
    )
    assert parts == [1]
    assert Quarantine.select().where(Quarantine.closed_at.is_null()).count() == 0


def test_a_purge_waits_for_whoever_switches_in_a_municipality(world: World) -> None:
    for code in (KORIYAMA, SUKAGAWA, MIHARU):
        world.switch(code, "crasher", on=False)
    ctx = world.ctx_for(HERE)
    town = ctx.municipality.id
    one_after_the_other(
        ctx,
        take=lambda: hold(town),
        go_on=lambda: withdraw(ctx, town, "crasher", withdrawn=True),
        other=lambda: purging.purge(
            ctx, world.dispatcher, "crasher", typed="crasher", save=lambda kept: None
        ),
    )
    assert "crasher" not in enablements(town)


def test_a_purge_waits_for_a_trial_that_is_about_to_succeed(world: World) -> None:
    for code in (KORIYAMA, SUKAGAWA, MIHARU):
        world.switch(code, "crasher", on=False)
    ctx = world.ctx_for(HERE)
    trial = (ctx.municipality.id, "crasher", PARTS[0], ctx.now)
    one_after_the_other(
        ctx,
        take=lambda: begin_trial(*trial),
        go_on=lambda: end_quarantine(*trial),
        other=lambda: purging.purge(
            ctx, world.dispatcher, "crasher", typed="crasher", save=lambda kept: None
        ),
    )
    assert Quarantine.select().count() == 0


def test_a_purge_waits_for_a_town_that_decides_who_may_what_and_never_switched_it(
    world: World,
) -> None:
    for code in (KORIYAMA, SUKAGAWA, MIHARU):
        world.switch(code, "crasher", on=False)
    town = Municipality.insert(
        code="073016", name="桑折町", kana="こおりまち", kind="town"
    ).execute()
    ctx = world.ctx_for(HERE)
    decided = {"municipality_id": town, "role": "hr", "permission": "crasher.read"}
    one_after_the_other(
        ctx,
        take=lambda: RolePermission.insert(**decided, is_given=True, changed_at=ctx.now).execute(),
        go_on=lambda: bump_revision(town),
        other=lambda: purging.purge(
            ctx, world.dispatcher, "crasher", typed="crasher", save=lambda kept: None
        ),
    )
    assert RolePermission.select().count() == 0
