"""What the tests of moderation share: a question with an answer, and who moderates it."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from niwari.context import Context
from niwari.identity.models import RoleGrant
from niwari.moderation import deciding, reporting
from niwari.moderation.models import Case
from niwari.testing.world import World
from niwari_consult.service import posting
from niwari_consult.texts import Plain

AUTHOR, NEIGHBOUR, OTHER = "staff@koriyama", "staff@sukagawa", "staff@miharu"
MODERATOR, MIHARU, REGION = "it@koriyama", "head@miharu", "secretariat"
TITLE, BODY = "窓口の並び方", "あの人の名前と住所を書きます。"
ANSWER = "そんなことも知らないのですか。"


@dataclass
class Board:
    """A question of Koriyama with an answer from Miharu, and shorthand for what happens to them."""

    world: World
    question: int
    answer: int

    def ctx(self, login: str) -> Context:
        """Return the context of somebody now."""
        return self.world.ctx_for(login)

    def report(self, login: str = NEIGHBOUR, kind: str = "consult.question", **given: str) -> bool:
        """Let somebody report a post."""
        row = self.question if kind == "consult.question" else self.answer
        words = {"reason": "personal", "text": ""} | given
        return reporting.report(self.ctx(login), kind, row, **words)

    def case(self, kind: str = "consult.question") -> Any:
        """Return the case of a post as it is now."""
        return Case.get(Case.kind == kind)

    def decide(
        self, outcome: str, login: str = MODERATOR, level: Any = "town", **given: Any
    ) -> None:
        """Let a moderator decide about the only case, on a page that was opened just now."""
        case = Case.get()
        words = {"turn": case.turn, "reason": "個人情報があるため。"} | given
        deciding.decide(self.ctx(login), level, case.id, outcome=outcome, **words)

    def page(self, login: str, path: str) -> tuple[int, str]:
        """Return status and text of a page."""
        answer = self.world.client_for(login).get(path)
        return answer.status_code, answer.get_data(as_text=True)


def ask(ctx: Context, audience: str = "region", title: str = TITLE) -> int:
    """Ask a question."""
    return posting.ask(
        ctx,
        topic="other",
        title=title,
        text=Plain(BODY),
        audience=audience,
        form_key=str(uuid4()),
    ).id


@pytest.fixture
def board(world: World) -> Board:
    """The question, for the region."""
    question = ask(world.ctx_for(AUTHOR))
    let_moderate(world, MIHARU)
    answer = posting.answer(world.ctx_for(OTHER), question, body=ANSWER, form_key=str(uuid4())).id
    return Board(world, question, answer)


@pytest.fixture
def second_moderator(world: World) -> str:
    """Somebody else of Koriyama who may decide; returns the login."""
    return let_moderate(world, "staff2@koriyama")


def let_moderate(world: World, login: str) -> str:
    """Let somebody decide for their town; returns the login."""
    RoleGrant.create(appointment=world.ctx_for(login).acting.id, role="it", reason="交代")
    return login
