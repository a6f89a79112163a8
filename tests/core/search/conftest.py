"""What the tests of the search share: questions to be found."""

from collections.abc import Callable, Sequence
from uuid import uuid4

import pytest

from niwari.search.finding import Results, search
from niwari.search.queries import Query, read_phrases
from niwari.testing.world import World
from niwari_consult.service import posting
from niwari_consult.texts import Plain

Ask = Callable[..., int]
Titles = Callable[..., list[str]]

ASKER, COLLEAGUE, NEIGHBOUR = "staff@koriyama", "head@koriyama", "staff@sukagawa"


@pytest.fixture
def ask(world: World) -> Ask:
    """Ask a question and let it be indexed; returns its id."""

    def asked(
        title: str, body: str = "困っています。", *, by: str = ASKER, audience: str = "region"
    ) -> int:
        question = posting.ask(
            world.ctx_for(by),
            topic="other",
            title=title,
            text=Plain(body),
            audience=audience,
            form_key=str(uuid4()),
        )
        world.index()
        return int(question.id)

    return asked


@pytest.fixture
def found(world: World) -> Titles:
    """Search as a person does; returns the titles, the newest first."""

    def titles(text: str, *, by: str = COLLEAGUE, **narrowed: object) -> list[str]:
        query = Query(read_phrases(text), **narrowed)  # type: ignore[arg-type]
        return said(search(world.ctx_for(by), query))

    return titles


def said(results: Results) -> list[str]:
    """The titles of what was found."""
    return [one.row.said.title for one in results.results]


def words(pieces: Sequence[object]) -> list[str]:
    """The marked pieces of a text."""
    return [piece.text for piece in pieces if piece.found]  # type: ignore[attr-defined]
