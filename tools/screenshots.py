"""Every screen, filled, at 1360 and 360 px into var/screenshots/: ``make screenshots``.

    .venv/bin/python tools/screenshots.py            all screens
    .venv/bin/python tools/screenshots.py thread     those whose name contains a word
    .venv/bin/python tools/screenshots.py --docs     also the pictures of the documentation

The screens are those that the browser tests check (tests/browser/screens.py, ledger_screens.py
after a month gone by, disposal_screens.py years later), of demos that are started for it and thrown
away afterwards.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
# The scene and the screens belong to the tests; as a script this file stands beside them.
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import READER, SIZES, launch_options  # noqa: E402
from tests.browser.demo import BROKEN_PLUGIN, HIDDEN_PLUGIN, OFFERING_PLUGIN, Demo  # noqa: E402
from tests.browser.disposal_scene import set_disposals  # noqa: E402
from tests.browser.disposal_screens import DISPOSAL_SCREENS  # noqa: E402
from tests.browser.handover_screens import HANDOVER_SCREENS, set_handover  # noqa: E402
from tests.browser.hosted_scene import HOSTED_SCREENS, set_hosted  # noqa: E402
from tests.browser.leave_screens import LEAVE_SCREENS  # noqa: E402
from tests.browser.ledger_scene import set_ledger  # noqa: E402
from tests.browser.ledger_screens import LEDGER_SCREENS  # noqa: E402
from tests.browser.mentoring_screens import MENTORING_SCREENS  # noqa: E402
from tests.browser.screens import (  # noqa: E402
    BROKEN_SCREENS,
    HIDDEN_SCREENS,
    SCREENS,
    STAFF2,
    Scene,
    Screen,
    set_openings,
    set_scene,
    set_trouble,
)
from tests.browser.tourism_screens import TOURISM_SCREENS  # noqa: E402
from tests.browser.visitors import Visitors  # noqa: E402

FOLDER = ROOT / "var" / "screenshots"
PICTURES = ROOT / "docs" / "images"
DOCUMENTED = (("home", "/"), ("consult", "/consult/"))


def main() -> int:
    """The command line; 1 with one sentence on standard error where there is no browser."""
    parser = argparse.ArgumentParser(description="Take a picture of every screen.")
    parser.add_argument("words", nargs="*", help="only screens whose name contains one of these")
    parser.add_argument("--docs", action="store_true", help="also write docs/images/*.png")
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        playwright = stack.enter_context(sync_playwright())
        try:
            options = launch_options()
        except LookupError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        browser = stack.enter_context(playwright.chromium.launch(**options))

        def visitors_of(demo: Demo) -> Visitors:
            running = stack.enter_context(demo)
            return Visitors(
                running.address, lambda **more: browser.new_context(**{**READER, **more})
            )

        visitors = visitors_of(Demo(folder / "home"))
        if args.docs:
            picture_documentation(visitors)
        FOLDER.mkdir(parents=True, exist_ok=True)
        if not args.words:
            for former in FOLDER.glob("*.png"):
                former.unlink()
        if screens := wanted(SCREENS, args.words):
            picture(visitors, screens, set_scene(visitors))
        if screens := wanted(LEAVE_SCREENS, args.words):
            picture(visitors, screens, {})
        if screens := wanted(MENTORING_SCREENS, args.words):
            picture(visitors, screens, {})
        if screens := wanted(TOURISM_SCREENS, args.words):
            picture(visitors, screens, {})
        if screens := wanted(HANDOVER_SCREENS, args.words):
            handover = visitors_of(Demo(folder / "handover"))
            picture(handover, screens, set_handover(handover))
        if screens := wanted(LEDGER_SCREENS, args.words):
            ledger = visitors_of(Demo(folder / "ledger"))
            picture(ledger, screens, set_ledger(ledger))
        if screens := wanted(DISPOSAL_SCREENS, args.words):
            disposal = visitors_of(Demo(folder / "disposal"))
            picture(disposal, screens, set_disposals(disposal))
        if screens := wanted(HOSTED_SCREENS, args.words):
            hosted = visitors_of(Demo(folder / "hosted", OFFERING_PLUGIN))
            picture(hosted, screens, set_hosted(hosted, folder / "hosted"))
        if screens := wanted(BROKEN_SCREENS, args.words):
            troubled = visitors_of(Demo(folder / "broken", BROKEN_PLUGIN))
            picture(troubled, screens, set_trouble(troubled))
        if screens := wanted(HIDDEN_SCREENS, args.words):
            hidden = visitors_of(Demo(folder / "hidden", HIDDEN_PLUGIN))
            picture(hidden, screens, set_openings(hidden))
    return 0


def picture_documentation(visitors: Visitors) -> None:
    """Write what the READMEs show: pages of a demo in which nobody has done anything yet."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with visitors.at_window(STAFF2) as page:
        for name, path in DOCUMENTED:
            page.goto(path)
            take(page, PICTURES / f"{name}.png", full_page=False)


def wanted(screens: Sequence[Screen], words: Sequence[str]) -> list[Screen]:
    """Return the screens whose name contains one of ``words``; without words, all."""
    return [s for s in screens if not words or any(word in s.name for word in words)]


def picture(visitors: Visitors, screens: Sequence[Screen], scene: Scene) -> None:
    """Write each screen in each width."""
    for screen in screens:
        with visitors.at_window(screen.login) as page:
            screen.open(page, scene)
            for size in SIZES:
                page.set_viewport_size(size)
                take(page, FOLDER / f"{screen.name}-{size['width']}.png", full_page=True)


def take(page: Page, path: Path, *, full_page: bool) -> None:
    """Write one picture and say so."""
    # The menu stays beside what is looked at: on a page scrolled down it would stand in its middle.
    page.evaluate("() => window.scrollTo(0, 0)")
    page.mouse.move(0, 0)
    page.screenshot(path=path, full_page=full_page, animations="disabled")
    print(path.relative_to(ROOT), flush=True)


if __name__ == "__main__":
    sys.exit(main())
