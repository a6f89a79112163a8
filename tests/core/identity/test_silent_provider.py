"""A provider that takes connections and says nothing: the others, and the rest, go on.

It is a real one of this machine: a socket to which nobody listens behind the system's back.
"""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from niwari.db import connection
from niwari.directory.every import municipality_ids
from niwari.identity.models import ProviderMunicipality
from niwari.identity.protocol import transport as transport_module
from niwari.identity.providers import changes as provider_changes
from niwari.identity.providers.drafts import Draft
from niwari.testing.world import World


class Silent:
    """The provider; knows how often it was called."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listening.setblocking(False)
        self.issuer = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.calls: list[socket.socket] = []
        self.id = 0

    def times_called(self) -> int:
        """Count the connections until now."""
        while True:
            try:
                self.calls.append(self._listening.accept()[0])
            except BlockingIOError:
                return len(self.calls)

    def close(self) -> None:
        self.times_called()
        for call in (*self.calls, self._listening):
            call.close()


@pytest.fixture
def silent(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Silent]:
    """A silent provider beside the development provider; nobody waits for it as long as in life."""
    monkeypatch.setattr(transport_module, "LONGEST_SECONDS", 0.5)
    provider = Silent()
    provider.id = provider_changes.add(
        world.system_context(),
        Draft(
            label="応答しない窓口",
            issuer=provider.issuer,
            client_id="niwari",
            login_claim="preferred_username",
            domains=(),
            municipality_ids=tuple(municipality_ids()),
            secret="a secret of the test",
        ),
    )
    yield provider
    provider.close()


def test_one_waits_for_it_and_everybody_after_is_told_at_once(silent: Silent, visitor: Any) -> None:
    start = f"/sign-in/start?provider={silent.id}"
    for _ in range(20):
        answer = visitor.get(start)
        assert answer.status_code == 503
        assert "サインインの窓口（認証サーバー）につながりません。" in answer.text
    assert silent.times_called() == 1


def test_of_many_who_come_at_once_one_waits_for_its_answer(world: World, silent: Silent) -> None:
    def start(_number: int) -> int:
        answer = world.anonymous().get(f"/sign-in/start?provider={silent.id}")
        return int(answer.status_code)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(start, range(24))) == {503}
    assert silent.times_called() == 1


def test_the_other_providers_let_people_in_meanwhile(silent: Silent, visitor: Any) -> None:
    visitor.get(f"/sign-in/start?provider={silent.id}")
    begun = visitor.get("/sign-in/start?provider=1")
    answered = visitor.fill_in(begun.location, username="staff@koriyama")
    visitor.get(answered.location)
    assert visitor.is_signed_in()


def test_neither_its_logout_nor_signing_out_waits_for_it_again(
    world: World, silent: Silent, visitor: Any
) -> None:
    visitor.get(f"/sign-in/start?provider={silent.id}")
    address = f"/sign-in/back-channel-logout/{silent.id}"
    for _ in range(5):
        answer = world.anonymous().post(address, data={"logout_token": "a.b.c"})
        assert answer.status_code == 503
        assert visitor.client.post("/sign-out").location == "/signed-out"
    assert silent.times_called() == 1


def test_a_change_of_its_settings_does_not_make_us_forget_that_it_is_silent(
    world: World, silent: Silent, visitor: Any
) -> None:
    visitor.get(f"/sign-in/start?provider={silent.id}")
    with connection():
        provider_changes.set_active(world.system_context(), silent.id, active=False)
        provider_changes.set_active(world.system_context(), silent.id, active=True)
    assert visitor.get(f"/sign-in/start?provider={silent.id}").status_code == 503
    assert silent.times_called() == 1


def test_the_button_asks_it_all_the_same(world: World, silent: Silent, visitor: Any) -> None:
    visitor.get(f"/sign-in/start?provider={silent.id}")
    client = world.client_for("it@koriyama")
    with connection():
        own = world.ctx_for("it@koriyama").municipality.id
        ProviderMunicipality.delete().where(
            (ProviderMunicipality.provider == silent.id)
            & (ProviderMunicipality.municipality != own)
        ).execute()
    page = f"/providers/{silent.id}"
    client.submit(f"{page}/test", {}, form_at=page)
    assert "応答がありませんでした" in client.get(page).text
    assert silent.times_called() == 2


@pytest.fixture
def started(world: World, other_provider: Any, visitor: Any) -> Callable[[], Any]:
    """Begin a sign-in and come back with a code that is none."""

    def come_back() -> Any:
        return visitor.get(other_provider.answer_to(visitor.begin(), code="made-up"))

    return come_back


@pytest.mark.parametrize(
    ("status", "body"), [(400, {"error": "invalid_grant"}), (200, ["no", "object"])], ids=str
)
def test_made_up_codes_do_not_make_us_ask_for_the_keys_or_forget_what_is_known(
    other_provider: Any, visitor: Any, started: Callable[[], Any], status: int, body: Any
) -> None:
    other_provider.token_answer = (status, body)
    for _ in range(5):
        assert started().status_code == 400
    assert other_provider.asked.count("/jwks") == 0
    assert other_provider.asked.count("/.well-known/openid-configuration") <= 5
    other_provider.is_down = True
    assert visitor.begin().startswith(f"{other_provider.issuer}/authorize?")


def test_made_up_codes_at_which_the_provider_fails_lock_nobody_out(
    other_provider: Any, started: Callable[[], Any], another_visitor: Any
) -> None:
    other_provider.token_answer = (500, {"error": "server_error"})
    for _ in range(8):
        assert started().status_code == 503
    other_provider.token_answer = None
    another_visitor.get(other_provider.answer_to(another_visitor.begin()))
    assert another_visitor.is_signed_in()
