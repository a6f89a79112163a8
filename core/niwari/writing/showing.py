"""Texts on a page: the filters of templates, and what a page looks up for all its texts at once."""

import re
from collections.abc import Iterable
from typing import Any

from flask import current_app, g, url_for
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from niwari.context import Context
from niwari.directory.linking import Link, Ref, linked
from niwari.host.running import running
from niwari.pages.parts import parts
from niwari.specs.contributions import Resource
from niwari.writing.addresses import inside, person_of
from niwari.writing.lines import lines_of
from niwari.writing.links import LinkCard, Named, Shown
from niwari.writing.markdown import rendered
from niwari.writing.people import people_named

MOST_REFERENCES = 200
"""People, and cards, that one page looks up; what is beyond stays plain."""

_PEOPLE = re.compile(r"\((person:[0-9]{1,10})\)")
_LINE = re.compile(r"^[ \t>\-*]*((?:https?://|/)[!-~]{1,500})[ \t]*$", re.MULTILINE)


class _Looked:
    """What was looked up for the texts of one page."""

    def __init__(self) -> None:
        self.people: dict[int, Named | None] = {}
        self.cards: dict[str, LinkCard] = {}
        self.paths: set[str] = set()


def markdown(text: str | None) -> Markup:
    """Return what somebody wrote, or just typed, as safe HTML for the reader of the present page.

    Whoever may not look people up sees no name of those whom it mentions: else a text full of numbers
    would be a list of everybody who works in the region.
    """
    if not text:
        return Markup("")
    prepare_texts([text])
    return rendered(text, Shown(_people(), _looked().cards, parts().settings.base_url))


def plain_lines(text: str) -> list[str]:
    """Return what somebody wrote line by line without markup, for the reader of the present page.

    For what knows letters alone, as ``board_text``: points and numbers stay, links show their address,
    people are called as ``markdown`` calls them, and what was struck out is left out. It is no HTML.
    """
    prepare_texts([text])
    return lines_of(text, Shown(_people(), base_url=parts().settings.base_url))


def prepare_texts(texts: Iterable[str]) -> None:
    """Look up whom and what ``texts`` name, so that showing them later asks nothing more.

    One query for all people and one for each kind of rows; none where nobody and nothing is named.
    For a page with many texts: the filter does it for one. Without a reader nothing is looked up.
    """
    ctx: Context | None = g.get("ctx")
    wanted = [text for text in texts if text and ("person:" in text or "/" in text)]
    if ctx is None or not wanted:
        return
    looked = _looked()
    if ctx.may("directory.read"):
        _look_up_people(ctx, wanted, looked)
    _look_up_cards(ctx, wanted, looked)


def _people() -> dict[int, Named]:
    return {number: one for number, one in _looked().people.items() if one is not None}


def _looked() -> _Looked:
    if "writing_looked" not in g:
        g.writing_looked = _Looked()
    found: _Looked = g.writing_looked
    return found


def _look_up_people(ctx: Context, texts: list[str], looked: _Looked) -> None:
    named = (person_of(match) for text in texts for match in _PEOPLE.findall(text))
    room = MOST_REFERENCES - len(looked.people)
    ids = [number for number in dict.fromkeys(named) if number and number not in looked.people]
    if ids := ids[:room]:
        looked.people |= {**dict.fromkeys(ids), **people_named(ctx, ids)}


def _look_up_cards(ctx: Context, texts: list[str], looked: _Looked) -> None:
    base = parts().settings.base_url
    lines = (inside(match, base) for text in texts for match in _LINE.findall(text))
    room = MOST_REFERENCES - len(looked.paths)
    paths = [path for path in dict.fromkeys(lines) if path and path not in looked.paths][:room]
    looked.paths |= set(paths)
    refs = {path: ref for path in paths if (ref := _row_at(path)) is not None}
    if not refs:
        return
    links = linked(ctx, refs.values())
    for path, ref in refs.items():
        looked.cards[path] = _card(ctx, path, links[ref])


def _row_at(path: str) -> Ref | None:
    """Return the row whose own page is at ``path``, where there is one."""
    adapter = current_app.url_map.bind("localhost")
    try:
        endpoint, values = adapter.match(re.split(r"[?#]", path)[0], method="GET")
    except (HTTPException, RequestRedirect):
        return None
    owner, _, name = endpoint.partition(".")
    resource = _resources_by_page(owner).get(name)
    return Ref(resource.kind, values[resource.key]) if resource is not None else None


def _resources_by_page(owner: str) -> dict[str, Resource]:
    plugin = running().host.plugins.get(owner)
    found: tuple[Any, ...] = plugin.contributions.resources if plugin is not None else ()
    return {resource.endpoint.removeprefix(f"{owner}."): resource for resource in found}


def _card(ctx: Context, path: str, link: Link) -> LinkCard:
    declared = running().host.resource(link.ref.kind)
    if declared is None or not link.is_open:
        return LinkCard(link.title)
    _owner, resource = declared
    label = resource.label.text(ctx.locale)
    place = f"{label}（{link.town}）" if link.town else label
    href = url_for(link.endpoint, **(link.values or {}))
    _, mark, anchor = path.partition("#")
    return LinkCard(link.title, place, f"{href}{mark}{anchor}")
