"""A database belongs to one environment: a demo never opens what real people work in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from niwari.app import create_app
from niwari.clock import FrozenClock
from niwari.config import ConfigError, Settings
from niwari.db import connection, open_database
from niwari.host.environment import Installation, claim_database, environment_of_database

Claim = Callable[[str], None]


@pytest.fixture
def claim(database_url: str) -> Claim:
    """Claim a database that nobody has claimed yet."""

    def do(environment: str) -> None:
        open_database(database_url)
        with connection():
            claim_database(environment)

    return do


@pytest.mark.parametrize("environment", ["production", "demo", "test"])
def test_a_database_belongs_to_the_environment_that_opens_it_first(
    claim: Claim, environment: str
) -> None:
    claim(environment)
    claim(environment)
    with connection():
        assert environment_of_database() == environment
        assert Installation.select().count() == 1


@pytest.mark.parametrize(("first", "second"), [("production", "demo"), ("demo", "production")])
def test_another_environment_is_refused_with_both_names(
    claim: Claim, first: str, second: str
) -> None:
    claim(first)
    with pytest.raises(ConfigError, match=f"made for '{first}', not for '{second}'"):
        claim(second)


def test_before_its_first_start_a_database_belongs_to_nobody(database_url: str) -> None:
    open_database(database_url)
    with connection():
        assert environment_of_database() is None


def test_an_application_without_passwords_does_not_open_what_real_people_work_in(
    claim: Claim, database_url: str, clock: FrozenClock, tmp_path: Path
) -> None:
    claim("production")
    settings = Settings(home=tmp_path, environment="demo", database_url=database_url)
    with pytest.raises(ConfigError, match="made for 'production', not for 'demo'"):
        create_app(settings, clock=clock)
