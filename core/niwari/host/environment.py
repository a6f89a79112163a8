"""To which environment a database belongs: a demo never opens what real people work in."""

from niwari.config import ConfigError
from niwari.host.models import Installation


def environment_of_database() -> str | None:
    """Return the environment that the database belongs to, or ``None`` before its first start."""
    row = Installation.get_or_none(Installation.id == 1)
    return row.environment if row else None


def claim_database(environment: str) -> None:
    """Let the database belong to ``environment`` from its first start on.

    Sign-in without a password must never meet real people, nor a session of it open their pages:
    raises ``ConfigError`` where the database belongs to another environment.
    """
    Installation.insert(id=1, environment=environment).on_conflict_ignore().execute()
    made_for = environment_of_database()
    if made_for != environment:
        raise ConfigError(
            f"environment: this database was made for {made_for!r}, not for {environment!r}; "
            "give another NIWARI_HOME or database_url"
        )
