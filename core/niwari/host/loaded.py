"""One plugin as this process has it: how far it came, and what it brings."""

import logging
from dataclasses import dataclass, field
from enum import IntEnum
from types import ModuleType

from niwari.db.migrate import MigrationSet
from niwari.host.declarations import Contributions
from niwari.host.manifest import Manifest

log = logging.getLogger(__name__)


class Stage(IntEnum):
    """How far a plugin has come. ``READY`` means declared, wired and migrated."""

    FOUND = 1
    CHECKED = 2
    LOADED = 3
    DECLARED = 4
    READY = 5


@dataclass(slots=True)
class Plugin:
    """One core area or plugin, and how far it came; ``error`` says what stopped it."""

    name: str
    package: str
    core: bool = False
    stage: Stage = Stage.FOUND
    error: str = ""
    raised: bool = False
    manifest: Manifest | None = None
    module: ModuleType | None = None
    contributions: Contributions = field(default_factory=Contributions)

    @property
    def url_prefix(self) -> str:
        """The address below which the plugin's pages live."""
        return "/" + self.name.replace("_", "-")

    def migration_set(self) -> MigrationSet | None:
        """The plugin's migrations, or ``None`` where it has none."""
        directory = self.contributions.migrations
        return MigrationSet(self.name, directory) if directory else None

    @property
    def problem(self) -> str:
        """Why the plugin cannot be used, in the words of the log, or an empty text."""
        if self.error:
            return self.error
        if self.stage is Stage.DECLARED:
            return "its migrations have not run; run: niwari migrate"
        return ""

    def stop(self, reason: str, *, raised: bool = False) -> None:
        """Stop at the present stage for ``reason``; ``raised`` says that it is the plugin's text.

        What a plugin raised may hold anything, so only whoever runs the server gets to see it.
        """
        self.error = reason
        self.raised = raised
        self.contributions = Contributions()
        log.error("plugin %s stopped at %s: %s", self.name, self.stage.name.lower(), reason)
