"""Nobody learns who asked a section without a name: two plays by other authors look alike to all others.

Pages for the asker's head, HR, IT, secretariat and those who work there, search, calendar, audit, ledger,
the API, exports, who was told, and the log. Then leaks are planted, and seen.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from niwari.directory.models import Person
from niwari.identity.models import RoleGrant
from niwari.notices.models import Received
from niwari.specs.contributions import Subject
from niwari.stewardship import subjects
from niwari.testing.world import World, prepare_town
from niwari_mentoring.models import Message
from niwari_mentoring.service import asking, sections
from niwari_mentoring.service.sections import Written
from tests.consult.surfaces import Seen, equal_chance, leaks
from tests.core.rest.conftest import Program, make_token

from .conftest import FAR, NEIGHBOUR, STAFF, Theatre, page_of

Plant = Callable[[pytest.MonkeyPatch], object]

ONE, OTHER = STAFF, FAR
"""Who take turns as the author; NEIGHBOUR's section is asked."""
VIEWERS = (
    "head@koriyama",
    "hr@koriyama",
    "it@koriyama",
    "secretariat",
    "head@miharu",
    "staff2@koriyama",
    NEIGHBOUR,
)
WORDS = "未経験で移った人は、最初に何をしますか。"


class Stage:
    """Where the story is played."""

    def __init__(self, theatre: Theatre) -> None:
        self._theatre = theatre

    def seen(self, author: str = ONE, minute: int = 7) -> Seen:
        """Let ``author`` ask, so many minutes after the quarter, and return what others see."""
        return self._theatre.seen(
            lambda world: _surfaces(world, _play(world, author, minute)), prepare_town
        )


@pytest.fixture
def stage(theatre: Theatre) -> Stage:
    return Stage(theatre)


def _play(world: World, author: str, minute: int) -> str:
    """Perform the story; returns the address of the section's page."""
    for login in ("hr@koriyama", "head@miharu"):
        acting = world.ctx_for(login).acting.id
        RoleGrant.create(appointment=acting, role="auditor", reason="記録を見るため")
    about = Written(headline="三つの係で分けます", work="届出を受けます。")
    id_ = sections.save_profile(world.ctx_for(NEIGHBOUR), about, base=0)
    place = f"/mentoring/sections/{id_}"
    for login in (ONE, OTHER):
        world.client_for(login).get(place)
    world.clock.advance(minutes=minute)
    asking.ask(world.ctx_for(author), id_, body=WORDS, form_key=str(uuid4()))
    world.work()
    world.clock.advance(minutes=15 - minute)
    world.work()
    question = Message.get().id
    key = str(uuid4())
    asking.answer(world.ctx_for(NEIGHBOUR), id_, question, body="同行します。", form_key=key)
    world.index()
    world.deliver()
    return place


def _surfaces(world: World, place: str) -> Iterator[tuple[tuple[str, str, str], str]]:
    paths = (place, "/", "/mentoring/", "/notices/", f"/search/?q={WORDS}", "/admin/audit")
    paths += ("/calendar/week?day=2026-11-10", "/ledger/", "/catalogue/", "/drafts/")
    for login in VIEWERS:
        client = world.client_for(login)
        for path in paths:
            answer = client.get(path, headers={"Accept": "text/html"})
            tag = answer.headers.get("ETag", "")
            text = f"{answer.status_code} {tag} {answer.get_data(as_text=True)}"
            yield ("page", login, path), equal_chance(text)
        program = Program(world.anonymous(), make_token(world, login))
        found = program.get("/resources/mentoring.section").get_data(as_text=True)
        yield ("api", login, "sections"), equal_chance(found)
    system = world.system_context()
    for login in (ONE, OTHER):
        ctx = world.ctx_for(login)
        for whose in (
            Subject(person_id=ctx.person_id),
            Subject(municipality_id=ctx.municipality.id),
        ):
            for plugin in ("mentoring", "vault", "notices", "writing"):
                given: list[Any] = []
                subjects.export(system, world.dispatcher, plugin, whose, given.append)
                said = sorted(f"{one.kind} {dict(one.data)}" for one in given)
                yield ("export", login, f"{plugin} {whose}"), equal_chance("\n".join(said))
    query: Any = Received.select(Received, Person).join(Person)
    told = sorted(f"{row.person.login} {row.notice.kind}" for row in query)
    yield ("notices", "it", "received"), "\n".join(told)


@pytest.mark.slow
def test_whoever_asked_and_whenever_within_a_quarter_all_others_see_the_same(stage: Stage) -> None:
    one = stage.seen(ONE, minute=2)
    assert leaks(one, stage.seen(OTHER, minute=13)) == []
    pages = {login for (surface, login, path), text in one.items() if WORDS in text}
    assert pages >= set(VIEWERS)


def _byline(patch: pytest.MonkeyPatch) -> None:
    said = asking._said
    patch.setattr(asking, "_said", lambda row: said((*row[:9], None)))


def _audited_at_home(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("niwari.vault.author.place_of", lambda ctx: ctx.municipality)


def _not_told(patch: pytest.MonkeyPatch) -> None:
    def tell(ctx: Any, profile: Any) -> None:
        if ctx.municipality.code == "072036":
            asking.notify(ctx, asking.ASKED.code, [profile.changed_by_id])

    patch.setattr(asking, "_tell_section", tell)


def _logged(patch: pytest.MonkeyPatch) -> None:
    later = asking.later_hidden

    def said(ctx: Any, task: str, /, **how: Any) -> bool:
        logging.getLogger("niwari.vault").info("%s by person %s", task, ctx.person_id)
        return later(ctx, task, **how)

    patch.setattr(asking, "later_hidden", said)


@pytest.mark.of_the_tests
@pytest.mark.slow
@pytest.mark.parametrize(
    ("plant", "surface"),
    [(_byline, "page"), (_audited_at_home, "page"), (_not_told, "notices"), (_logged, "log")],
)
def test_each_kind_of_leak_is_seen(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, plant: Plant, surface: str
) -> None:
    plant(monkeypatch)
    assert surface in {where for where, _, _ in leaks(stage.seen(ONE), stage.seen(OTHER))}


def test_the_asker_reads_the_own_question_and_is_told_of_the_answer(
    world: Any, client_for: Any
) -> None:
    place = _play(world, STAFF, 7)
    world.clock.advance(minutes=30)
    world.work()
    page = page_of(client_for(STAFF), place)
    assert "匿名の職員A" in page
    assert "同行します。" in page
    assert "行ってみたい所属への質問に、答えが届きました。" in page_of(
        client_for(STAFF), "/notices/hidden"
    )
