"""What the tests of mutual learning share: sections, questions, profiles and pairs by login."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import REGION, Appointment, Mode, transaction
from niwari.catalogue.joining import Joining, join
from niwari.clock import FrozenClock
from niwari.directory.linking import Ref
from niwari.directory.movements import announce
from niwari.testing.plugin import START
from niwari.testing.world import World
from niwari_mentoring.models import SectionProfile
from niwari_mentoring.service import (
    asking,
    meetings,
    open_days,
    pairs,
    profiles,
    seats,
    sections,
)
from niwari_mentoring.service.meetings import Planned
from niwari_mentoring.service.open_days import Planned as OpenDayPlanned
from niwari_mentoring.service.profiles import Described
from niwari_mentoring.service.sections import Written
from niwari_mentoring.texts import fiscal_year_end
from tests.consult.surfaces import equal_chance

STAFF, COLLEAGUE, HEAD, HR, IT = (
    "staff@koriyama",
    "staff2@koriyama",
    "head@koriyama",
    "hr@koriyama",
    "it@koriyama",
)
NEIGHBOUR, FAR = "staff@sukagawa", "staff@miharu"

Do = Callable[..., int]
Send = Callable[..., Any]
Surfaces = Iterable[tuple[tuple[str, str, str], str]]
"""What is seen: by surface, viewer and place."""


class Theatre:
    """Where plays are performed, each on a database and by a clock of its own."""

    def __init__(self, engines: Any, lent: Any, log: pytest.LogCaptureFixture) -> None:
        self._engines, self._lent, self._log = engines, lent, log

    def seen(
        self, play: Callable[[World], Surfaces], prepare: Callable[[str], None]
    ) -> dict[tuple[str, str, str], str]:
        """Perform ``play`` on a fresh copy of what ``prepare`` makes; returns what is seen, and the log."""
        url = self._engines.copy_of("town", prepare)
        try:
            with (
                self._log.at_level(logging.DEBUG, "niwari"),
                self._lent.world(url, FrozenClock(START)) as world,
            ):
                self._log.clear()  # the first world of a run says more while it is opened
                seen = dict(play(world))
                said = [record.getMessage() for record in self._log.records]
                return seen | {("log", "it", "all"): equal_chance("\n".join(said))}
        finally:
            self._engines.drop(url)


@pytest.fixture
def theatre(database_engines: Any, lent_application: Any, caplog: Any) -> Theatre:
    """Where stories are played several times, and compared."""
    return Theatre(database_engines, lent_application, caplog)


@pytest.fixture
def describe_section(ctx_for: Any) -> Do:
    """Write the profile of a person's section; returns its id. Keywords are those of ``Written``."""

    def do(login: str = NEIGHBOUR, *, base: int = 0, **more: Any) -> int:
        words = {"headline": "三つの係で分け合っています", "work": "届出を受けます。"} | more
        return sections.save_profile(ctx_for(login), Written(**words), base=base)

    return do


@pytest.fixture
def ask(ctx_for: Any) -> Callable[..., int | None]:
    """Ask a section by login; returns the question's id where it is there already."""
    numbers = count(1)

    def do(
        section_profile_id: int,
        login: str = STAFF,
        body: str = "",
        *,
        hide_name: bool = False,
        key: str = "",
    ) -> int | None:
        return asking.ask(
            ctx_for(login),
            section_profile_id,
            body=body or f"質問 {next(numbers)}",
            form_key=key or str(uuid4()),
            hide_name=hide_name,
        )

    return do


@pytest.fixture
def planned() -> OpenDayPlanned:
    """An open-company day as ``opened`` announces it, if nothing else is said."""
    return OpenDayPlanned(
        text="窓口の朝を見ます。",
        mode=Mode.ON_SITE.value,
        place="市民課 会議卓",
        day=date(2026, 11, 25),
        starts=time(10),
        minutes=90,
        seats=3,
        closes_on=date(2026, 11, 24),
    )


@pytest.fixture
def opened(ctx_for: Any, describe_section: Do, planned: OpenDayPlanned) -> Do:
    """Announce an open-company day of a person's section, which is described; returns the day's id."""

    def do(login: str = NEIGHBOUR, *, key: str = "", **more: Any) -> int:
        ctx = ctx_for(login)
        if not SectionProfile.select().where(SectionProfile.section == ctx.acting.section_id):
            describe_section(login)
        return open_days.announce(ctx, replace(planned, **more), form_key=key or str(uuid4()))

    return do


@pytest.fixture
def sign_up(world: Any, ctx_for: Any) -> Do:
    """Sign a person up for an open-company day, in the room; returns the id of the request."""

    def do(open_day_id: int, login: str = STAFF) -> int:
        known = {a.code: a for one in world.host.loaded() for a in one.contributions.activities}
        joining = Joining(Mode.ON_SITE.value, str(uuid4()))
        return int(join(ctx_for(login), Ref(seats.KIND, open_day_id), joining, known)[0].id)

    return do


@pytest.fixture
def leave(world: Any, ctx_for: Any, move_to: Callable[[date], None]) -> Callable[..., None]:
    """Let somebody's posts end with a day, and the world know of it on the next."""

    def do(login: str, last: date) -> None:
        ctx = ctx_for(login)
        with transaction(ctx):
            Appointment.update(ends_on=last).where(Appointment.person == ctx.person_id).execute()
        move_to(last + timedelta(days=1))
        announce(world.clock())
        world.deliver()

    return do


@pytest.fixture
def move(world: Any, ctx_for: Any, move_to: Callable[[date], None]) -> Callable[..., None]:
    """Let somebody work in the section of ``to`` from a day on, and the world know of it."""

    def do(login: str, *, to: str, day: date) -> None:
        ctx, there = ctx_for(login), Appointment.get_by_id(ctx_for(to).acting.id)
        with transaction(ctx):
            old = Appointment.get_by_id(ctx.acting.id)
            Appointment.update(ends_on=day - timedelta(days=1)).where(
                Appointment.id == old.id
            ).execute()
            columns = {k: v for k, v in old.__data__.items() if k not in ("id", "ends_on")}
            columns |= {"municipality": there.municipality_id, "section": there.section_id}
            Appointment.create(**(columns | {"starts_on": day}))
        move_to(day)
        announce(world.clock())
        world.deliver()

    return do


@pytest.fixture
def offer(ctx_for: Any) -> Do:
    """Write what somebody offers; returns the profile's id. Keywords are those of ``Described``."""

    def do(login: str = NEIGHBOUR, **more: Any) -> int:
        words: dict[str, Any] = {
            "field": "digital",
            "offers": "表計算の関数",
            "seeks": "",
            "capacity": 1,
            "times": "火曜の午後",
            "minutes": 60,
            "audience": REGION,
        }
        return profiles.describe(ctx_for(login), Described(**(words | more)))

    return do


@pytest.fixture
def ask_pair(ctx_for: Any) -> Do:
    """Ask the person of a profile; returns the pair's id."""

    def do(profile_id: int, login: str = STAFF, **more: Any) -> int:
        ctx = ctx_for(login)
        words = {
            "theme": "集計を早くする",
            "message": "毎月一日かかります。",
            "ends_on": fiscal_year_end(ctx.today),
            "form_key": str(uuid4()),
        }
        return pairs.ask(ctx, profile_id, **(words | more))

    return do


@pytest.fixture
def pair(ctx_for: Any, offer: Do, ask_pair: Do) -> int:
    """A pair of two towns that goes on: staff of Koriyama asked staff of Sukagawa, who accepted."""
    pair_id = ask_pair(offer())
    pairs.accept(ctx_for(NEIGHBOUR), pair_id, "喜んで。")
    return pair_id


@pytest.fixture
def plan(ctx_for: Any) -> Do:
    """Set a meeting of a pair; returns its id."""

    def do(
        pair_id: int,
        login: str = STAFF,
        day: date = date(2026, 11, 18),
        topic: str = "最初の回",
        hours: tuple[int, int] = (14, 15),
    ) -> int:
        planned = Planned(topic, "オンライン", day, time(hours[0]), time(hours[1]))
        return meetings.plan(ctx_for(login), pair_id, planned, form_key=str(uuid4()))

    return do


def page_of(client: Any, address: str) -> str:
    """Return what a page says."""
    return str(client.get(address).get_data(as_text=True))
