"""Every screen, filled: what the accessibility tests check and what the screenshots show.

``set_scene`` does through the pages what has to have happened in a fresh demo. It changes nothing
that ``staff2@koriyama``, the person of the pictures in the documentation, sees at home.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.visitors import Visitors

Scene = Mapping[str, str]
Act = Callable[[Page], None]

STAFF, STAFF2, STAFF3 = "staff@koriyama", "staff2@koriyama", "staff3@koriyama"
HEAD, IT = "head@koriyama", "it@koriyama"
SUKAGAWA, MIHARU = "staff@sukagawa", "staff@miharu"
PAUSED = "二本松市"


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen: who sees it (empty: nobody is signed in), where, and what is pressed to see it.

    ``path`` may name a path of the scene in braces. ``status`` is that of the page itself.
    ``speaks`` is false where a page has Japanese alone. ``plain`` is false for a screen on which
    the main action is not the point (errors, menus).
    """

    name: str
    login: str
    path: str
    act: Act | None = None
    status: int = 200
    speaks: bool = True

    def open(self, page: Page, scene: Scene) -> None:
        """Go there; expects the page to answer with ``status``."""
        answer = page.goto(self.path.format_map(scene))
        assert answer is not None
        assert answer.status == self.status, (answer.url, answer.status)
        if self.act is not None:
            self.act(page)


def set_scene(visitors: Visitors) -> Scene:
    """Do what has to have happened; returns the paths of what was made, by name."""
    scene = {}
    with visitors.at_window(STAFF) as staff:
        purpose = "窓口の混雑を記録する表を作る"
        scene["today"] = steps.ask_for_minutes(staff, "2026-11-10", 60, purpose)
        scene["withdrawn"] = steps.ask_for_minutes(staff, "2026-11-26", 45, "学び・相談")
        steps.withdraw(staff)
    with visitors.at_window(HEAD) as head:
        steps.agree(head, purpose)
        steps.open_waiting(head, "須賀川市の電子申請の担当者に話を聞く")
        scene["shortened"] = steps.path_of(head)
        note = "午後は窓口が込むので、2時間でお願いします。"
        steps.decide(head, "了承する", note, minutes=120)
        steps.says(head, "短くして了承しました。")
    with visitors.at_window("head@miharu") as head:
        steps.open_waiting(head, "学び・相談")
        scene["declined"] = steps.path_of(head)
        steps.decide(head, "今回は見送り", "17日は議会の準備があります。翌週なら大丈夫です。")
        steps.says(head, "今回は見送りにしました。")
    with visitors.at_window("staff@nihonmatsu") as asker:
        title = "年末調整の書類、集め方をどうしていますか"
        body = "紙で配って紙で集めています。記入漏れの確かめに、毎年とても時間がかかります。"
        scene["paused"] = steps.ask_question(asker, "給与・庶務", title, body)
    with visitors.at_window(SUKAGAWA) as other:
        body = "集める前に、書き方の見本を1枚だけ掲示板に載せました。それだけで記入漏れが減りました。"
        steps.answer_question(other, scene["paused"], body)
    with visitors.at_window("it@nihonmatsu") as it:
        steps.switch_off(it, "相談", "年度の切替えまで休止します。")
    return scene


def _press(*names: str) -> Act:
    def act(page: Page) -> None:
        for name in names:
            page.get_by_role("main").get_by_role("link", name=name).first.click()

    return act


def _send_empty(button: str) -> Act:
    def act(page: Page) -> None:
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".error-summary")).to_be_visible()

    return act


def _ask_wrong(page: Page) -> None:
    page.get_by_role("radio", name="時刻を決める").check()
    page.get_by_label("日にち").fill("2026-11-03")
    page.get_by_label("始まり").fill("15:00")
    page.get_by_role("button", name="申し込む", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()


def _sign_out(page: Page) -> None:
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="サインアウト").click()
    expect(page.get_by_role("heading", name="サインアウトしました")).to_be_visible()


def _cancel(page: Page) -> None:
    page.get_by_role("link", name="サインインする").click()
    page.get_by_role("button", name="やめる").click()
    expect(page.get_by_role("heading", name="サインインを取りやめました")).to_be_visible()


def _to_provider(page: Page) -> None:
    page.get_by_role("link", name="サインインする").click()


def _unknown_account(page: Page) -> None:
    _to_provider(page)
    page.locator("input[name=username]").fill("nobody@koriyama")
    page.get_by_role("button", name="サインイン", exact=True).click()
    expect(page.locator(".field-error")).to_be_visible()


def _open_menu(page: Page) -> None:
    page.locator(".menu > summary").click()


def _open_days(page: Page) -> None:
    page.get_by_text("1日ごとの内訳を見る").click()


def _open_details(page: Page) -> None:
    for summary in page.get_by_role("main").locator("details > summary").all():
        summary.click()


def _take_back(page: Page) -> None:
    _press("後任のための手順書を書く")(page)
    page.get_by_text("取り下げる", exact=True).first.click()


def _write_parts(page: Page) -> None:
    page.get_by_role("radio", name="自由に書く").check()


SCREENS: tuple[Screen, ...] = (
    Screen("sign-in", "", "/sign-in"),
    Screen("sign-in-failed", "", "/sign-in", _cancel),
    Screen("provider", "", "/sign-in", _to_provider, speaks=False),
    Screen("provider-unknown", "", "/sign-in", _unknown_account, speaks=False),
    Screen("home-staff", STAFF2, "/"),
    Screen("home-fresh", "staff@tamura", "/"),
    Screen("home-menu", STAFF2, "/", _open_menu),
    Screen("home-head", HEAD, "/"),
    Screen("home-it", IT, "/"),
    Screen("ledger-filled", STAFF2, "/ledger/"),
    Screen("ledger-days", STAFF2, "/ledger/", _open_days),
    Screen("ledger-past", STAFF, "/ledger/?month=2026-10"),
    Screen("ledger-empty", "staff@tamura", "/ledger/"),
    Screen("ledger-ask", STAFF, "/ledger/requests/new"),
    Screen("ledger-ask-errors", STAFF, "/ledger/requests/new", _ask_wrong),
    Screen("request-requested", STAFF2, "/ledger/", _press("後任のための手順書を書く")),
    Screen("request-withdrawing", STAFF2, "/ledger/", _take_back),
    Screen("request-agreed", STAFF2, "/ledger/", _press("相談の日の当番")),
    Screen("request-today", STAFF, "{today}"),
    Screen("request-shortened", STAFF3, "{shortened}"),
    Screen("request-recorded", STAFF2, "/ledger/", _press("ごみ分別の外国語版チラシの点検")),
    Screen("request-returned", SUKAGAWA, "/ledger/", _press("給与計算の手順の共有会")),
    Screen(
        "request-again",
        SUKAGAWA,
        "/ledger/",
        _press("給与計算の手順の共有会", "直して、もう一度申し込む"),
    ),
    Screen("request-declined", MIHARU, "{declined}"),
    Screen("request-withdrawn", STAFF, "{withdrawn}"),
    Screen("request-deciding", HEAD, "/ledger/approvals", _press("学び・相談")),
    Screen("approvals-filled", HEAD, "/ledger/approvals"),
    Screen("approvals-empty", "head@tamura", "/ledger/approvals"),
    Screen("consult", STAFF2, "/consult/"),
    Screen("consult-waiting", STAFF2, "/consult/waiting"),
    Screen("consult-mine", STAFF2, "/consult/mine"),
    Screen("consult-mine-empty", "staff@tamura", "/consult/mine"),
    Screen("consult-topic-empty", STAFF2, "/consult/waiting?topic=farming"),
    Screen("consult-ask", STAFF2, "/consult/ask"),
    Screen("consult-ask-freely", STAFF2, "/consult/ask", _write_parts),
    Screen("consult-ask-errors", STAFF2, "/consult/ask", _send_empty("相談を投稿する")),
    Screen("thread-open", STAFF2, "/consult/", _press("会議の議事録")),
    Screen("thread-own", MIHARU, "/consult/mine", lambda p: (_press("ふるさと納税")(p), _open_details(p))[0]),
    Screen("thread-solved", STAFF2, "/consult/", _press("証明書の渡し間違いを防ぐ")),
    Screen("thread-paused", STAFF2, "{paused}"),
    Screen("features", IT, "/admin/features"),
    Screen("features-off", "it@nihonmatsu", "/admin/features"),
    Screen("feature-off-confirm", IT, "/admin/features", _press("使わない設定にする")),
    Screen("demo-clock", STAFF, "/demo/clock"),
    Screen("demo-clock-errors", STAFF, "/demo/clock", lambda p: (p.get_by_label("日にち").fill("2026-11-01"), _send_empty("この日に進める")(p))[0]),
    Screen("forbidden", STAFF, "/admin/features", status=403),
    Screen("not-found", STAFF, "/consult/999999", status=404),
    Screen("feature-gone", "staff@nihonmatsu", "/consult/", status=404),
    Screen("signed-out", "staff@ono", "/", _sign_out),
)
