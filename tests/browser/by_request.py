"""What only has to have happened before a journey or a picture: forms of the pages, sent by request.

A page is fetched, its form filled in and sent, and neither that page nor the next is shown. Sent is what a
browser would send, of forms whose fields stand in them and hold no file. What a journey or a picture is
about is pressed in the window, by ``steps``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urljoin

from lxml import html
from playwright.sync_api import APIResponse, Page

from niwari.ledger.forms.clerk import FIRST_LINES, MORE_LINES
from tests.browser.steps import path_of_url

_ROWS = ("li", "tr", "article")
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_WORKER = 60.0
"""Seconds in which the demo's worker must have stopped what was agreed to."""


def press(page: Page, path: str, button: str, said: str, *, row: str = "", **typed: str) -> str:
    """Press the one button with the words *button* after typing into fields of its form.

    Of several it is the one in the row or post with the words of *row*. Fields and choices go by the
    names and values that are sent, what a list offers by its words. The page that follows has to say
    *said*; returns its path.
    """
    return path_of_url(_said(_press(page, _opened(page, path), button, row, typed), said).url)


def link(page: Page, path: str, words: str) -> str:
    """Return the path to which the first link with these words leads from a page."""
    opened = _opened(page, path)
    links = html.document_fromstring(opened.text()).iter("a")
    found = [one for one in links if words in one.text_content()]
    assert found, f"{opened.url} has no link {words}"
    return path_of_url(urljoin(opened.url, found[0].get("href")))


def _opened(page: Page, path: str) -> APIResponse:
    opened = page.context.request.get(path)
    assert opened.ok, (path, opened.status)
    return opened


def _said(answer: APIResponse, said: str) -> APIResponse:
    assert answer.ok, (answer.url, answer.status)
    messages = html.document_fromstring(answer.text()).get_element_by_id("messages").text_content()
    assert said in messages, f"{answer.url} says {messages.strip()!r}, not {said!r}"
    return answer


def _press(
    page: Page, opened: APIResponse, button: str, row: str, typed: Mapping[str, str]
) -> APIResponse:
    document = html.document_fromstring(opened.text())
    places = [one for one in document.iter(*_ROWS) if row in one.text_content()]
    # One that stands in a row within a row is one.
    buttons = {
        one
        for place in (places if row else [document])
        for one in place.iter("button")
        if one.text_content().strip() == button
    }
    pressed = _only(buttons, f"button {button} {row}", opened)
    form = _only(pressed.iterancestors("form"), f"form around {button}", opened)
    for one in form.iter("input", "textarea"):
        if one.tag == "textarea":
            one.value = one.value.removeprefix("\n")
        elif not one.checkable:
            one.value = one.value or ""
    for name, words in typed.items():
        _choose(form.inputs[name], words, opened)
    sent = [(name, value.replace("\n", "\r\n")) for name, value in form.form_values()]
    if name := pressed.get("name"):
        sent.append((name, pressed.get("value", "")))
    action = urljoin(opened.url, pressed.get("formaction") or form.get("action") or "")
    if form.get("enctype") == "multipart/form-data":
        assert len(dict(sent)) == len(sent), f"{opened.url} sends a field twice"
        return page.context.request.post(action, multipart=dict(sent))
    return page.context.request.post(action, data=urlencode(sent), headers=_FORM)


def _choose(field: Any, words: str, opened: APIResponse) -> None:
    if isinstance(field, html.SelectElement):
        options = [one for one in field.iter("option") if one.text_content().strip() == words]
        words = _only(options, f"option {words}", opened).get("value")
    field.value = words


def _only(found: Iterable[Any], what: str, opened: APIResponse) -> Any:
    several = list(found)
    assert len(several) == 1, f"{opened.url} has {len(several)} times: {what}"
    return several[0]


def ask_for_minutes(page: Page, day: str, minutes: int, purpose: str) -> str:
    """Ask for 20% time of a length alone, on a day like 2026-11-18; returns the request's path."""
    return _ask(page, "申し込みました。所属長の了承を待ちます。", day, minutes, purpose)


def note_oral_ok(page: Page, day: str, minutes: int, purpose: str) -> str:
    """Ask with the tick of an oral OK of now; returns the request's path."""
    said = "口頭の了承を書きとめ、時間を確保しました。"
    return _ask(page, said, day, minutes, purpose, oral="y")


def _ask(page: Page, said: str, day: str, minutes: int, purpose: str, **more: str) -> str:
    typed = {"purpose": purpose, "work_date": day, "how": "minutes", "minutes": str(minutes)}
    return press(page, "/ledger/requests/new", "申し込む", said, **typed, **more)


def ask_standing(page: Page, purpose: str, weekday: str = "") -> str:
    """Ask for a standing agreement: each third such day from 15:00 to 16:00, or 2 hours a month."""
    typed = {"purpose": purpose}
    if weekday:
        typed |= {"kind": "dated", "every": "毎月第3", "weekday": weekday, "minutes": ""}
        typed |= {"starts": "15:00", "ends": "16:00"}
    preview = _press(page, _opened(page, "/ledger/standing/new"), "予定を確かめる", "", typed)
    asked = _press(page, preview, "この内容で申し込む", "", {})
    return path_of_url(_said(asked, "包括了承を申し込みました。").url)


def enter_lines(page: Page, lines: Sequence[tuple[str, str]], minutes: int, purpose: str) -> None:
    """Enter for others as their clerk, one line for each person and day."""
    opened = _opened(page, "/ledger/entering")
    if len(lines) > FIRST_LINES:
        opened = _press(page, opened, "行を増やす", "", {"rows": str(len(lines) - MORE_LINES)})
    typed = {}
    for number, (person, day) in enumerate(lines, 1):
        line = {"person": person, "work_date": day, "minutes": str(minutes), "purpose": purpose}
        typed |= {f"line{number}-{name}": words for name, words in line.items()}
    _said(_press(page, opened, "まとめて申し込む", "", typed), "件を代理入力しました。")


def ask_question(page: Page, topic: str, title: str, body: str) -> str:
    """Ask the region a question written freely; returns its path."""
    typed = {"topic": topic, "title": title, "shape": "plain", "body": body}
    return press(page, "/consult/ask", "相談を投稿する", "相談しました。", **typed)


def answer_question(page: Page, path: str, body: str) -> None:
    """Answer a question."""
    said = "回答しました。ありがとうございます。"
    press(page, path, "回答を投稿する", said, body=body)


def accept_answer(page: Page, path: str, body: str) -> None:
    """Say that an answer solved the question."""
    press(page, path, "解決にする", "解決にしました。", row=body)


def agree(page: Page, words: str) -> None:
    """Agree with one tap to the one request of the head's list with these words, as its purpose."""
    press(page, "/ledger/approvals", "了承する", "了承しました。", row=words)


def record(page: Page, path: str, minutes: int) -> None:
    """Record what was done, on the request's page."""
    press(page, path, "記録する", "記録しました。", minutes=str(minutes))


def draw(page: Page, allowance: str, period: str, minutes: int) -> str:
    """Record a part of an allowance without dates; returns the path of its period's request."""
    path = link(page, allowance, period)
    return press(page, path, "記録する", "記録しました。", minutes=str(minutes))


def move_clock(page: Page, day: str) -> None:
    """Let the demo go on at 9:00 on a later day."""
    press(page, "/demo/clock", "この日に進める", "見本の日付を進めました。", day=day)


def close_month(page: Page, month: str) -> None:
    """Close a month as 3月 with all earlier ones, as HR."""
    press(page, "/ledger/closing", f"{month}を締める", f"{month}を締めました。")


def name_clerk(page: Page, section: str, login: str) -> None:
    """Let HR name a section's clerk."""
    arranged = link(page, "/directory/sections", section)
    form = {"clerk-login": login}
    press(page, arranged, "庶務担当を決める", "庶務担当を決めました。", **form)


def freeze(page: Page, reason: str) -> None:
    """Stop the 20% time of a town now, as its HR."""
    press(page, "/ledger/freezes", "20%の時間を止める", "停止しました。", reason=reason)


def lift_freeze(page: Page) -> None:
    """Let a stopped town go on, when what was agreed to rests."""
    until = time.monotonic() + _WORKER
    while "順に処理しています" in _opened(page, "/ledger/freezes").text():
        assert time.monotonic() < until, "what was agreed to has not stopped"
    press(page, "/ledger/freezes", "再開する", "再開しました。")


def lower_share(page: Page, percent: str, day: str, section: str = "", login: str = "") -> None:
    """Lower the share of a section, or of a person, as HR."""
    typed = {"level": "section" if section else "person", "login": login, "percent": percent}
    if section:
        typed["section"] = section
    said = "割合を決めました。"
    press(page, "/ledger/rates", "この割合にする", said, starts_on=day, **typed)
