"""J-CAT with people of three towns: find something, join it, see the seat fixed, tell the own town.

What is offered are notes of the dummy of tests/plugins, which hold seats.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import watched
from tests.browser.demo import OFFERING_PLUGIN, Demo, command
from tests.browser.visitors import NewContext, Visitors, expect_sound

SUKAGAWA, MIHARU = "072079", "075213"
TITLE = "引継ぎノートを見せ合う会"


@pytest.fixture(scope="module")
def fair(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo in which two towns offer something."""
    home = shutil.copytree(filled_home, tmp_path_factory.mktemp("fair") / "home")
    with Demo(home, OFFERING_PLUGIN) as running:
        for words in (
            (TITLE, "--municipality", MIHARU, "--verb", "raise", "--hours", "15", "16"),
            ("芋煮の準備", "--municipality", SUKAGAWA, "--verb", "help", "--modes", "on_site"),
            ("半日の現地見学", "--municipality", MIHARU, "--verb", "raise", "--hours", "13", "17"),
        ):
            command(home, "dummy", "invite", *words, variables=OFFERING_PLUGIN)
        yield running


@pytest.fixture
def town_folk(fair: Demo, new_context: NewContext) -> Iterator[Visitors]:
    """The people at that demo."""
    yield from watched(Visitors(fair.address, new_context))


def offered(page: Page) -> Locator:
    """Return the titles of the offers that the list shows."""
    return page.get_by_role("main").locator(".row-title")


@pytest.mark.parametrize(
    ("scripts", "login", "head"),
    [
        (True, "staff@koriyama", "head@koriyama"),
        (False, "staff@sukagawa", "head@sukagawa"),
    ],
    ids=["with-scripts", "without-scripts"],
)
def test_from_the_list_to_the_fixed_seat(
    town_folk: Visitors, scripts: bool, login: str, head: str
) -> None:
    # 1 staff filters what is going on by verb, municipality, online / on site, minutes.
    staff = town_folk.at_home(login, java_script_enabled=scripts)
    expect(staff.get_by_role("heading", name="これからの取組")).to_be_visible()
    staff.get_by_role("navigation", name="メニュー").get_by_role("link", name="取組の一覧").click()
    # Three of this fair; a route that looks for help and two open-company days of the demo.
    expect(offered(staff)).to_have_count(6)
    staff.get_by_text("条件で絞り込む").click()
    staff.get_by_label("種類").select_option(label="高め合う")
    staff.get_by_label("市町村").select_option(label="三春町")
    staff.get_by_label("参加のしかた").select_option(label="オンライン")
    staff.get_by_label("かかる時間").fill("60")
    staff.get_by_role("button", name="絞り込む").click()
    expect(offered(staff)).to_have_text([TITLE])

    # 2 opens a card: next date, who, minutes, seats left, my minutes left.
    staff.get_by_role("link", name=TITLE).click()
    main = staff.get_by_role("main")
    expect(staff.get_by_role("heading", level=1)).to_have_text(TITLE)
    for said in ("11月17日（火）15:00–16:00", "1時間", "三春町", "12席" if scripts else "11席"):
        expect(main).to_contain_text(said)
    expect(main).to_contain_text("11月の残りは")

    # 3 参加したい → own head's OK → the seat is fixed.
    staff.get_by_role("radio", name="オンラインで（自宅）").check()
    staff.get_by_role("button", name="参加したい").click()
    steps.says(staff, "申し込みました。所属長の了承を待ちます。")
    expect(main).to_contain_text("了承を待っています")
    steps.agree(town_folk.person(head, java_script_enabled=scripts), TITLE)
    staff.reload()
    expect(main).to_contain_text("了承済み")

    # 4 the same card as 掲示板用の文章 for the own groupware.
    address = staff.url
    staff.get_by_role("link", name="掲示板用の文章").click()
    text = staff.get_by_label("文章").input_value()
    assert f"\n{address}\n" in text
    assert text.startswith(f"【{TITLE}】\n")
    assert "■ 問合せ先\n　三春町 " in text
    expect(staff.get_by_role("button", name="文章をコピーする")).to_be_visible(visible=scripts)


def test_its_pages_are_sound_in_an_office_and_on_a_phone(town_folk: Visitors) -> None:
    page = town_folk.person("staff@miharu")
    for address in ("/", "/catalogue/", "/catalogue/?verb=help&minutes=5"):
        page.goto(address)
        expect_sound(town_folk, page)
    page.goto("/catalogue/")
    page.get_by_role("link", name=TITLE).click()
    expect_sound(town_folk, page)
    page.get_by_role("link", name="掲示板用の文章").click()
    expect_sound(town_folk, page)
