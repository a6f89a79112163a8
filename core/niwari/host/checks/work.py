"""Checks of what the worker does: jobs by the clock, tasks for later."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.contributions import BadContribution, Job, Task

if TYPE_CHECKING:
    from niwari.host.declarations import Contributions
    from niwari.host.loaded import Plugin
    from niwari.host.registry import Host


def check_jobs(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Jobs bear the plugin's name, and each is there once."""
    _check_names("Job", plugin.name, declared.jobs)


def check_tasks(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Tasks bear the plugin's name, and each is there once."""
    _check_names("Task", plugin.name, declared.tasks)


def _check_names(kind: str, plugin: str, declared: Sequence[Job | Task]) -> None:
    seen: set[str] = set()
    for item in declared:
        if not item.name.startswith(f"{plugin}."):
            raise BadContribution(
                f"{kind} {item.name!r}: its name must begin with the plugin's; "
                f"write {plugin}.{item.name.rpartition('.')[2]}"
            )
        if item.name in seen:
            raise BadContribution(f"{kind} {item.name!r} is declared twice; keep one")
        seen.add(item.name)
