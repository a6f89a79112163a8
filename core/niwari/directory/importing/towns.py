"""What one municipality may not import: the people and the sections of the others."""

from collections.abc import Iterable, Sequence

from niwari.context import MunicipalityRef
from niwari.directory.importing.lines import OTHER_TOWN, PersonLine
from niwari.directory.importing.stored import Stored
from niwari.errors import N_
from niwari.tabular import Refusals


def refuse_people_of_others(
    lines: Sequence[PersonLine], stored: Stored, code: str, refusals: Refusals
) -> None:
    """Refuse the lines of people who hold or held a post outside of the municipality ``code``.

    A line would rename them and end their posts there. Whoever moves from one municipality to
    another is imported by the command, which may touch both.
    """
    for line in lines:
        if any(post.section[0] != code for post in stored.posts.get(line.login, ())):
            refusals.add(
                line.number,
                "login",
                N_(
                    "%(login)s は、ほかの市町村の名簿にある職員です。"
                    "異動や併任の取込みは、サーバーの担当者に頼んでください。"
                ),
                login=line.login,
            )


def refuse_other_towns(
    lines: Iterable[tuple[int, str]], town: MunicipalityRef | None, refusals: Refusals
) -> None:
    """Refuse the lines (number, code) of other municipalities than ``town``, if it is given."""
    for number, code in lines:
        if town is not None and code != town.code:
            refusals.add(number, "municipality", OTHER_TOWN, code=code)
