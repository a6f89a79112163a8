"""Folders that are the owner's alone, and names that are on the disk before anybody relies on them."""

import os
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, for the owner alone; their names are on the disk."""
    # One by one: what mkdir makes above the last folder would be open to everybody.
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)
        keep_entries(folder.parent)


def keep_entries(folder: Path) -> None:
    """Wait until the names in ``folder`` are on the disk; Windows opens no folder for that."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
