"""What the import of people does, line by line, in the words of the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from niwari.directory.importing.lines import PersonLine
from niwari.directory.importing.planned import Change, Values
from niwari.directory.importing.posts import Post

People = Mapping[str, tuple[str, str, str]]
_PERSON = ("name", "kana", "email")
_OPEN = "-"
_MAIN = {True: "主務", False: "兼務"}


def changes_of(
    lines: Sequence[PersonLine],
    posts: Iterable[Post],
    people: People,
    stored: People,
    bringing: frozenset[int],
) -> tuple[list[Change], int]:
    """Return the changes in the order of the lines, ended posts last, and the unchanged lines.

    ``posts`` are those of everybody in the file after the import, ``people`` the new or changed
    ones, ``stored`` those of the directory; ``bringing`` are the lines that bring a new head.
    """
    posts = list(posts)
    by_line = {post.line: post for post in posts if post.line}
    changes: list[Change] = []
    unchanged = 0
    for line in lines:
        # Of two lines that say the same the post knows the later one alone.
        post = by_line.get(line.number)
        before, after = _difference(line, post, people, stored, bringing)
        if post is not None and post.is_new:
            changes.append(Change(line.number, "added", _subject(line), before, after))
        elif after:
            changes.append(Change(line.number, "changed", _subject(line), before, after))
        else:
            unchanged += 1
    names = {line.login: line for line in lines}
    changes += _ended(posts, names)
    return changes, unchanged


def _difference(
    line: PersonLine,
    post: Post | None,
    people: People,
    stored: People,
    bringing: frozenset[int],
) -> tuple[Values, Values]:
    pairs = [*_of_post(post)] if post is not None else []
    if line.login in people:
        old = stored.get(line.login)
        new = people[line.login]
        for place, column in enumerate(_PERSON):
            if old is None or old[place] != new[place]:
                pairs.append((column, old[place] if old else "", new[place]))
    if line.number in bringing:
        pairs.append(("head", "", line.head))
    before = tuple((column, old) for column, old, _ in pairs if old)
    after = tuple((column, new) for column, old, new in pairs if new or old)
    return before, after


def _of_post(post: Post) -> Iterator[tuple[str, str, str]]:
    if post.stored is None:
        yield "section", "", post.section[1]
        yield "employment", "", post.employment
        yield "start", "", post.start.isoformat()
        yield "end", "", post.end.isoformat() if post.end else ""
        yield "main", "", _MAIN[post.is_main]
        return
    employment, end, is_main = post.stored
    if employment != post.employment:
        yield "employment", employment, post.employment
    if end != post.end:
        yield (
            "end",
            end.isoformat() if end else _OPEN,
            post.end.isoformat() if post.end else _OPEN,
        )
    if is_main != post.is_main:
        yield "main", _MAIN[is_main], _MAIN[post.is_main]


def _ended(posts: Iterable[Post], lines: Mapping[str, PersonLine]) -> Iterator[Change]:
    for post in posts:
        if post.line or not post.is_changed or post.stored is None:
            continue
        where = ("section", post.section[1])
        pairs = list(_of_post(post))
        yield Change(
            0,
            "ended",
            _subject(lines[post.login]),
            (where, *((column, old) for column, old, _ in pairs)),
            (where, *((column, new) for column, _, new in pairs)),
        )


def _subject(line: PersonLine) -> str:
    return f"{line.login} {line.name}"
