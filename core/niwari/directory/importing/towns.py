"""What one municipality may not import: the people and the sections of the others.

Whose login is known elsewhere is nobody's business. A preview leaves no trace, so it treats whoever
holds and held posts in other municipalities alone as somebody unknown. As a login is one person's
everywhere, importing such a line is refused all the same: then the audit of both municipalities says so.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from niwari.context import MunicipalityRef
from niwari.directory.importing.lines import OTHER_TOWN, PersonLine
from niwari.directory.importing.stored import Stored
from niwari.errors import N_
from niwari.tabular import BadLine, ImportRefused, Refusals


class PeopleOfOthers(ImportRefused):
    """Lines are of people of other municipalities; ``towns`` counts them by municipality's id."""

    def __init__(self, bad_lines: Collection[BadLine], towns: Mapping[int, int]) -> None:
        """Refuse a file for ``bad_lines``."""
        super().__init__(bad_lines)
        self.towns = towns


def refuse_people_of_others(
    lines: Sequence[PersonLine], stored: Stored, code: str, refusals: Refusals
) -> None:
    """Refuse the lines of people who hold or held a post in ``code`` and one outside of it.

    A line would rename them and end their posts there. Whoever moves from one municipality to
    another is imported by the command, which may touch both.
    """
    for line in lines:
        if any(post.section[0] != code for post in stored.posts.get(line.login, ())):
            refusals.add(line.number, "login", _REASON, login=line.login)


def refuse_other_towns(
    lines: Iterable[tuple[int, str]], town: MunicipalityRef | None, refusals: Refusals
) -> None:
    """Refuse the lines (number, code) of other municipalities than ``town``, if it is given."""
    for number, code in lines:
        if town is not None and code != town.code:
            refusals.add(number, "municipality", OTHER_TOWN, code=code)


def hide_strangers(lines: Sequence[PersonLine], stored: Stored, code: str) -> PeopleOfOthers | None:
    """Take the people who were never in the municipality ``code`` out of what is stored.

    Returns the refusal of their lines, for when the file is to be written, or ``None`` without any.
    """
    homes = {
        login: {post.section[0] for post in posts} for login, posts in stored.posts.items() if posts
    }
    strangers = {login: towns for login, towns in homes.items() if code not in towns}
    for login in strangers:
        del stored.posts[login], stored.people[login], stored.person_ids[login]
    for section, heads in stored.heads.items():
        stored.heads[section] = [head for head in heads if head.post.login not in strangers]
    named = [line for line in lines if line.login in strangers]
    if not named:
        return None
    towns = Counter(
        stored.municipalities[town]
        for login in {line.login for line in named}
        for town in strangers[login]
    )
    bad = [BadLine(one.number, "login", _REASON, {"login": one.login}) for one in named]
    return PeopleOfOthers(bad, towns)


_REASON = N_(
    "%(login)s は、ほかの市町村の名簿にある職員です。"
    "異動や併任の取込みは、サーバーの担当者に頼んでください。"
)
