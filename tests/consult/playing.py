"""One story of a hidden author, played by either of two people at any minute of the quarter.

The two who take turns as the author do everything else alike.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from niwari.directory.duties.models import PersonDuty
from niwari.directory.models import Appointment, Person, Section
from niwari.identity.models import RoleGrant
from niwari.testing.world import World
from niwari_consult.models import Answer, Question
from niwari_consult.service import posting
from niwari_consult.texts import Plain

ONE, OTHER = "staff@miharu", "staff@sukagawa"
"""Who take turns: alone in a section of a village, and somebody of a city."""

HEAD = "head@miharu"
"""The author's own head, who is everything else there too: IT, HR, auditor and moderator."""

HELPER = "staff@koriyama"
TITLE, MORE = "だれにも聞けない決裁の順番", "もう一つ聞けないこと"


class Play:
    """One story: somebody asks twice without a name, is helped, follows up, accepts, is reported."""

    def __init__(self, world: World, author: str, minute: int) -> None:
        """``minute`` is when, after each quarter, the author does what they do."""
        self.world, self.author, self.minute = world, author, minute

    def run(self) -> None:
        """Play it to its end, on the tenth of November."""
        self._prepare()
        for login in (ONE, OTHER):
            self.world.client_for(login).get("/consult/ask")
        # One act in each quarter: among several the order is chance, and no two plays are alike.
        self._hidden(lambda: self._ask(TITLE))
        self._hidden(lambda: self._ask(MORE))
        first, second = self.ids()
        posting.answer(self.world.ctx_for(HELPER), first, body="規程にあります。", form_key=_key())
        posting.answer(
            self.world.ctx_for(HELPER), second, body="うちでは月末です。", form_key=_key()
        )
        reply = Answer.select().order_by(Answer.id).get().id
        ctx_for = self.world.ctx_for
        self._hidden(
            lambda: posting.answer(
                ctx_for(self.author), first, body="助かります。", form_key=_key(), hide_name=True
            )
        )
        self._hidden(lambda: posting.accept(ctx_for(self.author), first, reply, form_key=_key()))
        self.world.client_for("staff2@koriyama").submit(
            f"/moderation/report/consult.question/{first}", {"reason": "insult", "text": "気になる"}
        )
        self.world.index()
        self.world.deliver()

    def _prepare(self) -> None:
        """Let the one be alone in a section, their head be everything there, and both have the duty."""
        ctx = self.world.ctx_for(ONE)
        alone = Section.create(municipality=ctx.municipality.id, name="分室", path="分室")
        Appointment.update(section=alone).where(Appointment.id == ctx.acting.id).execute()
        head = self.world.ctx_for(HEAD).acting.id
        for role in ("auditor", "it", "hr"):
            RoleGrant.create(appointment=head, role=role, reason="小さな町のため")
        auditor = self.world.ctx_for("hr@koriyama").acting.id
        RoleGrant.create(appointment=auditor, role="auditor", reason="広域の記録を見るため")
        for login in (ONE, OTHER, "staff2@koriyama"):
            who = self.world.ctx_for(login)
            PersonDuty.create(
                appointment=who.acting.id,
                municipality=who.municipality.id,
                duty="payroll",
                since=who.today,
            )
        for person in Person.select():
            Person.update(email=f"person{person.id}@example.jp").where(
                Person.id == person.id
            ).execute()

    def _hidden(self, act: Callable[[], Any]) -> None:
        """Let the author act at their minute, the worker look then, and again at the quarter."""
        self.world.clock.advance(minutes=self.minute)
        act()
        self.world.work()
        self.world.clock.advance(minutes=15 - self.minute)
        self.world.work()

    def _ask(self, title: str) -> None:
        posting.ask(
            self.world.ctx_for(self.author),
            topic="pay",
            title=title,
            text=Plain("担当になって日が浅く、聞きそびれました。"),
            audience="region",
            form_key=_key(),
            hide_name=True,
        )

    def ids(self) -> tuple[int, int]:
        """Return the ids of the two questions."""
        found = {row.title: row.id for row in Question.select()}
        return found[TITLE], found[MORE]


def _key() -> str:
    return str(uuid4())
