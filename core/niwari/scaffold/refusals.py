"""What cannot be made into a project."""

from niwari.config import ConfigError


class CannotScaffold(ConfigError):
    """No project can be written; the message names what is wrong and the mend."""
