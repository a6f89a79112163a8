"""Every screen, at three widths and in both languages.

axe-core finds nothing in an office and on a phone, nothing scrolls sideways, there is one h1; what is
left in Japanese in English is names and what people wrote. A file is run in one process, which opens
its gallery once; half of the screens are in test_other_screens, as all of them take longer than the
rest in the browser does.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize

from niwari.testing.accessibility import findings, language, sticking_out
from tests.browser.chromium import OFFICE, PHONE
from tests.browser.conftest import Gallery
from tests.browser.screens import BROKEN_SCREENS, HIDDEN_SCREENS, SCREENS, Screen
from tests.browser.visitors import LOCALE_COOKIE, Visitors

# An office screen at 200%: half as wide.
ZOOMED: ViewportSize = {"width": 680, "height": 390}

PLANT = """([html, style]) => {
  const main = document.querySelector("main");
  main.insertAdjacentHTML("beforeend", html);
  const last = main.lastElementChild;
  for (const element of [last, ...last.children]) element.style.cssText = style;
}"""


JAPANESE = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff]+")

LIST_MARK = re.compile(r"^(?:[-*]|[0-9]+\.) +")

# What people are called and what they wrote: these stay as they are in every language.
_SECTION = ("name", "headline", "work", "day", "branches", "preparing")
WRITTEN = (
    "SELECT name || 'のオープンカンパニーの日' FROM mentoring_open_day",
    "SELECT name FROM directory_person",
    "SELECT name FROM directory_municipality",
    "SELECT name FROM directory_section",
    "SELECT name FROM directory_municipality_system",
    "SELECT purpose FROM ledger_request",
    "SELECT decision_note FROM ledger_request",
    "SELECT ended_reason FROM ledger_request",
    "SELECT objection FROM ledger_request",
    "SELECT purpose FROM ledger_standing",
    "SELECT reason FROM ledger_freeze",
    "SELECT reason FROM ledger_avoidance",
    "SELECT reason FROM ledger_correction",
    "SELECT title FROM consult_question",
    "SELECT background FROM consult_question",
    "SELECT heard FROM consult_question",
    "SELECT ask FROM consult_question",
    "SELECT body FROM consult_question",
    "SELECT body FROM consult_answer",
    "SELECT post FROM handover_notebook",
    "SELECT name FROM handover_duty",
    "SELECT steps FROM handover_duty",
    "SELECT rule FROM handover_duty",
    "SELECT deadline FROM handover_duty",
    "SELECT contact FROM handover_duty",
    "SELECT trouble FROM handover_duty",
    "SELECT json_extract(content, '$.steps') FROM handover_version",
    "SELECT text FROM handover_item",
    "SELECT text FROM handover_message",
    "SELECT headline FROM leave_cafe_experience",
    "SELECT applied FROM leave_cafe_experience",
    "SELECT helped FROM leave_cafe_experience",
    "SELECT otherwise FROM leave_cafe_experience",
    "SELECT returned FROM leave_cafe_experience",
    "SELECT alt FROM files_attachment",
    "SELECT name FROM tourism_sns_spot",
    "SELECT place FROM tourism_sns_spot",
    "SELECT best_days FROM tourism_sns_spot",
    "SELECT access FROM tourism_sns_spot",
    "SELECT story FROM tourism_sns_spot",
    "SELECT contact FROM tourism_sns_spot",
    "SELECT credit FROM tourism_sns_photo",
    "SELECT consent_kept FROM tourism_sns_photo",
    "SELECT title FROM tourism_sns_route",
    "SELECT text FROM tourism_sns_route",
    "SELECT help_text FROM tourism_sns_route",
    "SELECT policy FROM tourism_sns_account",
    "SELECT title FROM tourism_sns_post",
    "SELECT returned FROM tourism_sns_post",
    "SELECT text FROM tourism_sns_text",
    "SELECT text FROM tourism_sns_comment",
    "SELECT reason FROM host_enablement",
    "SELECT label FROM identity_api_token",
    "SELECT reason FROM identity_role_grant",
    "SELECT text FROM moderation_report",
    "SELECT reason FROM moderation_decision",
    "SELECT objection FROM moderation_case",
    "SELECT reason FROM vault_official",
    "SELECT reason FROM vault_opening",
    "SELECT reason FROM ledger_disposal",
    "SELECT decision_note FROM ledger_supplement",
    *(f"SELECT {name} FROM mentoring_section_profile" for name in _SECTION),
    "SELECT body FROM mentoring_message",
    *(f"SELECT {name} FROM mentoring_open_day" for name in ("text", "place")),
    "SELECT value FROM mentoring_sheet, json_each(content)",
    "SELECT offers FROM mentoring_learner_profile",
    "SELECT seeks FROM mentoring_learner_profile",
    "SELECT times FROM mentoring_learner_profile",
    *(f"SELECT {name} FROM mentoring_pair" for name in ("theme", "message", "reply")),
    "SELECT topic FROM mentoring_meeting",
    "SELECT place FROM mentoring_meeting",
    # Notes of pairs are sealed: this is what the demo's says.
    "SELECT '戻る理由は三つ。日付の空き、距離の測り方、地図の付け忘れ。次の回に並べてみる。'",
)

# All words of a page, those that only a screen reader says included; not the name of the other
# language on its switch.
WORDS = """() => {
  const words = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.parentElement.closest("body [lang=ja], script, style, textarea")) words.push(text.data);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt", "data-label", "data-done"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      words.push(element.getAttribute(name));
    }
  }
  return words;
}"""


def written(home: Path) -> list[str]:
    """Return what people wrote in the demo at ``home``, line by line, the longest first.

    Of Markdown also what is shown of a line: without the mark of a list, and cell by cell.
    """
    with closing(sqlite3.connect(home / "niwari.db")) as database:
        texts = (text for query in WRITTEN for (text,) in database.execute(query) if text)
        lines = {line.strip() for text in texts for line in text.splitlines()}
        lines |= {cell.strip() for line in lines for cell in LIST_MARK.sub("", line).split("|")}
    return sorted(lines - {""}, key=len, reverse=True)


def left_in_japanese(page: Page, names: list[str]) -> Iterator[str]:
    """Yield the words of a page in which Japanese is left after taking out what people wrote."""
    for words in filter(JAPANESE.search, page.evaluate(WORDS)):
        rest = words
        for name in names:
            rest = rest.replace(name, "")
        if JAPANESE.search(rest):
            yield words.strip()


@pytest.mark.parametrize(
    "screen", [*SCREENS[::2], *BROKEN_SCREENS, *HIDDEN_SCREENS], ids=lambda screen: screen.name
)
def test_a_screen_is_right_at_every_width_and_in_both_languages(
    gallery_of: Callable[[Screen], Gallery], screen: Screen
) -> None:
    expect_right(gallery_of(screen), screen)


def expect_right(gallery: Gallery, screen: Screen) -> None:
    """Show a screen at every width and in both languages, and expect nothing to be wrong with it."""
    with gallery.showing(screen) as page:
        assert language(page) == "ja"
        assert findings(page) == [], OFFICE
        page.set_viewport_size(ZOOMED)
        assert sticking_out(page) == []
        page.set_viewport_size(PHONE)
        assert findings(page) == [], PHONE
        if screen.speaks:
            expect_english(page, [*gallery.words, *written(gallery.home)])


def expect_english(page: Page, names: list[str]) -> None:
    """Show the page in English, on the phone that it is on, and expect nothing else but ``names``."""
    in_english(page)
    assert language(page) == "en"
    assert list(left_in_japanese(page, names)) == []
    assert findings(page, colours=False) == []


@pytest.mark.parametrize(
    ("planted", "style", "found"),
    [
        ('<img src="data:,">', "", "image-alt"),
        ("<h1>二つ目</h1>", "", "2 h1 on the page"),
        ('<input name="day">', "", "label"),
        ("<p>読めない文</p>", "color: #aaa", "color-contrast"),
        ("<p>長い</p>", "width: 3000px", "sticks out sideways"),
        (
            "<p><button>一</button><button>二</button></p>",
            "padding: 0; font-size: 5px; line-height: 1",
            "target-size",
        ),
    ],
)
def test_a_planted_fault_is_found(readers: Visitors, planted: str, style: str, found: str) -> None:
    page = readers.visitor()
    page.goto("/sign-in")
    assert findings(page) == []
    page.evaluate(PLANT, [planted, style])
    assert any(one.startswith(found) for one in findings(page))
    readers.take_problems()  # axe-core's own styles, and the picture


FAULTS = """
  <p><img src="data:,"><input type="image" src="data:,"><svg role="img"></svg><i role="img"></i></p>
  <p><a href="/"></a><button></button><input name="day"><select><option>一</option></select></p>
  <p data-style="color: #aaa">読めない文
    <a href="/" data-style="color: #aab; text-decoration: none">つなぎ</a></p>
  <ul><p>項目でない</p></ul><li>並びのない項目</li><dl><p>語でない</p></dl><dd>語のない説明</dd>
  <table><tr><td headers="どこにもない">一</td></tr></table>
  <div role="listbox"><span role="checkbox"></span></div><span role="option"></span>
  <button aria-checked="true" aria-labelledby="どこにもない" aria-grabbed="x">押す</button>
  <span role="しらない">役割</span><p aria-hidden="true"><button>隠れて押せる</button></p>
  <button><a href="/">二重</a></button><input autocomplete="しらない" aria-label="何か">
  <p><button data-style="all: unset; font-size: 5px">一</button>
    <button data-style="all: unset; font-size: 5px">二</button></p>
  <div data-style="height: 20px; overflow: scroll"><p data-style="height: 200px">巻く</p></div>
  <video src="data:,"></video><object data="/"></object>
  <p lang="xx">言葉</p><marquee>流れる</marquee><blink>点く</blink><h1>二つ目</h1>
  <p data-style="width: 3000px">長い</p>
"""


# The policy of the page lets scripts set styles, and no attribute that is planted.
STYLE = """() => {
  for (const one of document.querySelectorAll("[data-style]")) one.style.cssText = one.dataset.style;
}"""


def test_whether_from_within_or_from_beside_the_same_is_found(readers: Visitors) -> None:
    def found_in(page: Page) -> list[str]:
        page.goto("/sign-in")
        page.evaluate(PLANT, [f"<div>{FAULTS}</div>", ""])
        page.evaluate(STYLE)
        return sorted(findings(page))

    with readers.at_window("", for_findings=True) as page:
        from_beside = found_in(page)
        beside = page.opener()
        assert beside is not None
        assert beside.evaluate("() => 'axe' in window.seen")
    from_within = found_in(readers.visitor())
    readers.take_problems()
    assert from_beside == from_within
    assert len({one.partition(":")[0] for one in from_beside}) > 30


def test_a_japanese_screen_would_be_noticed(gallery: Gallery) -> None:
    home = next(screen for screen in SCREENS if screen.name == "home-staff")
    with gallery.showing(home) as page:
        left = list(left_in_japanese(page, written(gallery.home)))
    assert any("20%の時間を申し込む" in words for words in left)
    assert "後任のための手順書を書く" not in left
    assert not any("職員二" in words for words in left)


def in_english(page: Page) -> None:
    """Show the same page again, in English; what was sent is sent again."""
    page.context.add_cookies([{"name": LOCALE_COOKIE, "value": "en", "url": page.url}])
    page.reload()
