"""Heads who would answer for each other in a circle."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from niwari.directory.importing.heads import post_of_head
from niwari.directory.importing.lines import PersonLine, SectionKey
from niwari.directory.importing.posts import Post
from niwari.errors import N_
from niwari.tabular import Refusals


def refuse_cycles(lines: Sequence[PersonLine], posts: Iterable[Post], refusals: Refusals) -> None:
    """Refuse the lines by which the heads of two or more sections sit in each other's sections.

    Then nobody would stand above them: the request of each would go to the other. ``posts`` are all
    of the people of the file.
    """
    heads = {line.head for line in lines}
    by_login = defaultdict(list)
    for post in posts:
        if post.login in heads:
            by_login[post.login].append(post)
    seat: dict[SectionKey, tuple[SectionKey, PersonLine]] = {}
    for line in _saying_something_new(lines):
        if line.section_key not in seat:
            held = post_of_head(by_login.get(line.head, ()), line.section_key, line.start)
            if held is not None and held.section != line.section_key:
                seat[line.section_key] = held.section, line
    for circle in _circles({section: found[0] for section, found in seat.items()}):
        names = " → ".join(seat[section][1].path for section in (*circle, circle[0]))
        for section in circle:
            refusals.add(
                seat[section][1].number,
                "head",
                N_(
                    "所属長の所属をたどると、元の所属に戻ってしまいます（%(names)s）。どれかの所属長を直してください。"
                ),
                names=names,
            )


def _saying_something_new(lines: Iterable[PersonLine]) -> Iterator[PersonLine]:
    """Yield the lines with a head, without those that say what an earlier one says."""
    said = set()
    for line in lines:
        claim = line.municipality, line.section, line.head, line.start
        if line.head and claim not in said:
            said.add(claim)
            yield line


def _circles(above: Mapping[SectionKey, SectionKey]) -> list[list[SectionKey]]:
    """Return the circles in which each section leads to the next; each has one way on at most."""
    found: list[list[SectionKey]] = []
    done: set[SectionKey] = set()
    for start in above:
        way: dict[SectionKey, int] = {}
        section = start
        while section in above and section not in way and section not in done:
            way[section] = len(way)
            section = above[section]
        if section in way:
            found.append(list(way)[way[section] :])
        done.update(way)
    return found
