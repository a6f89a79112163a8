"""J-PLUGIN: a stranger's plugin comes as a wheel, is switched on, fails, recovers, and goes again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import by_request, steps
from tests.browser.conftest import watched
from tests.browser.demo import Demo, command
from tests.browser.screens import IT, STAFF, STAFF2, STAFF3, SUKAGAWA
from tests.browser.visitors import NewContext, Visitors
from tests.browser.wheels import installed_from_wheel

VISITING = Path(__file__).with_name("visiting_plugin")
MIHARU = "075213"

LENDING = "備品の貸し借り"
PAGE = "/lending/"
STUCK = "/lending/?stuck"
PROJECTOR = "プロジェクター（会議室2）"
REASON = "棚卸しのため、11月30日まで休止します。"
STOPPED = "不具合が続いたため、このページだけを止めています。ほかのページや機能は使えます。"


@pytest.fixture
def town_folk(filled_home: Path, tmp_path: Path, new_context: NewContext) -> Iterator[Visitors]:
    """The people at a demo into which the wheel was installed; Miharu alone has it on."""
    path = {"PYTHONPATH": str(installed_from_wheel(VISITING, tmp_path / "wheel"))}
    home = shutil.copytree(filled_home, tmp_path / "home")
    command(home, "migrate", variables=path)
    enabling = ("plugins", "enable", "lending", "--municipality", MIHARU)
    assert "is now on" in command(home, *enabling, variables=path)
    with Demo(home, path) as running:
        yield from watched(Visitors(running.address, new_context))


def test_a_plugin_comes_as_a_wheel_fails_alone_recovers_and_goes_again(
    town_folk: Visitors,
) -> None:
    it, staff = town_folk.at_home(IT), town_folk.at_home(STAFF)
    see_it_off_and_what_it_brings(it, staff)
    steps.switch_on(it, LENDING)
    use_it(staff, town_folk.at_home(SUKAGAWA))
    pause_it_and_go_on(it, staff)
    number = let_it_fail(staff, town_folk.person(STAFF2), town_folk.person(STAFF3))
    see_the_rest_work(staff)
    see_the_failure(it, number)
    let_it_recover(staff, it)
    switch_it_off_and_on(it, staff)
    see_it_in_the_matrix(town_folk.at_home("secretariat"))


def see_it_off_and_what_it_brings(it: Page, staff: Page) -> None:
    """IT finds it off and reads what it brings; until then it is nowhere for anybody."""
    expect(menu_line(staff)).to_have_count(0)
    expect_missing(staff)
    it.goto("/admin/features")
    card = it.get_by_role("main").get_by_role("listitem").filter(has_text=LENDING)
    expect(card).to_contain_text("使っていません")
    card.get_by_role("link", name="使えるようにする").click()
    expect(it.get_by_role("heading", level=1)).to_have_text(f"「{LENDING}」を使えるようにしますか")
    expect(it.get_by_text(f"「助け合う」に「{LENDING}」が加わります。")).to_be_visible()
    expect(it.get_by_text("1画面が加わります。 /lending/")).to_be_visible()
    expect(it.get_by_text("貸せるものを書く（職員全員）")).to_be_visible()
    expect(it.get_by_text("貸せるものを消すまで残ります。")).to_be_visible()


def use_it(staff: Page, other: Page) -> None:
    """Its menu item, card and page are there at the next click; in another town they are not."""
    staff.goto("/")
    expect(staff.get_by_role("heading", name="貸せる備品")).to_be_visible()
    menu_line(staff).click()
    expect(staff.get_by_role("heading", level=1)).to_have_text(LENDING)
    staff.get_by_label("貸せるもの").fill(PROJECTOR)
    staff.get_by_role("button", name="加える").click()
    steps.says(staff, "貸せるものに加えました。")
    expect(staff.get_by_role("listitem").filter(has_text=PROJECTOR)).to_be_visible()
    expect(menu_line(other)).to_have_count(0)
    expect_missing(other)


def pause_it_and_go_on(it: Page, staff: Page) -> None:
    """While it is paused, staff read so and why; then it goes on where it stopped."""
    steps.pause(it, LENDING, REASON)
    answer = staff.goto(PAGE)
    assert answer is not None
    assert answer.status == 404
    expect(staff.get_by_role("heading", level=1)).to_have_text(f"「{LENDING}」は休止中です")
    expect(staff.get_by_text(f"理由：{REASON}")).to_be_visible()
    expect(menu_line(staff)).to_have_count(0)
    steps.go_on(it, LENDING)
    staff.goto(PAGE)
    expect(staff.get_by_role("listitem").filter(has_text=PROJECTOR)).to_be_visible()


def let_it_fail(*three: Page) -> str:
    """Five times its page fails for three people; then it is dark. Returns the first number shown."""
    first, second, third = three
    number = ""
    for page in (first, second, third, first, second):
        answer = page.goto(STUCK)
        assert answer is not None
        assert answer.status == 500
        number = number or page.get_by_role("main").locator("code").inner_text()
    for page in three:
        answer = page.goto(PAGE)
        assert answer is not None
        assert answer.status == 503
        expect(page.get_by_text(STOPPED)).to_be_visible()
    return number


def see_the_rest_work(staff: Page) -> None:
    """Home, its own card and menu line, and other features are as before."""
    staff.get_by_role("link", name="ホームへ").click()
    card = staff.get_by_role("main").locator("section.card").filter(has_text="貸せる備品")
    expect(card).to_contain_text(PROJECTOR)
    expect(menu_line(staff)).to_be_visible()
    menu(staff).get_by_role("link", name="相談").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("相談")


def see_the_failure(it: Page, number: str) -> None:
    """IT is led from the menu to what failed, with the number that the person was shown."""
    it.goto("/")
    menu(it).get_by_role("link", name="機能の調子 1").click()
    stopped = it.locator("section").filter(has_text="止めている部分")
    expect(stopped.get_by_role("heading", name=LENDING)).to_be_visible()
    expect(stopped).to_contain_text("画面「/lending/」")
    faults = it.get_by_role("table", name="最近の不具合")
    fault = faults.get_by_role("row").filter(has_text=number)
    expect(fault).to_contain_text(LENDING)
    expect(fault).to_contain_text("DrawerStuckError niwari_lending/views.py")
    for place in (stopped, faults):
        expect(place).not_to_contain_text("職員")
    it.goto("/admin/features")
    card = it.get_by_role("main").get_by_role("listitem").filter(has_text=LENDING)
    expect(card).to_contain_text("不具合が続いたため、一部を止めています。")


def let_it_recover(staff: Page, it: Page) -> None:
    """After a while the next who asks is the trial; it works, so everything is as before."""
    by_request.move_clock(staff, "2026-11-11")
    answer = staff.goto(PAGE)
    assert answer is not None
    assert answer.status == 200
    expect(staff.get_by_role("listitem").filter(has_text=PROJECTOR)).to_be_visible()
    it.goto("/admin/health")
    expect(it.get_by_text("止めている部分はありません。")).to_be_visible()


def switch_it_off_and_on(it: Page, staff: Page) -> None:
    """Off, everything of it is gone at the next click; on again, what was written is there."""
    steps.switch_off(it, LENDING)
    expect_missing(staff)
    expect(menu_line(staff)).to_have_count(0)
    staff.goto("/")
    expect(staff.get_by_role("heading", name="貸せる備品")).to_have_count(0)
    steps.switch_on(it, LENDING)
    staff.goto(PAGE)
    expect(staff.get_by_role("listitem").filter(has_text=PROJECTOR)).to_be_visible()
    steps.switch_off(it, LENDING)


def see_it_in_the_matrix(secretariat: Page) -> None:
    """The secretariat sees where it is used."""
    menu(secretariat).get_by_role("link", name="市町村ごとの機能").click()
    towns = secretariat.get_by_role("table", name="市町村ごとの機能").get_by_role("row")
    heads = [head.inner_text() for head in steps.every(secretariat.get_by_role("columnheader"))]
    place = heads.index(LENDING) - 1
    for town, state in (("三春町", "使っています"), ("郡山市", "使っていません")):
        cell = towns.filter(has_text=town).get_by_role("cell").nth(place)
        expect(cell).to_have_text(state)


def menu(page: Page) -> Locator:
    """Return the menu."""
    return page.get_by_role("navigation", name="メニュー")


def menu_line(page: Page) -> Locator:
    """Return the plugin's line of the menu."""
    return menu(page).get_by_role("link", name=LENDING)


def expect_missing(page: Page) -> None:
    """Expect the plugin's page not to be there, like an address that leads nowhere."""
    answer = page.goto(PAGE)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("ページが見つかりません")
