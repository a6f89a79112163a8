"""Every screen, filled, at 1360 and 360 px, into var/screenshots/: ``make screenshots``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import READER, launch_options  # noqa: E402
from tests.browser.demo import Demo  # noqa: E402
from tests.browser.screens import SCREENS, set_scene  # noqa: E402
from tests.browser.visitors import Visitors  # noqa: E402

FOLDER = ROOT / "var" / "screenshots"

def main() -> int:
    only = sys.argv[1:]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        playwright.chromium.launch(**launch_options()) as browser,
        Demo(Path(folder) / "home") as demo,
    ):
        visitors = Visitors(demo.address, lambda **options: browser.new_context(**{**READER, **options}))
        scene = set_scene(visitors)
        for screen in SCREENS:
            if only and not any(o in screen.name for o in only):
                continue
            with visitors.at_window(screen.login) as page:
                try:
                    screen.open(page, scene)
                except Exception as e:
                    print("!!", screen.name, str(e)[:1500]); 
                for width, height in ((1360, 780), (360, 740)):
                    page.set_viewport_size({"width": width, "height": height})
                    page.screenshot(path=FOLDER / f"{screen.name}-{width}.png", full_page=True)
                print(screen.name)
        print(visitors.problems())
    return 0

if __name__ == "__main__":
    sys.exit(main())
