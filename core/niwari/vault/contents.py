"""What lies in a locker, and how it is packed so that its length tells next to nothing."""

import json
from collections.abc import Iterable, Mapping

Contents = Mapping[tuple[str, int], frozenset[int]]
"""Ids by kind and the municipality in which they were written: ``{("consult.question", 1): {3, 8}}``."""

_SMALLEST = 1024


def packed(contents: Contents) -> bytes:
    """Return ``contents`` as JSON, filled up to 1 KiB, or to twice, four times, … as much."""
    listed: dict[str, dict[int, list[int]]] = {}
    for (kind, town), ids in contents.items():
        if ids:
            listed.setdefault(kind, {})[town] = sorted(ids)
    plain = json.dumps(listed, separators=(",", ":"), sort_keys=True).encode("utf-8")
    size = _SMALLEST
    while size < len(plain):
        size *= 2
    return plain.ljust(size)


def unpacked(data: bytes) -> dict[tuple[str, int], frozenset[int]]:
    """Return what was packed."""
    return {
        (kind, int(town)): frozenset(ids)
        for kind, by_town in json.loads(data).items()
        for town, ids in by_town.items()
    }


def together(several: Iterable[Contents]) -> dict[tuple[str, int], frozenset[int]]:
    """Return what lies in several lockers."""
    contents: dict[tuple[str, int], frozenset[int]] = {}
    for one in several:
        for place, ids in one.items():
            contents[place] = contents.get(place, frozenset()) | ids
    return contents


def by_kind(contents: Contents) -> dict[str, frozenset[int]]:
    """Return the ids by kind alone."""
    found: dict[str, frozenset[int]] = {}
    for (kind, _), ids in contents.items():
        found[kind] = found.get(kind, frozenset()) | ids
    return found


def alike(packs: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what is packed, filled up to the length of the longest."""
    size = max(map(len, packs.values()))
    return {name: data.ljust(size) for name, data in packs.items()}
