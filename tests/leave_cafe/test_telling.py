"""Who is told: an author of marks, by name or by envelope, and HR of rules that wait for their word."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from niwari.db import connection
from niwari_leave_cafe.dates.schemes import CHILDCARE, PARTNER, REGULAR
from niwari_leave_cafe.models import Experience
from niwari_leave_cafe.service import in_force, writing
from niwari_leave_cafe.service.telling import look_at_rules
from niwari_leave_cafe.texts import OwnExperience, Written
from tests.leave_cafe.conftest import rules_of

AUTHOR = "staff@koriyama"
READERS = ("staff@sukagawa", "head@koriyama", "hr@koriyama", "it@koriyama")
WORDS = Written(CHILDCARE, PARTNER, REGULAR, 2026, "夏に一か月の育休", applied="春に相談しました。")

Who = Callable[[str], list[str]]


@pytest.fixture
def who(told: Any, world: Any, clock: Any) -> Who:
    """Return who got a notice of a kind, by login; of a hidden author there is none."""

    def of(code: str) -> list[str]:
        clock.advance(minutes=15)
        world.work()
        with connection():
            return [one.login for one in told() if one.code == code]

    return of


@pytest.fixture(params=[False, True], ids=["named", "hidden"])
def number(request: Any, ctx_for: Any, world: Any, clock: Any) -> int:
    """The id of an experience of the author."""
    hidden = request.param
    writing.write(ctx_for(AUTHOR), WORDS, audience="region", is_hidden=hidden, key=str(uuid4()))
    clock.advance(minutes=15)
    world.work()
    return int(Experience.get().id)


def login_of(number: int) -> str:
    """Return whom a notice to the author of an experience names."""
    return "" if Experience.get_by_id(number).is_hidden else AUTHOR


def test_the_author_is_told_at_the_first_and_the_third_mark_once_each(
    ctx_for: Any, who: Who, number: int
) -> None:
    for login, times in zip(READERS, (1, 1, 2, 2), strict=True):
        for on in (True, False, True):
            writing.thank(ctx_for(login), number, on=on)
        assert who("leave_cafe.thanked") == [login_of(number)] * times


def test_nobody_marks_their_own(ctx_for: Any, who: Who, number: int) -> None:
    with pytest.raises(OwnExperience):
        writing.thank(ctx_for(AUTHOR), number, on=True)
    assert Experience.get().thanks == 0
    assert who("leave_cafe.thanked") == []


def test_the_notice_says_how_many_and_not_who(
    ctx_for: Any, client_for: Any, who: Who, number: int
) -> None:
    writing.thank(ctx_for(READERS[0]), number, on=True)
    assert who("leave_cafe.thanked") == [login_of(number)]
    place = "/notices/" if login_of(number) else "/notices/hidden"
    page = client_for(AUTHOR).get(place).get_data(as_text=True)
    assert "「夏に一か月の育休」の「助かりました」が1件になりました。" in page
    assert "須賀川市" not in page.split("<main")[1]


def test_hr_is_told_once_of_rules_that_wait(ctx_for: Any, who: Who) -> None:
    for _ in range(2):
        look_at_rules(ctx_for("it@koriyama"))
    assert who("leave_cafe.rules_wait") == ["hr@koriyama"]


def test_nobody_is_told_of_rules_that_are_confirmed(ctx_for: Any, who: Who) -> None:
    in_force.confirm(ctx_for("hr@koriyama"), rules_of().version.fingerprint)
    look_at_rules(ctx_for("it@koriyama"))
    assert who("leave_cafe.rules_wait") == []


def test_another_pack_is_told_of_anew(ctx_for: Any, world: Any, who: Who) -> None:
    look_at_rules(ctx_for("it@koriyama"))
    world.set_settings("it@koriyama", "leave_cafe", pack="law")
    look_at_rules(ctx_for("it@koriyama"))
    assert who("leave_cafe.rules_wait") == ["hr@koriyama"] * 2


def test_the_job_does_it_each_morning(world: Any, clock: Any, who: Who) -> None:
    clock.advance(days=1)
    assert "hr@koriyama" in who("leave_cafe.rules_wait")
