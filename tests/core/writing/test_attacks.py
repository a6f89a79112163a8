"""Texts that want to be code: whatever they are, what comes out is the allowed tree and nothing else."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from niwari.writing.addresses import is_allowed, is_picture
from niwari.writing.links import LinkCard, Named, Shown
from niwari.writing.markdown import rendered
from niwari.writing.plain import plain_text

PLAIN = ["blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre"]
PLAIN += ["s", "strong", "tbody", "td", "th", "thead", "tr", "ul"]
ALLOWED: dict[str, set[str]] = {
    "a": {"href", "rel", "class"},
    "div": {"class", "role", "aria-label", "tabindex"},
    "img": {"src", "alt"},
    "span": {"class"},
    "table": {"class"},
    **{tag: set() for tag in PLAIN},
    "ol": {"start"},
}
VOID = {"br", "hr", "img"}
ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></p><img src onerror=alert(1)></mtext></math>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<a href=javascript:alert(1)>x</a>",
    "<!--<img src='--><img src=x onerror=alert(1)>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<div\nonclick=alert(1)\n>",
    "<b",
    "</p></div></main><h1>x",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;&#x61;vascript:alert&#40;1&#41;)",
    "[x](javascript&colon;alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]( javascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://evil.example/1)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "[x](https:evil.example)",
    "[x](https://)",
    "[x](https://a\"onmouseover=\"alert(1))",
    "[x](https://a 'onmouseover=alert(1)')",
    "[x](https://a \"title\" onclick=alert(1))",
    "[x](/a\"><script>alert(1)</script>)",
    "<javascript:alert(1)>",
    "<https://a\"onclick=alert(1)>",
    "https://a.example/\"><script>alert(1)</script>",
    "https://a.example/'onclick='alert(1)",
    "![x](https://evil.example/track.png)",
    "![x](//evil.example/track.png)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![x\" onerror=\"alert(1)](/files/1)",
    "![x](/files/1\"onerror=\"alert(1))",
    "![x](/files/../admin/)",
    "![![x](https://evil.example/1)](https://evil.example/2)",
    "[![x](https://evil.example/1)](javascript:alert(1))",
    "[a]: javascript:alert(1)\n\n[a]",
    "[x][a]\n\n[a]: data:text/html,x",
    "```\"><script>alert(1)</script>\nx\n```",
    "```html onmouseover=alert(1)\n<script>\n```",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "|<script>|\n|-|\n|<img src=x onerror=alert(1)>|",
    "# <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "[<img src=x onerror=alert(1)>](https://example.jp)",
    "[@職員](person:1\"onclick=\"alert(1))",
    "[<script>alert(1)</script>](person:1)",
    "[@職貟一](person:1)",
    "[@職員一（郡山市 市長室）](person:404)",
    "/consult/1\"><script>alert(1)</script>",
    "/consult/1",
    "\u202ehttps://evil.example/gpj.exe\u202c",
    "[x](https://evil.example/\u202etxt.exe)",
    "a\u2066b\u2069\u200f\u200eあ",
    "java\u200bscript:alert(1) [x](java\u200bscript:alert(1))",
    "\ufeff<script>\u0000alert(1)</script>",
    "\x00<script>alert(1)</script>",
    "\x1b[31m<b>",
    "{{ 7*7 }} {% raw %} ${7*7}",
]  # fmt: skip
NAME = "<i>職員一</i>"
SHOWN = Shown(
    {1: Named(NAME, "<i>町</i>")},
    {"/consult/1": LinkCard("<script>題</script>", "<i>町</i>", "/consult/1")},
    "https://niwari.example.jp",
)


class Tree(HTMLParser):
    """Reads HTML and notes everything in it that may not be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if tag not in ALLOWED or not set(names) <= ALLOWED[tag] or len(names) != len(set(names)):
            self.wrong.append(f"<{tag} {attrs}>")
        given_values = dict(attrs)
        if "href" in given_values:
            self.check_href(given_values)
        if "src" in given_values and not is_picture(given_values["src"] or ""):
            self.wrong.append(f"src {given_values}")
        if tag not in VOID:
            self.open.append(tag)

    def check_href(self, values: dict[str, str | None]) -> None:
        href = values["href"] or ""
        is_safe = is_allowed(href) and not href.startswith("person:")
        is_marked = values.get("rel") == "noopener noreferrer"
        if not is_safe or href.startswith("http") != is_marked:
            self.wrong.append(f"href {values}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if any(char in data for char in "\u202e\u202c\u2066\u2069\u200f\u200b\ufeff\x00\x1b"):
            self.wrong.append(f"hidden characters in {data!r}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"comment {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def wrong_in(html: str) -> list[str]:
    tree = Tree()
    tree.feed(html)
    tree.close()
    return [*tree.wrong, *(f"unclosed <{tag}>" for tag in tree.open)]


@pytest.mark.parametrize("text", ATTACKS)
@pytest.mark.parametrize("around", ["{}", "前 {} 後", "> {}\n\n- {}", "**{}**", "[{}](/ledger/)"])
def test_nothing_but_the_allowed_tree_comes_out(text: str, around: str) -> None:
    html = str(rendered(around.replace("{}", text), SHOWN))
    assert wrong_in(html) == []


@pytest.mark.parametrize("text", ["[@職貟一](person:1)", "[@職員一（郡山市 市長室）](person:404)"])
def test_a_name_that_looks_like_another_is_not_shown(text: str) -> None:
    html = rendered(text, SHOWN)
    assert "職貟" not in html
    assert "市長室" not in html


@given(st.lists(st.sampled_from([*ATTACKS, *"[]()<>*_~`#|!\n \\\"'&:/-+=1a表", "person:1"])))
def test_no_mixture_of_them_does_either(parts: list[str]) -> None:
    text = "".join(parts)
    assert wrong_in(str(rendered(text, SHOWN))) == []
    plain_text(text)
