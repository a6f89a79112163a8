"""What is wrong with a page for those who cannot see it, use a mouse, or have a small screen."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

# No sandbox, as containers and CI run as root. The rest keeps it from calling home: a name other
# than this machine's is not even looked up. Each page lives for a second: to compile its scripts for
# speed takes longer than to run them.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--js-flags=--no-turbofan --no-maglev",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""How Chromium is started."""

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""The rules of axe-core that JIS X 8341-3 AA and WCAG 2.2 AA stand for."""

_RUN = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => [
    rule.id, node.target.join(" "), node.failureSummary,
  ]));
}"""
_STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().right > width + 0.5);
  return out.map((element) => element.outerHTML.slice(0, 120));
}"""


@cache
def _axe() -> str:
    return (Path(__file__).parent / "vendor" / "axe-core@4.14.1" / "axe.min.js").read_text(
        encoding="utf-8"
    )


def findings(page: "Page") -> list[str]:
    """Return what is wrong at the present width: axe's violations, sideways scrolling, headings."""
    if not page.evaluate("() => 'axe' in window"):
        # Evaluated by the debugger, to which the content security policy does not apply.
        page.evaluate(_axe())
    violations: list[list[Any]] = page.evaluate(_RUN, list(RULES))
    found = [f"{rule}: {target}: {summary}" for rule, target, summary in violations]
    found += sticking_out(page)
    headings = page.locator("h1").count()
    if headings != 1:
        found.append(f"{headings} h1 on the page")
    return found


def sticking_out(page: "Page") -> list[str]:
    """Return what makes the page scroll sideways at the present width."""
    return [f"sticks out sideways: {element}" for element in page.evaluate(_STICKING_OUT)]


def language(page: "Page") -> str | None:
    """Return the language that the page says it is in."""
    return page.locator("html").get_attribute("lang")
