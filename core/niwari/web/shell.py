"""The frame around every page: who and where one is, and the menu."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, g, get_template_attribute, request, url_for
from markupsafe import Markup
from werkzeug.routing import BuildError

from niwari.channels.unread import MOST_COUNTED, unread_and
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.identity.sessions.web import web_session
from niwari.ledger.presenting import HELPERS
from niwari.moderation.cases import Level
from niwari.moderation.moderators import waiting
from niwari.pages.parts import active_here, parts
from niwari.pages.texts import gettext as _
from niwari.pages.texts import locale
from niwari.pages.times import day
from niwari.specs.contributions import VERB_LABELS, MenuItem, Verb
from niwari.specs.contributions.surface import GROUPS

log = logging.getLogger(__name__)

_WAITING: Mapping[str, Level] = {"moderation.queue": "town", "moderation.region_queue": "region"}
"""Places of the menu whose number is counted in the query that counts the notices."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu as shown: ``current`` is the page itself, ``open`` the place it is in."""

    label: str
    href: str
    current: bool
    open: bool
    badge: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """A headed part of the menu; the first has no heading."""

    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """What base.html shows around a page."""

    municipality_name: str
    section_name: str
    person_name: str
    locale: str
    groups: tuple[Group, ...]
    menu: Markup
    demo_notice: str
    own_settings: tuple[tuple[str, str], ...] = ()
    own_pages: tuple[tuple[str, str], ...] = ()
    search_href: str = ""
    notices: str | None = None
    notices_href: str = ""

    @property
    def show_search(self) -> bool:
        """Whether the field of the search is shown."""
        return bool(self.search_href)

    @property
    def demo_date(self) -> bool:
        """Whether the demo's notice is shown."""
        return bool(self.demo_notice)


def install_shell(app: Flask) -> None:
    """Give all templates ``shell`` (``None`` for anonymous requests), made once per request."""

    @app.context_processor
    def provide() -> dict[str, Any]:
        return {"shell": _shell_of_request(), "ctx": getattr(g, "ctx", None)}

    app.jinja_env.globals.update({helper.__name__: helper for helper in HELPERS})


def _shell_of_request() -> Shell | None:
    if "shell" not in g:
        ctx: Context | None = getattr(g, "ctx", None)
        g.shell = build_shell(ctx) if ctx is not None and ctx.appointment is not None else None
    return g.shell  # type: ignore[no-any-return]


def build_shell(ctx: Context) -> Shell:
    """Put the frame together: the navigation hook of every active plugin, each guarded."""
    found = sorted(_offered(ctx), key=lambda pair: pair[0].order)
    here = url_for(g.menu_place) if "menu_place" in g else _nearest(href for _, href in found)
    labels = {"home": "", "head": _("所属長"), "admin": _("管理")}
    labels |= {verb: VERB_LABELS[verb].text(ctx.locale) for verb in Verb}
    notices, counted = _counted(ctx, [item.endpoint for item, _href in found])
    groups: dict[str, list[Item]] = {name: [] for name in GROUPS}
    endpoint = request.endpoint
    for item, href in found:
        groups[item.group].append(
            Item(
                label=item.label.text(ctx.locale),
                href=href,
                current=endpoint == item.endpoint,
                open=href == here,
                badge=item.badge or counted.get(item.endpoint) or None,
            )
        )
    shown = tuple(Group(labels[n], tuple(items)) for n, items in groups.items() if items)
    return Shell(
        municipality_name=ctx.municipality.name,
        section_name=ctx.acting.section_name,
        person_name=ctx.acting.person_name,
        locale=ctx.locale,
        groups=shown,
        menu=_menu(shown, locale()),
        demo_notice=_demo_notice(ctx),
        own_settings=_own_settings(ctx),
        own_pages=tuple(_own_pages(ctx)),
        search_href=_search_href(ctx),
        notices=notices,
        notices_href=url_for("channels.inbox"),
    )


@lru_cache(maxsize=512)
def _menu(groups: tuple[Group, ...], _locale: str) -> Markup:
    """Return the lines of the menu, drawn once for all pages and people whose menu has the same ones."""
    lines: Markup = get_template_attribute("niwari/menu.html", "menu")(groups)
    return lines


def _search_href(ctx: Context) -> str:
    """Return where the search is, unless the page is the search itself, which has its own field."""
    if request.endpoint == "search.find" or not ctx.may("search.read"):
        return ""
    return url_for("search.find")


def _counted(ctx: Context, endpoints: Sequence[str]) -> tuple[str | None, Mapping[str, int]]:
    """Return how many notices wait, in words, and the numbers of places of the menu: by one query.

    99+ for more notices; ``None`` for who has no inbox.
    """
    has_inbox = ctx.may("channels.mine")
    places = [one for one in endpoints if one in _WAITING]
    if not has_inbox and not places:
        return None, {}
    count, *others = unread_and(ctx, [waiting(ctx, _WAITING[one]) for one in places])
    said = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
    return said if has_inbox else None, dict(zip(places, others, strict=True))


def _offered(ctx: Context) -> Iterator[tuple[MenuItem, str]]:
    """Yield the menu items that the person can open, with their addresses.

    One that cannot be shown is left out and logged: a plugin's slip must not take the menu away.
    """
    active, table = active_here(ctx), parts().access
    for outcome in parts().dispatcher.call("navigation", ctx):
        for item in outcome.value or ():
            access = table.of(item.endpoint)
            try:
                href = url_for(item.endpoint)
            except BuildError:
                access = None
            if access is None:
                log.error("%s: menu item %r leads nowhere", outcome.plugin, item.endpoint)
            elif not access.core and access.plugin not in active:
                continue
            elif access.permission is None or ctx.may(access.permission):
                yield item, href


def _own_settings(ctx: Context) -> tuple[tuple[str, str], ...]:
    """Return the features in which the person can set something for themself, with the addresses."""
    host = parts().host
    return tuple(
        (plugin.manifest.label.text(ctx.locale), url_for("admin.my_settings", plugin=plugin.name))
        for name in sorted(active_here(ctx))
        if (plugin := host.plugins[name]).manifest is not None
        and any(setting.scope == "person" for setting in plugin.contributions.settings)
    )


def _own_pages(ctx: Context) -> Iterator[tuple[str, str]]:
    """Yield what the person's menu leads to, with the addresses."""
    state = web_session().state
    if state and state.person and state.person.has_other_posts and ctx.may("identity.act"):
        yield _("所属を切り替える"), url_for("identity.acting")
    if ctx.may("identity.sessions"):
        yield _("サインイン中の端末"), url_for("identity.my_sessions")
    if ctx.may("identity.permissions"):
        yield _("自分の権限"), url_for("identity.my_permissions")
    if ctx.may("stewardship.mine"):
        yield _("自分のデータ"), url_for("stewardship.my_data")
    if ctx.may("vault.mine"):
        yield _("書き手の開示のお知らせ"), url_for("vault.mine")
    if ctx.may("moderation.mine"):
        yield _("自分の投稿への対応"), url_for("moderation.mine")
    if ctx.may("identity.tokens"):
        yield _("APIのトークン"), url_for("rest.my_tokens")


def _nearest(addresses: Iterable[str]) -> str:
    """Return the longest address below which the present page stands; home only for itself."""
    path = request.script_root + request.path
    home = request.script_root + "/"
    above = [a for a in addresses if a == path or (path.startswith(a) and a != home)]
    return max(above, key=len, default="")


def _demo_notice(ctx: Context) -> str:
    if parts().settings.environment != "demo":
        return ""
    today = day(tokyo_day(ctx.now), year=True)
    return _("見本です。人も内容も架空で、今日は%(day)sとして動いています。", day=today)
