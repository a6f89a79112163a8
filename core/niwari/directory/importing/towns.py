"""What one municipality may not import: the people of the others."""

from collections.abc import Sequence

from niwari.directory.importing.lines import PersonLine
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
