"""Writing a project into a new folder: whole or not at all."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from niwari.scaffold.catalogue import English, renew
from niwari.scaffold.refusals import CannotScaffold


def write_project(target: Path, files: Mapping[str, str], package: str, english: English) -> None:
    """Write ``files``, by their paths with slashes, as the new folder ``target``.

    The English catalogue of ``package`` is made from ``english``; ``LookupError`` names what lacks
    there. Everything is written beside ``target`` first and renamed, so that a failure leaves
    nothing behind. Raises ``CannotScaffold`` where ``target`` is there already or cannot be written.
    """
    check_target(target)
    place = target.absolute()
    try:
        made = Path(mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        try:
            for path, text in files.items():
                (made / path).parent.mkdir(parents=True, exist_ok=True)
                # As bytes, so that lines end alike on every system.
                (made / path).write_bytes(text.encode())
            if gaps := renew(made / package, english):
                raise LookupError(f"there is no English for: {', '.join(gaps)}")
            _open_to_read(made)
            check_target(target)  # somebody may have been quicker
            made.rename(place)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise CannotScaffold(
            f"{target} cannot be written ({error.strerror or error}); "
            "name a folder that you may write into with --into"
        ) from error


def check_target(target: Path) -> None:
    """Raise ``CannotScaffold`` where ``write_project`` would refuse ``target`` without trying."""
    parent = target.absolute().parent
    if not parent.is_dir():
        raise CannotScaffold(f"{parent} is no folder; make it first, or name another with --into")
    if target.is_symlink() or target.exists():
        raise CannotScaffold(
            f"{target} is there already and stays as it is; choose another name, "
            "or another folder with --into"
        )


def _open_to_read(folder: Path) -> None:
    """Give the usual modes: the command's own are an installation's, which nobody else may read."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
