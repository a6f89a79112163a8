"""What a plugin told that is gone or not ready for a while waits, and arrives once it is back."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest

from niwari.channels.letters import Composer
from niwari.channels.sending import send_due
from niwari.channels.smtp import Mail, MailServer
from niwari.channels.webhooks.composing import TownComposer
from niwari.channels.webhooks.enlisting import enlist_webhook
from niwari.channels.webhooks.places import rule_of
from niwari.channels.webhooks.sending import Webhooks
from niwari.db import transaction
from niwari.directory.linking import Ref
from niwari.directory.models import Person
from niwari.host.discovery import Found
from niwari.host.loaded import Stage
from niwari.notices.choices import choose
from niwari.notices.digests import make_digests
from niwari.notices.mail import MAIL, enlist_mail
from niwari.notices.models import Delivery
from niwari.notices.outbox import leave_by, notify, notify_hidden
from niwari.testing.world import KORIYAMA, World
from tests.core.channels.post_office import PostOffice, open_post_office
from tests.core.channels.receiver import open_receiver
from tests.core.notices.conftest import ANSWERED, OWNER, STAFF2
from tests.core.whispering import KIND, whisper

HEARD = "whisper.heard"
NOTED, WHISPERED = "会議室の鍵", "ひみつの相談"


@pytest.fixture
def world(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> Iterator[World]:
    """A world where notices leave by mail and by webhooks, and one has an address."""
    opened = open_world([trial_plugins["dummy"], trial_plugins["whisper"]])
    Person.update(email="owner@example.jp").where(Person.login == OWNER).execute()
    leave_by([enlist_mail, enlist_webhook], lambda: None, hidden_by=[MAIL])
    yield opened
    leave_by([], lambda: None)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as opened:
        yield opened


def tell(world: World, note: Ref) -> None:
    ctx = world.ctx_for(STAFF2)
    with transaction(ctx):
        notify(ctx, ANSWERED, [world.ctx_for(OWNER).acting.id], note, count=1)


def whispered(world: World) -> Ref:
    return Ref(KIND, whisper(world.ctx_for(OWNER), WHISPERED))


def set_ready(world: World, name: str, *, ready: bool) -> None:
    """Let a plugin be as after an update whose migrations have not run yet, or as after them."""
    world.host.plugins[name].stage = Stage.READY if ready else Stage.DECLARED


def send(world: World, office: PostOffice) -> int:
    server = MailServer("127.0.0.1", office.port, "none", "niwari@example.jp")
    make_digests(world.clock())
    return send_due(Mail(server, "localhost"), Composer("http://localhost").mail, world.clock)


def test_a_mail_waits_without_a_failure_and_leaves_once_its_plugin_is_back(
    world: World, note: Ref, office: PostOffice
) -> None:
    tell(world, note)
    set_ready(world, "dummy", ready=False)
    for _hours in range(100):
        assert send(world, office) == 0
        world.clock.advance(hours=1)
    waiting = Delivery.get()
    assert (waiting.state, waiting.attempts, waiting.what) == ("pending", 0, "")
    assert waiting.due_at - world.clock() <= timedelta(hours=1)
    set_ready(world, "dummy", ready=True)
    world.clock.advance(hours=1)
    assert send(world, office) == 1


def test_a_hidden_authors_mail_waits_too(world: World, office: PostOffice) -> None:
    about, ctx = whispered(world), world.ctx_for(STAFF2)
    with transaction(ctx):
        notify_hidden(ctx, HEARD, "", about)
    set_ready(world, "whisper", ready=False)
    world.clock.advance(minutes=30)
    assert send(world, office) == 0
    set_ready(world, "whisper", ready=True)
    world.clock.advance(hours=1)
    assert send(world, office) == 1


def test_the_mail_of_a_day_tells_what_there_is_and_the_next_one_the_rest(
    world: World, note: Ref, office: PostOffice
) -> None:
    about, ctx = whispered(world), world.ctx_for(STAFF2)
    choose(world.ctx_for(OWNER), {ANSWERED: "daily", HEARD: "daily"})
    tell(world, note)
    with transaction(ctx):
        notify(ctx, HEARD, [world.ctx_for(OWNER).acting.id], about)
    set_ready(world, "dummy", ready=False)
    world.clock.advance(days=1)
    assert send(world, office) == 1
    set_ready(world, "dummy", ready=True)
    assert send(world, office) == 0
    world.clock.advance(days=1)
    assert send(world, office) == 1
    first, second = office.texts()
    assert (WHISPERED in first, NOTED in first) == (True, False)
    assert (WHISPERED in second, NOTED in second) == (False, True)


def test_a_towns_chat_is_told_once_the_plugin_is_back(world: World, note: Ref) -> None:
    with open_receiver() as receiver:
        typed = {
            "address": receiver.address,
            "shape": "json",
            "kinds": [ANSWERED],
            "is_active": "y",
        }
        assert world.client_for("it@koriyama").submit("/notices/webhook", typed).status_code == 303
        tell(world, note)
        webhooks = Webhooks(rule_of(world.settings), world.clock)
        compose = TownComposer("http://localhost").webhook
        set_ready(world, "dummy", ready=False)
        assert send_due(webhooks, compose, world.clock) == 0
        set_ready(world, "dummy", ready=True)
        world.clock.advance(hours=1)
        assert send_due(webhooks, compose, world.clock) == 1
        assert [body["municipality"] for body in receiver.bodies] == [KORIYAMA]
