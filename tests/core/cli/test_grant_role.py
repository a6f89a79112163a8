"""``niwari directory grant-role``: how an installation gets its IT people."""

from typing import Any

import pytest
from click.testing import CliRunner

from niwari.cli.main import main
from niwari.testing.world import World


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command on the world's database."""
    monkeypatch.setenv("NIWARI_HOME", str(world.settings.home))
    monkeypatch.setenv("NIWARI_DATABASE_URL", world.settings.database_url)
    return lambda *words: CliRunner().invoke(main, ["directory", "grant-role", *words])


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
