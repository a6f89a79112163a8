"""What the kit gives to the tests of a plugin beyond the world itself."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

import click
import pytest

from niwari.admin.switching import Blocked
from niwari.clock import TOKYO
from niwari.db.counting import QueryLog
from niwari.host.discovery import Found
from niwari.host.settings import settings_of
from niwari.testing.workshop import Workshop
from niwari.testing.world import KORIYAMA, World

OpenWorld = Callable[..., World]
Queries = Callable[[], AbstractContextManager[QueryLog]]


def noted(world: World) -> None:
    (note,) = world.host.plugins["dummy"].contributions.resources
    note.sample(world.ctx_for("staff@koriyama"))


def test_what_was_published_is_in_the_outbox_as_its_own_type(
    open_world: OpenWorld, trial_plugins: Mapping[str, Found]
) -> None:
    world = open_world([trial_plugins["dummy"]])
    assert world.published() == []
    noted(world)
    (event,) = world.published()
    assert repr(event) == "NoteWritten(note_id=1, urgent=False)"


def test_what_was_published_is_delivered_once(
    open_world: OpenWorld, trial_plugins: Mapping[str, Found]
) -> None:
    world = open_world([trial_plugins["dummy"]])
    noted(world)
    assert world.deliver() == 1
    assert world.deliver() == 0


def test_the_fixtures_are_those_of_the_world(
    world: World, outbox: Callable[[], list[object]], deliver: Callable[[], int]
) -> None:
    assert outbox() == world.published() == []
    assert deliver() == 0


def test_settings_are_kept_as_the_person_does(
    open_world: OpenWorld, trial_plugins: Mapping[str, Found]
) -> None:
    world = open_world([trial_plugins["dummy"]])
    world.set_settings("it@koriyama", "dummy", days_kept=7, compact=True)
    values = settings_of(world.ctx_for("it@koriyama"), "dummy")
    assert (values["days_kept"], values["compact"]) == (7, True)
    assert settings_of(world.ctx_for("staff@koriyama"), "dummy")["compact"] is False


def test_settings_of_the_municipality_alone_cost_no_query(
    open_world: OpenWorld, trial_plugins: Mapping[str, Found], queries: Queries
) -> None:
    ctx = open_world([trial_plugins["dummy"]]).ctx_for("staff@koriyama")
    settings_of(ctx, "dummy", "municipality")
    with queries() as log:
        assert "compact" not in settings_of(ctx, "dummy", "municipality")
    assert len(log) == 0


def test_asking_to_switch_raises_what_is_in_the_way(
    open_world: OpenWorld, trial_plugins: Mapping[str, Found]
) -> None:
    world = open_world([trial_plugins["dummy"]])
    world.clock.set(datetime(2026, 12, 31, 9, tzinfo=TOKYO))
    with pytest.raises(Blocked, match="大みそか"):
        world.ask_to_switch(KORIYAMA, "dummy", on=False)
    world.switch(KORIYAMA, "dummy", on=False)


def test_a_command_is_run_and_says_what_it_printed(
    open_world: OpenWorld, trial_plugins: Mapping[str, Found]
) -> None:
    world = open_world([trial_plugins["dummy"]])
    assert world.command("dummy", "count", code=KORIYAMA) == "郡山市: 0 notes, asked by test\n"
    with pytest.raises(RuntimeError, match="on purpose"):
        world.command("dummy", "fail", code=KORIYAMA)


STOPPING = """
import click

@click.command()
@click.argument("how", type=click.Choice(["usage", "exit", "number"]))
@click.pass_context
def stop(click_ctx, how):
    \"\"\"Stop. Example: niwari stopping stop exit --municipality 072036\"\"\"
    if how == "usage":
        raise click.UsageError("not like that")
    if how == "exit":
        click_ctx.exit(3)
    click.echo("seven")
    return 7

@hookimpl
def commands():
    return [stop]
"""


@pytest.mark.parametrize(
    ("args", "error", "said"),
    [
        (["usage"], click.UsageError, "not like that"),
        (["elsewhere"], click.BadParameter, "elsewhere"),
        ([], click.MissingParameter, "HOW|how"),
        (["exit"], click.exceptions.Exit, "3"),
    ],
)
def test_what_click_raises_in_a_command_is_raised_too(
    open_world: OpenWorld,
    workshop: Workshop,
    args: list[str],
    error: type[Exception],
    said: str,
) -> None:
    world = open_world([workshop.make("stopping", STOPPING)])
    with pytest.raises(error, match=said):
        world.command("stopping", "stop", code=KORIYAMA, args=args)


def test_what_a_command_returns_is_no_exit(open_world: OpenWorld, workshop: Workshop) -> None:
    world = open_world([workshop.make("stopping", STOPPING)])
    said = world.command("stopping", "stop", code=KORIYAMA, args=["number"])
    assert said == "seven\n"


def test_after_a_page_the_tests_connection_is_there(
    open_world: OpenWorld, trial_plugins: Mapping[str, Found]
) -> None:
    world = open_world([trial_plugins["dummy"]])
    ctx = world.ctx_for("staff@koriyama")
    world.client_for("staff@koriyama").get("/dummy/")
    assert ctx.service("dummy", 1).count() == 0
