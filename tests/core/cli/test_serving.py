"""``niwari serve --strict``: what is wrong with a plugin is said before anything is served."""

from collections.abc import Callable

import pytest

from niwari.testing.workshop import Workshop
from tests.core.cli.conftest import Run


@pytest.fixture
def strict(run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Try to serve an installation for tests, which needs no provider; returns why it refuses."""
    monkeypatch.setenv("NIWARI_ENVIRONMENT", "test")
    monkeypatch.setenv("NIWARI_STRICT", "false")  # serve sets it for what it starts

    def refused() -> str:
        done = run("serve", "--strict")
        assert done.exit_code == 2, done.output
        assert "Traceback" not in done.output
        return done.stderr

    return refused


def test_each_plugin_that_is_not_ready_is_named(
    strict: Callable[[], str], crash: Callable[..., None]
) -> None:
    crash("declare")
    assert strict() == (
        "niwari: strict: not every plugin is ready\ncrasher: Crash: crashed on purpose at declare\n"
    )


def test_so_is_one_whose_pages_flask_does_not_take(
    strict: Callable[[], str], workshop: Workshop
) -> None:
    workshop.make(
        "shop",
        """
        blueprint = Blueprint("shop", __name__)

        @hookimpl
        def routes():
            return [blueprint]

        @blueprint.get("/<no_such:word>", public="anybody may")
        def page(word):
            return word
        """,
    )
    workshop.install("shop")
    assert "shop: routes: " in strict()
