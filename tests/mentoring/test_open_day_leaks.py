"""Nobody but the hosts learns whose open-company day somebody visits: swapped, two plays look alike.

Two colleagues sign up for days of two sections at the same hour. In the second play each goes where the
other went. Every page, the API, search, calendars, exports, mails, ledger, audit and log must say the same to
the head, HR, IT, the secretariat, a colleague and the hosts' own town. Then leaks are planted, and seen.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import Mode
from niwari.catalogue.joining import Joining, join
from niwari.channels.letters import Composer
from niwari.channels.sending import send_due
from niwari.channels.smtp import Mail, MailServer
from niwari.directory.linking import Ref
from niwari.directory.models import Person
from niwari.identity.models import RoleGrant
from niwari.ledger.deciding import decisions
from niwari.ledger.models import Request
from niwari.ledger.recording import recording
from niwari.notices.mail import enlist_mail
from niwari.notices.outbox import leave_by
from niwari.specs.contributions import Subject
from niwari.stewardship import subjects
from niwari.testing.world import World, prepare_town
from niwari_mentoring.models import OpenDay
from niwari_mentoring.service import open_day_lists, open_days, seats, sections
from niwari_mentoring.service import subjects as own_subjects
from niwari_mentoring.service.sections import Written
from tests.consult.surfaces import Seen, equal_chance, leaks
from tests.core.channels.post_office import open_post_office
from tests.core.rest.conftest import Program, make_token

from .conftest import COLLEAGUE, FAR, HEAD, HR, IT, NEIGHBOUR, STAFF, Theatre

Plant = Callable[[pytest.MonkeyPatch], object]

VISITORS = (STAFF, COLLEAGUE)
VIEWERS = (HEAD, HR, IT, "secretariat", "staff3@koriyama", "it@sukagawa")
_LEFT_OUT = ("/sign-in", "/sign-out", "/static", "/my/confirm", "/admin/health")
"""Signing in begins something new at each call; how long each took is chance."""


class Play:
    """One story: two sign up, are agreed to, are told of a move and ask anew, and record what they did."""

    def __init__(self, world: World, *, swapped: bool) -> None:
        """``swapped``: each goes where the other would have gone."""
        self.world, self.swapped = world, swapped
        self.letters: list[str] = []

    def run(self) -> None:
        """Play it to the evening of the day."""
        for login in (HR, HEAD):
            acting = self.world.ctx_for(login).acting.id
            RoleGrant.create(appointment=acting, role="auditor", reason="記録を見るため")
        for login in VISITORS:
            person_id = self.world.ctx_for(login).person_id
            Person.update(email=f"person{person_id}@example.jp").where(
                Person.id == person_id
            ).execute()
        days = [self._announce(host) for host in (NEIGHBOUR, FAR)]
        visited = dict(zip(VISITORS, reversed(days) if self.swapped else days, strict=True))
        for login in VISITORS:
            for day in days:
                self.world.client_for(login).get(f"/mentoring/open-days/{day}")
        self._sign_up(visited)
        for host, day in zip((NEIGHBOUR, FAR), days, strict=True):
            ctx = self.world.ctx_for(host)
            moved = self._planned(ctx.today + timedelta(days=16))
            open_days.change(ctx, day, moved)
        self._sign_up(visited)
        self._send_mails()
        self.world.index()
        self.world.deliver()
        self.world.clock.advance(days=16, hours=9)
        recorded = Request.select().where(Request.work_date == self.world.ctx_for(HR).today)
        for request in recorded.order_by(Request.id):
            ctx = self.world.ctx_for(request.person.login)
            recording.record(ctx, request.id, minutes=request.minutes)
        self.world.index()
        self.world.deliver()

    def surfaces(self, viewers: tuple[str, ...]) -> Iterator[tuple[tuple[str, str, str], str]]:
        """Yield what ``viewers`` see, what programs and files tell, and which mails left."""
        for login in viewers:
            client = self.world.client_for(login)
            for path in self._paths():
                answer = client.get(path, headers={"Accept": "text/html"})
                text = answer.get_data().decode(errors="replace")
                yield ("page", login, path), equal_chance(f"{answer.status_code} {text}")
        for login in viewers[:3]:
            program = Program(self.world.anonymous(), make_token(self.world, login))
            for kind in ("mentoring.open_day", "mentoring.section"):
                found = program.get(f"/resources/{kind}").get_data(as_text=True)
                yield ("api", login, kind), equal_chance(found)
        yield from self._exports()
        yield ("mail", "it", "letters"), "\n".join(sorted(self.letters))

    def _paths(self) -> list[str]:
        rules = [
            rule.rule
            for rule in self.world.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments
        ]
        paths = [path for path in rules if not path.startswith(_LEFT_OUT)]
        for day in OpenDay.select().order_by(OpenDay.id):
            paths += [f"/mentoring/open-days/{day.id}", f"/mentoring/sections/{day.profile_id}"]
            paths += [
                f"/catalogue/{seats.KIND}/{day.id}",
                f"/catalogue/{seats.KIND}/{day.id}/board",
            ]
            paths += [f"/ledger/attendance/{seats.KIND}/{day.id}"]
        paths += [f"/ledger/requests/{row.id}" for row in Request.select().order_by(Request.id)]
        paths += ["/search/?q=オープンカンパニー", "/calendar/week?day=2026-11-26"]
        return paths

    def _exports(self) -> Iterator[tuple[tuple[str, str, str], str]]:
        system = self.world.system_context()
        for login in VISITORS:
            ctx = self.world.ctx_for(login)
            for whose in (
                Subject(person_id=ctx.person_id),
                Subject(municipality_id=ctx.municipality.id),
            ):
                for plugin in ("mentoring", "ledger", "notices", "calendar", "writing"):
                    given: list[Any] = []
                    subjects.export(system, self.world.dispatcher, plugin, whose, given.append)
                    said = sorted(f"{one.kind} {dict(one.data)}" for one in given)
                    yield ("export", login, f"{plugin} {whose}"), equal_chance("\n".join(said))

    def _announce(self, host: str) -> int:
        ctx = self.world.ctx_for(host)
        sections.save_profile(ctx, Written(headline="分け合います", work="受けます。"), base=0)
        planned = self._planned(ctx.today + timedelta(days=15))
        return open_days.announce(ctx, planned, form_key=str(uuid4()))

    def _planned(self, day: Any) -> open_days.Planned:
        text = "朝の仕事を見ます。"
        return open_days.Planned(text, Mode.ON_SITE.value, "会議室", day, time(9), 60, 3, day)

    def _sign_up(self, visited: dict[str, int]) -> None:
        known = {
            a.code: a for one in self.world.host.loaded() for a in one.contributions.activities
        }
        for login, day in visited.items():
            joining = Joining(Mode.ON_SITE.value, str(uuid4()))
            ctx = self.world.ctx_for(login)
            request, _offer = join(ctx, Ref(seats.KIND, day), joining, known)
            decisions.agree(self.world.ctx_for(HEAD), request.id, key=str(uuid4()))

    def _send_mails(self) -> None:
        with open_post_office() as office:
            leave_by([enlist_mail], lambda: None)
            try:
                self.world.clock.advance(minutes=30)
                server = MailServer("127.0.0.1", office.port, "none", "niwari@example.jp")
                mail = Mail(server, "localhost")
                send_due(mail, Composer("http://localhost").mail, self.world.clock)
            finally:
                leave_by([], lambda: None)
            for letter in office.arrived:
                text = re.sub(r"(?m)^(Date|Message-ID): .*$", "", letter.as_string())
                self.letters.append(equal_chance(text))


def seen(theatre: Theatre, *, swapped: bool = False, viewers: tuple[str, ...] = VIEWERS) -> Seen:
    """Return what ``viewers`` see of a play."""

    def perform(world: World) -> Iterator[tuple[tuple[str, str, str], str]]:
        play = Play(world, swapped=swapped)
        play.run()
        return play.surfaces(viewers)

    return theatre.seen(perform, prepare_town)


@pytest.mark.slow
def test_wherever_each_goes_all_others_see_the_same(theatre: Theatre) -> None:
    one, other = seen(theatre), seen(theatre, swapped=True)
    assert leaks(one, other) == []
    told = [path for (surface, _, path), text in one.items() if "学び・相談" in text]
    assert told, "the ledger's pages tell of the time"
    found = {path for (_, login, path), text in one.items() if "朝の仕事を見ます。" in text}
    assert any(path.startswith("/mentoring/open-days/") for path in found)


def _who_comes(patch: pytest.MonkeyPatch) -> None:
    shown = open_day_lists._shown

    def to_all(ctx: Any, row: Any) -> Any:
        return replace(shown(ctx, row), works_here=True)

    patch.setattr(open_day_lists, "_shown", to_all)


def _audited(patch: pytest.MonkeyPatch) -> None:
    held = seats.held

    def note(ctx: Any, open_day_id: int) -> Any:
        seats.audit(ctx, "mentoring.open_day.visit", seats.KIND, open_day_id)
        return held(ctx, open_day_id)

    patch.setattr(seats, "held", note)


def _logged(patch: pytest.MonkeyPatch) -> None:
    held = seats.held

    def say(ctx: Any, open_day_id: int) -> Any:
        logging.getLogger("niwari.mentoring").info("%s: %s", ctx.person_id, open_day_id)
        return held(ctx, open_day_id)

    patch.setattr(seats, "held", say)


def _exported(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(own_subjects, "is_own", lambda ctx, subject: True)


@pytest.mark.of_the_tests
@pytest.mark.slow
@pytest.mark.parametrize(
    ("plant", "surface"),
    [(_who_comes, "page"), (_audited, "page"), (_logged, "log"), (_exported, "export")],
)
def test_each_kind_of_leak_is_seen(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch, plant: Plant, surface: str
) -> None:
    plant(monkeypatch)
    found = leaks(seen(theatre, viewers=(HR,)), seen(theatre, swapped=True, viewers=(HR,)))
    assert surface in {where for where, _, _ in found}
