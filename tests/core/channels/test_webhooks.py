"""Webhooks: a town's chat is told once what its people are told, and nothing that is not for all."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from niwari.audit.models import AuditEntry
from niwari.channels.models import Webhook, WebhookKind
from niwari.channels.sending import send_due
from niwari.channels.webhooks import sending
from niwari.channels.webhooks.bodies import Told
from niwari.channels.webhooks.composing import TownComposer
from niwari.channels.webhooks.enlisting import enlist_webhook
from niwari.channels.webhooks.places import check_place, rule_of
from niwari.channels.webhooks.sending import Target, Webhooks
from niwari.config import Settings
from niwari.db import transaction
from niwari.directory.linking import Ref
from niwari.directory.models import Municipality
from niwari.host.discovery import Found
from niwari.identity.protocol.outward import AddressRefused, AddressRule
from niwari.identity.roles.mapping import change
from niwari.notices.models import Delivery, Notice, Veto
from niwari.notices.outbox import leave_by, notify
from niwari.specs.contributions import BadContribution, Label, NoticeKind
from niwari.testing.world import KORIYAMA, World
from tests.core.channels.receiver import Receiver, open_receiver
from tests.core.notices.conftest import ANSWERED, NEIGHBOUR, OWNER, STAFF2
from tests.core.whispering import KIND, whisper

IT, NEXT_DOOR = "it@koriyama", "it@sukagawa"
PAGE = "/notices/webhook"

Tell = Callable[..., None]
SetUp = Callable[..., None]
Send = Callable[[], int]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with open_receiver() as opened:
        yield opened


@pytest.fixture
def webhooks(world: World) -> Webhooks:
    """What sends, in one process."""
    return Webhooks(rule_of(world.settings), world.clock)


@pytest.fixture
def send(world: World, webhooks: Webhooks) -> Send:
    """Run the worker's sending once."""
    compose = TownComposer("http://localhost").webhook
    return lambda: send_due(webhooks, compose, world.clock)


@pytest.fixture
def set_up(world: World, receiver: Receiver) -> SetUp:
    """Set a webhook up on the page."""

    def fill_in(login: str = IT, **other: Any) -> None:
        typed = {
            "address": receiver.address,
            "shape": "json",
            "kinds": [ANSWERED],
            "is_active": "y",
            **other,
        }
        answer = world.client_for(login).submit(PAGE, typed)
        assert answer.status_code == 303

    return fill_in


@pytest.fixture
def tell(world: World, note: Ref, post: Callable[[str], int]) -> Iterator[Tell]:
    """Tell people of the note."""
    leave_by([enlist_webhook], lambda: None)

    def told(*logins: str) -> None:
        ctx = world.ctx_for(STAFF2)
        with transaction(ctx):
            notify(ctx, ANSWERED, [post(login) for login in logins or (OWNER,)], note, count=1)

    yield told
    leave_by([], lambda: None)


def states() -> list[str]:
    return [row.state for row in Delivery.select().order_by(Delivery.id)]


# -- what is sent ---------------------------------------------------------------------------------


def test_a_town_is_told_once_however_many_of_its_people_are(
    receiver: Receiver, set_up: SetUp, tell: Tell, send: Send
) -> None:
    set_up()
    tell(OWNER, "head@koriyama", "hr@koriyama", NEIGHBOUR)
    assert send() == 1
    (body,) = receiver.bodies
    assert body["text"] == "「会議室の鍵」に返事がつきました（1件目）。"
    assert body["kind"] == ANSWERED
    assert body["municipality"] == KORIYAMA
    assert body["url"].startswith("http://localhost/notices/told/")
    assert set(body) == {"id", "kind", "text", "url", "at", "municipality"}
    assert states() == ["sent"]
    assert send() == 0


def test_each_town_is_told_at_its_own_address(
    world: World, receiver: Receiver, set_up: SetUp, tell: Tell, send: Send
) -> None:
    set_up()
    set_up(NEXT_DOOR, address=receiver.address.replace("/hook", "/other"))
    tell(OWNER, NEIGHBOUR)
    assert send() == 2
    assert sorted(body["municipality"] for body in receiver.bodies) == [KORIYAMA, "072079"]


def test_the_link_leads_to_the_row_for_who_may_see_it(
    world: World, receiver: Receiver, set_up: SetUp, tell: Tell, send: Send, note: Ref
) -> None:
    set_up()
    tell()
    send()
    address = receiver.bodies[0]["url"].removeprefix("http://localhost")
    answer = world.client_for(STAFF2).get(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/dummy/{note.id}")
    assert world.client_for(STAFF2).get("/notices/told/999999").status_code == 404


def test_a_link_leads_nobody_whose_town_was_not_told_of_it(
    world: World, set_up: SetUp, tell: Tell, post: Callable[[str], int], note: Ref
) -> None:
    set_up()
    set_up(NEXT_DOOR)
    tell()
    address = f"/notices/told/{Notice.get().id}"
    Delivery.delete().execute()  # after a month
    assert world.client_for(STAFF2).get(address).status_code == 303
    assert world.client_for(NEIGHBOUR).get(address).status_code == 404
    Webhook.delete().where(Webhook.municipality == world.ctx_for(OWNER).municipality.id).execute()
    assert world.client_for(STAFF2).get(address).status_code == 404


def test_a_link_leads_nobody_to_what_goes_to_no_chat(
    world: World, set_up: SetUp, tell: Tell
) -> None:
    set_up()
    tell()
    plugin = world.host.plugins["dummy"]
    kinds = [replace(kind, to_chat=False) for kind in plugin.contributions.notices]
    plugin.contributions = replace(plugin.contributions, notices=tuple(kinds))
    address = f"/notices/told/{Notice.get().id}"
    assert world.client_for(STAFF2).get(address).status_code == 404


@pytest.mark.parametrize("shape", ["slack", "teams"])
def test_chats_get_bodies_that_they_read_and_no_markup_of_a_title(
    receiver: Receiver, set_up: SetUp, tell: Tell, send: Send, note: Ref, shape: str
) -> None:
    from niwari_dummy.models import Note

    Note.update(title="<!channel> [見て](http://evil.example)").execute()
    set_up(shape=shape)
    tell()
    assert send() == 1
    (body,) = receiver.bodies
    if shape == "slack":
        assert body["text"].startswith("「&lt;!channel&gt; [見て]")
        assert "<!channel>" not in body["text"]
    else:
        (block,) = body["attachments"][0]["content"]["body"]
        assert block["type"] == "RichTextBlock"


def test_a_body_is_signed_with_the_secret(
    world: World, receiver: Receiver, set_up: SetUp, tell: Tell, send: Send
) -> None:
    set_up(secret="あいことば")
    tell()
    send()
    ((headers, body),) = receiver.arrived
    seconds = int(world.clock().timestamp())
    signed = hmac.new("あいことば".encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    assert headers["Niwari-Signature"] == f"t={seconds},v1={signed.hexdigest()}"


# -- what is not sent -----------------------------------------------------------------------------


def test_what_is_for_one_section_is_not_told_to_the_town(
    receiver: Receiver, set_up: SetUp, tell: Tell, send: Send
) -> None:
    from niwari_dummy.models import Note

    set_up()
    tell()
    Note.update(audience="section").execute()
    assert send() == 0
    assert receiver.arrived == []
    assert states() == ["dropped"]


def test_what_some_roles_alone_may_open_is_not_told_to_the_town(
    world: World, receiver: Receiver, set_up: SetUp, tell: Tell, send: Send
) -> None:
    declared = world.host.plugins["dummy"].contributions.permissions
    pairs = {(role, one.code) for one in declared for role in one.roles}
    revision = Municipality.get(Municipality.code == KORIYAMA).revision
    change(world.ctx_for(IT), "dummy", declared, pairs - {("staff", "dummy.read")}, revision)
    set_up()
    tell(OWNER, "it@koriyama")
    assert send() == 0
    assert receiver.arrived == []
    assert states() == ["dropped"]


def test_a_kind_that_does_not_say_so_is_neither_offered_nor_written(
    open_world: Callable[..., World], trial_plugins: Mapping[str, Found], receiver: Receiver
) -> None:
    world = open_world([trial_plugins["whisper"]])
    client = world.client_for(IT)
    typed = {"address": receiver.address, "shape": "json", "is_active": "y"}
    assert client.submit(PAGE, typed).status_code == 303
    page = client.get(PAGE).get_data(as_text=True)
    assert "つぶやきが聞かれたとき" not in page
    assert client.submit(PAGE, {**typed, "kinds": ["whisper.heard"]}).status_code == 422
    WebhookKind.create(webhook=Webhook.get().id, kind="whisper.heard")
    leave_by([enlist_webhook], lambda: None)
    ctx = world.ctx_for(OWNER)
    row = whisper(ctx, "ひみつ")
    with transaction(ctx):
        notify(ctx, "whisper.heard", [ctx.acting.id], Ref(KIND, row))
    leave_by([], lambda: None)
    assert states() == []


def test_a_discreet_kind_cannot_say_that_it_goes_to_a_chat() -> None:
    words = Label("一つ", "One")
    with pytest.raises(BadContribution, match=r"tea\.poured.*discreet"):
        NoticeKind("tea.poured", words, words, discreet=True, to_chat=True)


def test_a_private_kind_says_nothing_in_its_mail_either() -> None:
    words = Label("注がれました。", "Poured.")
    with pytest.raises(BadContribution, match=r"tea\.poured.*add discreet=True"):
        NoticeKind("tea.poured", words, words, private=True)


@pytest.mark.parametrize("choice", [{"kinds": []}, {"is_active": ""}])
def test_what_was_not_chosen_is_not_written(set_up: SetUp, tell: Tell, choice: Any) -> None:
    set_up(**choice)
    tell()
    assert states() == []


def test_a_veto_holds_for_webhooks_too(world: World, set_up: SetUp, tell: Tell) -> None:
    set_up()
    town = world.ctx_for(IT).municipality.id
    Veto.create(municipality=town, channel="webhook", kind="", changed_at=world.clock())
    tell()
    assert states() == []


def test_where_the_plugin_is_off_nothing_leaves(
    world: World, receiver: Receiver, set_up: SetUp, tell: Tell, send: Send
) -> None:
    set_up()
    tell()
    world.switch(KORIYAMA, "dummy", on=False)
    assert send() == 0
    assert states() == ["dropped"]


# -- failures -------------------------------------------------------------------------------------


def test_one_that_answers_500_for_hours_loses_nothing(
    world: World, receiver: Receiver, set_up: SetUp, tell: Tell, send: Send
) -> None:
    set_up()
    receiver.status = 500
    tell()
    send()
    assert Delivery.get().what == "http 500"
    for _ in range(9):
        world.clock.set(max(Delivery.get().due_at, world.clock()))
        send()
    assert (states(), Delivery.get().attempts) == (["pending"], 10)
    world.clock.set(max(Delivery.get().due_at, world.clock()))
    assert len({headers["Niwari-Delivery"] for headers, _body in receiver.arrived}) == 1
    receiver.status = 200
    webhooks = Webhooks(rule_of(world.settings), world.clock)
    send_due(webhooks, TownComposer("http://localhost").webhook, world.clock)
    assert states() == ["sent"]


def test_after_three_days_it_is_dead_and_can_be_sent_again(
    world: World, receiver: Receiver, set_up: SetUp, tell: Tell, send: Send
) -> None:
    set_up()
    receiver.status = 404
    tell()
    world.clock.advance(hours=73)  # nothing was sent meanwhile
    send()
    assert states() == ["pending"]
    world.clock.advance(hours=72)
    send()
    assert states() == ["dead"]
    page = world.client_for(IT).get(PAGE).get_data(as_text=True)
    assert "届かなかったお知らせ" in page
    assert "http 404" in page
    assert "会議室の鍵" not in page
    receiver.status = 200
    assert world.client_for(NEXT_DOOR).submit(f"{PAGE}/again", {}, form_at=PAGE).status_code == 303
    assert states() == ["dead"]
    world.client_for(IT).submit(f"{PAGE}/again", {}, form_at=PAGE)
    assert Delivery.get().failing_since is None
    assert send() == 1
    assert states() == ["sent"]


def test_one_that_is_silent_holds_up_nobody_else(
    receiver: Receiver, set_up: SetUp, tell: Tell, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 0.5)  # nobody waits for it as long as in life
    set_up()
    with open_receiver() as silent:
        silent.silent.set()
        set_up(NEXT_DOOR, address=silent.address)
        for _ in range(5):
            tell(OWNER, NEIGHBOUR)
        assert send() == 5
        assert len(silent.arrived) == 1  # the others of that town waited for their time
    assert sorted(states()) == ["pending"] * 5 + ["sent"] * 5
    assert {row.what for row in Delivery.select().where(Delivery.state == "pending")} <= {
        "timeout",
        "unreachable",
        "not answering",
    }


def test_it_follows_nobody(
    world: World, receiver: Receiver, set_up: SetUp, tell: Tell, send: Send
) -> None:
    with open_receiver() as elsewhere:
        receiver.status, receiver.headers = 307, {"Location": elsewhere.address}
        set_up()
        tell()
        assert send() == 0
        assert elsewhere.arrived == []
    assert Delivery.get().what == "http 307"


def test_in_production_no_machine_of_the_inner_network_is_asked(
    world: World, receiver: Receiver, set_up: SetUp, tell: Tell
) -> None:
    set_up()
    tell()
    production = Webhooks(AddressRule(), world.clock)
    assert send_due(production, TownComposer("http://localhost").webhook, world.clock) == 0
    assert receiver.arrived == []
    assert Delivery.get().what.startswith("refused ")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://10.1.4.5/hook", "private_address"),
        ("https://10.2.0.1/hook", "private_address"),
        ("https://10.1.9.9:8443/hook", "other_port"),
        ("https://hooks.example.jp:22/hook", "other_port"),
    ],
)
def test_in_production_it_stands_in_networks_of_its_own_at_one_port(
    world: World, address: str, reason: str
) -> None:
    settings = Settings(
        world.settings.home,
        base_url="https://niwari.example.jp",
        provider_networks=("10.1.4.0/24",),
        webhook_networks=("10.1.9.0/24",),
    )
    rule = rule_of(settings)
    check_place(rule, "https://10.1.9.9/hook")
    check_place(rule, "https://hooks.example.jp:443/hook")
    with pytest.raises(AddressRefused) as refused:
        check_place(rule, address)
    assert refused.value.reason == reason
    target = Target(1, address, "json", "")
    told = Told("1", ANSWERED, "文", "https://niwari.example.jp/", "2026-11-10T09:00:00+09:00", "1")
    assert Webhooks(rule, world.clock).post(target, told) == f"refused {reason}"


# -- the page -------------------------------------------------------------------------------------


def test_address_and_secret_are_sealed_and_never_shown(
    world: World, receiver: Receiver, set_up: SetUp
) -> None:
    set_up(secret="あいことば")
    row = Webhook.get()
    assert "TOKEN" not in row.address
    assert "あいことば" not in row.secret
    page = world.client_for(IT).get(PAGE).get_data(as_text=True)
    assert "127.0.0.1" in page
    assert "TOKEN" not in page
    assert "あいことば" not in page
    details = "".join(entry.details for entry in AuditEntry.select())
    assert "TOKEN" not in details


def test_left_empty_the_address_and_the_secret_stay(
    world: World, receiver: Receiver, set_up: SetUp
) -> None:
    set_up(secret="あいことば")
    before = Webhook.get()
    set_up(address="", secret="", shape="teams")
    after = Webhook.get()
    assert (after.address, after.secret, after.shape) == (before.address, before.secret, "teams")
    set_up(address="", no_secret="y")
    assert Webhook.get().secret == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://example.jp/x",
        "http://example.jp/x",
        "https://user@example.jp/",
        "https://exa mple.jp/",
        "javascript:alert(1)",
        "https://example.jp/" + "x" * 2000,
    ],
)
def test_what_is_no_address_is_refused_beside_the_field(world: World, address: str) -> None:
    answer = world.client_for(IT).submit(PAGE, {"address": address, "shape": "json"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert Webhook.select().count() == 0


def test_the_test_says_whether_it_arrived(world: World, receiver: Receiver, set_up: SetUp) -> None:
    set_up()
    client = world.client_for(IT)
    client.submit(f"{PAGE}/test", {}, form_at=PAGE)
    assert "テストのお知らせを送りました" in client.get(PAGE).get_data(as_text=True)
    assert receiver.bodies[0]["kind"] == "channels.test"
    receiver.status = 410
    client.submit(f"{PAGE}/test", {}, form_at=PAGE)
    assert "http 410" in client.get(PAGE).get_data(as_text=True)


def test_tests_have_a_limit_for_each_town(world: World, receiver: Receiver, set_up: SetUp) -> None:
    set_up()
    set_up(NEXT_DOOR)
    client = world.client_for(IT)
    for _ in range(11):
        assert client.submit(f"{PAGE}/test", {}, form_at=PAGE).status_code == 303
    assert "いったん受付を止めています" in client.get(PAGE).get_data(as_text=True)
    assert len(receiver.arrived) == 10
    world.client_for(NEXT_DOOR).submit(f"{PAGE}/test", {}, form_at=PAGE)
    assert len(receiver.arrived) == 11


def test_another_town_has_no_part_in_it(world: World, set_up: SetUp) -> None:
    set_up()
    page = world.client_for(NEXT_DOOR).get(PAGE).get_data(as_text=True)
    assert "今の送り先" not in page
    assert world.client_for(NEXT_DOOR).submit(f"{PAGE}/test", {}, form_at=PAGE).status_code == 404
