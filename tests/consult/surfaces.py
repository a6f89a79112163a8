"""All that others see of a play, from pages to mails, with what is drawn by chance made equal."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from niwari.channels.letters import Composer
from niwari.channels.sending import send_due
from niwari.channels.smtp import Mail, MailServer
from niwari.directory.models import Person
from niwari.notices.mail import MAIL, enlist_mail
from niwari.notices.models import Received
from niwari.notices.outbox import leave_by
from niwari.specs.contributions import Subject
from niwari.stewardship import subjects
from tests.consult.playing import HEAD, HELPER, ONE, OTHER, TITLE, Play
from tests.core.channels.post_office import open_post_office
from tests.core.rest.conftest import Program, make_token

VIEWERS = (
    HEAD,
    "head@sukagawa",
    "it@sukagawa",
    "it@koriyama",
    "hr@koriyama",
    "secretariat",
    "staff2@koriyama",
)

Seen = dict[tuple[str, str, str], str]
"""What is seen: by surface, viewer and place."""

_CHANCE = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "UUID"),
    (re.compile(r'(name="csrf_token"[^>]*value=|value=|nonce=)"[A-Za-z0-9_.\-]{24,}"'), r"\1TOKEN"),
    (re.compile(r"'nonce-[^']*'"), "NONCE"),
    (re.compile(r"\b[0-9a-f]{32,64}\b"), "HEX"),
    (re.compile(r"[\d.,]+(ミリ秒(未満)?| ms)"), "MILLISECONDS"),
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


def pages(play: Play, only: str = "") -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield every page that each viewer can open, with its headers; with ``only`` those below it."""
    first, second = play.ids()
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
            yield ("page", login, path), _in_no_order(path, equal_chance(text))


def _in_no_order(path: str, text: str) -> str:
    """Return a page whose rows lie by how long each took, which is chance, line by line in one order."""
    if path != "/admin/health":
        return text
    return "\n".join(sorted(line.strip() for line in text.splitlines()))


def _is_looked_at(path: str) -> bool:
    # Signing in begins something new at each call, and tells nothing of rows.
    return not path.startswith(("/sign-in", "/sign-out", "/static", "/my/confirm"))


def programs(play: Play) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield what the API answers to programs of viewers."""
    for login in ("staff2@koriyama", HEAD):
        program = Program(play.world.anonymous(), make_token(play.world, login))
        for row in (*play.ids(), 999):
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
