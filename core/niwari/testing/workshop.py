"""A workshop for plugins: packages that a test writes, imports and forgets."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

from niwari.host.discovery import Found, located

MANIFEST = """\
name = "{name}"
version = "1.2.3"
api = "0.3"
verb = "help"
label = {{ ja = "{name}の機能", en = "The feature {name}" }}
purpose = {{ ja = "試すためのものです。", en = "Something to try." }}
"""


class Workshop:
    """Writes plugin packages into ``folder``, from which they can be imported."""

    def __init__(self, folder: Path) -> None:
        """Work in ``folder``, which is on Python's path."""
        self.folder = folder

    def make(
        self,
        name: str,
        plugin: str = "",
        *,
        package: str = "",
        manifest: str = "",
        files: Mapping[str, str] | None = None,
    ) -> Found:
        """Write the package of the plugin ``name`` and find it.

        ``plugin`` is the text of its ``plugin.py``, where everything of ``niwari.api`` is at hand.
        ``files`` are further files by path; they may replace ``__init__.py`` and others.
        """
        package = package or f"niwari_{name}"
        written = {
            "__init__.py": "",
            "plugin.toml": manifest or MANIFEST.format(name=name),
            "plugin.py": f"from niwari.api import *\n{dedent(plugin)}",
            **(files or {}),
        }
        for path, text in written.items():
            target = self.folder / package / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(dedent(text), encoding="utf-8")
        importlib.invalidate_caches()
        (found,) = located([(name, package)])
        return found

    def install(self, name: str, package: str = "") -> None:
        """Write what an installer would, so that the plugin is found by its entry point."""
        package = package or f"niwari_{name}"
        info = self.folder / f"{package}-1.2.3.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2.3\n", encoding="utf-8"
        )
        (info / "entry_points.txt").write_text(
            f"[niwari.plugins]\n{name} = {package}\n", encoding="utf-8"
        )


@contextmanager
def forgotten_imports(folders: tuple[Path, ...]) -> Iterator[None]:
    """Import from ``folders`` in the block; afterwards nothing of it is left in memory."""
    paths = [str(folder) for folder in folders]
    sys.path[:0] = paths
    before = set(sys.modules)
    try:
        yield
    finally:
        for path in paths:
            sys.path.remove(path)
        for name in set(sys.modules) - before:
            spec = getattr(sys.modules[name], "__spec__", None)
            if spec is not None and spec.origin and spec.origin.startswith(tuple(paths)):
                del sys.modules[name]
