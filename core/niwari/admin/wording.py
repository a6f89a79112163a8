"""Codes of the host in words that municipal IT understands: parts of a plugin, roles, addresses."""

import re
from collections.abc import Iterable

from niwari.host.loaded import Plugin
from niwari.host.quarantine import ROUTE
from niwari.identity.wording import ROLE_LABELS
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import Role

_VARIABLE = re.compile(r"<[^>]*>")


def part_words(plugin: Plugin | None, surface: str) -> str:
    """Return what people call a part of a plugin that the host names by ``surface``."""
    if surface.startswith(ROUTE):
        return _page_words(plugin, surface.removeprefix(ROUTE))
    kind = surface.partition(" ")[0]
    words = {
        "navigation": _("メニュー"),
        "cards": _("ホームのカード"),
        "card": _("ホームのカード"),
        "handler": _("ほかの機能からの連絡を受ける処理"),
        "job": _("定期処理"),
        "task": _("あとで行う処理"),
        "service": _("ほかの機能からの問合せに答える処理"),
        "can_enable": _("使えるようにする前の確認"),
        "enabled": _("使えるようにするときの準備"),
        "can_disable": _("使わない設定にする前の確認"),
        "disabled": _("使わない設定にするときの片付け"),
        "upgraded": _("更新したあとの準備"),
        "export_data": _("データの書き出し"),
        "erase_data": _("データの消去"),
    }
    return words.get(kind, _("画面に出ない処理"))


def page_address(plugin: Plugin, rule: str) -> str:
    """Return the address of a route as people see it: ``/consult/…`` for ``/<int:question_id>``."""
    return _VARIABLE.sub("…", plugin.url_prefix + rule)


def role_words(roles: Iterable[Role], locale: str) -> str:
    """Return who holds ``roles``, in one line; everybody is said alone, as it includes the rest."""
    held = set(roles)
    if "staff" in held:
        return ROLE_LABELS["staff"].text(locale)
    separator = ", " if locale == "en" else "、"
    return separator.join(label.text(locale) for role, label in ROLE_LABELS.items() if role in held)


def _page_words(plugin: Plugin | None, endpoint: str) -> str:
    routes = [r for b in plugin.contributions.blueprints for r in b.routes] if plugin else []
    for route in routes:
        if plugin is not None and route.endpoint == endpoint:
            return _("画面「%(address)s」", address=page_address(plugin, route.rule))
    return _("画面")
