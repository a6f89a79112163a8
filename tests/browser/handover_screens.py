"""The screens of handover: notebooks written all year, one that is handed over, one that has passed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.screens import (
    HEAD,
    HR,
    MIHARU,
    STAFF,
    STAFF2,
    SUKAGAWA,
    TWO_POSTS,
    Act,
    Scene,
    Screen,
)
from tests.browser.visitors import Visitors

FORMER, SUKAGAWAS_HEAD, SUCCESSOR = "staff6@koriyama", "head@sukagawa", "it@sukagawa"
WINDOW, PAYROLL = "住民異動・証明窓口担当", "給与担当"


def set_handover(visitors: Visitors) -> Scene:
    """Let a post have passed today, and its successor ask; returns the path of the notebook, by name."""
    with visitors.at_window(FORMER) as former:
        former.goto("/handover/new")
        former.get_by_label("担当の名前").fill("道路占用・境界担当")
        former.get_by_role("button", name="ノートを作る").click()
        notebook = steps.path_of(former)
        former.goto(f"{notebook}/successor")
        former.get_by_label("異動日").fill("2026-11-10")
        former.get_by_label("後任のアカウントか氏名").fill(TWO_POSTS)
        former.get_by_role("button", name="後任を決める").click()
        steps.says(former, "後任を決めました。")
    return {"passed": notebook}


def _notebook(post: str, *names: str) -> Act:
    """Open a notebook from the list, and follow links of its pages, one after the other."""

    def act(page: Page) -> None:
        main = page.get_by_role("main")
        for name in (post, *names):
            main.get_by_role("link", name=name).first.click()

    return act


def _then(first: Act, *acts: Act) -> Act:
    def act(page: Page) -> None:
        for one in (first, *acts):
            one(page)

    return act


def _refused(button: str) -> Act:
    """Press a button where the server has to refuse, and expect it to say so."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".error-summary")).to_be_visible()

    return act


def _changed_meanwhile(page: Page) -> None:
    """Send a duty that was saved since it was opened."""
    page.locator("[name=base]").evaluate("it => it.value = '1'")
    kept = "4月の第1週は、待ち時間が1時間を超えました。"
    told = "マイナンバーカードの暗証番号を忘れた人は、先に再設定の窓口へ案内する"
    page.get_by_label("過去に困ったこと").fill(f"{kept}\n\n{told}")
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.get_by_role("heading", name="二つの違い")).to_be_visible()


def _unfold(page: Page) -> None:
    for summary in steps.every(page.get_by_role("main").locator("summary")):
        summary.click()


LIST = "/handover/"
HANDOVER_SCREENS: tuple[Screen, ...] = (
    Screen("handover-notebooks", STAFF, LIST),
    Screen("handover-notebooks-none", STAFF2, LIST),
    Screen("handover-notebooks-taking-over", SUCCESSOR, LIST),
    Screen("handover-posts", HR, "/handover/posts"),
    Screen("handover-new", STAFF2, "/handover/new"),
    Screen("handover-new-errors", STAFF2, "/handover/new", _refused("ノートを作る")),
    Screen("handover-notebook", STAFF, LIST, _notebook(WINDOW)),
    Screen("handover-notebook-head", HEAD, LIST, _notebook(WINDOW)),
    Screen("handover-notebook-questions", SUCCESSOR, LIST, _notebook(PAYROLL)),
    Screen("handover-year", SUKAGAWA, LIST, _notebook(PAYROLL, "一年の予定")),
    Screen("handover-print", SUKAGAWA, LIST, _notebook(PAYROLL, "印刷用の画面")),
    Screen("handover-duty", STAFF, LIST, _then(_notebook(WINDOW, "転入届の受付"), _unfold)),
    Screen("handover-duty-reader", SUCCESSOR, LIST, _notebook(PAYROLL, "年末調整")),
    Screen("handover-duty-write", MIHARU, LIST, _notebook("選挙・統計担当", "業務を書く")),
    Screen(
        "handover-duty-errors",
        MIHARU,
        LIST,
        _then(_notebook("選挙・統計担当", "業務を書く"), _refused("保存する")),
    ),
    Screen("handover-duty-edit", STAFF, LIST, _notebook(WINDOW, "転入届の受付", "直す")),
    Screen(
        "handover-duty-merge",
        STAFF,
        LIST,
        _then(_notebook(WINDOW, "転入届の受付", "直す"), _changed_meanwhile),
    ),
    Screen("handover-history", STAFF, LIST, _notebook(WINDOW, "転入届の受付", "履歴")),
    Screen("handover-change", STAFF, LIST, _notebook(WINDOW, "転入届の受付", "履歴", "第3版")),
    Screen("handover-handing-none", STAFF, LIST, _notebook(WINDOW, "引継ぎの進み具合")),
    Screen("handover-handing", SUCCESSOR, LIST, _notebook(PAYROLL, "引継ぎの進み具合")),
    Screen("handover-handing-head", SUKAGAWAS_HEAD, LIST, _notebook(PAYROLL, "引継ぎの進み具合")),
    Screen(
        "handover-item",
        SUCCESSOR,
        LIST,
        _then(_notebook(PAYROLL, "引継ぎの進み具合", "途中の案件"), _unfold),
    ),
    Screen("handover-holders", STAFF, LIST, _notebook(WINDOW, "担当者")),
    Screen("handover-holders-head", HEAD, LIST, _notebook(WINDOW, "担当者")),
    Screen(
        "handover-successor",
        STAFF,
        LIST,
        _notebook(WINDOW, "引継ぎの進み具合", "後任を決める"),
    ),
    Screen(
        "handover-successor-errors",
        STAFF,
        LIST,
        _then(_notebook(WINDOW, "引継ぎの進み具合", "後任を決める"), _refused("後任を決める")),
    ),
    Screen(
        "handover-successor-named",
        SUKAGAWAS_HEAD,
        LIST,
        _then(_notebook(PAYROLL, "引継ぎの進み具合", "後任を変える"), _unfold),
    ),
    Screen("handover-ask", SUCCESSOR, LIST, _notebook(PAYROLL, "質問する")),
    Screen("handover-answer", SUKAGAWA, LIST, _notebook(PAYROLL, "答える")),
    Screen("handover-notebook-former", FORMER, "{passed}"),
    Screen("handover-notebook-empty", TWO_POSTS, "{passed}"),
    Screen("handover-help", FORMER, "{passed}/help"),
    Screen("handover-help-errors", FORMER, "{passed}/help", _refused("今の所属長に申し込む")),
)
