"""Every surface of a plugin is lit where it is on and dark where it is off; a row for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from niwari.cli import main
from niwari.db import database
from niwari.directory.enabling import switch
from niwari.directory.linking import Ref, linked
from niwari.events.models import Delivery
from niwari.events.service import deliver_due
from niwari.host.discovery import Found
from niwari.host.town_state import PAUSED
from niwari.specs import FAMILIES
from niwari.testing.workshop import Workshop
from niwari.testing.world import KORIYAMA, SUKAGAWA, World

OWNER = "staff@koriyama"


@dataclass
class Town:
    """郡山市 with the dummy in it, and a note that somebody wrote while it was on."""

    world: World
    note: int

    def page(self, path: str) -> str:
        """Return what a page says to a member of staff; its status where it is not 200."""
        answer = self.world.client_for(OWNER).get(path)
        database.connect(reuse_if_open=True)
        return (
            answer.get_data(as_text=True) if answer.status_code == 200 else str(answer.status_code)
        )


def route(town: Town) -> bool:
    return "会議室の鍵" in town.page("/dummy/")


def unsafe_route(town: Town) -> bool:
    client = town.world.client_for(OWNER)
    token = client.token_at("/")
    answer = client.post(
        "/dummy/new", data={"csrf_token": token, "title": "x", "form_key": str(uuid4())}
    )
    database.connect(reuse_if_open=True)
    return answer.status_code == 303


def public_route(town: Town) -> bool:
    return "open from 8:30" in town.page("/dummy/hours")


def navigation(town: Town) -> bool:
    return 'href="/dummy/"' in town.page("/ledger/")


def card(town: Town) -> bool:
    return "新しい伝言" in town.page("/")


def own_settings(town: Town) -> bool:
    return "詰めて表示する" in town.page("/admin/my/dummy")


def own_settings_in_the_menu(town: Town) -> bool:
    return "/admin/my/dummy" in town.page("/ledger/")


def activity(town: Town) -> bool:
    return 'value="dummy"' in town.page("/ledger/requests/new")


def service(town: Town) -> bool:
    return town.world.ctx_for(OWNER).service("dummy", 1) is not None


def link(town: Town) -> bool:
    ref = Ref("dummy.note", town.note)
    return linked(town.world.ctx_for(OWNER), [ref])[ref].is_open


def handler(town: Town) -> bool:
    """The delivery of an event from before."""
    Delivery.update(state="pending", ended_at=None).execute()
    deliver_due(town.world.clock())
    return {row.state for row in Delivery.select()} == {"done"}


def command(town: Town) -> bool:
    done = CliRunner().invoke(main, ["dummy", "count", "--municipality", KORIYAMA])
    database.connect(reuse_if_open=True)
    return "notes, asked by niwari dummy count" in done.output


SURFACES: Mapping[str, Callable[[Town], bool]] = {
    "routes": route,
    "routes, unsafe": unsafe_route,
    "routes, public": public_route,
    "navigation": navigation,
    "cards": card,
    "settings": own_settings,
    "settings, menu": own_settings_in_the_menu,
    "activities": activity,
    "services": service,
    "resources": link,
    "subscriptions": handler,
    "commands": command,
}
NO_SURFACE = {
    "permissions": "opens nothing by itself",
    "models": "rows stay",
    "migrations": "tables stay",
    "events": "happen by what is a surface itself",
    "export_data": "also what is off can be handed out",
    "erase_data": "also what is off can be erased",
    "can_enable": "asked where it is off",
    "enabled": "told where it is off",
    "can_disable": "asked where it is on",
    "disabled": "told where it is on",
    "upgraded": "see test_upgrading: only towns that have it on",
}


@pytest.fixture
def town(
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
    workshop: Workshop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Town:
    """The dummy is on in all three towns and installed for ``niwari`` too."""
    workshop.install("dummy")
    world = open_world([trial_plugins["dummy"]])
    monkeypatch.setenv("NIWARI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NIWARI_DATABASE_URL", world.settings.database_url)
    (note,) = world.host.plugins["dummy"].contributions.resources
    return Town(world, note.sample(world.ctx_for(OWNER)))


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_it_is_lit_where_the_plugin_is_on_and_dark_where_it_is_off(
    town: Town, surface: Callable[[Town], bool]
) -> None:
    assert surface(town)
    town.world.switch(KORIYAMA, "dummy", on=False)
    assert not surface(town)
    town.world.switch(KORIYAMA, "dummy", on=True)
    assert surface(town)


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_it_is_dark_where_the_plugin_is_paused(town: Town, surface: Callable[[Town], bool]) -> None:
    ctx = replace(town.world.ctx_for(OWNER), appointment=None, actor="test")
    switch(ctx, ctx.municipality.id, "dummy", PAUSED)
    assert not surface(town)


def test_switched_off_elsewhere_it_stays_lit_here(town: Town) -> None:
    town.world.switch(SUKAGAWA, "dummy", on=False)
    dark = [name for name, surface in SURFACES.items() if not surface(town)]
    assert dark == []


def test_every_hook_has_a_row_or_says_why_it_has_none() -> None:
    hooks = {name for family in FAMILIES for name in vars(family) if _is_hook(family, name)}
    assert hooks == {name.split(",")[0] for name in SURFACES} | set(NO_SURFACE)


def test_the_dummy_uses_every_hook(town: Town) -> None:
    hooks = {name for family in FAMILIES for name in vars(family) if _is_hook(family, name)}
    unused = [n for n in hooks if town.world.host.implementation(n, "dummy") is None]
    assert unused == []


def _is_hook(family: object, name: str) -> bool:
    return hasattr(getattr(family, name), "niwari_spec")
