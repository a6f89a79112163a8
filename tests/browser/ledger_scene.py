"""A month of the 20% ledger: what the screens of ``ledger_screens`` show, done through the pages.

From 10 November to 2 December 2026: asked, noted, agreed, recorded, entered for others, stopped,
transferred, closed and corrected. One section has 80 people, one town's section three.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.browser import by_request, steps
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
        by_request.name_clerk(hr, "市民課", CLERK)
        by_request.name_clerk(hr, "道路維持課", MANY_CLERK)
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
            scene[name] = by_request.ask_for_minutes(staff, day, minutes, purpose)
        by_request.note_oral_ok(staff, "2026-11-20", 45, "窓口の混み具合を見て回る")
        scene["standing"] = by_request.ask_standing(staff, "窓口の学び合い", "水曜日")
        scene["allowance"] = by_request.ask_standing(staff, "若手職員の相談に乗る")
    with visitors.at_window(STAFF2) as staff:
        scene["standing_waiting"] = by_request.ask_standing(staff, "事例を調べる", "金曜日")
        scene["oral"] = by_request.note_oral_ok(
            staff, "2026-12-11", 60, "商工会との打合せに同席する"
        )
        for name, day, purpose in (
            ("private", "2026-11-18", _REFUSED),
            ("longer", "2026-12-02", _LONGER),
        ):
            scene[name] = by_request.ask_for_minutes(staff, day, 60, purpose)
    with visitors.at_window("staff4@koriyama") as staff:
        for day in ("2026-12-10", "2026-12-17"):
            by_request.ask_for_minutes(staff, day, 60, "保育所の見学の受入れを手伝う")


def _enter(visitors: Visitors, scene: dict[str, str]) -> None:
    """Enter for two people, one of whom objects."""
    with visitors.at_window(CLERK) as clerk:
        lines = [("職員一", "2026-12-03"), ("職員二", "2026-12-04")]
        by_request.enter_lines(clerk, lines, 60, "絵本の読み聞かせの勉強会")
    with visitors.at_window(STAFF) as staff:
        month, purpose = "/ledger/?month=2026-12", "絵本の読み聞かせの勉強会"
        scene["entered"] = by_request.link(staff, month, purpose)
        said, wrong = "異議を、所属長と入力した職員に伝えました。", "その日は行きません。"
        by_request.press(staff, scene["entered"], "異議を伝える", said, objection=wrong)


def _enter_many(visitors: Visitors) -> None:
    """Enter for everybody of the large section, twenty lines at a time."""
    names = [f"道路 {n:02}" for n in range(1, MANY + 1)]
    with visitors.at_window(MANY_CLERK) as clerk:
        for first in range(0, MANY, _LINES):
            lines = [
                (name, _DAYS[(first + n) % len(_DAYS)].isoformat())
                for n, name in enumerate(names[first : first + _LINES])
            ]
            by_request.enter_lines(clerk, lines, 60, "道路の見回りの順番を見直す")


def _answer(visitors: Visitors, scene: dict[str, str]) -> None:
    with visitors.at_window(HEAD) as head:
        for purpose in (
            *("窓口の案内表示を見直す", "記録を忘れる分", _VERY_LONG[:40]),
            *(_REFUSED, _LONGER),
        ):
            by_request.agree(head, purpose)
        note = "いってらっしゃい。"
        by_request.press(head, scene["revoked"], "了承する", "了承しました。", note=note)
        by_request.press(head, scene["revoked"], "すべて取りやめる", "取りやめました。")
        for name in ("standing", "allowance"):
            by_request.press(head, scene[name], "まとめて了承する", "包括了承の申込みを了承し")
        steps.avoid(head, "12月議会", "2026-12-14", "2026-12-18")
    with visitors.at_window("head2@koriyama") as head:
        for day in ("12月10日", "12月17日"):
            by_request.agree(head, day)
    with visitors.at_window(MANY_HEAD) as head:
        head.goto("/ledger/approvals?tick=all")
        head.get_by_role("button", name="選んだものを了承する").click()
        steps.says(head, "了承しました。")


def _stop(visitors: Visitors, scene: dict[str, str]) -> None:
    """Stop Koriyama and let it go on, with two that rest; Nihonmatsu is stopped still."""
    with visitors.at_window(STAFF2) as staff:
        purposes = ("文書の様式を直す", "防災訓練の手順を見直す")
        for day, purpose in zip(("2026-12-14", "2026-12-16"), purposes, strict=True):
            scene["suspended"] = by_request.ask_for_minutes(staff, day, 60, purpose)
    with visitors.at_window(HEAD) as head:
        for purpose in purposes:
            by_request.agree(head, purpose)
    with visitors.at_window(HR) as hr:
        by_request.freeze(hr, "台風の災害対応のため")
        by_request.lift_freeze(hr)
    with visitors.at_window("it@nihonmatsu") as it:
        steps.tick_permissions(it, "20%の時間", **{"20%の決まりを決める": "情報担当"})
        by_request.freeze(it, "大雨の災害対応のため")


def _use(visitors: Visitors, scene: dict[str, str]) -> None:
    """Record on the days, late or never."""
    with visitors.at_window(STAFF) as staff:
        by_request.move_clock(staff, "2026-11-18")
        by_request.record(staff, scene["corrected"], 100)
        scene["drawn"] = by_request.draw(staff, scene["allowance"], "2026年11月中", 45)
    _refuse_what_is_longer(visitors, scene["private"])
    with visitors.at_window(STAFF) as staff:
        by_request.move_clock(staff, "2026-12-02")
        scene["after_fact"] = steps.ask_after_fact(
            staff, "2026-12-01", 60, "大雨の片付けの進め方を話し合う"
        )
        scene["drawing"] = by_request.draw(staff, scene["allowance"], "2026年12月中", 105)
    with visitors.at_window(STAFF2) as staff:
        by_request.record(staff, scene["longer"], 70)


def _refuse_what_is_longer(visitors: Visitors, path: str) -> None:
    """Record ten minutes more than the OK, which the head does not accept."""
    with visitors.at_window(STAFF2) as staff:
        by_request.record(staff, path, 70)
    with visitors.at_window(HEAD) as head:
        note = "打合せは17時まででした。"
        by_request.press(head, path, "認めない", "追加分を認めませんでした。", note=note)


def _close(visitors: Visitors, scene: dict[str, str]) -> None:
    """Close November, correct it, bring leave late, and lower a share in December."""
    leave = "staff@koriyama,annual,2026-11-24T08:30,2026-11-24T17:15"
    moved = (
        "072036,staff4@koriyama,職員六,しょくいんろく,,市民部/市民課,head@koriyama,"
        "fiscal_year,2026-12-02,"
    )
    with visitors.at_window(HR) as hr:
        by_request.close_month(hr, "11月")
        steps.import_file(hr, "休暇（時刻で）", _LEAVE, leave)
        steps.import_file(hr, "職員と所属", _PEOPLE, moved)
        by_request.lower_share(hr, "5", "2026-12-01", section="市民部/市民課")
        by_request.lower_share(hr, "1", "2026-12-01", login=STAFF)
    with visitors.at_window(STAFF) as staff:
        correcting = by_request.link(staff, scene["corrected"], "記録を訂正する")
        typed = {"minutes": "90", "reason": "終わりの時刻を間違えました。"}
        said = "人事担当に訂正を依頼しました。"
        by_request.press(staff, correcting, "人事担当に依頼する", said, **typed)


_PEOPLE = "municipality,login,name,kana,email,section,head,employment,start,end"
_LEAVE = "login,kind,start,end"
