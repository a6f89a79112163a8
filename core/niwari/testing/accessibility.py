"""What is wrong with a page for those who cannot see it, use a mouse, or have a small screen."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

# No sandbox, as containers and CI run as root. The rest keeps it from calling home: a name other
# than this machine's is not even looked up. Each page lives for a second: to compile its scripts for
# the greatest speed takes longer than to run them.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # A page that opens takes over the process of the empty one before it.
    "--renderer-process-limit=1",
    "--js-flags=--no-turbofan",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""How Chromium is started."""

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""The rules of axe-core that JIS X 8341-3 AA and WCAG 2.2 AA stand for."""

# Only windows whose pages open in the same way see each other (Cross-Origin-Opener-Policy).
_OF_OUR_PAGES = {"Content-Type": "text/html", "Cross-Origin-Opener-Policy": "same-origin"}
_EMPTY = "<!doctype html><title>axe</title>"

_STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().right > width + 0.5);
  return out.map((element) => element.outerHTML.slice(0, 120));
}"""


# A page hears of a new size with its next frame.
_STICKING_OUT_THEN = f"""async () => {{
  await new Promise((done) => requestAnimationFrame(done));
  return ({_STICKING_OUT})();
}}"""

# Of the preloaded assets, style sheets are read by an experimental rule alone. What is in shadow trees
# counts as well.
_LOOK = f"""async (window, tags, rules) => {{
  const document = window.document;
  await new Promise((done) => window.requestAnimationFrame(done));
  const found = await window.axe.run(document, {{
    runOnly: tags, rules, resultTypes: ["violations"], preload: {{ assets: ["media"] }},
  }});
  const violations = found.violations.flatMap((rule) => rule.nodes.map(
    (node) => `${{rule.id}}: ${{node.target.join(" ")}}: ${{node.failureSummary}}`));
  const headings = (root) => [...root.querySelectorAll("*")].reduce(
    (sum, element) => sum + (element.shadowRoot ? headings(element.shadowRoot) : 0),
    root.querySelectorAll("h1").length);
  return [violations, ({_STICKING_OUT})(), headings(document)];
}}"""
_FROM_WITHIN = f"""([tags, rules]) =>
  "axe" in window ? ({_LOOK})(window, tags, rules) : null"""
# A page that keeps windows of others away from it can be looked at from within alone.
_FROM_BESIDE = f"""([tags, rules]) => {{
  const seen = window.seen;
  try {{
    if (seen.closed || !seen.document) return null;
  }} catch {{
    return null;
  }}
  if (!("axe" in seen)) window.giveAxeTo(seen);
  const left = new Promise((_done, fail) => seen.addEventListener("pagehide", () => fail(
    new Error("the page was left while it was looked at"))));
  return Promise.race([({_LOOK})(seen, tags, rules), left]);
}}"""

# By a window the one from which it was opened.
_BESIDE: WeakKeyDictionary["Page", "Page"] = WeakKeyDictionary()


@cache
def _axe() -> str:
    return (Path(__file__).parent / "vendor" / "axe-core@4.14.1" / "axe.min.js").read_text(
        encoding="utf-8"
    )


@cache
def _giving_axe() -> str:
    """Return axe as a function that any window can be given it by: read once, and not by each page."""
    head, opened, body = _axe().partition("!function n(window){")
    body, closed, _tail = body.rpartition('}("object"==typeof window?window:this)')
    if not (opened and closed):
        raise ValueError("axe-core begins or ends in another way: change how windows are given it")
    return f"{head}window.giveAxeTo = function n(window){{{body}}}; null"


def window(context: "BrowserContext", origin: str) -> "Page":
    """Open a window for pages of ``origin``: ``findings`` are sooner there.

    axe is loaded once, in the window beside it, from which it is opened. After a page of another opener
    policy than Niwari's it is as slow there as in any window.
    """
    beside = context.new_page()
    beside.route(f"{origin}/", lambda route: route.fulfill(headers=_OF_OUR_PAGES, body=_EMPTY))
    beside.goto(f"{origin}/")
    beside.evaluate(_giving_axe())
    with beside.expect_popup() as opened:
        beside.evaluate("() => { window.seen = window.open('about:blank'); }")
    _BESIDE[opened.value] = beside
    return opened.value


def findings(page: "Page", *, colours: bool = True) -> list[str]:
    """Return what is wrong at the present width: axe's violations, sideways scrolling, headings.

    Without ``colours`` contrast is not looked at, which takes as long as all else: for a page of which
    only the words have changed since it was.
    """
    page.wait_for_load_state()
    asked = [list(RULES), {} if colours else {"color-contrast": {"enabled": False}}]
    seen: tuple[list[str], list[str], int] | None = None
    if beside := _BESIDE.get(page):
        seen = beside.evaluate(_FROM_BESIDE, asked)
    if seen is None:
        seen = page.evaluate(_FROM_WITHIN, asked)
    if seen is None:
        # Evaluated by the debugger, to which the content security policy does not apply.
        page.evaluate(_axe())
        seen = page.evaluate(_FROM_WITHIN, asked)
    assert seen is not None
    violations, elements, headings = seen
    found = [*violations, *map(_sticks_out, elements)]
    if headings != 1:
        found.append(f"{headings} h1 on the page")
    return found


def sticking_out(page: "Page") -> list[str]:
    """Return what makes the page scroll sideways at the present width."""
    return [_sticks_out(element) for element in page.evaluate(_STICKING_OUT_THEN)]


def _sticks_out(element: str) -> str:
    return f"sticks out sideways: {element}"


def language(page: "Page") -> str | None:
    """Return the language that the page says it is in."""
    # A page that has only just been led to has no root yet.
    page.wait_for_load_state("domcontentloaded")
    said: str | None = page.evaluate("() => document.documentElement.getAttribute('lang')")
    return said
