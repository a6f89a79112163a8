"""Who is told of what does not work: the IT of the municipality, once, however often it fails."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from niwari.admin.models import Trouble
from niwari.admin.troubles import QUIET, tell_troubles
from niwari.channels.models import Webhook
from niwari.host.discovery import Found
from niwari.host.quarantine import BUDGET, Failed, end_quarantine, record_failure
from niwari.jobs.models import DONE, FAILED, JobRun
from niwari.notices.choices import choose
from niwari.notices.models import DEAD, SENT, Delivery, Notice
from niwari.testing.told import told
from niwari.testing.world import World

IT, NEXT_DOOR = "it@koriyama", "it@sukagawa"
DARK, JOB, CHAT = "admin.dark", "admin.job_failed", "channels.chat_refused"


@pytest.fixture
def world(
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
    crash: Callable[..., None],
) -> World:
    """A world with the crasher, and the dummy with its job, both on everywhere."""
    crash()
    return open_world([trial_plugins["crasher"], trial_plugins["dummy"]])


def heard() -> list[tuple[str, str]]:
    """Return who was told of what, the oldest first."""
    return [(one.login, one.code) for one in told() if one.code in (DARK, JOB, CHAT)]


def town(world: World, login: str = IT) -> int:
    return world.ctx_for(login).municipality.id


def darken(world: World, *surfaces: str) -> None:
    for surface in surfaces or ("route board",):
        for _ in range(BUDGET):
            failed = Failed("crasher", surface, town(world), None, world.clock(), "trace", "boom")
            record_failure(failed)


def run(world: World, *states: str) -> None:
    """Let the job of the dummy have ended so, the last one now."""
    JobRun.delete().execute()
    for number, state in enumerate(reversed(states)):
        at = world.clock() - timedelta(hours=number)
        ended = {"due_at": at, "started_at": at, "finished_at": at, "state": state}
        JobRun.create(job="dummy.count", municipality_id=town(world), **ended)


def chat(world: World, *states: str) -> None:
    """Let the town have a chat to which notices were sent with these ends, the last one now."""
    post = world.ctx_for(IT).acting.id
    at = world.clock() - timedelta(days=9)
    address = {"address": "sealed", "host": "chat.example.jp", "shape": "json"}
    Webhook.insert(
        municipality=town(world), changed_at=at, changed_by=post, **address
    ).on_conflict_ignore().execute()
    notice = Notice.create(plugin="admin", kind=JOB, data="{}", at=at)
    for number, state in enumerate(reversed(states)):
        ended = world.clock() - timedelta(minutes=number)
        about = {"channel": "webhook", "notice": notice, "municipality": town(world)}
        Delivery.create(state=state, since=at, due_at=at, ended_at=ended, **about)


TROUBLES: list[Any] = [
    pytest.param(lambda world: darken(world), DARK, id="dark"),
    pytest.param(lambda world: run(world, FAILED, FAILED, FAILED), JOB, id="job"),
    pytest.param(lambda world: chat(world, SENT, DEAD), CHAT, id="chat"),
]
Fail = Callable[[World], None]


@pytest.mark.parametrize(("fail", "code"), TROUBLES)
def test_the_towns_it_alone_is_told_once_while_it_lasts(
    world: World, fail: Fail, code: str
) -> None:
    fail(world)
    assert [tell_troubles(world.clock()), tell_troubles(world.clock())] == [1, 0]
    world.clock.advance(days=3)
    tell_troubles(world.clock())
    fail(world)
    tell_troubles(world.clock())
    assert heard() == [(IT, code)]


@pytest.mark.parametrize(("fail", "code"), TROUBLES)
def test_who_muted_it_is_not_told(world: World, fail: Fail, code: str) -> None:
    choose(world.ctx_for(IT), {code: "off"})
    fail(world)
    tell_troubles(world.clock())
    assert heard() == []


@pytest.mark.parametrize(("fail", "code"), TROUBLES)
def test_the_notice_leads_to_the_page_and_says_what_it_is(
    world: World, fail: Fail, code: str
) -> None:
    fail(world)
    tell_troubles(world.clock())
    page = world.client_for(IT).get("/notices/").get_data(as_text=True)
    sentence, address = {
        DARK: ("「こわれもの」の一部を止めました", "/admin/health"),
        JOB: ("3回続けて失敗しました", "/admin/jobs"),
        CHAT: ("チャットへお知らせを送れませんでした", "/notices/webhook"),
    }[code]
    number = page.split(sentence)[0].rsplit('href="/notices/', 1)[1].split('"')[0]
    assert world.client_for(IT).get(f"/notices/{number}").location == address


def test_several_parts_of_one_plugin_are_one_notice(world: World) -> None:
    darken(world, "route board", "cards", "navigation")
    tell_troubles(world.clock())
    assert heard() == [(IT, DARK)]


def test_a_part_that_comes_and_goes_within_a_day_is_told_once(world: World) -> None:
    darken(world)
    tell_troubles(world.clock())
    world.clock.advance(hours=1)
    end_quarantine(town(world), "crasher", "route board", world.clock())
    tell_troubles(world.clock())
    world.clock.advance(hours=1)
    darken(world)
    tell_troubles(world.clock())
    assert heard() == [(IT, DARK)]
    end_quarantine(town(world), "crasher", "route board", world.clock())
    world.clock.advance(days=QUIET.days, hours=1)
    tell_troubles(world.clock())
    assert Trouble.select().count() == 0
    darken(world)
    tell_troubles(world.clock())
    assert heard() == 2 * [(IT, DARK)]


def test_a_plugin_that_is_off_is_not_told_of(world: World) -> None:
    darken(world)
    world.switch("072036", "crasher", on=False)
    assert tell_troubles(world.clock()) == 0


@pytest.mark.parametrize("states", [(FAILED, FAILED), (FAILED, FAILED, DONE, FAILED)])
def test_a_job_that_failed_less_often_in_a_row_is_not_told_of(
    world: World, states: tuple[str, ...]
) -> None:
    run(world, *states)
    assert tell_troubles(world.clock()) == 0


def test_a_chat_that_takes_notices_again_or_has_a_new_address_is_not_told_of(world: World) -> None:
    chat(world, DEAD, SENT)
    assert tell_troubles(world.clock()) == 0
    Delivery.update(state=DEAD).execute()
    Webhook.update(changed_at=world.clock()).execute()
    assert tell_troubles(world.clock()) == 0
