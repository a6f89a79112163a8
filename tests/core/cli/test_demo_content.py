"""What a demo is filled with: the content of each plugin that is ready and has any."""

from collections.abc import Callable, Mapping
from importlib import import_module

from niwari.db import transaction
from niwari.demo.loading import load_features
from niwari.host.discovery import Found
from niwari.testing.world import World


def test_one_plugin_has_none_another_is_not_ready_and_the_third_brings_its_own(
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
    crash: Callable[..., None],
) -> None:
    crash("declare")
    names = ("crasher", "dummy", "whisper")
    world = open_world([trial_plugins[name] for name in names])
    assert [world.host.is_ready(name) for name in names] == [False, True, True]
    with transaction(world.system_context()):
        load_features(world.host, world.ctx_for)
    whispers = import_module("niwari_whisper.models").Whisper
    (text,) = (row.text for row in whispers.select())
    assert text == "Coffee machine, 3F"
