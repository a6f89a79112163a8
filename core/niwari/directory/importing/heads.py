"""Who heads which section from which day on, after the import."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from niwari.clock import ONE_DAY
from niwari.directory.importing.lines import PersonLine, SectionKey
from niwari.directory.importing.posts import Post
from niwari.errors import N_
from niwari.tabular import Refusals

Posts = Mapping[str, Sequence[Post]]
"""All posts, after the import, of everybody who is or becomes head or stands in the file."""


@dataclass(slots=True)
class Head:
    """A headship while it is being planned: ``post`` answers for ``section`` from ``start`` on.

    It ends with the post or by the next head; ``end`` is set where it ends for another reason.
    ``id`` and ``stored`` (post and end) are those of its row, if it has one.
    """

    section: SectionKey
    start: date
    end: date | None
    post: Post
    id: int | None = None
    stored: tuple[Post, date | None] | None = None


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A row as it has to be; ``id`` is ``None`` where it is new."""

    id: int | None
    section: SectionKey
    post: Post
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a line says: the holder of ``post`` heads the line's section on ``day``."""

    line: PersonLine
    post: Post
    day: date


def plan_heads(
    lines: Iterable[PersonLine],
    posts: Posts,
    stored: Mapping[SectionKey, Sequence[Head]],
    doubtful: Collection[str],
    refusals: Refusals,
) -> tuple[list[HeadRow], set[int]]:
    """Return the rows that are new or change, and the lines that bring a new head.

    ``stored`` has the headships of every section whose heads the import may touch. A new head ends
    the former headship on the day before. A line whose ``head`` is true already changes nothing, so
    an older file can be imported again. ``doubtful`` are logins of lines that are refused anyway.
    """
    claims = _claims(lines, posts, doubtful, refusals)
    rows: list[HeadRow] = []
    bringing: set[int] = set()
    for section in sorted(stored.keys() | claims.keys()):
        timeline = _without_derived_ends(stored.get(section, ()))
        for claim in sorted(claims.get(section, ()), key=lambda claim: claim.day):
            if _apply(claim, timeline, posts):
                bringing.add(claim.line.number)
        rows += _rows_to_write(timeline, posts)
    return rows, bringing


def _claims(
    lines: Iterable[PersonLine], posts: Posts, doubtful: Collection[str], refusals: Refusals
) -> dict[SectionKey, list[Claim]]:
    said: dict[tuple[SectionKey, date], PersonLine] = {}
    found: dict[tuple[SectionKey, date], Claim] = {}
    settled: set[int] = set()
    for line in lines:
        if not line.head:
            continue
        earlier = said.setdefault((line.section_key, line.start), line)
        if earlier.head != line.head:
            _refuse_second_head(line, earlier, line.start, refusals)
            continue
        if earlier.number in settled:
            continue
        post = post_of_head(posts.get(line.head, ()), line.section_key, line.start)
        if post is None:
            if line.head not in doubtful:
                _refuse_head(line, posts, refusals)
            continue
        # Whoever has been in the section for long names the head of today, who came later.
        day = max(line.start, post.start)
        claim = found.setdefault((line.section_key, day), Claim(line, post, day))
        if claim.post.login != line.head:
            _refuse_second_head(line, claim.line, day, refusals)
        else:
            settled.add(earlier.number)
    claims = defaultdict(list)
    for (section, _), claim in found.items():
        claims[section].append(claim)
    return claims


def _refuse_second_head(
    line: PersonLine, earlier: PersonLine, day: date, refusals: Refusals
) -> None:
    refusals.add(
        line.number,
        "head",
        N_(
            "%(section)sの%(day)sの所属長が2人になります"
            "（%(line)s行目では %(one)s、この行では %(other)s）。"
        ),
        section=line.path,
        day=day.isoformat(),
        line=earlier.number,
        one=earlier.head,
        other=line.head,
    )


def _refuse_head(line: PersonLine, posts: Posts, refusals: Refusals) -> None:
    if line.head in posts:
        text = N_(
            "所属長の %(login)s は、%(day)s以後この市町村のどの所属にもいません。"
            "先にその人の行を足すか、ログイン名を直してください。"
        )
        refusals.add(line.number, "head", text, login=line.head, day=line.start.isoformat())
    else:
        text = N_(
            "所属長の %(login)s は、このファイルにも名簿にもいません。"
            "先にその人の行を足すか、ログイン名を直してください。"
        )
        refusals.add(line.number, "head", text, login=line.head)


def post_of_head(posts: Iterable[Post], section: SectionKey, day: date) -> Post | None:
    """Return the post in which a head answers for the section: the one nearest to it.

    In the section itself, else in the nearest section above, else any in the municipality, the main
    one first. ``None`` where every post there has ended before ``day``.
    """
    municipality, path = section
    ahead = [
        post
        for post in posts
        if post.section[0] == municipality and (post.end is None or post.end >= day)
    ]

    def distance(post: Post) -> tuple[int, bool, date]:
        theirs = post.section[1]
        if theirs == path or path.startswith(f"{theirs}/"):
            return len(path) - len(theirs), False, post.start
        return len(path) + 1, not post.is_main, post.start

    return min(ahead, key=distance, default=None)


def _without_derived_ends(stored: Iterable[Head]) -> list[Head]:
    """Forget the ends that come from the post or from the next head: they are found anew."""
    timeline = sorted(stored, key=lambda head: head.start)
    for index, head in enumerate(timeline):
        if head.end is None:
            continue
        former_end = head.post.stored[1] if head.post.stored else None
        if head.end in (former_end, _last_before_next(timeline, index)):
            head.end = None
    return timeline


def _last_before_next(timeline: Sequence[Head], index: int) -> date | None:
    return timeline[index + 1].start - ONE_DAY if index + 1 < len(timeline) else None


def _apply(claim: Claim, timeline: list[Head], posts: Posts) -> bool:
    """Let the claim be true; returns whether it was not."""
    index = bisect_right(timeline, claim.day, key=lambda head: head.start) - 1
    if index >= 0:
        present = timeline[index]
        until = _last_before_next(timeline, index)
        if present.post.login == claim.post.login and any(
            start <= claim.day and (end is None or claim.day <= end)
            for start, end, _ in _stretches(present, until, posts)
        ):
            return False
        if present.start == claim.day:
            present.post, present.end = claim.post, None
            return True
    timeline.insert(index + 1, Head(claim.line.section_key, claim.day, None, claim.post))
    return True


def _stretches(
    head: Head, until: date | None, posts: Posts
) -> Iterator[tuple[date, date | None, Post]]:
    """Split a headship by the posts in which it is held: it goes on when a post is renewed."""
    in_section = [p for p in posts[head.post.login] if p.section == head.post.section]
    last = _earlier(head.end, until)
    start, post = head.start, head.post
    if not post.holds_on(start):
        held = next((p for p in in_section if p.holds_on(start)), None)
        if held is None:
            # It never came to hold, but nothing is deleted: the row keeps its first day.
            yield start, start, post
            return
        post = held
    while True:
        end = _earlier(post.end, last)
        yield start, end, post
        if end is None or end == last:
            return
        renewed = next((p for p in in_section if p.start == end + ONE_DAY), None)
        if renewed is None:
            return
        start, post = renewed.start, renewed


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _rows_to_write(timeline: Sequence[Head], posts: Posts) -> Iterator[HeadRow]:
    for index, head in enumerate(timeline):
        row_id, stored = head.id, head.stored
        for start, end, post in _stretches(head, _last_before_next(timeline, index), posts):
            if stored is None or stored[0] is not post or stored[1] != end:
                yield HeadRow(row_id, head.section, post, start, end)
            row_id, stored = None, None
