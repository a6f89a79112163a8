"""The links of a text: people, cards, bare addresses, and pictures that are none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from niwari.pages.texts import gettext
from niwari.writing.addresses import bare_addresses, inside, is_picture, person_of, readable


@dataclass(frozen=True, slots=True)
class Named:
    """A person as a text shows them; ``place`` is empty where there is none to say."""

    name: str
    place: str = ""
    is_known: bool = True

    @property
    def called(self) -> str:
        """How a text calls them."""
        return f"@{self.name}" if self.is_known else self.name


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A row as a text shows it; ``href`` is empty where the reader cannot open it."""

    title: str
    place: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    @property
    def outside(self) -> str:
        return gettext("外部サイト")

    @property
    def table(self) -> str:
        return gettext("表")

    @property
    def nobody(self) -> str:
        return gettext("（今は表示できない職員）")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader is shown for the people and rows to which texts refer.

    ``people`` are by the id of the person, ``cards`` by the path of the row's page. ``base_url`` is
    the address of the installation.
    """

    people: Mapping[int, Named] = field(default_factory=dict)
    cards: Mapping[str, LinkCard] = field(default_factory=dict)
    base_url: str = ""
    words: _Words = field(default_factory=_Words)

    def person(self, person_id: int) -> Named:
        """Return how the person is shown; whoever is not known is nobody, by no name."""
        return self.people.get(person_id) or Named(self.words.nobody, is_known=False)


def arrange_links(parser: MarkdownIt) -> None:
    """Let ``parser`` read people, cards, bare addresses and pictures."""
    parser.core.ruler.push("niwari_links", _arrange)


def _arrange(state: StateCore) -> None:
    shown: Shown = state.env.get("shown") or Shown()
    arranged: list[Token] = []
    for token in state.tokens:
        if token.type == "inline":
            token.children = list(_links(token.children or [], shown))
        arranged.append(token)
    state.tokens = list(_with_cards(arranged, shown))


def _links(children: Sequence[Token], shown: Shown) -> Iterator[Token]:
    rest = iter(children)
    for token in rest:
        if token.type == "link_open":
            yield from _link(token, rest, shown)
        elif token.type == "image":
            yield from _picture(token, shown)
        elif token.type == "text":
            yield from _bare(token.content, shown)
        else:
            yield token


def _link(opening: Token, rest: Iterator[Token], shown: Shown) -> Iterator[Token]:
    """Yield a link with its words, which hold no further link, or a mention in its place."""
    inner: list[Token] = []
    for token in rest:
        if token.type == "link_close":
            break
        inner.append(token)
    href = str(opening.attrGet("href") or "")
    if person := person_of(href):
        name = "".join(token.content for token in inner)
        yield Token("mention", "", 0, content=name, meta={"person": person})
        return
    words = [_without_picture(token) for token in inner]
    if bare := opening.info == "auto":
        # The parser's own words turn signs into whatever they stand for.
        words = [_text(readable(href.removeprefix("mailto:")))]
    yield from _leading_to(href, words, shown, bare=bare)


def _leading_to(
    href: str, inner: Sequence[Token], shown: Shown, *, bare: bool = False
) -> Iterator[Token]:
    path = inside(href, shown.base_url)
    # An installation may lie below a path of its host.
    above = "" if path is None or path == href else urlsplit(shown.base_url).path.rstrip("/")
    target = href if path is None else f"{above}{path}"
    meta = {"href": target, "path": path, "bare": bare}
    yield Token("link_open", "a", 1, attrs={"href": target}, meta=meta)
    yield from inner
    yield Token("link_close", "a", -1, meta=meta)


def _picture(token: Token, shown: Shown) -> Iterator[Token]:
    """Yield a picture of Niwari's own; one from elsewhere would ask another machine: a link to it."""
    source = str(token.attrGet("src") or "")
    if is_picture(source):
        yield token
    elif person_of(source):
        yield _text(token.content)
    else:
        yield from _leading_to(source, [_text(token.content or source)], shown)


def _without_picture(token: Token) -> Token:
    if token.type == "image" and not is_picture(str(token.attrGet("src") or "")):
        return _text(token.content)
    return token


def _bare(text: str, shown: Shown) -> Iterator[Token]:
    last = 0
    for start, end in bare_addresses(text):
        if start > last:
            yield _text(text[last:start])
        address = text[start:end]
        yield from _leading_to(address, [_text(address)], shown, bare=True)
        last = end
    if last < len(text):
        yield _text(text[last:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _with_cards(tokens: Sequence[Token], shown: Shown) -> Iterator[Token]:
    """Yield the blocks; a line of a paragraph that is nothing but a known address becomes a card."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "paragraph_open" and not token.hidden:
            yield from _paragraph(tokens[at : at + 3], shown)
            at += 3
        else:
            yield token
            at += 1


def _paragraph(three: Sequence[Token], shown: Shown) -> Iterator[Token]:
    opening, inline, closing = three
    lines = _lines(inline.children or [])
    if not any(_card_of(line, shown) for line in lines):
        yield from three
        return
    waiting: list[Token] = []
    for line in lines:
        path = _card_of(line, shown)
        if path is None:
            waiting += [*([Token("softbreak", "br", 0)] if waiting else []), *line]
            continue
        if waiting:
            yield from _around(opening, inline, waiting, closing)
            waiting = []
        yield Token("card", "", 0, block=True, meta={"path": path})
    if waiting:
        yield from _around(opening, inline, waiting, closing)


def _around(
    opening: Token, inline: Token, children: list[Token], closing: Token
) -> Iterator[Token]:
    yield opening
    yield inline.copy(children=children)
    yield closing


def _lines(children: Sequence[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    for token in children:
        if token.type == "softbreak":
            lines.append([])
        else:
            lines[-1].append(token)
    return lines


def _card_of(line: Sequence[Token], shown: Shown) -> str | None:
    """Return the path of the card that ``line`` becomes, else ``None``."""
    if len(line) == 1 and line[0].type == "text":
        path = inside(line[0].content.strip(), shown.base_url)
    elif len(line) == 3 and line[0].type == "link_open" and line[0].meta.get("bare"):
        path = line[0].meta["path"]
    else:
        return None
    return path if path in shown.cards else None
