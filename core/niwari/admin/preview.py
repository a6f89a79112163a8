"""What a plugin brings, gathered for whoever is about to switch it on."""

from dataclasses import dataclass

from niwari.admin.switching import label_of
from niwari.admin.wording import page_address, role_words
from niwari.context import Context
from niwari.host.blueprint import SAFE_METHODS
from niwari.host.dispatch import Dispatcher, contained
from niwari.host.enablement import active_plugins
from niwari.host.loaded import Plugin
from niwari.host.manifest import PersonalData
from niwari.identity.roles.mapping import roles_with
from niwari.specs.contributions import VERB_LABELS, MenuItem


@dataclass(frozen=True, slots=True)
class Need:
    """A plugin that must be on before, and whether it is on in the acting municipality."""

    name: str
    label: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plugin brings, in the reader's words.

    ``menu`` are menu items as (heading, label). ``pages`` are the addresses of the pages that one
    can look at, ``public`` those among them that need no sign-in. ``abilities`` are what one may
    do, each with who may. ``activities`` are its classes of 20% time, ``settings`` what municipal IT
    can set.
    """

    menu: tuple[tuple[str, str], ...]
    has_cards: bool
    pages: tuple[str, ...]
    public: tuple[str, ...]
    abilities: tuple[tuple[str, str], ...]
    activities: tuple[str, ...]
    settings: tuple[str, ...]
    personal_data: tuple[PersonalData, ...]
    needs: tuple[Need, ...]

    @property
    def missing(self) -> tuple[Need, ...]:
        """What has to be switched on first."""
        return tuple(need for need in self.needs if not need.is_on)


def preview(ctx: Context, dispatcher: Dispatcher, plugin: Plugin) -> Preview:
    """Return what ``plugin`` brings to the acting municipality, whether it is on there or not."""
    brought, locale = plugin.contributions, ctx.locale
    routes = [r for b in brought.blueprints for r in b.routes if set(r.methods) & SAFE_METHODS]
    return Preview(
        menu=_menu(ctx, dispatcher, plugin),
        has_cards=any(
            i.plugin_name == plugin.name for i in dispatcher.host.implementations("cards")
        ),
        pages=tuple(dict.fromkeys(page_address(plugin, r.rule) for r in routes)),
        public=tuple(page_address(plugin, r.rule) for r in routes if r.public),
        abilities=tuple(
            (p.label.text(locale), role_words(roles_with(ctx.municipality, p), locale))
            for p in brought.permissions
        ),
        activities=tuple(a.label.text(locale) for a in brought.activities),
        settings=tuple(s.label.text(locale) for s in brought.settings if s.scope == "municipality"),
        personal_data=plugin.manifest.personal_data if plugin.manifest else (),
        needs=_needs(ctx, dispatcher, plugin),
    )


def _menu(ctx: Context, dispatcher: Dispatcher, plugin: Plugin) -> tuple[tuple[str, str], ...]:
    # Without its tables a plugin cannot say what it shows.
    if not dispatcher.host.is_ready(plugin.name):
        return ()
    navigation = dispatcher.host.implementation("navigation", plugin.name)
    if navigation is None:
        return ()
    # Not counted: it is asked where it is off, and must not be born with a quarantine.
    found, _error, _micros = contained(lambda: tuple(navigation(ctx=ctx) or ()))
    items = [item for item in found or () if isinstance(item, MenuItem)]
    headings = {verb.value: label.text(ctx.locale) for verb, label in VERB_LABELS.items()}
    return tuple((headings.get(i.group, ""), i.label.text(ctx.locale)) for i in items)


def _needs(ctx: Context, dispatcher: Dispatcher, plugin: Plugin) -> tuple[Need, ...]:
    on = active_plugins(ctx.municipality)
    known = dispatcher.host.plugins
    names = plugin.manifest.requires if plugin.manifest else ()
    return tuple(
        Need(name, label_of(known[name], ctx.locale) if name in known else name, name in on)
        for name in names
    )
