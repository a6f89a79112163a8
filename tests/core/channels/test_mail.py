"""Mail to a real server: what it says, that it leaves once, and what becomes of refusals."""

import socket
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from threading import Thread
from time import monotonic

import pytest

from niwari.channels import leases, smtp
from niwari.channels.channel import Letter, Outcome
from niwari.channels.installing import send_mail
from niwari.channels.leases import delay_after, take
from niwari.channels.letters import Composer
from niwari.channels.sending import send_due
from niwari.channels.smtp import Mail, MailServer
from niwari.channels.undelivered import send_again
from niwari.channels.wrapping import wrapped
from niwari.clock import TOKYO
from niwari.db import transaction
from niwari.directory.linking import Ref
from niwari.directory.models import Appointment, Person
from niwari.notices.digests import make_digests
from niwari.notices.mail import MAIL, enlist_mail
from niwari.notices.models import Choice, Delivery, Received
from niwari.notices.outbox import leave_by, notify
from niwari.testing.world import KORIYAMA, World
from tests.core.channels.post_office import PostOffice, free_port, open_post_office
from tests.core.notices.conftest import ANSWERED, NEIGHBOUR, OWNER, STAFF2

OWNERS_ADDRESS, NEIGHBOURS_ADDRESS = "owner@example.jp", "neighbour@example.jp"

Tell = Callable[..., None]
Send = Callable[[], int]


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as opened:
        yield opened


@pytest.fixture
def send(world: World, office: PostOffice) -> Send:
    """Run the worker's sending once."""
    return lambda: run(world, office.port)


def run(world: World, port: int) -> int:
    server = MailServer("127.0.0.1", port, "none", "niwari@example.jp")
    compose = Composer("http://localhost").mail
    make_digests(world.clock())
    return send_mail(Mail(server, "localhost"), compose, world.clock)


@pytest.fixture
def tell(world: World, note: Ref, post: Callable[[str], int]) -> Iterator[Tell]:
    """Tell people of the note; both have an address, and mail is set up."""
    for login, email in ((OWNER, OWNERS_ADDRESS), (NEIGHBOUR, NEIGHBOURS_ADDRESS)):
        Person.update(email=email).where(Person.login == login).execute()
    leave_by([enlist_mail], lambda: None, hidden_by=[MAIL])

    def told(*logins: str, count: int = 1) -> None:
        ctx = world.ctx_for(STAFF2)
        with transaction(ctx):
            notify(ctx, ANSWERED, [post(login) for login in logins or (OWNER,)], note, count=count)

    yield told
    leave_by([], lambda: None)


def states() -> list[str]:
    return [row.state for row in Delivery.select().order_by(Delivery.id)]


def test_a_mail_says_what_happened_and_leads_there(
    office: PostOffice, tell: Tell, send: Send
) -> None:
    tell()
    assert send() == 1
    (message,) = office.arrived
    assert message["To"] == OWNERS_ADDRESS
    assert message["Subject"] == "【にわり】「会議室の鍵」に返事がつきました（1件目）。"
    lines = message.get_content().splitlines()
    assert lines[0] == "「会議室の鍵」に返事がつきました（1件目）。"
    assert lines[1] == f"http://localhost/notices/{Received.get().id}"
    assert states() == ["sent"]


def test_what_was_sent_is_not_sent_again(office: PostOffice, tell: Tell, send: Send) -> None:
    tell()
    assert (send(), send()) == (1, 0)
    assert len(office.arrived) == 1


def test_many_letters_leave_by_one_connection(office: PostOffice, tell: Tell, send: Send) -> None:
    for turn in range(30):
        tell(count=turn)
    assert send() == 30
    assert office.connections == 1
    assert len(set(office.ids())) == 30


def test_a_title_with_a_line_break_makes_no_header(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    from niwari_dummy.models import Note

    Note.update(title="鍵\r\nBcc: all@example.jp").execute()
    tell()
    assert send() == 1
    assert office.arrived[0]["Bcc"] is None
    assert office.arrived[0]["Subject"].startswith("【にわり】「鍵 Bcc: all@example.jp」に")


@pytest.mark.parametrize(
    "address",
    [
        "a@example.jp, b@example.jp",
        "a@b\r\nx@y",
        "nobody",
        "<a@b>",
        "taro@docomo..jp",
        "taro@-docomo.jp",
        "taro\x01@example.jp",
        "=?utf-8?q?taro?=@example.jp",
        "たろう@example.jp",
    ],
)
def test_an_address_that_is_none_is_dead_at_once(
    office: PostOffice, tell: Tell, send: Send, address: str
) -> None:
    tell()
    Person.update(email=address).where(Person.login == OWNER).execute()
    assert send() == 0
    assert (states(), Delivery.get().what) == (["dead"], "no address")
    assert office.arrived == []


def test_an_address_that_is_none_stops_nobody(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    Person.update(email="hanako@docomo..jp").where(Person.login == "hr@koriyama").execute()
    tell(OWNER, "hr@koriyama", NEIGHBOUR)
    assert send() == 2
    assert [m["To"] for m in office.arrived] == [OWNERS_ADDRESS, NEIGHBOURS_ADDRESS]
    page = world.client_for("it@koriyama").get("/notices/admin").get_data(as_text=True)
    assert "メールアドレスの書き方が正しくありません" in page


@pytest.mark.parametrize("before", ["taro..y", ".taro", "taro."])
def test_an_old_address_of_a_mobile_phone_gets_its_mail(
    office: PostOffice, tell: Tell, send: Send, before: str
) -> None:
    Person.update(email=f"{before}@docomo.ne.jp").where(Person.login == OWNER).execute()
    tell(OWNER, NEIGHBOUR)
    assert send() == 2
    found = [address for letter in office.arrived for address in letter["To"].addresses]
    assert (before, "docomo.ne.jp") in [(one.username, one.domain) for one in found]


class Choking:
    """A channel that fails at one letter in a way that nobody has thought of."""

    name = MAIL

    def send(self, letters: Iterable[Letter]) -> Iterator[Outcome]:
        for letter in letters:
            if letter.to == OWNERS_ADDRESS:
                raise KeyError(letter.to)
            yield Outcome(letter.id, sent=True)


def test_a_letter_at_which_the_channel_fails_is_tried_later_and_stops_nobody(
    world: World, tell: Tell
) -> None:
    tell(OWNER, NEIGHBOUR)
    begun = world.clock()
    assert send_due(Choking(), Composer("http://localhost").mail, world.clock) == 1
    failed, arrived = Delivery.select().order_by(Delivery.id)
    assert (failed.state, failed.attempts, failed.what) == ("pending", 1, "not sent")
    assert (failed.due_at, arrived.state) == (begun + timedelta(minutes=1), "sent")
    world.clock.advance(days=3)
    send_due(Choking(), Composer("http://localhost").mail, world.clock)
    assert states() == ["dead", "sent"]


def test_a_refused_recipient_is_dead_at_once_and_stops_nobody(
    office: PostOffice, tell: Tell, send: Send
) -> None:
    office.recipient = lambda to: "550 no such user" if to == OWNERS_ADDRESS else "250 OK"
    tell(OWNER, NEIGHBOUR)
    assert send() == 1
    assert [m["To"] for m in office.arrived] == [NEIGHBOURS_ADDRESS]
    assert {(row.state, row.what) for row in Delivery.select()} == {
        ("dead", "smtp 550"),
        ("sent", ""),
    }


def test_a_letter_refused_for_now_is_tried_later_and_dead_after_three_days(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    office.data = lambda to: "451 try later"
    tell()
    begun = world.clock()
    send()
    assert (Delivery.get().attempts, Delivery.get().due_at) == (1, begun + timedelta(minutes=1))
    assert send() == 0
    world.clock.advance(days=3)
    send()
    assert (states(), Delivery.get().what) == (["dead"], "smtp 451")


def test_what_has_waited_for_days_is_not_dead_at_its_first_failure(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    tell(OWNER, NEIGHBOUR)
    world.clock.advance(days=5)  # no worker ran over the new year
    office.data = lambda to: "451 try later" if to == OWNERS_ADDRESS else "250 OK"
    assert send() == 1
    assert sorted(states()) == ["pending", "sent"]
    world.clock.advance(days=3)
    send()
    assert sorted(states()) == ["dead", "sent"]


def test_what_has_waited_for_days_survives_a_server_that_is_down_at_first(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    for turn in range(25):
        tell(count=turn)
    world.clock.advance(days=5)
    run(world, free_port())
    assert set(states()) == {"pending"}
    world.clock.advance(minutes=1)
    assert send() == 25


def test_what_is_sent_again_is_tried_for_three_more_days(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    office.data = lambda to: "451 try later"
    tell()
    send()
    world.clock.advance(days=3)
    send()
    assert states() == ["dead"]
    send_again(world.ctx_for("it@koriyama"), Delivery.get().id)
    send()
    assert states() == ["pending"]


def test_the_wait_doubles_up_to_six_hours() -> None:
    waits = [delay_after(n) // timedelta(minutes=1) for n in (1, 2, 3, 9, 10, 400)]
    assert waits == [1, 2, 4, 256, 360, 360]


def test_a_server_that_is_down_puts_everything_off_and_loses_nothing(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    for turn in range(30):
        tell(count=turn)
    begun = world.clock()
    assert run(world, free_port()) == 0
    assert {(row.state, row.what, row.due_at) for row in Delivery.select()} == {
        ("pending", "unreachable", begun + timedelta(minutes=1))
    }
    world.clock.advance(minutes=1)
    assert send() == 30


def test_what_an_outage_put_off_leaves_as_soon_as_the_server_takes_mail_again(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    for turn in range(25):
        tell(count=turn)
    down = free_port()
    for _hours in range(3):
        run(world, down)
        world.clock.set(max(row.due_at for row in Delivery.select()))
    run(world, down)
    assert {row.attempts for row in Delivery.select()} == {4}
    tell(NEIGHBOUR, count=99)
    assert send() == 26
    assert set(states()) == {"sent"}


def test_what_was_refused_for_now_waits_though_others_leave(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    office.data = lambda to: "451 try later" if to == OWNERS_ADDRESS else "250 OK"
    tell(OWNER, NEIGHBOUR)
    assert send() == 1
    assert sorted(states()) == ["pending", "sent"]
    assert Delivery.get(Delivery.state == "pending").due_at == world.clock() + timedelta(minutes=1)


def test_an_outage_of_three_days_ends_what_waited_that_long_and_nothing_else(
    world: World, office: PostOffice, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "PORTION", 2)
    for turn in range(25):
        tell(count=turn)
    run(world, free_port())
    world.clock.advance(days=3)
    tell(NEIGHBOUR, count=99)
    run(world, free_port())
    assert sorted(states()) == ["dead"] * 25 + ["pending"]


def test_who_changed_the_section_meanwhile_gets_the_mail_in_the_new_post(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    world.clock.set(datetime(2027, 3, 31, 17, 0, tzinfo=TOKYO))
    person = world.ctx_for(OWNER).person_id
    Choice.insert(person=person, kind=ANSWERED, mode="daily").execute()
    tell()
    before = Appointment.get_by_id(world.ctx_for(OWNER).acting.id)
    Appointment.update(ends_on=date(2027, 3, 31)).where(Appointment.id == before.id).execute()
    Appointment.create(
        person=before.person_id,
        municipality=before.municipality_id,
        section=before.section_id,
        employment=before.employment,
        starts_on=date(2027, 4, 1),
    )
    world.clock.set(datetime(2027, 4, 1, 8, 0, tzinfo=TOKYO))
    assert send() == 1
    assert office.arrived[0]["To"] == OWNERS_ADDRESS


def test_who_went_to_another_municipality_gets_no_mail_of_the_old_post(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    world.clock.set(datetime(2027, 3, 31, 17, 0, tzinfo=TOKYO))
    tell()
    before = Appointment.get_by_id(world.ctx_for(OWNER).acting.id)
    there = Appointment.get_by_id(world.ctx_for(NEIGHBOUR).acting.id)
    Appointment.update(ends_on=date(2027, 3, 31)).where(Appointment.id == before.id).execute()
    Appointment.create(
        person=before.person_id,
        municipality=there.municipality_id,
        section=there.section_id,
        employment=before.employment,
        starts_on=date(2027, 4, 1),
    )
    world.clock.set(datetime(2027, 4, 1, 8, 0, tzinfo=TOKYO))
    assert send() == 0
    assert states() == ["dropped"]


def test_a_server_that_says_nothing_costs_one_bounded_wait(
    world: World, office: PostOffice, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    for turn in range(5):
        tell(count=turn)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = monotonic()
        assert run(world, silent.getsockname()[1]) == 0
        assert monotonic() - begun < 3
    assert {(row.state, row.what) for row in Delivery.select()} == {("pending", "timeout")}


def test_a_server_that_drips_words_is_cut_off(
    world: World, office: PostOffice, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "LONGEST_LETTER", 0.5)
    tell()

    def drip(listening: socket.socket) -> None:
        line, _address = listening.accept()
        with line:
            line.sendall(b"220 hello\r\n")
            try:
                while True:
                    line.recv(1)
                    line.sendall(b"250-a")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=drip, args=(listening,), daemon=True).start()
        begun = monotonic()
        assert run(world, listening.getsockname()[1]) == 0
        assert monotonic() - begun < 5
    assert states() == ["pending"]


@pytest.mark.parametrize("gone", ["off", "left", "read", "row"])
def test_nobody_is_told_who_is_not_to_be_told_any_more(
    world: World, office: PostOffice, tell: Tell, send: Send, gone: str
) -> None:
    from niwari_dummy.models import Note

    tell()
    ctx = world.ctx_for(OWNER)
    if gone == "off":
        world.switch(KORIYAMA, "dummy", on=False)
    elif gone == "left":
        Appointment.update(ends_on=ctx.today - timedelta(days=1)).where(
            Appointment.id == ctx.acting.id
        ).execute()
    elif gone == "read":
        Received.update(read_at=ctx.now).execute()
    else:
        Note.update(
            audience="section", section=world.ctx_for(NEIGHBOUR).acting.section_id
        ).execute()
    assert send() == 0
    assert (states(), office.arrived) == (["dropped"], [])


def test_one_mail_a_day_tells_of_everything_on_the_next_working_morning(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    person = world.ctx_for(OWNER).person_id
    Choice.insert(person=person, kind=ANSWERED, mode="daily").execute()
    tell(count=1)
    tell(count=2)
    assert send() == 0
    world.clock.advance(hours=23)
    assert send() == 1
    assert office.arrived[0]["Subject"] == "【にわり】11月11日のお知らせ（2件）"
    assert "（1件目）" in office.texts()[0]
    assert "（2件目）" in office.texts()[0]
    world.clock.advance(days=1)
    assert send() == 0


def test_what_a_killed_worker_had_taken_is_sent_once_its_lease_is_over(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    tell()
    assert len(take(MAIL, world.clock(), 20)) == 1
    assert send() == 0
    world.clock.advance(minutes=5)
    assert send() == 1


def test_a_letter_that_arrives_twice_is_recognised_by_its_id(
    world: World, office: PostOffice, tell: Tell, send: Send
) -> None:
    tell()
    send()
    Delivery.update(state="pending", due_at=world.clock()).execute()
    send()
    assert len(office.arrived) == 2
    assert len(set(office.ids())) == 1


def test_lines_fit_on_a_page_and_no_mark_begins_one() -> None:
    text = "あ" * 35 + "。" + "い" * 40
    assert wrapped(text).splitlines() == ["あ" * 35 + "。", "い" * 35, "い" * 5]
