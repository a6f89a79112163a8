"""``niwari directory grant-role``, ``revoke-role`` and ``roles list``: how IT people come and go."""

from typing import Any

import pytest
from click.testing import CliRunner, Result

from niwari.cli.main import main
from niwari.db import database
from niwari.directory.models import Appointment
from niwari.identity.models import RoleGrant
from niwari.testing.world import World


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command on the world's database."""
    monkeypatch.setenv("NIWARI_HOME", str(world.settings.home))
    monkeypatch.setenv("NIWARI_DATABASE_URL", world.settings.database_url)
    return lambda *words: niwari("directory", "grant-role", *words)


def niwari(*words: str) -> Result:
    """Run a command as whoever runs the server does."""
    try:
        return CliRunner().invoke(main, words)
    finally:
        database.connect(reuse_if_open=True)


def test_who_got_the_role_may_choose_features_at_the_next_request(run: Any, world: World) -> None:
    client = world.client_for("staff@miharu")
    assert client.get("/admin/features").status_code == 403

    result = run("staff@miharu", "it")
    assert result.exit_code == 0, result.output
    assert result.output == "staff@miharu has the role it.\n"
    assert client.get("/admin/features").status_code == 200


def test_an_unknown_login_is_named_and_changes_nothing(run: Any) -> None:
    result = run("nobody@miharu", "it")
    assert result.exit_code == 2
    assert "nobody@miharu という職員は登録されていません。" in result.output


def test_staff_and_head_are_not_granted(run: Any) -> None:
    assert run("staff@miharu", "head").exit_code == 2


def test_a_role_may_be_given_until_a_day(run: Any) -> None:
    result = run("staff@miharu", "hr", "--until", "2027-03-31")
    assert (result.exit_code, result.output) == (
        0,
        "staff@miharu has the role hr until 2027-03-31.\n",
    )
    listed = niwari("directory", "roles", "list", "--municipality", "075213").output
    assert listed == "hr          staff@miharu  総務課  until 2027-03-31\n"


@pytest.mark.parametrize("until", ["2026-11-09", "tomorrow"])
def test_an_end_that_is_over_or_no_day_is_refused_and_changes_nothing(run: Any, until: str) -> None:
    assert run("staff@miharu", "hr", "--until", until).exit_code == 2
    assert RoleGrant.select().where(RoleGrant.role == "hr").count() == 1


def test_a_role_is_taken_at_the_next_request(run: Any, world: World) -> None:
    run("staff@koriyama", "it")
    client = world.client_for("it@koriyama")
    result = niwari("directory", "revoke-role", "it@koriyama", "it")
    assert (result.exit_code, result.output) == (0, "it@koriyama has no longer the role it.\n")
    assert client.get("/admin/features").status_code == 403


def test_taking_a_role_that_nobody_gave_says_so(run: Any) -> None:
    result = niwari("directory", "revoke-role", "staff@koriyama", "hr")
    assert (result.exit_code, result.output) == (0, "staff@koriyama had not the role hr.\n")


def test_a_role_is_taken_from_a_concurrent_post_too(run: Any, world: World) -> None:
    person = world.ctx_for("staff5@koriyama").person_id
    posts = [post.id for post in Appointment.select().where(Appointment.person == person)]
    RoleGrant.insert_many([{"appointment": post, "role": "hr"} for post in posts]).execute()
    niwari("directory", "revoke-role", "staff5@koriyama", "hr")
    assert not RoleGrant.select().where(RoleGrant.appointment.in_(posts)).exists()


def test_the_last_it_of_a_town_stays(run: Any, world: World) -> None:
    result = niwari("directory", "revoke-role", "it@koriyama", "it")
    assert result.exit_code == 2
    assert "情報担当の役割を期限なしで持つ職員が、ほかにいません。" in result.output
    assert world.client_for("it@koriyama").get("/admin/features").status_code == 200


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("revoke-role", "nobody@miharu", "it"), "nobody@miharu という職員は"),
        (("roles", "list", "--municipality", "999999"), "市町村コード 999999 の検査数字が違います"),
    ],
)
def test_who_or_what_is_unknown_is_named(run: Any, words: tuple[str, ...], named: str) -> None:
    result = niwari("directory", *words)
    assert (result.exit_code, named in result.output) == (2, True)


def test_the_list_names_the_granted_roles_of_one_town(run: Any) -> None:
    listed = niwari("directory", "roles", "list", "--municipality", "072036").output.splitlines()
    assert [line.split()[:2] for line in listed] == [
        ["auditor", "director-seisaku@koriyama"],
        ["hr", "hr@koriyama"],
        ["it", "it@koriyama"],
        ["secretariat", "secretariat"],
    ]


def test_a_town_without_granted_roles_says_so(run: Any) -> None:
    listed = niwari("directory", "roles", "list", "--municipality", "075213").output
    assert listed == "Nobody has a granted role.\n"
