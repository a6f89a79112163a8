"""Commands that plugins bring: run in a municipality's name, where the plugin is on, and contained."""

import pytest

from niwari.db import connection
from niwari.host.models import Cost, Failure
from niwari.testing.world import KORIYAMA, SUKAGAWA
from tests.core.cli.conftest import Run


def enable(run: Run, *plugins: str) -> None:
    for plugin in plugins:
        assert run("plugins", "enable", plugin, "--municipality", KORIYAMA).exit_code == 0


def test_a_command_runs_in_the_name_of_a_municipality(run: Run) -> None:
    enable(run, "dummy")
    done = run("dummy", "count", "--municipality", KORIYAMA)
    assert (done.exit_code, done.output) == (0, "郡山市: 0 notes, asked by niwari dummy count\n")


def test_it_is_not_run_where_the_plugin_is_off(run: Run) -> None:
    enable(run, "dummy")
    done = run("dummy", "count", "--municipality", SUKAGAWA)
    assert done.exit_code == 2
    assert "「伝言板」は須賀川市で使われていません。" in done.stderr
    assert f"niwari plugins enable dummy --municipality {SUKAGAWA}" in done.stderr


def test_that_it_is_off_is_told_in_the_language_of_the_process(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIWARI_LOCALE", "en")
    done = run("dummy", "count", "--municipality", SUKAGAWA)
    assert done.exit_code == 2
    assert "“Notes” is not on in 須賀川市." in done.stderr


def test_it_does_not_run_without_a_municipality(run: Run) -> None:
    done = run("dummy", "count")
    assert done.exit_code == 2
    assert "Missing option '--municipality'" in done.stderr


def test_an_unknown_municipality_is_named(run: Run) -> None:
    done = run("dummy", "count", "--municipality", "999999")
    assert done.exit_code == 2
    assert "999999" in done.stderr


def test_what_it_refuses_is_an_answer_and_no_failure(run: Run) -> None:
    enable(run, "dummy")
    done = run("dummy", "count", "--municipality", KORIYAMA, "--at-least", "3")
    assert done.exit_code == 2
    assert "there are 0 notes only" in done.stderr
    with connection():
        assert Failure.select().count() == 0


def test_what_it_raises_is_counted_and_told_in_a_sentence(run: Run) -> None:
    enable(run, "dummy")
    done = run("dummy", "fail", "--municipality", KORIYAMA)
    assert done.exit_code == 2
    assert "niwari: dummy fail failed: RuntimeError; the log above says where" in done.stderr
    with connection():
        (row,) = Failure.select()
        assert (row.plugin, row.surface) == ("dummy", "command fail")


def test_what_failed_often_is_run_again_all_the_same(run: Run) -> None:
    enable(run, "dummy")
    for _ in range(6):
        done = run("dummy", "fail", "--municipality", KORIYAMA)
        assert "failed: RuntimeError" in done.stderr


def test_what_a_command_cost_is_written_at_its_end(run: Run) -> None:
    enable(run, "dummy")
    assert run("dummy", "count", "--municipality", KORIYAMA).exit_code == 0
    with connection():
        row = Cost.get(Cost.surface == "command count")
        assert (row.plugin, row.calls, row.failed) == ("dummy", 1, 0)


def test_the_group_says_what_the_plugin_is_for_and_lists_its_commands(run: Run) -> None:
    done = run("dummy", "--help")
    assert done.exit_code == 0
    assert "Leave short notes." in done.output
    assert "count" in done.output
    assert "fail" in done.output


def test_a_plugin_without_commands_and_an_unknown_word_are_no_commands(run: Run) -> None:
    for word in ("neighbour", "nothing", "--nothing"):
        assert run(word).exit_code == 2
