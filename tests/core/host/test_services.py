"""Services: what one plugin does for another, or ``None``; its failures are its own."""

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from peewee import PeeweeException

from niwari.db import database, transaction
from niwari.host.discovery import Found
from niwari.host.models import Failure, Quarantine
from niwari.testing.workshop import MANIFEST, Workshop
from niwari.testing.world import KORIYAMA, World

HERE, NEXT_DOOR = "staff@koriyama", "staff@sukagawa"

CALLER = """
blueprint = Blueprint("caller", __name__)

@hookimpl
def permissions():
    return [Permission("caller.read", Label("読む", "Read"), ("staff",))]

@hookimpl
def routes():
    return [blueprint]

@blueprint.get("/", permission="caller.read")
def page():
    service = current_context().service("crasher", 1)
    return "off" if service is None else f"{service.pieces()} pieces"

@blueprint.get("/undone", permission="caller.read")
def undone():
    ctx = current_context()
    with transaction(ctx):
        return str(ctx.service("crasher", 1).pieces())
"""


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher and the neighbour, on everywhere."""
    return crashers


def pieces(world: World, login: str = HERE) -> int | None:
    """Ask the crasher's service as a person's request does."""
    service = world.ctx_for(login).service("crasher", 1)
    return None if service is None else int(service.pieces())


def leave_shard() -> None:
    database.execute_sql("INSERT INTO crasher_shard DEFAULT VALUES")


def failures() -> list[tuple[str, str]]:
    database.connect(reuse_if_open=True)
    return [(row.plugin, row.surface) for row in Failure.select().order_by(Failure.id)]


# -- there or not ---------------------------------------------------------------------------------


def test_a_service_of_a_plugin_that_is_on_is_handed_out(world: World) -> None:
    leave_shard()
    assert pieces(world) == 1


@pytest.mark.parametrize(
    ("name", "version"), [("crasher", 2), ("neighbour", 1), ("nobody", 1), ("ledger", 1), ("", 1)]
)
def test_another_version_or_an_unknown_name_is_none(world: World, name: str, version: int) -> None:
    assert world.ctx_for(HERE).service(name, version) is None


def test_where_the_plugin_is_off_its_service_is_none_there_alone(world: World) -> None:
    world.switch(KORIYAMA, "crasher", on=False)
    assert pieces(world) is None
    assert pieces(world, NEXT_DOOR) == 0


def test_a_plugin_that_waits_for_its_migrations_offers_none(
    open_world: Callable[..., World], trial_plugins: Mapping[str, Found]
) -> None:
    world = open_world([trial_plugins["crasher"]], migrated=False)
    assert world.ctx_for(HERE).service("crasher", 1) is None


def test_a_service_that_cannot_be_made_is_none_and_counts_against_its_plugin(
    world: World, crash: Callable[..., None]
) -> None:
    crash("service")
    assert pieces(world) is None
    assert failures() == [("crasher", "service")]


def test_what_making_a_service_wrote_before_it_failed_is_undone_alone(
    world: World, crash: Callable[..., None]
) -> None:
    crash("service")
    ctx = world.ctx_for(HERE)
    with transaction(ctx):
        leave_shard()
        assert ctx.service("crasher", 1) is None
    crash()
    assert pieces(world) == 1
    assert failures() == []
    world.anonymous().get("/sign-in")  # the end of any request writes what waited
    assert failures() == [("crasher", "service")]


# -- whose failure it is --------------------------------------------------------------------------


@pytest.fixture
def calling(
    workshop: Workshop,
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
    crash: Callable[..., None],
) -> World:
    """A world with a plugin that calls the crasher's service, and the crasher."""
    crash()
    manifest = MANIFEST.format(name="caller") + 'uses = ["crasher"]\n'
    caller = workshop.make("caller", textwrap.dedent(CALLER), manifest=manifest)
    return open_world([caller, trial_plugins["crasher"]])


@pytest.mark.parametrize("address", ["/caller/", "/caller/undone"])
def test_a_failing_method_counts_against_who_offers_it_and_not_against_who_calls(
    calling: World, crash: Callable[..., None], address: str
) -> None:
    crash("method")
    client = calling.client_for(HERE)
    assert [client.get(address).status_code for _ in range(2)] == [500, 500]
    assert failures() == [("crasher", "service")] * 2


def test_after_five_failures_the_service_is_none_and_the_callers_page_goes_on_without_it(
    calling: World, crash: Callable[..., None]
) -> None:
    crash("method")
    client = calling.client_for(HERE)
    for _ in range(5):
        assert client.get("/caller/").status_code == 500
    page = client.get("/caller/")
    assert (page.status_code, page.get_data(as_text=True)) == (200, "off")
    crash()
    assert pieces(calling, NEXT_DOOR) == 0


def test_a_method_that_would_end_the_process_counts_against_its_plugin_alone(
    workshop: Workshop, open_world: Callable[..., World], trial_plugins: Mapping[str, Found]
) -> None:
    manifest = MANIFEST.format(name="caller") + 'uses = ["exiting"]\n'
    caller = workshop.make(
        "caller", textwrap.dedent(CALLER).replace('"crasher", 1', '"exiting", 1'), manifest=manifest
    )
    exiting = workshop.make(
        "exiting",
        """
        from niwari_exiting.contract import Exiting

        class Exit:
            def pieces(self):
                raise SystemExit(3)

        @hookimpl
        def services():
            return [Service(1, Exiting, lambda ctx: Exit())]
        """,
        files={"contract.py": "from typing import Protocol\nclass Exiting(Protocol): ...\n"},
    )
    world = open_world([caller, exiting])
    assert world.client_for(HERE).get("/caller/").status_code == 500
    assert failures() == [("exiting", "service")]


def test_a_rule_that_says_no_reaches_the_caller_and_counts_against_nobody(
    workshop: Workshop, open_world: Callable[..., World]
) -> None:
    strict = workshop.make(
        "strict",
        """
        from niwari_strict.contract import Strict

        class Rules:
            limit = 3
            def ask(self):
                raise Invalid("だめです。")

        @hookimpl
        def services():
            return [Service(1, Strict, lambda ctx: Rules())]
        """,
        files={"contract.py": "from typing import Protocol\nclass Strict(Protocol): ...\n"},
    )
    service = open_world([strict]).ctx_for(HERE).service("strict", 1)
    with pytest.raises(Exception, match="だめです。"):
        service.ask()
    assert service.limit == 3
    assert failures() == []


# -- inside a transaction -------------------------------------------------------------------------


@pytest.fixture
def half(
    workshop: Workshop, open_world: Callable[..., World], trial_plugins: Mapping[str, Found]
) -> World:
    """A world with the crasher and a service that does what it is told and then fails."""
    plugin = workshop.make(
        "half",
        """
        from niwari_half.contract import Half

        class Halves:
            def do(self, act):
                act()
                raise LookupError

        @hookimpl
        def services():
            return [Service(1, Half, lambda ctx: Halves())]
        """,
        files={"contract.py": "from typing import Protocol\nclass Half(Protocol): ...\n"},
    )
    return open_world([plugin, trial_plugins["crasher"]])


def refused_statement() -> None:
    database.execute_sql("INSERT INTO crasher_nothing DEFAULT VALUES")


@pytest.mark.parametrize("act", [leave_shard, refused_statement])
def test_a_caller_that_goes_on_after_a_failing_method_commits_nothing_half_done(
    half: World, act: Callable[[], None]
) -> None:
    ctx = half.ctx_for(HERE)
    service = ctx.service("half", 1)
    with transaction(ctx):
        leave_shard()
        with pytest.raises((LookupError, PeeweeException)):
            service.do(act)
        leave_shard()
    assert pieces(half) == 2


# -- quarantine -----------------------------------------------------------------------------------


def darken(world: World, crash: Callable[..., None]) -> None:
    crash("method")
    for _ in range(5):
        with pytest.raises(RuntimeError, match="on purpose at method"):
            pieces(world)
    crash()


def test_a_service_in_quarantine_is_none(world: World, crash: Callable[..., None]) -> None:
    darken(world, crash)
    assert pieces(world) is None


def test_after_a_while_a_call_that_works_brings_it_back(
    world: World, crash: Callable[..., None]
) -> None:
    darken(world, crash)
    world.clock.advance(minutes=5)
    assert [pieces(world), pieces(world)] == [0, 0]


def test_that_it_can_be_made_does_not_end_the_quarantine_of_a_service_whose_calls_fail(
    world: World, crash: Callable[..., None]
) -> None:
    darken(world, crash)
    world.clock.advance(minutes=5)
    crash("method")
    with pytest.raises(RuntimeError, match="on purpose at method"):
        pieces(world)
    assert pieces(world) is None
    assert Quarantine.get().delay_minutes == 10


def test_while_one_tries_it_the_others_go_on_without_it(
    world: World, crash: Callable[..., None]
) -> None:
    darken(world, crash)
    world.clock.advance(minutes=5)
    trying: Any = world.ctx_for(HERE).service("crasher", 1)
    assert pieces(world) is None
    assert trying.pieces() == 0
    assert pieces(world) == 0
