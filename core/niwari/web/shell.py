"""The frame around every page: who and where one is, and the menu."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import gettext as _

from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.ledger.presenting import HELPERS
from niwari.pages.parts import active_here, parts
from niwari.specs.contributions import VERB_LABELS, MenuItem, Verb
from niwari.web.formatting import day

_HOME, _HEAD, _ADMIN = "home", "head", "admin"
GROUPS = (_HOME, *Verb, _HEAD, _ADMIN)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu as shown."""

    label: str
    href: str
    current: bool
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
    demo_notice: str
    show_search: bool = False
    notices: int | None = None

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
    by_group: dict[str, list[MenuItem]] = defaultdict(list)
    for outcome in parts().dispatcher.call("navigation", active_here(ctx), ctx=ctx):
        for item in outcome.value or ():
            access = parts().access.of(item.endpoint)
            if access is None or (access.permission and not ctx.may(access.permission)):
                continue
            by_group[item.group].append(item)
    labels = {_HOME: "", _HEAD: _("所属長"), _ADMIN: _("管理")}
    labels |= {verb: VERB_LABELS[verb].text(ctx.locale) for verb in Verb}
    return Shell(
        municipality_name=ctx.municipality.name,
        section_name=ctx.acting.section_name,
        person_name=ctx.acting.person_name,
        locale=ctx.locale,
        groups=tuple(
            Group(labels[name], _items(ctx, by_group[name])) for name in GROUPS if by_group[name]
        ),
        demo_notice=_demo_notice(ctx),
    )


def _items(ctx: Context, found: list[MenuItem]) -> tuple[Item, ...]:
    adapter = current_app.url_map.bind("")
    items = []
    for item in sorted(found, key=lambda item: item.order):
        items.append(
            Item(
                item.label.text(ctx.locale),
                adapter.build(item.endpoint),
                request.endpoint == item.endpoint,
                item.badge or None,
            )
        )
    return tuple(items)


def _demo_notice(ctx: Context) -> str:
    if parts().settings.environment != "demo":
        return ""
    today = day(tokyo_day(ctx.now), year=True)
    return _("見本です。人も内容も架空で、今日は%(day)sとして動いています。", day=today)
