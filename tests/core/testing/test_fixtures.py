"""What the kit gives to the tests of a plugin beyond the world itself."""

from collections.abc import Callable, Mapping

from niwari.host.discovery import Found
from niwari.testing.world import World

OpenWorld = Callable[..., World]


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
