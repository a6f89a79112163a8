"""What lies in a locker, and how it is packed so that its length tells next to nothing."""

import json
from collections.abc import Iterable, Mapping

Contents = Mapping[str, frozenset[int]]
"""Ids by kind, as ``{"consult.question": {3, 8}}``."""

_SMALLEST = 1024


def packed(contents: Contents) -> bytes:
    """Return ``contents`` as JSON, filled up to 1 KiB, or to twice, four times, … as much."""
    plain = json.dumps(
        {kind: sorted(ids) for kind, ids in contents.items() if ids},
        separators=(",", ":"),
        sort_keys=True,
    ).encode("utf-8")
    size = _SMALLEST
    while size < len(plain):
        size *= 2
    return plain.ljust(size)


def unpacked(data: bytes) -> dict[str, frozenset[int]]:
    """Return what was packed."""
    return {kind: frozenset(ids) for kind, ids in json.loads(data).items()}


def together(several: Iterable[Contents]) -> dict[str, frozenset[int]]:
    """Return what lies in several lockers."""
    contents: dict[str, frozenset[int]] = {}
    for one in several:
        for kind, ids in one.items():
            contents[kind] = contents.get(kind, frozenset()) | ids
    return contents


def alike(packs: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what is packed, filled up to the length of the longest."""
    size = max(map(len, packs.values()))
    return {name: data.ljust(size) for name, data in packs.items()}
