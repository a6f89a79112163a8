"""What a start asks of the providers."""

from niwari.config import ConfigError, Settings
from niwari.identity.models import Provider


def require_provider(settings: Settings) -> None:
    """Raise ``ConfigError`` where production has no active provider, and nobody could sign in."""
    if settings.is_production and not Provider.select().where(Provider.is_active).exists():
        raise ConfigError(
            "no sign-in provider is active, so nobody could sign in; name one by: "
            "niwari identity provider add, or use a known one by: niwari identity provider activate"
        )
