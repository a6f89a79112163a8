"""The kinds of notices that are declared, and their sentences."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from niwari.errors import Minutes
from niwari.host.registry import Host
from niwari.host.running import running
from niwari.specs.contributions import Label, NoticeKind
from niwari.specs.contributions.notices import TITLE

Said = str | int | Label
"""A value of a sentence."""

_KEPT = (str, int, Label)


def kind_of(code: str) -> NoticeKind | None:
    """Return the kind with ``code``, or ``None`` where its plugin has stopped or is gone."""
    host, owner = running().host, code.partition(".")[0]
    if owner not in host.plugins or not host.is_ready(owner):
        return None
    found = host.plugins[owner].contributions.notices
    return next((kind for kind in found if kind.code == code), None)


def is_away(code: str) -> bool:
    """Tell whether the plugin of ``code``, a kind of notices or of rows, is gone or not ready just now.

    It may come back, as after its migrations; whatever waits for it goes on waiting. No ``code`` at
    all is nobody's.
    """
    return bool(code) and not running().host.is_ready(code.partition(".")[0])


def kind_codes(host: Host) -> list[str]:
    """Return the codes of the kinds whose plugins are ready: the others have no sentence any more."""
    return [
        kind.code
        for plugin in host.plugins.values()
        if host.is_ready(plugin.name)
        for kind in plugin.contributions.notices
    ]


def open_codes(host: Host) -> list[str]:
    """Return the codes of the kinds of which others may learn that somebody was told.

    Those of a package that is gone are not among them: nobody knows any more what it kept private.
    """
    return [
        kind.code
        for plugin in host.plugins.values()
        for kind in plugin.contributions.notices
        if not kind.private
    ]


def kinds_on(host: Host, on: Collection[str]) -> list[NoticeKind]:
    """Return the kinds of the core and of the plugins that are ``on``, the core's first."""
    return [
        kind
        for plugin in host.loaded()
        if plugin.core or plugin.name in on
        for kind in plugin.contributions.notices
    ]


def declared(code: str) -> NoticeKind:
    """Return the kind with ``code``; raises ``LookupError`` where nobody declares it."""
    kind = kind_of(code)
    if kind is None:
        raise LookupError(f"notice {code!r}: no plugin declares it; return it from hook 'notices'")
    return kind


def owner_of(kind: NoticeKind) -> str:
    """Return the plugin or core area whose kind it is."""
    return kind.code.partition(".")[0]


def values_text(kind: NoticeKind, values: Mapping[str, object]) -> str:
    """Return the values of a notice as they are kept; raises ``ValueError`` for wrong ones."""
    if values.keys() != set(kind.values):
        raise ValueError(
            f"notice {kind.code!r}: give the values {sorted(kind.values)}, not {sorted(values)}"
        )
    for name, value in values.items():
        if not isinstance(value, _KEPT) or isinstance(value, bool | Minutes):
            raise ValueError(
                f"notice {kind.code!r}: {name} must be a text, a whole number or a Label"
            )
    kept = {
        name: {"ja": value.ja, "en": value.en} if isinstance(value, Label) else value
        for name, value in values.items()
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def sentence_of(kind: NoticeKind, data: str, title: str, locale: str) -> str:
    """Return what a notice says in ``locale``; ``title`` is what it is about."""
    # What a former version of the plugin did not keep is left out, never an error on a page.
    given = {
        name: Label(**value).text(locale) if isinstance(value, dict) else value
        for name, value in json.loads(data).items()
    }
    known: dict[str, Any] = dict.fromkeys(kind.values, "") | given | {TITLE: title}
    said: str = kind.sentence.text(locale) % known
    return said
