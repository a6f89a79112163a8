"""The search itself: the index names candidates, and each row is asked for once more by ``visible``.

So an index that is behind can leave something out for a minute; it never shows what the person must
not see.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from niwari.context import Context
from niwari.search.excerpts import Piece, excerpt, marked
from niwari.search.matching import count_to, newest
from niwari.search.queries import Query
from niwari.search.readable import Kind, Shown, kinds_for, shown
from niwari.search.writing import LAST_POSITION, instant_at

PAGE = 20
MOST_COUNTED = 200
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Result:
    """A row that was found: what it is called, and the place in it where the words stand."""

    row: Shown
    title: Sequence[Piece]
    excerpt: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found, the newest first.

    ``following`` is where the next page begins, if there is one. ``count`` is how many there are in
    all, on the first page; ``is_more`` says that there are still more than that.
    """

    results: Sequence[Result]
    following: int | None
    count: int | None = None
    is_more: bool = False


def search(ctx: Context, query: Query, *, before: int | None = None) -> Results:
    """Return what has all words of ``query`` and the person may see, ``PAGE`` rows at most.

    ``before`` is the ``following`` of an earlier page. What is found changes with the rows after a
    minute at the latest. One query for the index, one for the number, one for the towns, and one for
    each kind of row that is found.
    """
    kinds = kinds_for(ctx, query.plugin)
    if not kinds:
        return Results((), None, 0)
    found, following = _live(ctx, query, kinds, LAST_POSITION if before is None else before)
    results = [
        Result(row, marked(row.said.title, query.phrases), excerpt(row.said.text, query.phrases))
        for row in found
    ]
    if before is not None:
        return Results(results, following)
    if following is None:
        return Results(results, None, len(results))
    count = count_to(ctx, query, kinds, most=MOST_COUNTED)
    return Results(results, following, min(count, MOST_COUNTED), count > MOST_COUNTED)


def _live(
    ctx: Context, query: Query, kinds: dict[str, Kind], before: int
) -> tuple[list[Shown], int | None]:
    """Return rows that the index has and the person sees, and where to go on if there are more.

    After some rounds it ends even where the index is full of rows that they do not see.
    """
    found: list[Shown] = []
    for _ in range(_ROUNDS):
        some = newest(ctx, query, kinds, before=before, limit=PAGE + 1)
        seen = shown(ctx, kinds, [(kind, row_id, instant_at(at)) for kind, row_id, at in some])
        for kind, row_id, at in some:
            row = seen.get((kind, row_id))
            if row is not None:
                if len(found) == PAGE:
                    return found, before
                found.append(row)
            before = at
        if len(some) <= PAGE:
            return found, None
    return found, before
