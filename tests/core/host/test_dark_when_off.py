"""Every surface of a plugin is lit where it is on and dark where it is off; a row for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from uuid import uuid4

import pytest
from click.testing import CliRunner

from niwari.calendar.feeds import make_feed
from niwari.cli import main
from niwari.db import database, transaction
from niwari.directory.enabling import switch
from niwari.directory.linking import Ref, linked
from niwari.events.models import Delivery
from niwari.events.service import deliver_due
from niwari.files.service import attach
from niwari.files.uploads import NewFile, keep_uploads
from niwari.host.discovery import Found
from niwari.host.town_state import PAUSED
from niwari.jobs.later import later
from niwari.jobs.models import JobRun, TaskRow
from niwari.notices.outbox import notify
from niwari.specs import FAMILIES
from niwari.testing.workshop import Workshop
from niwari.testing.world import KORIYAMA, SUKAGAWA, World

OWNER = "staff@koriyama"


@dataclass
class Town:
    """郡山市 with the dummy in it, and a note that somebody wrote while it was on."""

    world: World
    note: int
    file: int

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


def offer(town: Town) -> bool:
    return "会議室の鍵" in town.page("/catalogue/")


def offer_page(town: Town) -> bool:
    return "参加したい" in town.page(f"/catalogue/dummy.note/{town.note}")


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


def search_page(town: Town) -> bool:
    town.world.index()
    return f"/dummy/{town.note}" in town.page("/search?q=会議室の鍵")


def search_filter(town: Town) -> bool:
    return 'value="dummy"' in town.page("/search")


def calendar_page(town: Town) -> bool:
    town.world.index()
    return f'href="/dummy/{town.note}"' in town.page("/calendar/week")


def calendar_filter(town: Town) -> bool:
    return 'value="dummy"' in town.page("/calendar/")


def calendar_file(town: Town) -> bool:
    return "BEGIN:VEVENT" in town.page(f"/calendar/rows/dummy.note/{town.note}.ics")


def calendar_feed(town: Town) -> bool:
    town.world.index()
    secret = make_feed(town.world.ctx_for(OWNER))
    answer = town.world.anonymous().get(f"/calendar/feed.ics?key={secret}")
    return "BEGIN:VEVENT" in answer.get_data(as_text=True)


def attachment(town: Town) -> bool:
    """A file of the note."""
    with town.world.client_for(OWNER).get(f"/files/{town.file}") as answer:
        return answer.status_code == 200


def handler(town: Town) -> bool:
    """The delivery of an event from before."""
    Delivery.update(state="pending", ended_at=None).execute()
    deliver_due(town.world.clock())
    return {row.state for row in Delivery.select()} == {"done"}


def notice(town: Town) -> bool:
    """A notice from before."""
    return "に返事がつきました" in town.page("/notices/")


def notice_in_the_menu(town: Town) -> bool:
    return 'href="/notices/">お知らせ <strong>1<' in town.page("/ledger/")


def notice_settings(town: Town) -> bool:
    return "自分の伝言に返事がついたとき" in town.page("/notices/settings")


def command(town: Town) -> bool:
    done = CliRunner().invoke(main, ["dummy", "count", "--municipality", KORIYAMA])
    database.connect(reuse_if_open=True)
    return "notes, asked by niwari dummy count" in done.output


def job(town: Town) -> bool:
    """What is due the next morning."""
    JobRun.delete().execute()
    town.world.clock.advance(days=1)
    town.world.work()
    here = town.world.ctx_for(OWNER).municipality.id
    return {row.state for row in JobRun.select().where(JobRun.municipality_id == here)} == {"done"}


def task(town: Town) -> bool:
    """What was asked for while it was on."""
    ctx = town.world.ctx_for(OWNER)
    TaskRow.delete().execute()
    with transaction(ctx):
        later(ctx, "dummy.recount", extra=0)
    town.world.work()
    return TaskRow.get().state == "done"


SURFACES: Mapping[str, Callable[[Town], bool]] = {
    "routes": route,
    "routes, unsafe": unsafe_route,
    "routes, public": public_route,
    "navigation": navigation,
    "cards": card,
    "offers": offer,
    "offers, page": offer_page,
    "settings": own_settings,
    "settings, menu": own_settings_in_the_menu,
    "activities": activity,
    "services": service,
    "resources": link,
    "resources, search": search_page,
    "resources, search filter": search_filter,
    "resources, calendar": calendar_page,
    "resources, calendar filter": calendar_filter,
    "resources, calendar file": calendar_file,
    "resources, calendar feed": calendar_feed,
    "resources, attachments": attachment,
    "subscriptions": handler,
    "notices": notice,
    "notices, menu": notice_in_the_menu,
    "notices, settings": notice_settings,
    "commands": command,
    "jobs": job,
    "tasks": task,
}
NO_SURFACE = {
    "permissions": "opens nothing by itself",
    "models": "rows stay",
    "migrations": "tables stay",
    "events": "happen by what is a surface itself",
    "export_data": "also what is off can be handed out",
    "erase_data": "also what is off can be erased",
    "dispose_data": "what is off is not disposed of: see tests/core/stewardship",
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
    monkeypatch: pytest.MonkeyPatch,
) -> Town:
    """The dummy is on in all three towns and installed for ``niwari`` too."""
    workshop.install("dummy")
    world = open_world([trial_plugins["dummy"]])
    monkeypatch.setenv("NIWARI_HOME", str(world.settings.home))
    monkeypatch.setenv("NIWARI_DATABASE_URL", world.settings.database_url)
    (resource,) = world.host.plugins["dummy"].contributions.resources
    ctx = world.ctx_for(OWNER)
    note = resource.sample(ctx)
    sent = keep_uploads(ctx, "key", [NewFile("a.txt", BytesIO(b"text"))])
    with transaction(ctx):
        attach(ctx, Ref("dummy.note", note), sent)
    other = world.ctx_for("staff2@koriyama")
    with transaction(other):
        notify(other, "dummy.answered", [ctx.acting.id], Ref("dummy.note", note), count=1)
    return Town(world, note, sent.files[0][0])


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
