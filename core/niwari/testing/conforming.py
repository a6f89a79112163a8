"""``--niwari-conformance NAME``: lets pytest collect the conformance run."""

import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from niwari.host.discovery import installed_plugins
from niwari.testing.engines import Engines

if TYPE_CHECKING:
    # Not at run time: every test run loads this module, also those that need no application.
    from niwari.testing.lent import Lent

OPTION, CHROMIUM = "--niwari-conformance", "--niwari-chromium"
_MODULE = Path(__file__).parent / "conformance" / "test_rules.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run be about plugins."""
    parser.addoption(
        OPTION,
        action="append",
        default=[],
        metavar="NAME",
        help="check the installed plugin NAME against every rule; may be given several times",
    )
    parser.addoption(
        CHROMIUM,
        default=os.environ.get("NIWARI_CHROMIUM", ""),
        metavar="PATH",
        help="check in this Chromium too that everyone can use the pages; needs playwright; "
        "the variable NIWARI_CHROMIUM says the same",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collect the rules; alone, where no tests were asked for by path."""
    names = config.getoption(OPTION)
    if not names:
        return
    known = [found.name for found in installed_plugins()]
    if unknown := [name for name in names if name not in known]:
        raise pytest.UsageError(
            f"{OPTION}: no plugin {unknown[0]!r} is installed; installed are "
            f"{', '.join(known) or 'none'}. Install it first: pip install -e FOLDER"
        )
    chromium = config.getoption(CHROMIUM)
    if chromium and not (Path(chromium).is_file() and find_spec("playwright")):
        raise pytest.UsageError(
            f"{CHROMIUM}: {chromium} is no program, or playwright is missing; "
            "name the program and run: pip install playwright"
        )
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args.clear()
    config.args.append(str(_MODULE))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each plugin and rule."""
    if "conformance_rule" not in metafunc.fixturenames:
        return
    from niwari.testing.conformance import all_rules

    names = metafunc.config.getoption(OPTION)
    browser = bool(metafunc.config.getoption(CHROMIUM))
    rules = [rule for rule in all_rules() if browser or rule.code != "accessible"]
    pairs = [(name, rule) for name in names for rule in rules]
    metafunc.parametrize(
        ("conformance_bench", "conformance_rule"),
        pairs,
        indirect=["conformance_bench"],
        ids=[f"{name}-{rule.code}" for name, rule in pairs],
    )


@pytest.fixture(scope="session")
def conformance_lent(tmp_path_factory: pytest.TempPathFactory) -> "Callable[[str], Lent]":
    """The application of each plugin that the run names, with those that it requires and uses."""
    from niwari.testing.conformance.bench import beside
    from niwari.testing.lent import Lent

    installed = installed_plugins()

    @cache
    def lent(name: str) -> Lent:
        (found,) = (plugin for plugin in installed if plugin.name == name)
        return Lent(tmp_path_factory.mktemp("home"), (found, *beside(name, installed)))

    return lent


@pytest.fixture
def conformance_bench(
    request: pytest.FixtureRequest,
    database_engines: Engines,
    tmp_path: Path,
    conformance_lent: "Callable[[str], Lent]",
) -> object:
    """The bench on which the plugin that the run names is tried."""
    from niwari.testing.conformance.bench import Bench, beside

    installed = installed_plugins()
    name = request.param
    (found,) = (plugin for plugin in installed if plugin.name == name)
    chromium = request.config.getoption(CHROMIUM)
    return Bench(
        found,
        database_engines,
        tmp_path,
        beside(name, installed),
        chromium=chromium,
        lent=conformance_lent(name),
    )
