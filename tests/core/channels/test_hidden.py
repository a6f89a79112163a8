"""A notice for a hidden author: it arrives, and nothing says whose it is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from niwari.channels.channel import Letter, Outcome
from niwari.channels.letters import Composer
from niwari.channels.sending import send_due
from niwari.channels.smtp import Mail, MailServer
from niwari.db import database, transaction
from niwari.directory.linking import Ref
from niwari.directory.models import Person
from niwari.host.discovery import Found
from niwari.host.models import Failure
from niwari.notices.choices import choose
from niwari.notices.mail import MAIL, enlist_mail
from niwari.notices.models import Delivery, Hidden, Received
from niwari.notices.outbox import leave_by, notify, notify_hidden
from niwari.notices.purging import purge_old
from niwari.testing.world import World
from niwari.vault.service import forget
from tests.core.channels.post_office import PostOffice, open_post_office
from tests.core.whispering import KIND, whisper

AUTHOR, READER = "staff@koriyama", "staff@sukagawa"
SECRET, ADDRESS = "ひみつの相談", "author@example.jp"


@pytest.fixture
def world(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    return open_world([trial_plugins["whisper"]])


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as opened:
        yield opened


@pytest.fixture
def heard(world: World) -> Iterator[None]:
    """Somebody hears a whisper whose author is hidden, and has an address; mail is set up."""
    from niwari_whisper.models import Whisper

    Person.update(email=ADDRESS).where(Person.login == AUTHOR).execute()
    leave_by([enlist_mail], lambda: None, hidden_by=[MAIL])
    row = Whisper.get_by_id(whisper(world.ctx_for(AUTHOR), SECRET))
    ctx = world.ctx_for(READER)
    with transaction(ctx):
        about = Ref(KIND, row.id)
        notify_hidden(ctx, "whisper.heard", row.envelope, about, sealed_for=row.key)
    yield
    leave_by([], lambda: None)


def page(world: World, login: str) -> str:
    text: str = world.client_for(login).get("/notices/hidden").get_data(as_text=True)
    return text


def send(world: World, office: PostOffice) -> int:
    server = MailServer("127.0.0.1", office.port, "none", "niwari@example.jp")
    compose = Composer("http://localhost").mail
    return send_due(Mail(server, "localhost"), compose, world.clock)


@pytest.mark.usefixtures("heard")
def test_the_author_alone_reads_it_from_the_next_quarter_of_an_hour_on(world: World) -> None:
    assert SECRET not in page(world, AUTHOR)
    world.clock.advance(minutes=15)
    assert f"「{SECRET}」が聞かれました。" in page(world, AUTHOR)
    assert SECRET not in page(world, READER)


@pytest.mark.usefixtures("heard")
def test_no_row_names_the_author(world: World) -> None:
    person = world.ctx_for(AUTHOR)
    assert Received.select().count() == 0
    names: list[Any] = []
    for table in ("notices_hidden", "notices_delivery", "notices_notice"):
        cursor = database.execute_sql(f'SELECT * FROM "{table}"')
        (row,) = cursor.fetchall()
        columns = [column[0] for column in cursor.description]
        names += [
            value
            for name, value in zip(columns, row, strict=True)
            if name in ("person_id", "appointment_id", "received_id") and value is not None
        ]
    assert names == []
    assert person.acting.person_name not in str(Hidden.get().envelope)


@pytest.mark.usefixtures("heard")
def test_an_envelope_that_its_plugin_cannot_read_waits_without_a_sign_and_counts(
    world: World, office: PostOffice
) -> None:
    plugin = world.host.plugins["whisper"]
    (resource,) = plugin.contributions.resources
    broken = replace(resource, envelope=lambda row: 1 / 0)
    plugin.contributions = replace(plugin.contributions, resources=(broken,))
    world.clock.advance(minutes=30)
    assert send(world, office) == 0
    waiting = Delivery.get()
    assert (waiting.state, waiting.attempts, waiting.failing_since, waiting.what) == (
        "pending",
        0,
        None,
        "",
    )
    assert [one.surface for one in Failure.select()] == ["envelope whisper.whisper"]
    plugin.contributions = replace(plugin.contributions, resources=(resource,))
    world.clock.advance(hours=2)
    assert send(world, office) == 1


@pytest.mark.usefixtures("heard")
def test_the_envelope_stays_with_the_row_and_is_opened_there(
    world: World, office: PostOffice
) -> None:
    assert Hidden.get().envelope == ""
    world.clock.advance(minutes=30)
    assert send(world, office) == 1


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("gone", ["erased", "removed"])
def test_whoever_was_erased_or_whose_row_is_gone_gets_no_mail(
    world: World, office: PostOffice, gone: str
) -> None:
    from niwari_whisper.models import Whisper

    if gone == "erased":
        Whisper.update(envelope="").execute()
    else:
        Whisper.delete().execute()
    world.clock.advance(minutes=30)
    assert send(world, office) == 0
    assert (office.arrived, Delivery.select().count()) == ([], 0)


@pytest.mark.usefixtures("heard")
def test_what_is_taken_out_of_a_locker_is_told_no_more(world: World) -> None:
    other = whisper(world.ctx_for(READER), "別の人のつぶやき")
    ctx = world.ctx_for(READER)
    with transaction(ctx):
        notify_hidden(ctx, "whisper.heard", "", Ref(KIND, other))
    author = world.ctx_for(AUTHOR)
    with transaction(author):
        forget(author.person_id, KIND)
    assert [row.notice.about_id for row in Hidden.select()] == [other]
    assert Delivery.select().count() == 1


@pytest.mark.usefixtures("heard")
def test_what_was_told_of_a_row_that_is_removed_goes_too(world: World) -> None:
    from niwari_whisper.models import Whisper

    purge_old(world.clock())
    assert Hidden.select().count() == 1
    Whisper.delete().execute()
    purge_old(world.clock())
    assert Hidden.select().count() == 0


def test_an_envelope_that_the_row_does_not_tell_is_kept_until_the_mail_left(
    world: World, office: PostOffice, request: pytest.FixtureRequest
) -> None:
    plugin = world.host.plugins["whisper"]
    (resource,) = plugin.contributions.resources
    untold = replace(resource, envelope=None)
    plugin.contributions = replace(plugin.contributions, resources=(untold,))
    request.getfixturevalue("heard")
    purge_old(world.clock())
    assert Hidden.get().envelope != ""
    world.clock.advance(minutes=30)
    assert send(world, office) == 1
    purge_old(world.clock())
    assert Hidden.get().envelope == ""


@pytest.mark.usefixtures("heard")
def test_the_mail_says_that_there_is_something_and_not_what(
    world: World, office: PostOffice
) -> None:
    assert send(world, office) == 0
    world.clock.advance(minutes=30)
    assert send(world, office) == 1
    (message,) = office.arrived
    assert message["To"] == ADDRESS
    assert SECRET not in str(message) + message.get_content()
    assert "/notices/hidden" not in message.get_content()


def tell_discreetly(world: World) -> None:
    """Tell the author, by name, of something of which a mail says nothing."""
    from niwari_whisper.models import Whisper

    plugin = world.host.plugins["whisper"]
    (kind,) = plugin.contributions.notices
    told = replace(kind, discreet=True)
    plugin.contributions = replace(plugin.contributions, notices=(told,))
    ctx, author = world.ctx_for(READER), world.ctx_for(AUTHOR).acting.id
    with transaction(ctx):
        notify(ctx, kind.code, [author], Ref("whisper.whisper", Whisper.get().id))


@pytest.mark.usefixtures("heard")
def test_the_mail_is_that_of_any_discreet_notice(world: World, office: PostOffice) -> None:
    world.clock.advance(minutes=30)
    assert send(world, office) == 1
    tell_discreetly(world)
    assert send(world, office) == 1
    hidden, discreet = office.arrived
    assert hidden.get_content() == discreet.get_content()
    assert (hidden["Subject"], hidden["To"]) == (discreet["Subject"], discreet["To"])


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("end", ["sent", "muted", "refused", "refused for now"])
def test_whatever_came_of_the_mail_leaves_no_trace(
    world: World, office: PostOffice, end: str
) -> None:
    if end == "muted":
        choose(world.ctx_for(AUTHOR), {"whisper.heard": "off"})
    if end == "refused":
        office.recipient = lambda address: f"550 {address} is not here"
    if end == "refused for now":
        office.recipient = lambda address: f"452 {address} is full"
    world.clock.advance(minutes=30)
    assert send(world, office) == (1 if end == "sent" else 0)
    assert Delivery.select().count() == 0


class Choking:
    """A channel whose line fails."""

    name = MAIL

    def send(self, letters: Iterable[Letter]) -> Iterator[Outcome]:
        for letter in letters:
            yield Outcome(letter.id, what="hung up")


@pytest.mark.usefixtures("heard")
def test_a_line_that_failed_leaves_no_sign_and_the_mail_waits_as_a_new_one(
    world: World, office: PostOffice
) -> None:
    world.clock.advance(minutes=30)
    for _times in range(3):
        before = world.clock()
        assert send_due(Choking(), Composer("http://localhost").mail, world.clock) == 0
        waits = Delivery.get()
        assert (waits.state, waits.attempts, waits.what, waits.lease) == ("pending", 0, "", "")
        assert timedelta(0) < waits.due_at - before < timedelta(minutes=25)
        world.clock.set(waits.due_at)
    assert send(world, office) == 1
    assert Delivery.select().count() == 0


@pytest.mark.usefixtures("heard")
def test_one_mail_a_day_is_one_at_once_so_that_no_row_waits_for_the_morning(
    world: World, office: PostOffice
) -> None:
    choose(world.ctx_for(AUTHOR), {"whisper.heard": "daily"})
    world.clock.advance(minutes=30)
    assert send(world, office) == 1


@pytest.mark.usefixtures("heard")
def test_nothing_leaves_before_its_quarter_and_all_within_ten_minutes_of_it(world: World) -> None:
    due = Delivery.get().due_at - world.clock()
    assert timedelta(minutes=15) <= due < timedelta(minutes=25)


def test_a_row_that_is_not_there_is_refused(world: World) -> None:
    ctx = world.ctx_for(READER)
    with pytest.raises(LookupError, match="is not there"), transaction(ctx):
        notify_hidden(ctx, "whisper.heard", "x", Ref("whisper.whisper", 99))
