"""What the tests of mutual learning share: sections, questions, profiles and pairs by login."""

from collections.abc import Callable
from datetime import date, time
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import REGION
from niwari_mentoring.service import asking, meetings, pairs, profiles, sections
from niwari_mentoring.service.meetings import Planned
from niwari_mentoring.service.profiles import Described
from niwari_mentoring.service.sections import Written
from niwari_mentoring.texts import fiscal_year_end

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
