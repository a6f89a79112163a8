"""What is done by request fails where a person at the window would have stopped."""

from __future__ import annotations

import pytest

from tests.browser import by_request, steps
from tests.browser.visitors import Visitors

ASK, PURPOSE, ASKED = "/ledger/requests/new", "窓口の案内表示を見直す", "申し込みました。"


def test_what_is_not_there_is_refused_or_not_said_is_noticed(visitors: Visitors) -> None:
    staff = visitors.person("staff@koriyama")
    with pytest.raises(AssertionError, match="has 0 times: button 申し込もう"):
        by_request.press(staff, ASK, "申し込もう", ASKED)
    with pytest.raises(AssertionError, match="has 2 times: button English"):
        by_request.press(staff, ASK, "English", ASKED)
    with pytest.raises(AssertionError, match=r"requests/new', 422"):
        by_request.press(staff, ASK, "申し込む", ASKED, purpose=PURPOSE, minutes="")
    with pytest.raises(AssertionError, match="has no link どこにもない"):
        by_request.link(staff, ASK, "どこにもない")
    typed = {"purpose": PURPOSE, "minutes": "60", "how": "minutes", "work_date": "2026-11-18"}
    with pytest.raises(AssertionError, match="not '記録しました。'"):
        by_request.press(staff, ASK, "申し込む", "記録しました。", **typed)


def test_by_request_and_in_the_window_the_same_is_asked_for(visitors: Visitors) -> None:
    staff = visitors.person("staff@koriyama")
    texts = []
    for ask in (steps.ask_for_minutes, by_request.ask_for_minutes):
        staff.goto(ask(staff, "2026-11-18", 45, f"{PURPOSE}\n二つ目の行"))
        texts.append(staff.get_by_role("main").inner_text())
    assert texts[0] == texts[1]
