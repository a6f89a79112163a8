"""``--niwari-conformance NAME``: lets pytest collect the conformance run."""

from pathlib import Path

import pytest

from niwari.host.discovery import installed_plugins
from niwari.testing.engines import Engines

OPTION = "--niwari-conformance"
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
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args.clear()
    config.args.append(str(_MODULE))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each plugin and rule."""
    if "conformance_rule" not in metafunc.fixturenames:
        return
    from niwari.testing.conformance import all_rules

    names = metafunc.config.getoption(OPTION)
    pairs = [(name, rule) for name in names for rule in all_rules()]
    metafunc.parametrize(
        ("conformance_bench", "conformance_rule"),
        pairs,
        indirect=["conformance_bench"],
        ids=[f"{name}-{rule.code}" for name, rule in pairs],
    )


@pytest.fixture
def conformance_bench(
    request: pytest.FixtureRequest, database_engines: Engines, tmp_path: Path
) -> object:
    """The bench on which the plugin that the run names is tried."""
    from niwari.testing.conformance.bench import Bench, beside

    installed = installed_plugins()
    name = request.param
    (found,) = (plugin for plugin in installed if plugin.name == name)
    return Bench(found, database_engines, tmp_path, beside(name, installed))
