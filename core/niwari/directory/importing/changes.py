"""What the import of people does, line by line, in the words of the file."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from niwari.directory.duties.standard import duties
from niwari.directory.importing.lines import PersonLine
from niwari.directory.importing.paths import Paths
from niwari.directory.importing.plan import PeoplePlan
from niwari.directory.importing.planned import Change
from niwari.directory.importing.posts import Post
from niwari.directory.importing.stored import Stored

People = Mapping[str, tuple[str, str, str]]
_PERSON = ("name", "kana", "email")
_OPEN = "-"
_MAIN = {True: "本務", False: "兼務"}


def changes_of(plan: PeoplePlan, stored: Stored) -> tuple[list[Change], int]:
    """Return the changes in the order of the lines, ended posts last, and the unchanged lines.

    Sections are called as they are on the first day of what is new, on the last day of what ends.
    """
    by_line = {post.line: post for post in plan.planned if post.line}
    clerks = {post.line for post in plan.clerks}
    changes: list[Change] = []
    unchanged = 0
    for line in plan.lines:
        post = by_line[line.number]
        pairs = [*_of_post(post)]
        pairs += _of_person(line, plan.people, stored.people)
        if line.number in plan.bringing:
            pairs.append(("head", "", line.head))
        if line.number in clerks:
            pairs.append(("clerk", "", "1"))
        if line.number in plan.saying:
            key = line.section_key
            pairs.append(("duties", _names(stored.duties.get(key, ())), _names(plan.duties[key])))
        before = tuple((column, old) for column, old, _ in pairs if old)
        after = tuple((column, new) for column, old, new in pairs if new or old)
        if post.is_new:
            changes.append(Change(line.number, "added", _subject(line), before, after))
        elif after:
            changes.append(Change(line.number, "changed", _subject(line), before, after))
        else:
            unchanged += 1
    names = {line.login: line for line in plan.lines}
    changes += _ended(plan.planned, names, stored.paths)
    return changes, unchanged


def _of_person(line: PersonLine, people: People, stored: People) -> Iterator[tuple[str, str, str]]:
    if line.login not in people:
        return
    old, new = stored.get(line.login), people[line.login]
    for place, column in enumerate(_PERSON):
        if old is None or old[place] != new[place]:
            yield column, old[place] if old else "", new[place]


def _of_post(post: Post) -> Iterator[tuple[str, str, str]]:
    if post.stored is None:
        yield "section", "", post.path
        yield "employment", "", post.employment
        yield "start", "", post.start.isoformat()
        yield "end", "", post.end.isoformat() if post.end else ""
        yield "main", "", _MAIN[post.is_main]
        yield "title", "", post.title
        yield "stand_in", "", _rank(post.stand_in)
        return
    employment, end, is_main, title, stand_in = post.stored
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
    if title != post.title:
        yield "title", title or _OPEN, post.title or _OPEN
    if stand_in != post.stand_in:
        yield "stand_in", _rank(stand_in) or _OPEN, _rank(post.stand_in) or _OPEN


def _rank(stand_in: int | None) -> str:
    return "" if stand_in is None else str(stand_in)


def _names(codes: Collection[str]) -> str:
    """Write duties as a file may have them, in their order."""
    return "・".join(duty.name.ja for duty in duties() if duty.code in codes)


def _ended(
    posts: Iterable[Post], lines: Mapping[str, PersonLine], paths: Paths
) -> Iterator[Change]:
    for post in posts:
        if post.line or not post.is_changed or post.stored is None:
            continue
        where = ("section", paths.path_on(post.section, post.end or post.start))
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
