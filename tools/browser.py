"""Find a Chromium for the browser tests and the screenshots, or fetch one.

Stands alone: tests load this file by its path when NIWARI_CHROMIUM is not set. What is looked at,
in this order: NIWARI_CHROMIUM, the programs on the PATH, the places where Chrome is installed on
macOS and Windows, the browser that Playwright once downloaded for itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "NIWARI_CHROMIUM"
# The first has no window to draw, which makes it quicker.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
PLAYWRIGHT_OWN = (
    "from playwright.sync_api import sync_playwright as start\n"
    "with start() as playwright: print(playwright.chromium.executable_path)"
)
MEND = (
    "install Chromium or Chrome (on Debian 'apt-get install chromium fonts-noto-cjk', anywhere "
    "'.venv/bin/python -m playwright install --with-deps chromium'), or name one in "
    f"{VARIABLE}, or leave the browser tests out with NIWARI_SKIP=browser"
)


class BrowserMissingError(Exception):
    """No Chromium could be had; the message says what mends it."""


def find_chromium() -> Path | None:
    """An installed Chromium or Chrome that starts; None when there is none.

    Raises BrowserMissingError when NIWARI_CHROMIUM names something that does not start, because
    another browser than the named one would then be tested.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not _starts(Path(named)):
            raise BrowserMissingError(
                f"{VARIABLE}={named} does not start as a browser: correct or unset it."
            )
        return Path(named)
    on_path = [Path(found) for name in NAMES if (found := shutil.which(name))]
    for path in [*on_path, *map(Path, INSTALLED)]:
        if _starts(path):
            return path
    own = _playwright_own()
    return own if own and _starts(own) else None


def ensure_chromium() -> Path:
    """As find_chromium, but fetches one when there is none.

    Debian's package where this may install packages, else Playwright's own download. On Linux it
    also fetches Japanese fonts where it may. Raises BrowserMissingError with the mend.
    """
    path = find_chromium()
    if path is None and _may_use_apt():
        # Ubuntu has only an empty package of that name: then this finds nothing, and we go on.
        _apt_install("chromium-headless-shell")
        path = find_chromium()
    if path is None and _may_use_apt():
        # Older systems have it with a window alone.
        _apt_install("chromium")
        path = find_chromium()
    if path is None:
        # What the browser needs of the system can be installed by root only.
        deps = ["--with-deps"] if _may_use_apt() else []
        command = [sys.executable, "-m", "playwright", "install", *deps, "chromium"]
        print("Fetching Playwright's Chromium …", flush=True)
        subprocess.run(command)
        path = find_chromium()
    if path is None:
        raise BrowserMissingError(f"No Chromium was found and none could be fetched: {MEND}.")
    _ensure_japanese_font()
    return path


def _starts(path: Path) -> bool:
    if not path.is_file():
        return False
    if os.name == "nt":
        # Chrome on Windows answers --version by opening a window.
        return True
    # Ubuntu's chromium-browser may be a stub that only asks for a snap, so to exist is not enough.
    try:
        asked = subprocess.run([str(path), "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def _playwright_own() -> Path | None:
    # In a process of its own: Playwright's cannot be started where an event loop runs.
    asked = subprocess.run([sys.executable, "-c", PLAYWRIGHT_OWN], capture_output=True, text=True)
    path = Path(asked.stdout.strip())
    return path if asked.returncode == 0 and path.is_file() else None


def _ensure_japanese_font() -> None:
    if not sys.platform.startswith("linux"):
        return
    if not _japanese_font() and _may_use_apt():
        # fontconfig brings the fc-list that tells next time that there is nothing to do.
        _apt_install("fontconfig", "fonts-noto-cjk")
    if not _japanese_font():
        print(
            "warning: no Japanese font was found, pages will show boxes: install one "
            "(on Debian 'apt-get install fontconfig fonts-noto-cjk').",
            file=sys.stderr,
        )


def _japanese_font() -> bool:
    try:
        return bool(subprocess.run(["fc-list", ":lang=ja"], capture_output=True).stdout.strip())
    except FileNotFoundError:
        return False


def _may_use_apt() -> bool:
    return (
        sys.platform.startswith("linux")
        and os.geteuid() == 0
        and Path("/etc/debian_version").exists()
        and shutil.which("apt-get") is not None
    )


def _apt_install(*packages: str) -> None:
    print(f"Installing {' '.join(packages)} with apt-get …", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=env)
    install = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages]
    subprocess.run(install, env=env, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    try:
        print(ensure_chromium())
    except BrowserMissingError as error:
        sys.exit(f"error: {error}")
