"""Reading a package's sources for the lint: within bounds, and leaving nothing out quietly."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from niwari.host.lint_rules import Refusal
from niwari.host.lint_templates import is_template

# What the lint costs at the start is bounded; what lies beyond is told, like what is unreadable.
LARGEST_FILE = 512 * 1024
LARGEST_PACKAGE = 4 * 1024 * 1024
MOST_ENTRIES = 10_000


def read_sources(folder: Path) -> Iterator[tuple[Path, bytes | Refusal]]:
    """Yield each .py file and template below ``folder``, by its path from there, with its content.

    Where a file or folder cannot be read, or a bound is reached, the reason stands in place of the
    content. Links are followed, because Python imports through them; their circles are not.
    """
    total = 0
    for path, trouble in _paths(folder):
        # A name that is no UTF-8 could not be shown or kept.
        inner = Path(os.fsencode(path.relative_to(folder)).decode("utf-8", "replace"))
        content = trouble or _read(path)
        if isinstance(content, bytes):
            total += len(content)
            if total > LARGEST_PACKAGE:
                yield inner, _too_much("4 MiB of Python and templates")
                return
        yield inner, content


def _paths(folder: Path) -> Iterator[tuple[Path, Refusal | None]]:
    failed: list[OSError] = []
    seen: set[tuple[int, int]] = set()
    entries = 0
    for top, folders, files in os.walk(folder, onerror=failed.append, followlinks=True):
        place = os.stat(top)
        if (place.st_dev, place.st_ino) in seen:
            folders.clear()
            continue
        seen.add((place.st_dev, place.st_ino))
        entries += len(folders) + len(files)
        if entries > MOST_ENTRIES:
            yield Path(top), _too_much(f"{MOST_ENTRIES:,} files and folders")
            break
        folders.sort()
        yield from (
            (path, None)
            for path in (Path(top, name) for name in sorted(files))
            if path.suffix == ".py" or is_template(path.relative_to(folder))
        )
    for error in failed:
        yield Path(error.filename), _unreadable(error)


def _read(path: Path) -> bytes | Refusal:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return Refusal("is no ordinary file", "put an ordinary file in its place")
        if about.st_size > LARGEST_FILE:
            return Refusal("is larger than 512 KiB", "split it, or keep its data in another format")
        return path.read_bytes()
    except OSError as error:
        return _unreadable(error)


def _unreadable(error: OSError) -> Refusal:
    return Refusal(f"cannot be read: {error.strerror}", "install the package again")


def _too_much(bound: str) -> Refusal:
    return Refusal(
        f"lies beyond {bound}, so it and what follows was not looked into",
        "leave out of the package what is not its own",
    )
