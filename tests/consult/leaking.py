"""Playing one story twice, with another hidden author or another minute, and comparing all that others see.

Whatever differs tells something of the author. The two people who take turns as the author do
everything else alike; what is drawn by chance in each play, as tokens, is made equal first.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from niwari.channels.letters import Composer
from niwari.channels.sending import send_due
from niwari.channels.smtp import Mail, MailServer
from niwari.clock import FrozenClock
from niwari.directory.duties.models import PersonDuty
from niwari.directory.models import Appointment, Person, Section
from niwari.identity.models import RoleGrant
from niwari.notices.mail import MAIL, enlist_mail
from niwari.notices.models import Received
from niwari.notices.outbox import leave_by
from niwari.specs.contributions import Subject
from niwari.stewardship import subjects
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World
from niwari_consult.models import Answer, Question
from niwari_consult.service import posting
from niwari_consult.texts import Plain
from tests.core.channels.post_office import open_post_office
from tests.core.rest.conftest import Program, make_token

ONE, OTHER = "staff@miharu", "staff@sukagawa"
"""Who take turns: alone in a section of a village, and somebody of a city."""

HEAD = "head@miharu"
"""The author's own head, who is everything else there too: IT, HR, auditor and moderator."""

VIEWERS = (
    HEAD,
    "head@sukagawa",
    "it@sukagawa",
    "it@koriyama",
    "hr@koriyama",
    "secretariat",
    "staff2@koriyama",
)
HELPER = "staff@koriyama"
TITLE, MORE = "だれにも聞けない決裁の順番", "もう一つ聞けないこと"

Seen = dict[tuple[str, str, str], str]
"""What is seen: by surface, viewer and place."""

_CHANCE = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "UUID"),
    (re.compile(r'(name="csrf_token"[^>]*value=|value=|nonce=)"[A-Za-z0-9_.\-]{24,}"'), r"\1TOKEN"),
    (re.compile(r"'nonce-[^']*'"), "NONCE"),
    (re.compile(r"\b[0-9a-f]{32,64}\b"), "HEX"),
    (re.compile(r"[\d.,]+(ミリ秒| ms)"), "MILLISECONDS"),
    (re.compile(r"(request_id|trace)[=:\" ]+[\w-]+"), "REQUEST"),
)
_OFTEN_ANOTHER = {"Set-Cookie", "Date", "Content-Length", "X-Request-Id", "Server-Timing"}


def equal_chance(text: str) -> str:
    """Return ``text`` with what is drawn by chance made equal."""
    for pattern, instead in _CHANCE:
        text = pattern.sub(instead, text)
    return text


def leaks(one: Seen, other: Seen) -> list[tuple[str, str, str]]:
    """Return the places at which two plays differ."""
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


class Play:
    """One story: somebody asks twice without a name, is helped, follows up, accepts, is reported."""

    def __init__(self, world: World, author: str, minute: int) -> None:
        """``minute`` is when, after each quarter, the author does what they do."""
        self.world, self.author, self.minute = world, author, minute
        self.seen: Seen = {}

    def run(self) -> None:
        """Play it to its end, on the tenth of November."""
        self._prepare()
        for login in (ONE, OTHER):
            self.world.client_for(login).get("/consult/ask")
        # One act in each quarter: among several the order is chance, and no two plays are alike.
        self._hidden(lambda: self._ask(TITLE))
        self._hidden(lambda: self._ask(MORE))
        first, second = self._ids()
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

    def _ids(self) -> tuple[int, int]:
        found = {row.title: row.id for row in Question.select()}
        return found[TITLE], found[MORE]


def _key() -> str:
    return str(uuid4())


def pages(play: Play, only: str = "") -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield every page that each viewer can open, with its headers; with ``only`` those below it."""
    first, second = play._ids()
    paths = [
        rule.rule
        for rule in play.world.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    paths += [f"/consult/{first}", f"/consult/{second}", "/consult/999", "/nowhere"]
    paths += [f"/moderation/report/consult.question/{first}", "/moderation/region/cases/1"]
    paths += [f"/search?q={TITLE}", "/calendar/week?day=2026-11-10", "/consult/?topic=pay"]
    paths += ["/consult/waiting?topic=pay", f"/catalogue/consult.question/{first}"]
    wanted = [path for path in paths if path.startswith(only or "/") and _is_looked_at(path)]
    for login in VIEWERS:
        client = play.world.client_for(login)
        for path in wanted:
            answer = client.get(path, headers={"Accept": "text/html"})
            headers = sorted(
                f"{name}: {value}"
                for name, value in answer.headers.items()
                if name not in _OFTEN_ANOTHER
            )
            text = "\n".join(
                [str(answer.status_code), *headers, answer.get_data().decode(errors="replace")]
            )
            yield ("page", login, path), equal_chance(text)


def _is_looked_at(path: str) -> bool:
    # Signing in begins something new at each call, and tells nothing of rows.
    return not path.startswith(("/sign-in", "/sign-out", "/static", "/my/confirm"))


def programs(play: Play) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield what the API answers to programs of viewers."""
    for login in ("staff2@koriyama", HEAD):
        program = Program(play.world.anonymous(), make_token(play.world, login))
        for row in (*play._ids(), 999):
            answer = program.get(f"/resources/consult.question/{row}")
            yield ("api", login, f"question {row}"), equal_chance(answer.get_data(as_text=True))
        answer = program.get("/resources/consult.question")
        yield ("api", login, "questions"), equal_chance(answer.get_data(as_text=True))


def exports(play: Play) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield what is handed out of each person and each municipality, of all areas that keep rows."""
    world, system = play.world, play.world.system_context()
    whose: dict[str, Subject] = {
        login: Subject(person_id=world.ctx_for(login).person_id) for login in (ONE, OTHER)
    }
    for login in (ONE, OTHER, HELPER):
        town = world.ctx_for(login).municipality
        whose[town.name] = Subject(municipality_id=town.id)
    for name, subject in whose.items():
        for plugin in ("consult", "vault", "notices", "files"):
            found: list[Any] = []
            subjects.export(system, world.dispatcher, plugin, subject, found.append)
            said = sorted(f"{one.kind} {dict(one.data)}" for one in found)
            yield ("export", name, plugin), equal_chance("\n".join(said))


def inboxes(play: Play) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield who was told what: the rows that municipal IT could read."""
    query: Any = Received.select(Received, Person).join(Person)
    told = sorted(f"{row.person.login} {row.notice.kind}" for row in query)
    yield ("notices", "it", "received"), "\n".join(told)


@contextmanager
def mails(play: Play) -> Iterator[Callable[[], Iterator[tuple[tuple[str, str, str], str]]]]:
    """Let mails leave by a real server; called afterwards, yields them with their headers."""
    with open_post_office() as office:
        leave_by([enlist_mail], lambda: None, hidden_by=[MAIL])

        def arrived() -> Iterator[tuple[tuple[str, str, str], str]]:
            play.world.clock.advance(minutes=30)
            server = MailServer("127.0.0.1", office.port, "none", "niwari@example.jp")
            send_due(Mail(server, "localhost"), Composer("http://localhost").mail, play.world.clock)
            authors = {
                f"person{play.world.ctx_for(login).person_id}@example.jp" for login in (ONE, OTHER)
            }
            count = 0
            for letter in sorted(office.arrived, key=lambda one: (one["To"], one["Subject"])):
                if letter["To"] in authors:
                    continue
                count += 1
                yield ("mail", letter["To"], str(count)), equal_chance(_without_time(letter))

        try:
            yield arrived
        finally:
            leave_by([], lambda: None)


def _without_time(letter: Any) -> str:
    return re.sub(r"(?m)^(Date|Message-ID): .*$", "", letter.as_string())


def words_of_letters_to(play: Play, office: Any, login: str) -> list[str]:
    """Return what the letters to a person say, headers too."""
    address = f"person{play.world.ctx_for(login).person_id}@example.jp"
    return [letter.as_string() for letter in office.to(address)]


class Stage:
    """Where plays are performed: each on a database and by a clock of its own."""

    def __init__(self, engines: Any, lent: Any, log: pytest.LogCaptureFixture) -> None:
        self._engines, self._lent, self._log = engines, lent, log

    def seen(
        self,
        author: str = ONE,
        minute: int = 7,
        *,
        only: str = "",
        surfaces: frozenset[str] = frozenset({"page", "api", "export", "notices", "mail", "log"}),
    ) -> Mapping[tuple[str, str, str], str]:
        """Perform the story and return what others see of it on ``surfaces``, pages below ``only``."""
        from niwari.testing.plugin import START
        from niwari.testing.world import prepare_town

        url = self._engines.copy_of("town", prepare_town)
        self._log.clear()
        seen: Seen = {}
        try:
            with (
                self._log.at_level(logging.DEBUG, "niwari"),
                self._lent.world(url, FrozenClock(START)) as world,
            ):
                self._log.clear()  # the first world of a run says more while it is opened
                play = Play(world, author, minute)
                with mails(play) as arrived:
                    play.run()
                    if "log" in surfaces:
                        said = [record.getMessage() for record in self._log.records]
                        seen["log", "it", "all"] = equal_chance("\n".join(said))
                    if "mail" in surfaces:
                        seen |= dict(arrived())
                for surface, look in (("api", programs), ("export", exports), ("notices", inboxes)):
                    if surface in surfaces:
                        seen |= dict(look(play))
                if "page" in surfaces:
                    seen |= dict(pages(play, only))
                    self._with_towns_off(play, seen)
        finally:
            self._engines.drop(url)
        return seen

    def _with_towns_off(self, play: Play, seen: Seen) -> None:
        """Look once more while consult rests where either of the two works."""
        first, _second = play._ids()
        for town in (MIHARU, SUKAGAWA):
            play.world.switch(town, "consult", on=False)
        client = play.world.client_for(HELPER)
        page = client.get(f"/consult/{first}").get_data(as_text=True)
        seen["page", HELPER, "paused elsewhere"] = equal_chance(page)
        assert KORIYAMA in {play.world.ctx_for(HELPER).municipality.code}
        token = client.token_at(f"/consult/{first}")
        typed = {"csrf_token": token, "body": "もう一言", "form_key": _key()}
        answer = client.post(f"/consult/{first}/answers", data=typed)
        seen["page", HELPER, "answered elsewhere"] = f"{answer.status_code} " + equal_chance(
            answer.get_data(as_text=True) if answer.status_code != 303 else ""
        )
