"""A month of the 20% ledger: what the screens of ``ledger_screens`` show, done through the pages.

From 10 November to 2 December 2026: asked, noted, agreed, recorded, entered for others, stopped,
transferred, closed and corrected. One section has 80 people, one town's section three.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.browser import steps
from tests.browser.screens import HEAD, HR, STAFF, STAFF2, Scene
from tests.browser.visitors import Visitors

CLERK, MANY_HEAD, MANY_CLERK = "staff3@koriyama", "head4@koriyama", "staff6@koriyama"
MANY = 78
_LINES = 20
_DAYS = [
    day for day in (date(2026, 12, 3) + timedelta(days=n) for n in range(22)) if day.weekday() < 5
]

_LONGER, _REFUSED = "申請書の様式を見直す", "庁内の様式を集める"
_VERY_LONG = (
    "窓口に来る人の待ち時間を短くするため、ほかの市町村の受付の順番と案内表示のしかたを調べて、"
    "市民課で試せる形にまとめる"
)


def set_ledger(visitors: Visitors) -> Scene:
    """Let the month go by; returns the paths of what was made, by name."""
    scene: dict[str, str] = {}
    _arrange(visitors)
    _stop(visitors, scene)
    _ask(visitors, scene)
    _enter(visitors, scene)
    _enter_many(visitors)
    _answer(visitors, scene)
    _use(visitors, scene)
    _close(visitors, scene)
    return scene


def _arrange(visitors: Visitors) -> None:
    """Name the clerks, join 78 people to a section of two, and let people ask together."""
    people = [
        f"072036,road{n:02}@koriyama,道路 {n:02},どうろ {n:02},,建設部/道路維持課,{MANY_HEAD},"
        "full_time,2026-11-01,"
        for n in range(1, MANY + 1)
    ]
    with visitors.at_window(HR) as hr:
        steps.name_clerk(hr, "市民課", CLERK)
        steps.name_clerk(hr, "道路維持課", MANY_CLERK)
        steps.import_file(hr, "職員と所属", _PEOPLE, *people)
        hr.goto("/ledger/rules")
        hr.get_by_label("まとめて申し込む", exact=False).first.check()
        hr.get_by_label("許容時間").fill("15")
        hr.get_by_role("button", name="保存する", exact=True).click()
        steps.says(hr, "決まりを保存しました。")
        steps.take_after_fact(hr)


def _ask(visitors: Visitors, scene: dict[str, str]) -> None:
    """Ask for what will be recorded, forgotten, called off, shortened and left over."""
    with visitors.at_window(STAFF) as staff:
        for name, day, minutes, purpose in (
            ("corrected", "2026-11-18", 120, "窓口の案内表示を見直す"),
            ("lapsed", "2026-11-19", 60, "記録を忘れる分"),
            ("revoked", "2026-12-08", 60, "学び・相談"),
            ("agreed", "2026-12-09", 465, _VERY_LONG),
            ("waiting", "2026-12-15", 90, "年度末の繁忙期の当番表を考える"),
        ):
            scene[name] = steps.ask_for_minutes(staff, day, minutes, purpose)
        steps.note_oral_ok(staff, "2026-11-20", 45, "窓口の混み具合を見て回る")
        scene["standing"] = steps.ask_standing(staff, "窓口の学び合い", "水曜日")
        scene["allowance"] = steps.ask_standing(staff, "若手職員の相談に乗る")
    with visitors.at_window(STAFF2) as staff:
        scene["standing_waiting"] = steps.ask_standing(staff, "事例を調べる", "金曜日")
        scene["oral"] = steps.note_oral_ok(staff, "2026-12-11", 60, "商工会との打合せに同席する")
        for name, day, purpose in (
            ("private", "2026-11-18", _REFUSED),
            ("longer", "2026-12-02", _LONGER),
        ):
            scene[name] = steps.ask_for_minutes(staff, day, 60, purpose)
    with visitors.at_window("staff4@koriyama") as staff:
        for day in ("2026-12-10", "2026-12-17"):
            steps.ask_for_minutes(staff, day, 60, "保育所の見学の受入れを手伝う")


def _enter(visitors: Visitors, scene: dict[str, str]) -> None:
    """Enter for two people, one of whom objects."""
    with visitors.at_window(CLERK) as clerk:
        lines = [("職員一", "2026-12-03"), ("職員二", "2026-12-04")]
        steps.enter_lines(clerk, lines, 60, "絵本の読み聞かせの勉強会")
    with visitors.at_window(STAFF) as staff:
        staff.goto("/ledger/?month=2026-12")
        staff.get_by_role("link", name="絵本の読み聞かせの勉強会").click()
        scene["entered"] = steps.path_of(staff)
        staff.locator("summary").filter(has_text="異議を伝える").click()
        staff.get_by_label("何が違うか").fill("その日は行きません。")
        staff.get_by_role("button", name="異議を伝える").click()
        steps.says(staff, "異議を、所属長と入力した職員に伝えました。")


def _enter_many(visitors: Visitors) -> None:
    """Enter for everybody of the large section, twenty lines at a time."""
    names = [f"道路 {n:02}" for n in range(1, MANY + 1)]
    with visitors.at_window(MANY_CLERK) as clerk:
        for first in range(0, MANY, _LINES):
            lines = [
                (name, _DAYS[(first + n) % len(_DAYS)].isoformat())
                for n, name in enumerate(names[first : first + _LINES])
            ]
            steps.enter_many_lines(clerk, lines, 60, "道路の見回りの順番を見直す")


def _answer(visitors: Visitors, scene: dict[str, str]) -> None:
    with visitors.at_window(HEAD) as head:
        for purpose in (
            *("窓口の案内表示を見直す", "記録を忘れる分", _VERY_LONG[:40]),
            *(_REFUSED, _LONGER),
        ):
            steps.agree(head, purpose)
        head.goto(scene["revoked"])
        steps.decide(head, "了承する", "いってらっしゃい。")
        head.goto(scene["revoked"])
        head.locator("summary").filter(has_text="短くする・取りやめる").click()
        head.get_by_role("button", name="すべて取りやめる").click()
        steps.says(head, "取りやめました。")
        for name in ("standing", "allowance"):
            head.goto(scene[name])
            head.get_by_role("button", name="了承する").first.click()
            steps.says(head, "包括了承の申込みを了承し")
        steps.avoid(head, "12月議会", "2026-12-14", "2026-12-18")
    with visitors.at_window("head2@koriyama") as head:
        for _ in range(2):
            steps.agree_first(head)
    with visitors.at_window(MANY_HEAD) as head:
        head.goto("/ledger/approvals?tick=all")
        head.get_by_role("button", name="選んだものを了承する").click()
        steps.says(head, "了承しました。")


def _stop(visitors: Visitors, scene: dict[str, str]) -> None:
    """Stop Koriyama and let it go on, with two that rest; Nihonmatsu is stopped still."""
    with visitors.at_window(STAFF2) as staff:
        purposes = ("文書の様式を直す", "防災訓練の手順を見直す")
        for day, purpose in zip(("2026-12-14", "2026-12-16"), purposes, strict=True):
            scene["suspended"] = steps.ask_for_minutes(staff, day, 60, purpose)
    with visitors.at_window(HEAD) as head:
        for purpose in purposes:
            steps.agree(head, purpose)
    with visitors.at_window(HR) as hr:
        steps.freeze(hr, "台風の災害対応のため")
        steps.lift_freeze(hr)
    with visitors.at_window("it@nihonmatsu") as it:
        steps.tick_permissions(it, "20%の時間", **{"20%の決まりを決める": "情報担当"})
        steps.freeze(it, "大雨の災害対応のため")


def _use(visitors: Visitors, scene: dict[str, str]) -> None:
    """Record on the days, late or never."""
    with visitors.at_window(STAFF) as staff:
        steps.move_clock(staff, "2026-11-18")
        steps.record(staff, scene["corrected"], 100)
        scene["drawn"] = steps.draw(staff, scene["allowance"], "2026年11月中", 45)
    _refuse_what_is_longer(visitors, scene["private"])
    with visitors.at_window(STAFF) as staff:
        steps.move_clock(staff, "2026-12-02")
        scene["after_fact"] = steps.ask_after_fact(
            staff, "2026-12-01", 60, "大雨の片付けの進め方を話し合う"
        )
        scene["drawing"] = steps.draw(staff, scene["allowance"], "2026年12月中", 105)
    with visitors.at_window(STAFF2) as staff:
        steps.record(staff, scene["longer"], 70)


def _refuse_what_is_longer(visitors: Visitors, path: str) -> None:
    """Record ten minutes more than the OK, which the head does not accept."""
    with visitors.at_window(STAFF2) as staff:
        steps.record(staff, path, 70)
    with visitors.at_window(HEAD) as head:
        head.goto(path)
        head.get_by_label("一言").fill("打合せは17時まででした。")
        head.get_by_role("button", name="認めない").click()
        steps.says(head, "追加分を認めませんでした。")


def _close(visitors: Visitors, scene: dict[str, str]) -> None:
    """Close November, correct it, bring leave late, and lower a share in December."""
    leave = "staff@koriyama,annual,2026-11-24T08:30,2026-11-24T17:15"
    moved = (
        "072036,staff4@koriyama,職員六,しょくいんろく,,市民部/市民課,head@koriyama,"
        "fiscal_year,2026-12-02,"
    )
    with visitors.at_window(HR) as hr:
        hr.goto("/ledger/closing")
        hr.locator("summary").filter(has_text="11月を今すぐ締める").click()
        hr.get_by_role("button", name="11月を締める").click()
        steps.says(hr, "11月を締めました。")
        steps.import_file(hr, "休暇（時刻で）", _LEAVE, leave)
        steps.import_file(hr, "職員と所属", _PEOPLE, moved)
        steps.lower_share(hr, "5", "2026-12-01", section="市民部/市民課")
        steps.lower_share(hr, "1", "2026-12-01", login=STAFF)
    with visitors.at_window(STAFF) as staff:
        staff.goto(scene["corrected"])
        staff.get_by_role("link", name="記録を訂正する").click()
        staff.get_by_role("spinbutton", name="正しい長さ").fill("90")
        staff.get_by_role("textbox", name="訂正の理由").fill("終わりの時刻を間違えました。")
        staff.get_by_role("button", name="人事担当に依頼する").click()
        steps.says(staff, "人事担当に訂正を依頼しました。")


_PEOPLE = "municipality,login,name,kana,email,section,head,employment,start,end"
_LEAVE = "login,kind,start,end"
