"""What people write, as it is shown: Markdown, rendered and then sanitised.

Two walls stand one behind the other: the parser knows no HTML and leads to allowed addresses alone,
and what it made passes nh3 with an explicit list. A text beyond the bounds (``niwari.writing.bounds``)
is shown as it was typed.
"""

import re
from collections.abc import Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

from niwari.texts import is_invisible
from niwari.writing.addresses import host_of, is_allowed, is_picture
from niwari.writing.bounds import is_within_bounds
from niwari.writing.emphasis import allow_japanese_emphasis
from niwari.writing.links import Shown, arrange_links

NESTING = 20
"""Levels of quotes and lists, of which a list has two; the parser drops what lies deeper."""

TOP = 3
"""The level of a text's first heading: above it stand the page's own."""

# What every mark begins with, and what is written as an entity. Most texts have none of it, and are
# shown ten times as fast.
_MAY_BE_MARKED = re.compile(r"""[#*_~`|\[\]<>&\\/"'\u00a0]|^[ \t]*(?:[-+]|\d+[.)])""", re.MULTILINE)
_JOINERS = "\u200c\u200d"
_TAGS = {
    "a", "blockquote", "br", "code", "div", "em", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol",
    "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "rel"},
    "div": {"role", "aria-label", "tabindex"},
    "img": {"src", "alt"},
    "ol": {"start"},
}
_CLASSES = {
    "a": {"outside"},
    "div": {"link-card", "table-scroll"},
    "span": {"link-card-title", "link-card-place", "mention", "outside-mark", "person-place"},
    "table": {"table"},
}


def rendered(text: str, shown: Shown | None = None) -> Markup:
    """Return ``text`` as safe HTML: paragraphs, lists, tables, headings from h3 on.

    A single new line is a line break. Bare addresses become links; what leads elsewhere is marked.
    ``shown`` knows the people and rows to which the text refers; without it they are plain. Takes
    milliseconds, and some tenths of a second for a text that was made to take long.
    """
    clean = legible(text)
    if not _MAY_BE_MARKED.search(clean):
        return _as_typed(clean)
    env = {"shown": shown or Shown()}
    found = _parsed(clean, env)
    return _as_marked(found, env) if found else _as_typed(clean)


def tokens(text: str, shown: Shown | None = None) -> Sequence[Token]:
    """Return what ``text`` consists of, for readers of it; nothing for one that is no Markdown."""
    return _parsed(legible(text), {"shown": shown or Shown()})


def legible(text: str) -> str:
    """Return ``text`` without what cannot be seen and turns or hides what is around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or c in _JOINERS or not is_invisible(c))


def _leave_out_what_is_not_seen(state: StateCore) -> None:
    """Leave out what is not legible and an entity stands for: of what was typed it is left out before."""
    if "&" in state.src:
        for block in state.tokens:
            for token in block.children or ():
                token.content = legible(token.content)


def _parsed(text: str, env: dict[str, Any]) -> Sequence[Token]:
    """Return what ``text`` consists of; nothing where it is beyond a bound."""
    if not is_within_bounds(text):
        return ()
    found = _PARSER.parse(text, env)
    return () if any(_is_emptied(token) for token in found) else found


def _is_emptied(token: Token) -> bool:
    """Tell whether the parser dropped what stands in a quote or an item, as it lies too deep."""
    return token.level >= NESTING - 1 and token.type in ("blockquote_open", "list_item_open")


def _as_marked(found: Sequence[Token], env: dict[str, Any]) -> Markup:
    html = _PARSER.renderer.render(found, _PARSER.options, env)
    return Markup(_sanitised(html))  # noqa: S704 - just sanitised


def _as_typed(text: str) -> Markup:
    """Return paragraphs and lines as the parser has them, where there is no mark to be read."""
    blocks = (block.strip() for block in re.split(r"\n(?:[ \t]*\n)+", text))
    return Markup("").join(
        Markup("<p>{}</p>\n").format(Markup("<br>").join(_lines(block)))
        for block in blocks
        if block
    )


def _lines(block: str) -> list[str]:
    return [line.lstrip(" \t").rstrip(" ") for line in block.split("\n")]


def _sanitised(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if is_allowed(value) else None
    if name == "src":
        return value if is_picture(value) else None
    return value


class _Renderer(RendererHTML):
    """Headings below the page's, tables that scroll, and what the links of a text become."""

    def softbreak(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "<br>"

    def hardbreak(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "<br>"

    def heading_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        level = min(int(tokens[at].tag[1]) + TOP - 1, env.get("level", TOP - 1) + 1, 6)
        env["level"] = level
        return f"<h{level}>"

    def heading_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return f"</h{env['level']}>\n"

    def table_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return str(
            Markup('<div class="table-scroll" role="region" aria-label="{}" tabindex="0">').format(
                env["shown"].words.table
            )
            + Markup('<table class="table">\n')
        )

    def table_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def fence(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return str(Markup("<pre><code>{}</code></pre>\n").format(tokens[at].content))

    def link_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        href = str(tokens[at].attrGet("href") or "")
        kind = Markup(' class="outside" rel="noopener noreferrer"') if _leads_out(href) else ""
        return str(Markup('<a href="{}"{}>').format(href, kind))

    def link_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        href = str(tokens[at].meta.get("href", ""))
        if not _leads_out(href):
            return "</a>"
        # Where a link leads is said beside it: its words may say anything.
        host = "" if tokens[at].meta.get("bare") else f" {host_of(href)}"
        words = env["shown"].words.outside
        return str(Markup('</a><span class="outside-mark">（{}{}）</span>').format(words, host))

    def image(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return str(
            Markup('<img src="{}" alt="{}">').format(
                str(tokens[at].attrGet("src") or ""), tokens[at].content
            )
        )

    def mention(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        who = env["shown"].person(tokens[at].meta["person"])
        place = Markup('<span class="person-place">（{}）</span>').format(who.place)
        return str(
            Markup('<span class="mention">{}{}</span>').format(
                who.called, place if who.place else ""
            )
        )

    def card(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        card = env["shown"].cards[tokens[at].meta["path"]]
        title = Markup('<span class="link-card-title">{}</span>').format(card.title)
        if card.href:
            title = Markup('<a href="{}">{}</a>').format(card.href, title)
            title += Markup('<span class="link-card-place">{}</span>').format(card.place)
        return str(Markup('<div class="link-card">{}</div>\n').format(title))


def _leads_out(href: str) -> bool:
    return href.startswith(("http:", "https:"))


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return is_allowed(url)


def _parser() -> MarkdownIt:
    parser = _Parser(
        "commonmark",
        {"html": False, "breaks": True, "maxNesting": NESTING},
        renderer_cls=_Renderer,
    )
    parser.enable(["table", "strikethrough"])
    # A line of dashes under a sentence is a line; indented text is text; nothing vanishes.
    parser.disable(["lheading", "code", "reference", "html_block", "html_inline"])
    allow_japanese_emphasis(parser)
    parser.core.ruler.push("niwari_legible", _leave_out_what_is_not_seen)
    arrange_links(parser)
    return parser


_PARSER = _parser()
