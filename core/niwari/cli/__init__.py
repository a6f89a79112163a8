"""The command ``niwari``."""

from niwari.cli.main import main

__all__ = ["main"]
