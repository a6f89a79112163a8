"""All that an import will write, worked out before anything is written."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from niwari.directory.importing.heads import HeadRow, plan_heads
from niwari.directory.importing.lines import PersonLine, SectionKey
from niwari.directory.importing.posts import Post, plan_posts
from niwari.directory.importing.section_duties import plan_duties
from niwari.directory.importing.stored import Stored
from niwari.errors import N_
from niwari.tabular import Refusals


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do, in lines of the file.

    ``added`` lines bring a new post, ``changed`` ones change a person, a post, a head or what a section
    does. ``ended`` counts former posts that a transfer ended; no line names them.
    ``new_municipalities`` are the codes of those that the import made.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    new_municipalities: tuple[str, ...] = ()


def report_of(counts: Counter[str], new_municipalities: tuple[str, ...] = ()) -> ImportReport:
    """Return the report of an import by the counts of its outcomes."""
    return ImportReport(
        counts["added"],
        counts["changed"],
        counts["unchanged"],
        counts["ended"],
        new_municipalities,
    )


@dataclass(frozen=True, slots=True)
class PeoplePlan:
    """What has to be written: ``people`` are (name, kana, email) by login, new or changed.

    ``planned`` are all posts of the people of the file, ``clerks`` those that become clerks',
    ``bringing`` the lines that bring a new head. ``duties`` are those of the sections where they
    change, ``saying`` the lines that change them.
    """

    lines: Sequence[PersonLine]
    people: dict[str, tuple[str, str, str]]
    posts: list[Post]
    heads: list[HeadRow]
    clerks: list[Post]
    duties: dict[SectionKey, frozenset[str]]
    by_municipality: dict[str, Counter[str]]
    planned: list[Post]
    bringing: frozenset[int]
    saying: frozenset[int]


def make_plan(
    lines: Sequence[PersonLine],
    stored: Stored,
    doubtful: Collection[str],
    refusals: Refusals,
) -> PeoplePlan:
    """Compare the lines with what is stored; what cannot be goes into ``refusals``."""
    by_login: dict[str, list[PersonLine]] = defaultdict(list)
    for line in lines:
        by_login[line.login].append(line)
    people = {}
    posts = dict(stored.posts)
    for login, own in by_login.items():
        if len(own) > 1:
            _check_person(own, refusals)
        person = (own[0].name, own[0].kana, own[0].email)
        if stored.people.get(login) != person:
            people[login] = person
        posts[login] = plan_posts(own, posts.get(login, ()), refusals)
    for login in stored.people.keys() - posts.keys():
        posts[login] = []
    heads, bringing = plan_heads(lines, posts, stored.heads, doubtful, refusals)
    duties, saying = plan_duties(lines, stored.duties)
    planned = [post for login in by_login for post in posts[login]]
    _check_ends(planned, stored, refusals)
    clerk_lines = {line.number for line in lines if line.clerk}
    clerks = [p for p in planned if p.line in clerk_lines and p.id not in stored.clerks]
    naming = {post.line for post in clerks}
    return PeoplePlan(
        lines,
        people,
        [post for post in planned if post.is_new or post.is_changed],
        heads,
        clerks,
        duties,
        _count(lines, planned, people.keys(), bringing | naming | saying),
        planned,
        frozenset(bringing),
        frozenset(saying),
    )


def _check_ends(posts: Sequence[Post], stored: Stored, refusals: Refusals) -> None:
    """Refuse posts that are new or longer and go on after their section has ended."""
    for post in posts if stored.paths.ended else ():
        section_id = stored.sections.get(post.section)
        last = stored.paths.lives.get(section_id or 0, (None, None))[1]
        if last is None or not post.line or not (post.is_new or post.is_changed):
            continue
        if post.end is None or post.end > last:
            refusals.add(
                post.line,
                "end",
                N_("この所属は%(day)sまでです。その日までにしてください。"),
                day=last.isoformat(),
            )


def _check_person(lines: Sequence[PersonLine], refusals: Refusals) -> None:
    first = lines[0]
    for line in lines[1:]:
        for column in ("name", "kana", "email"):
            if getattr(line, column) != getattr(first, column):
                refusals.add(
                    line.number,
                    column,
                    N_("同じ人の%(line)s行目と違います。同じにしてください。"),
                    line=first.number,
                )


def _count(
    lines: Sequence[PersonLine],
    posts: Sequence[Post],
    people: Collection[str],
    bringing: Collection[int],
) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    new = {post.line for post in posts if post.is_new}
    changed = {post.line for post in posts if post.is_changed} | set(bringing)
    for line in lines:
        if line.number in new:
            outcome = "added"
        elif line.number in changed or line.login in people:
            outcome = "changed"
        else:
            outcome = "unchanged"
        counts[line.municipality][outcome] += 1
    for post in posts:
        if not post.line and post.is_changed:
            counts[post.section[0]]["ended"] += 1
    return counts
