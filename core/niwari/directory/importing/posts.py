"""What the posts of a person are after the import: new, changed, ended by a transfer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from niwari.clock import ONE_DAY
from niwari.directory.importing.lines import PersonLine, SectionKey
from niwari.errors import N_
from niwari.tabular import Refusals


@dataclass(slots=True)
class Post:
    """An appointment while it is being planned; first and last day are both included.

    ``line`` is the line that names it, 0 where none does. ``id`` and ``stored`` are those of its
    row, ``None`` where there is none yet; ``path`` is what its section is called on the first day.
    """

    login: str
    section: SectionKey
    employment: str
    start: date
    end: date | None
    is_main: bool
    line: int = 0
    id: int | None = None
    stored: tuple[str, date | None, bool, str, int | None] | None = None
    title: str = ""
    stand_in: int | None = None
    path: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it has no row yet."""
        return self.stored is None

    @property
    def is_changed(self) -> bool:
        """Whether its row has to change."""
        return self.stored is not None and self.stored != (
            self.employment,
            self.end,
            self.is_main,
            self.title,
            self.stand_in,
        )

    @property
    def is_longer(self) -> bool:
        """Whether its row ends, but later than the row says, or no more."""
        former = self.stored[1] if self.stored is not None else None
        return former is not None and (self.end is None or self.end > former)

    def holds_on(self, day: date) -> bool:
        """Whether the person holds the post on ``day``."""
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: "Post") -> bool:
        """Whether there is a day on which both are held."""
        return self.holds_on(other.start) or other.holds_on(self.start)


def plan_posts(
    lines: Sequence[PersonLine], stored: Iterable[Post], refusals: Refusals
) -> list[Post]:
    """Return all posts of one person as they are after the import of the person's ``lines``.

    The file names all posts that the person has from a new one on: a post that it does not name
    ends on the day before (transfer). Posts that it names side by side are concurrent; the first of
    them is the main one.
    """
    posts = list(stored)
    if not posts and len(lines) == 1:
        return [_post_of(lines[0], is_main=True)]
    known = {(post.section, post.start): post for post in posts}
    named: list[Post] = []
    for line in lines:
        post = known.get((line.section_key, line.start))
        if post is None or post.line:
            post = _post_of(line)
            posts.append(post)
        else:
            post.employment = line.employment
            if line.end is not None or not _is_followed(post, posts):
                post.end = line.end
        if line.title is not None:
            post.title = line.title
        if line.stand_in is not None:
            post.stand_in = line.stand_in or None
        post.line = line.number
        named.append(post)
    if len(posts) > 1:
        _end_former(posts, refusals)
        _refuse_overlaps(posts, refusals)
    _choose_main(posts, named)
    return posts


def _post_of(line: PersonLine, *, is_main: bool = False) -> Post:
    return Post(
        line.login,
        line.section_key,
        line.employment,
        line.start,
        line.end,
        is_main,
        line.number,
        title=line.title or "",
        stand_in=line.stand_in or None,
        path=line.path,
    )


def _is_followed(post: Post, posts: Iterable[Post]) -> bool:
    """Whether a transfer ended the post: importing the older file again must not take it back."""
    return post.end is not None and any(
        other.stored and other.start == post.end + ONE_DAY for other in posts
    )


def _end_former(posts: Sequence[Post], refusals: Refusals) -> None:
    for new in sorted((post for post in posts if post.is_new), key=lambda post: post.start):
        for former in posts:
            if former.line or not former.overlaps(new):
                continue
            if former.start < new.start:
                former.end = new.start - ONE_DAY
                continue
            refusals.add(
                new.line,
                "start",
                N_(
                    "名簿では%(since)sから%(section)sにいます。それより後の日にするか、"
                    "兼務のときは両方の行を書いてください。"
                ),
                since=former.start.isoformat(),
                section=former.path,
            )


def _refuse_overlaps(posts: Iterable[Post], refusals: Refusals) -> None:
    for one, other in combinations(sorted(posts, key=lambda post: post.line), 2):
        if one.section != other.section or not other.line or not one.overlaps(other):
            continue
        if one.line:
            refusals.add(
                other.line,
                "start",
                N_("%(line)s行目と同じ人、同じ所属で、期間が重なっています。"),
                line=one.line,
            )
        elif not other.is_new:
            refusals.add(
                other.line,
                "end",
                N_("名簿にある同じ所属の%(since)sからの期間と重なります。"),
                since=one.start.isoformat(),
            )


def _choose_main(posts: Iterable[Post], named: Iterable[Post]) -> None:
    mains = [post for post in posts if not post.line and post.is_main]
    for post in named:
        post.is_main = not any(post.overlaps(main) for main in mains)
        if post.is_main:
            mains.append(post)
