"""The rules for what people write. Forms and services ask the same functions."""

from niwari.api import NotChosen

POST_LIMIT, NAME_LIMIT = 60, 80
LINE_LIMIT, DEADLINE_LIMIT = 300, 200
TEXT_LIMIT = 10_000
MESSAGE_LIMIT = 4_000
ITEM_LIMIT = 200


def checked_months(months: list[str]) -> str:
    """Return the chosen months as they are kept, ``4,10``; raises ``NotChosen``."""
    known = {str(month) for month in range(1, 13)}
    if not known.issuperset(months):
        raise NotChosen(field="months")
    return ",".join(str(month) for month in sorted({int(one) for one in months}))


def months_of(kept: str) -> frozenset[int]:
    """Return the months of a duty as numbers."""
    return frozenset(int(one) for one in kept.split(",") if one)


def months_in_order(kept: str) -> tuple[int, ...]:
    """Return the months of a duty as people say them: from after the longest pause in the year on.

    ``10,11,12,1`` are so, and not 1, 10, 11, 12; where pauses are alike the fiscal year begins.
    """
    chosen = months_of(kept)
    year = [number for number in (*range(4, 13), *range(1, 4)) if number in chosen]
    before = year[-1:] + year[:-1]
    pauses = [(month - last - 1) % 12 for last, month in zip(before, year, strict=True)]
    first = pauses.index(max(pauses)) if pauses else 0
    return (*year[first:], *year[:first])
