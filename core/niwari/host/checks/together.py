"""Checks of what connects a plugin with others: classes, services, events, settings, commands."""

from typing import TYPE_CHECKING

from click import Group

from niwari.specs.contributions import BadContribution, check_event

if TYPE_CHECKING:
    from niwari.host.declarations import Contributions
    from niwari.host.loaded import Plugin
    from niwari.host.registry import Host

LONGEST_EVENT = 80
"""Characters of an event's whole name, as ``consult.QuestionAnswered``."""

FORM_NAMES = frozenset(
    {
        "csrf_token",
        "data",
        "draft_href",
        "draft_key",
        "drafts",
        "errors",
        "form_errors",
        "hidden_tag",
        "is_submitted",
        "kept_draft",
        "meta",
        "populate_obj",
        "post_process",
        "process",
        "refuse",
        "validate",
        "validate_on_submit",
    }
)
"""What every form has by itself: a field of that name would take its place."""


def check_activities(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Classes of the ledger are known by one code each."""
    taken = {a.code: p.name for p in host.loaded() for a in p.contributions.activities}
    for activity in declared.activities:
        if activity.code in taken:
            raise BadContribution(
                f"Activity {activity.code!r} is already declared by {taken[activity.code]!r}; "
                "choose another code"
            )
        taken[activity.code] = plugin.name


def check_services(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Each version is offered once, and its Protocol lies in ``contract.py``."""
    seen: set[int] = set()
    for service in declared.services:
        where = f"Service {service.protocol.__name__}"
        if service.version in seen:
            raise BadContribution(f"{where}: version {service.version} is offered twice; keep one")
        seen.add(service.version)
        home = f"{plugin.package}.contract"
        if not plugin.core and service.protocol.__module__ != home:
            raise BadContribution(
                f"{where}: its Protocol lies in {service.protocol.__module__}; move it to {home}, "
                "where others find it"
            )


def check_events(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Events can be kept; subscriptions name plugins that the manifest knows."""
    for event in declared.events:
        check_event(event)
    names = [event.__name__ for event in declared.events]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise BadContribution(f"event {doubled[0]} is declared twice; keep one")
    known = {plugin.name}
    if plugin.manifest:
        known |= {*plugin.manifest.requires, *plugin.manifest.uses}
    if long := [name for name in names if len(f"{plugin.name}.{name}") > LONGEST_EVENT]:
        raise BadContribution(
            f"event {long[0]}: with the plugin's name it may have {LONGEST_EVENT} characters; "
            "choose a shorter name"
        )
    seen: set[str] = set()
    for subscription in declared.subscriptions:
        owner, _, name = subscription.event.partition(".")
        where = f"Subscription {subscription.event!r}"
        core = owner in host.plugins and host.plugins[owner].core
        if owner not in known and not core and not plugin.core:
            raise BadContribution(
                f"{where}: add {owner!r} to uses in plugin.toml, then it may be named"
            )
        if owner == plugin.name and name not in names:
            raise BadContribution(
                f"{where}: the plugin declares no such event; return it from the hook 'events'"
            )
        if subscription.event in seen:
            raise BadContribution(f"{where} is there twice; call both from one handler")
        seen.add(subscription.event)


def check_settings(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Each key is there once, and is none that the form made of them has itself."""
    keys = [setting.key for setting in declared.settings]
    if taken := sorted(FORM_NAMES & set(keys)):
        raise BadContribution(f"Setting {taken[0]!r}: forms use that name; choose another key")
    if doubled := sorted({key for key in keys if keys.count(key) > 1}):
        raise BadContribution(f"Setting {doubled[0]!r} is declared twice; keep one")


def check_commands(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Each command has a name of its own and explains itself."""
    names = [command.name for command in declared.commands]
    if doubled := sorted({str(name) for name in names if names.count(name) > 1}):
        raise BadContribution(f"command {doubled[0]!r} is declared twice; keep one")
    for command in declared.commands:
        where = f"command {command.name!r}"
        if isinstance(command, Group):
            raise BadContribution(f"{where} is a group; return its commands one by one")
        if any("--municipality" in option.opts for option in command.params):
            raise BadContribution(
                f"{where}: remove its option --municipality; the host adds one and gives the "
                "command its Context by way of @click.pass_obj"
            )
        if not command.name or not (command.help or "").strip():
            raise BadContribution(f"{where}: say in its docstring what it does, with an example")
