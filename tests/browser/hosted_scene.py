"""What people join and whose host says who was there, and ways there: the screens, through the pages.

Offered are notes of the dummy of tests/plugins, whose section hosts them.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import by_request, steps
from tests.browser.demo import OFFERING_PLUGIN, command
from tests.browser.screens import HEAD, HR, STAFF, STAFF2, SUKAGAWA, Scene, Screen
from tests.browser.screens import MIHARU as HOST
from tests.browser.visitors import Visitors

TITLE, OTHER = "引継ぎノートを見せ合う会", "防災訓練を見学する会"
OFFERED = ("第一会議室", "だれでも参加できます。", "内線 123")
"""What the dummy says of an offer, in Japanese alone."""
_VISIT, _VISIT_WAITING = "となり町の窓口を見学する", "となり町の支所を見学する"
_MIHARU = "075213"


def offer(home: Path, title: str, first: str) -> None:
    """Let Miharu offer an hour from ``first`` on, a week from the demo's day, in a demo with the dummy."""
    hours = ("--hours", first, str(int(first) + 1))
    command(
        home, "dummy", "invite", title, "--municipality", _MIHARU, *hours, variables=OFFERING_PLUGIN
    )


def join(page: Page, title: str) -> str:
    """Join by request what the catalogue offers, from the own home; returns the path of what is asked."""
    offered = by_request.link(page, "/catalogue/", title)
    said = "申し込みました。所属長の了承を待ちます。"
    by_request.press(page, offered, "参加したい", said, way="online:home")
    return by_request.link(page, offered, "申込みを見る")


def set_hosted(visitors: Visitors, home: Path) -> Scene:
    """Let one meeting be over and confirmed, one be over, and one lie ahead; returns the paths."""
    scene = {
        "confirmed_page": "/ledger/attendance/dummy.note/1",
        "over_page": "/ledger/attendance/dummy.note/2",
        "ahead_page": "/ledger/attendance/dummy.note/3",
        "offer": "/catalogue/dummy.note/1",
    }
    offer(home, TITLE, "15")
    offer(home, OTHER, "10")
    with visitors.at_window(HR) as hr:
        hr.goto("/ledger/rules")
        hr.get_by_label("主催者に出席を確かめてもらう").check()
        hr.get_by_label("移動の時間も申し込む").check()
        hr.get_by_role("button", name="保存する", exact=True).click()
        steps.says(hr, "決まりを保存しました。")
    for name, login, title, head in (
        ("recorded", STAFF, TITLE, HEAD),
        ("there", STAFF2, TITLE, HEAD),
        ("absent", SUKAGAWA, TITLE, "head@sukagawa"),
        ("waiting", STAFF, OTHER, HEAD),
        ("own_absent", STAFF2, OTHER, HEAD),
    ):
        with visitors.at_window(login) as page:
            scene[name] = join(page, title)
        with visitors.at_window(head) as page:
            by_request.agree(page, title)
    with visitors.at_window(STAFF2) as staff:
        staff.goto(scene["own_absent"])
        staff.locator("summary").filter(has_text="欠席を伝える").click()
        staff.get_by_role("button", name="欠席を伝える").click()
        steps.says(staff, "欠席を伝えました。")
    with visitors.at_window(STAFF2) as staff:
        scene["visited"] = _ask_visit(staff, "2026-11-16", _VISIT)
        scene["visiting"] = _ask_visit(staff, "2026-11-20", _VISIT_WAITING)
    with visitors.at_window(HEAD) as head:
        by_request.agree(head, _VISIT)
    with visitors.at_window(HOST) as host:
        by_request.move_clock(host, "2026-11-18")
        host.goto(scene["confirmed_page"])
        rows = host.get_by_role("main").get_by_role("listitem")
        rows.filter(has_text="須賀川市").get_by_role("radio", name="欠席").check()
        host.get_by_role("button", name="選んだとおりに確かめる").click()
        steps.says(host, "2人の出席を確かめました。")
    with visitors.at_window(STAFF) as staff:
        for name in ("recorded", "waiting"):
            steps.record(staff, scene[name], 60)
    with visitors.at_window(HR) as hr:
        by_request.close_month(hr, "10月")
    offer(home, TITLE, "15")
    return scene


def fill_visit(page: Page, day: str, purpose: str) -> None:
    """Type what asks for a visit from 14:00 to 16:00 with half an hour each way."""
    page.goto("/ledger/requests/new")
    page.get_by_label("すること").fill(purpose)
    page.get_by_label("日にち").first.fill(day)
    page.get_by_role("radio", name="時刻を決める").check()
    page.locator("input[name=starts]").fill("14:00")
    page.locator("input[name=ends]").fill("16:00")
    page.locator("input[name=travel_there]").fill("30")
    page.locator("input[name=travel_back]").fill("30")


def _ask_visit(page: Page, day: str, purpose: str) -> str:
    """Ask for a visit with its ways; returns the request's path."""
    fill_visit(page, day, purpose)
    page.get_by_role("button", name="申し込む", exact=True).click()
    steps.says(page, "申し込みました。所属長の了承を待ちます。")
    return steps.path_of(page)


def _ask_too_long_a_way(page: Page) -> None:
    """Send a way that no day has."""
    page.get_by_label("すること").fill(_VISIT)
    page.locator("input[name=travel_there]").fill("2000")
    page.get_by_role("button", name="申し込む", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()


def _open_way(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="行き", exact=True).click()


def _decide_later(page: Page) -> None:
    """Send a page on which nobody was there or absent, which the server has to refuse."""
    for later in steps.every(page.get_by_role("radio", name="まだ")):
        later.check()
    page.get_by_role("button", name="選んだとおりに確かめる").click()
    expect(page.locator(".error-summary")).to_be_visible()


HOSTED_SCREENS: tuple[Screen, ...] = (
    Screen("attendance", HOST, "{over_page}"),
    Screen("attendance-errors", HOST, "{over_page}", _decide_later),
    Screen("attendance-confirmed", HOST, "{confirmed_page}"),
    Screen("attendance-empty", HOST, "{ahead_page}"),
    Screen("offer-hosted", HOST, "{offer}"),
    Screen("home-attended", STAFF2, "/"),
    Screen("month-hosted", STAFF, "/ledger/"),
    Screen("month-attended", STAFF2, "/ledger/"),
    Screen("request-attended", STAFF2, "{there}"),
    Screen("request-absent", SUKAGAWA, "{absent}"),
    Screen("request-absent-own", STAFF2, "{own_absent}"),
    Screen("request-absent-head", HEAD, "{own_absent}"),
    Screen("request-host-waits", STAFF, "{waiting}"),
    Screen("request-host-confirmed", STAFF, "{recorded}"),
    Screen("rules-hosts", HR, "/ledger/rules"),
    Screen("closing-hosts", HR, "/ledger/closing"),
    Screen("ask-travel", STAFF2, "/ledger/requests/new"),
    Screen("ask-travel-errors", STAFF2, "/ledger/requests/new", _ask_too_long_a_way),
    Screen("request-travel", STAFF2, "{visited}"),
    Screen("request-way", STAFF2, "{visited}", _open_way),
    Screen("request-travel-head", HEAD, "{visiting}"),
    Screen("approvals-travel", HEAD, "/ledger/approvals"),
)
"""The screens of attendance and of ways, in a demo of their own."""
