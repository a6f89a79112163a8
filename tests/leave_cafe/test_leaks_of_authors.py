"""Nobody learns who wrote, changed or withdrew an experience without a name: two plays look alike.

Played by two authors of other towns at two minutes of the quarter: pages for heads, HR, IT, secretariat
and colleagues, the audit, the API, exports, who was told, and the log. Then leaks are planted, and seen.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import Appointment, Ref, Subject, notify
from niwari.clock import FrozenClock
from niwari.directory.models import Person
from niwari.identity.models import RoleGrant
from niwari.notices.models import Received
from niwari.stewardship import subjects
from niwari.testing.plugin import START
from niwari.testing.world import KORIYAMA, World, prepare_town
from niwari_leave_cafe.dates.schemes import CHILDCARE, PARTNER, REGULAR
from niwari_leave_cafe.models import Experience
from niwari_leave_cafe.notices import THANKED
from niwari_leave_cafe.service import changing, writing
from niwari_leave_cafe.texts import Written
from tests.consult.surfaces import Seen, equal_chance, leaks
from tests.core.rest.conftest import Program, make_token

Plant = Callable[[pytest.MonkeyPatch], object]
Stage = Callable[..., Seen]

ONE, OTHER = "staff@koriyama", "staff@miharu"
"""Who take turns as the author."""
VIEWERS = (
    "head@koriyama",
    "hr@koriyama",
    "it@koriyama",
    "secretariat",
    "head@miharu",
    "staff2@koriyama",
    "staff@sukagawa",
)
LIST = "/leave-cafe/experiences"
KEPT, CHANGED, WITHDRAWN = "夏に一か月の育休", "夏に二か月の育休", "冬に半年の育休"


def words(headline: str) -> Written:
    """Return an experience of that headline."""
    return Written(CHILDCARE, PARTNER, REGULAR, 2026, headline, applied="春に相談しました。")


@pytest.fixture
def stage(database_engines: Any, lent_application: Any, caplog: pytest.LogCaptureFixture) -> Stage:
    """Perform the story by an author, so many minutes after the quarter; returns what others see."""

    def perform(author: str = ONE, minute: int = 7) -> Seen:
        url = database_engines.copy_of("town", prepare_town)
        try:
            with (
                caplog.at_level(logging.DEBUG, "niwari"),
                lent_application.world(url, FrozenClock(START)) as world,
            ):
                caplog.clear()  # the first world of a run says more while it is opened
                ids = _play(world, author, minute)
                said = "\n".join(record.getMessage() for record in caplog.records)
                return {("log", "it", "all"): equal_chance(said)} | dict(_surfaces(world, ids))
        finally:
            database_engines.drop(url)

    return perform


def _play(world: World, author: str, minute: int) -> tuple[int, int]:
    """Let the author write two, change the one and withdraw the other; returns their ids."""
    for login in ("hr@koriyama", "head@miharu"):
        acting = world.ctx_for(login).acting.id
        RoleGrant.create(appointment=acting, role="auditor", reason="記録を見るため")
    for login in (ONE, OTHER):
        world.client_for(login).get(LIST)

    def act(what: Callable[..., object], *about: Any, **more: Any) -> None:
        """Do it at the minute, and let the worker look then and at the quarter."""
        world.clock.advance(minutes=minute)
        what(world.ctx_for(author), *about, key=str(uuid4()), **more)
        world.work()
        world.clock.advance(minutes=15 - minute)
        world.work()

    for headline in (KEPT, WITHDRAWN):
        act(writing.write, words(headline), audience="region", is_hidden=True)
    found = {row.headline: row.id for row in Experience.select()}
    kept, gone = found[KEPT], found[WITHDRAWN]
    for number in (kept, gone):
        writing.thank(world.ctx_for("staff@sukagawa"), number, on=True)
    act(changing.change, kept, words(CHANGED))
    act(changing.withdraw, gone)
    world.index()
    world.deliver()
    return kept, gone


def _surfaces(world: World, ids: tuple[int, int]) -> Iterator[tuple[tuple[str, str, str], str]]:
    paths = tuple(f"{LIST}/{number}" for number in ids)
    paths += tuple(f"{LIST}/{act}?experience_id={ids[0]}" for act in ("change", "withdraw"))
    paths += (LIST, "/leave-cafe/", "/", "/notices/", "/admin/audit", "/admin/health", "/ledger/")
    paths += (f"/search/?q={CHANGED}", f"/search/?q={WITHDRAWN}", "/catalogue/", "/my/data")
    for login in VIEWERS:
        client = world.client_for(login)
        for path in paths:
            answer = client.get(path, headers={"Accept": "text/html"})
            text = equal_chance(f"{answer.status_code} {answer.get_data(as_text=True)}")
            if path == "/admin/health":  # its rows lie by how long each took
                text = "\n".join(sorted(line.strip() for line in text.splitlines()))
            yield ("page", login, path), text
        program = Program(world.anonymous(), make_token(world, login))
        for number in ids:
            found = program.get(f"/resources/leave_cafe.experience/{number}")
            yield ("api", login, str(number)), equal_chance(found.get_data(as_text=True))
    system = world.system_context()
    for login in (ONE, OTHER):
        ctx = world.ctx_for(login)
        person = Subject(person_id=ctx.person_id)
        for whose in (person, Subject(municipality_id=ctx.municipality.id)):
            for plugin in ("leave_cafe", "vault", "notices"):
                given: list[Any] = []
                subjects.export(system, world.dispatcher, plugin, whose, given.append)
                said = sorted(f"{one.kind} {dict(one.data)}" for one in given)
                yield ("export", login, f"{plugin} {whose}"), equal_chance("\n".join(said))
    query: Any = Received.select(Received, Person).join(Person)
    told = sorted(f"{row.person.login} {row.notice.kind}" for row in query)
    yield ("notices", "it", "received"), "\n".join(told)


@pytest.mark.slow
def test_whoever_wrote_and_whenever_within_a_quarter_all_others_see_the_same(stage: Stage) -> None:
    one = stage(ONE, minute=2)
    assert leaks(one, stage(OTHER, minute=13)) == []
    shown = {login for (_, login, path), text in one.items() if path == LIST and CHANGED in text}
    assert shown == set(VIEWERS)
    assert not [where for where, text in one.items() if where[2] == LIST and WITHDRAWN in text]


def _changed_under_the_own_name(patch: pytest.MonkeyPatch) -> None:
    def done(ctx: Any, task: str, /, *, experience_id: int, key: str, **columns: Any) -> bool:
        row = Experience.get_by_id(experience_id)
        if columns:
            changing._put(row, columns)
        else:
            changing._remove(row)
        changing.audit(ctx, task, changing.KIND, experience_id)
        return True

    patch.setattr(changing, "later_hidden", done)


def _audited_at_home(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("niwari.vault.author.place_of", lambda ctx: ctx.municipality)


def _head_told(patch: pytest.MonkeyPatch) -> None:
    of_author = changing._of_author

    def told(ctx: Any, author: Any, experience_id: int) -> Experience:
        heads = Appointment.select().join(Person).where(Person.login == "head@koriyama")
        if ctx.municipality.code == KORIYAMA:
            notify(ctx, THANKED.code, heads, Ref(writing.KIND, experience_id), count=1)
        return of_author(ctx, author, experience_id)

    patch.setattr(changing, "_of_author", told)


def _logged(patch: pytest.MonkeyPatch) -> None:
    later = changing.later_hidden

    def said(ctx: Any, task: str, /, **how: Any) -> bool:
        logging.getLogger("niwari.vault").info("%s by person %s", task, ctx.person_id)
        return later(ctx, task, **how)

    patch.setattr(changing, "later_hidden", said)


@pytest.mark.of_the_tests
@pytest.mark.slow
@pytest.mark.parametrize(
    ("plant", "surface"),
    [
        (_changed_under_the_own_name, "page"),
        (_audited_at_home, "page"),
        (_head_told, "notices"),
        (_logged, "log"),
    ],
)
def test_each_kind_of_leak_is_seen(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, plant: Plant, surface: str
) -> None:
    plant(monkeypatch)
    assert surface in {where for where, _, _ in leaks(stage(ONE), stage(OTHER))}
