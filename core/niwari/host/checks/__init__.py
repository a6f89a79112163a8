"""Whether what a plugin declares is sound and fits in with everybody else's, a file per domain.

Each check raises ``BadContribution`` naming the thing, what is wrong with it, and the mend.
"""

from typing import TYPE_CHECKING

from niwari.host.checks.data import (
    check_disposing,
    check_migrations,
    check_models,
    check_resources,
)
from niwari.host.checks.notices import check_notices
from niwari.host.checks.pages import check_blueprints, check_permissions
from niwari.host.checks.together import (
    check_activities,
    check_commands,
    check_events,
    check_services,
    check_settings,
)
from niwari.host.checks.work import check_jobs, check_tasks

if TYPE_CHECKING:
    from niwari.host.declarations import Contributions
    from niwari.host.loaded import Plugin
    from niwari.host.registry import Host

_CHECKS = (
    check_permissions,
    check_blueprints,
    check_models,
    check_migrations,
    check_resources,
    check_disposing,
    check_activities,
    check_services,
    check_events,
    check_settings,
    check_commands,
    check_jobs,
    check_tasks,
    check_notices,
)


def check(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Run every check; raises ``BadContribution`` at the first that does not hold."""
    for one in _CHECKS:
        one(host, plugin, declared)
