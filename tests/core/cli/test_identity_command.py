"""``niwari identity``: providers by command, and unbinding accounts."""

import json
import socket
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from niwari.audit.models import AuditEntry
from niwari.cli.main import main
from niwari.clock import tokyo_day
from niwari.db import connection
from niwari.directory.models import Appointment, Municipality, Person
from niwari.identity.models import ExternalIdentity, Provider, Session
from niwari.identity.providers.sealed import open_secret
from niwari.identity.sessions.stored import open_session
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World
from tests.core.identity.rogue import give_post, town_id

ISSUER = "https://id.example.lg.jp"
ADD = (
    *("provider", "add", "--label", "郡山市", "--issuer", ISSUER, "--client-id", "niwari"),
    *("--municipality", "072036", "--domain", "City.Koriyama.example.jp"),
)

Run = Callable[..., Result]


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``niwari identity`` on the world's database."""
    monkeypatch.setenv("NIWARI_HOME", str(world.settings.home))
    monkeypatch.setenv("NIWARI_DATABASE_URL", world.settings.database_url)
    return lambda *words, typed="": CliRunner().invoke(main, ["identity", *words], input=typed)


def the_row() -> Any:
    with connection():
        return Provider.get(Provider.issuer == ISSUER)


def test_a_provider_is_added_and_its_addresses_are_said(run: Run) -> None:
    done = run(*ADD, typed="told once\n")
    assert done.exit_code == 0, done.output
    row = the_row()
    assert f"/sign-in/callback/{row.id}" in done.output
    assert "told once" not in done.output
    assert open_secret(row) == "told once"
    with connection():
        entry = AuditEntry.get(AuditEntry.action == "identity.provider_add")
    assert entry.actor == "niwari identity provider add"


def test_the_secret_may_come_from_a_file_or_standard_input(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n", encoding="utf-8")
    assert run(*ADD, "--secret-from", str(tmp_path / "secret")).exit_code == 0
    assert open_secret(the_row()) == "from a file"
    done = run("provider", "edit", str(the_row().id), "--secret-from", "-", typed="piped\n")
    assert done.exit_code == 0, done.output
    assert (open_secret(the_row()), the_row().revision) == ("piped", 2)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--municipality", "999999"), "999999"),
        (("--issuer", "http://id.example.lg.jp"), "https://"),
        (("--issuer", "https://127.0.0.1"), "にわりのサーバー自身"),
        (("--issuer", "https://10.1.2.3"), "provider_networks"),
        (("--domain", "x y"), "x y"),
        (("--secret-from", "no/such/file"), "no/such/file"),
        (("--claim", "email address"), "クレーム"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_is_stored(
    run: Run, more: tuple[str, ...], said: str
) -> None:
    done = run(*ADD, *more, typed="x\n")
    assert done.exit_code == 2
    assert said in done.output
    with connection():
        assert Provider.select().count() == 1


def test_a_provider_in_a_network_that_the_settings_name_is_taken(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIWARI_PROVIDER_NETWORKS", "192.168.0.0/16, 10.1.0.0/16")
    assert run(*ADD, "--issuer", "https://10.1.2.3", typed="x\n").exit_code == 0
    with connection():
        assert Provider.get(Provider.id == 2).issuer == "https://10.1.2.3"


def test_asking_a_provider_whose_name_leads_inside_says_where_and_how_to_allow_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(*ADD, typed="x\n").exit_code == 0
    kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_n: [(*kind, ("10.0.0.7", 443))])
    done = run("provider", "test", str(the_row().id))
    assert done.exit_code == 2
    assert "10.0.0.7" in done.output
    assert "provider_networks in niwari.toml" in done.output
    assert done.output.count("\n") == 1


def test_a_secret_is_no_option(run: Run) -> None:
    assert run(*ADD, "--secret", "x").exit_code == 2


@pytest.mark.parametrize("typed", ["\n", ""])
def test_without_a_terminal_and_without_a_secret_it_says_how_to_give_one(
    run: Run, typed: str
) -> None:
    said = run(*ADD, typed=typed)
    assert said.exit_code == 2
    assert "No terminal" in said.stderr
    assert "--secret-from FILE" in said.stderr
    with connection():
        assert Provider.select().count() == 1


def test_what_no_option_names_stays(run: Run) -> None:
    run(*ADD, typed="told once\n")
    done = run("provider", "edit", str(the_row().id), "--label", "郡山市役所")
    assert done.output == f"Provider {the_row().id} was changed.\n"
    assert (the_row().label, open_secret(the_row())) == ("郡山市役所", "told once")
    listed = run("provider", "list").output
    assert "郡山市役所" in listed
    assert "city.koriyama.example.jp" in listed
    assert "072036" in listed


def test_a_new_client_id_asks_for_its_secret(run: Run) -> None:
    run(*ADD, typed="told once\n")
    done = run("provider", "edit", str(the_row().id), "--client-id", "other", typed="another\n")
    assert done.exit_code == 0, done.output
    assert open_secret(the_row()) == "another"


def test_a_provider_is_stopped_and_used_again_and_saying_it_twice_is_no_matter(run: Run) -> None:
    run(*ADD, typed="told once\n")
    number = str(the_row().id)
    assert "is not active." in run("provider", "deactivate", number).output
    assert "already" in run("provider", "deactivate", number).output
    assert not the_row().is_active
    assert run("provider", "activate", number).exit_code == 0
    assert the_row().is_active


def test_adding_one_that_was_stopped_is_refused_and_names_the_command(run: Run) -> None:
    run(*ADD, typed="told once\n")
    number = str(the_row().id)
    run("provider", "deactivate", number)
    done = run(*ADD, typed="told once\n")
    assert done.exit_code == 2
    assert f"niwari identity provider activate {number}" in done.output
    assert not the_row().is_active


@pytest.mark.parametrize("secret", ["two\nlines\n", "x" * 4097])
def test_a_secret_of_several_lines_or_without_end_is_none(
    run: Run, tmp_path: Path, secret: str
) -> None:
    (tmp_path / "secret").write_text(secret, encoding="utf-8")
    assert run(*ADD, "--secret-from", str(tmp_path / "secret")).exit_code == 2
    with connection():
        assert Provider.select().count() == 1


def test_stopping_one_ends_its_sessions_unless_they_are_to_be_kept(world: World, run: Run) -> None:
    world.client_for("staff@koriyama")
    done = run("provider", "deactivate", "1", "--keep-sessions")
    assert "Ended: 0 sessions" in done.output
    with connection():
        assert Session.select().count() == 1
    done = run("provider", "deactivate", "1")
    assert "Ended: 1 sessions, 0 personal tokens, 0 municipal tokens." in done.output
    with connection():
        assert Session.select().count() == 0


def test_the_command_of_a_merger_says_who_has_no_way_in(
    world: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection():
        Appointment.update(ends_on=date(2026, 11, 9)).where(
            Appointment.municipality == Municipality.get(Municipality.code == "075213")
        ).execute()
        Provider.update(is_active=False).execute()
    monkeypatch.setenv("NIWARI_ENVIRONMENT", "test")
    words = ["directory", "merge", "075213", "072036", "--on", "2026-11-10"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "no provider serves 072036" in done.output


@pytest.mark.parametrize("verb", ["edit", "activate", "deactivate", "test"])
def test_a_provider_that_is_not_there_is_refused(run: Run, verb: str) -> None:
    assert run("provider", verb, "99").exit_code == 2


def test_an_unbound_person_is_signed_out_and_may_bind_another_account(
    run: Run, world: World
) -> None:
    world.client_for("staff@koriyama")
    with connection():
        person = Person.get(Person.login == "staff@koriyama")
        ExternalIdentity.insert(
            issuer=ISSUER, subject="s", person=person, bound_at=world.clock()
        ).execute()
    assert run("unbind", "staff@koriyama").output == "staff@koriyama: 1 account forgotten.\n"
    with connection():
        assert ExternalIdentity.select().count() == Session.select().count() == 0
        assert AuditEntry.get(AuditEntry.action == "identity.unbound").object_id == person.id
    assert run("unbind", "nobody@koriyama").exit_code == 2


def test_unbinding_is_told_where_sessions_ended_and_in_the_present_post_not_in_one_to_come(
    run: Run, world: World
) -> None:
    today = tokyo_day(world.clock())
    with connection():
        beside = give_post(world, "staff@koriyama", SUKAGAWA)
        give_post(world, "staff@koriyama", MIHARU, first=today + timedelta(days=30))
        person = Person.get(Person.login == "staff@koriyama")
        ExternalIdentity.insert(
            issuer=ISSUER, subject="s", person=person, bound_at=world.clock()
        ).execute()
        open_session(world.settings, world.clock(), appointment_id=beside)
    run("unbind", "staff@koriyama")
    with connection():
        entries = AuditEntry.select().where(AuditEntry.action == "identity.unbound")
        said = {row.municipality_id: json.loads(row.details)["sessions"] for row in entries}
        assert said == {town_id(KORIYAMA): 0, town_id(SUKAGAWA): 1}


def test_production_without_an_active_provider_does_not_serve_and_names_the_command(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIWARI_BASE_URL", "https://niwari.example.jp")
    run("provider", "deactivate", "1")
    done = CliRunner().invoke(main, ["serve"])
    assert done.exit_code == 2
    assert "niwari identity provider add" in done.output
    assert done.output.count("\n") == 1
