"""Notices with people of three towns: one kind muted and let in again, another once a day by mail.

The mail leaves the demo by its own worker and arrives at a real SMTP server.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import by_request, steps
from tests.browser.conftest import watched
from tests.browser.demo import Demo, command
from tests.browser.keyboard import tab_to
from tests.browser.visitors import NewContext, Visitors, expect_sound
from tests.core.channels.post_office import PostOffice, open_post_office

ANSWERED = "自分が聞いた相談、答えた相談に回答が付いたとき"
ACCEPTED = "自分の回答で相談が解決したとき"
AT_ONCE, DAILY, OFF = (
    "すぐにメールでも知らせる",
    "1日1回、まとめてメールでも知らせる",
    "知らせない",
)
TITLE = "避難所の受付、名簿は何で作っていますか"
BODY = "紙の名簿を後から打ち込んでいます。もっと早い方法はありますか。"
ADVICE = "表計算ソフトの様式を1枚だけ用意しています。"

READER, NEIGHBOUR, HELPER = "staff@koriyama", "staff@sukagawa", "staff@miharu"
ADDRESS, SENDER = "ichi@mail.example.jp", "niwari@city.example.jp"
QUESTIONS = (
    "議会の一般質問、答弁の下書きはどこで共有していますか",
    "会計年度任用職員の面談の記録",
    "年度替わりの座席表",
)
WORKER = 130.0
"""Seconds in which the demo's worker must have sent: it looks once a minute, and when it is told to."""

DAYS_MAIL = """\
「議会の一般質問、答弁の下書きはどこで共有していますか」に回答が付きま
した。
{base}/notices/{0}

「会計年度任用職員の面談の記録」に回答が付きました。
{base}/notices/{1}

「年度替わりの座席表」に回答が付きました。
{base}/notices/{2}

--
このメールは、にわりから自動で送っています。返信は届きません。
届け方は、次のページで変えられます。
{base}/notices/settings
"""
MAIL_AT_ONCE = """\
あなたの回答で「避難所の受付、名簿は何で作っていますか」が解決しました。
{base}/notices/{0}

--
このメールは、にわりから自動で送っています。返信は届きません。
届け方は、次のページで変えられます。
{base}/notices/settings
"""


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """The mail server of the towns."""
    with open_post_office() as opened:
        yield opened


@pytest.fixture
def mailing(filled_home: Path, tmp_path: Path, office: PostOffice) -> Iterator[Demo]:
    """A demo that sends mail; of its people the reader alone has an address."""
    home = shutil.copytree(filled_home, tmp_path / "home")
    variables = {
        "NIWARI_MAIL_HOST": "127.0.0.1",
        "NIWARI_MAIL_PORT": str(office.port),
        "NIWARI_MAIL_SECURITY": "none",
        "NIWARI_MAIL_SENDER": SENDER,
    }
    with Demo(home, variables) as running:
        command(home, "directory", "import", str(with_address(tmp_path)), variables={})
        yield running


def with_address(folder: Path) -> Path:
    """Write the file of people with which the reader gets an address."""
    heading, *lines = (
        files("niwari.demo").joinpath("data/people.csv").read_text("utf-8").splitlines()
    )
    (line,) = (line for line in lines if f",{READER}," in line)
    cells = line.split(",")
    cells[heading.split(",").index("email")] = ADDRESS
    path = folder / "people.csv"
    path.write_text("\n".join((heading, ",".join(cells), "")), "utf-8")
    return path


@pytest.fixture
def town_folk(mailing: Demo, new_context: NewContext) -> Iterator[Visitors]:
    """The people at that demo."""
    yield from watched(Visitors(mailing.address, new_context))


def bell(page: Page) -> Locator:
    """The place in the shell that says how many notices wait."""
    return page.locator(".shell-tools").get_by_role("link", name="お知らせ")


def expect_waiting(page: Page, count: int) -> None:
    """Go home, and expect the shell to say how many notices wait."""
    page.goto("/")
    expect(bell(page)).to_have_text(f"お知らせ {count}件未読")


def read_all(page: Page) -> None:
    """Mark as read what has come so far."""
    page.goto("/notices/")
    page.get_by_role("button", name="ここまでをすべて既読にする").click()
    expect(bell(page)).to_have_text("お知らせ 0件未読")


def answered(title: str) -> str:
    """Return what is told of an answer."""
    return f"「{title}」に回答が付きました。"


def notices(page: Page, sentence: str) -> Locator:
    """Return the notices of the inbox that say a sentence."""
    page.goto("/notices/")
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=sentence)


def choose(page: Page, kind: str, mode: str) -> None:
    """Choose how to be told of a kind, from the inbox on."""
    page.goto("/notices/")
    page.get_by_role("link", name="届け方を選ぶ").click()
    option(page, kind, mode).check()
    page.get_by_role("button", name="保存する").click()
    steps.says(page, "お知らせの届け方を保存しました。")


def choose_by_keyboard(page: Page, kind: str, mode: str) -> None:
    """Do the same without a mouse, past the menu."""
    page.goto("/notices/")
    tab_to(page, page.get_by_role("link", name="届け方を選ぶ"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("お知らせの届け方")
    tab_to(page, page.get_by_role("link", name="本文へ移動"))
    page.keyboard.press("Enter")
    group = page.get_by_role("radiogroup", name=kind)
    tab_to(page, group.get_by_role("radio", checked=True))
    for _ in steps.every(group.get_by_role("radio")):
        if option(page, kind, mode).is_checked():
            break
        page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="保存する"))
    page.keyboard.press("Enter")
    steps.says(page, "お知らせの届け方を保存しました。")


def option(page: Page, kind: str, mode: str) -> Locator:
    """Return one way to be told of a kind, on the page of settings."""
    return page.get_by_role("radiogroup", name=kind).get_by_role("radio", name=mode, exact=True)


def chosen(page: Page) -> list[str]:
    """Return what somebody has chosen for each kind, in the words of the page."""
    page.goto("/notices/settings")
    groups = page.get_by_role("radiogroup")
    checked = groups.get_by_role("radio", checked=True)
    words: list[str] = checked.evaluate_all(
        "(radios) => radios.map((radio) => radio.parentElement.innerText)"
    )
    assert len(words) == groups.count() > 0
    return words


@pytest.mark.parametrize(
    ("scripts", "by_keyboard"),
    [(True, False), (True, True), (False, True)],
    ids=["mouse", "keyboard", "keyboard-without-scripts"],
)
def test_a_muted_kind_arrives_no_more_and_again_once_it_is_let_in(
    visitors: Visitors, scripts: bool, by_keyboard: bool
) -> None:
    set_to = choose_by_keyboard if by_keyboard else choose
    asker, neighbour, helper = (
        visitors.person(login, java_script_enabled=scripts) for login in (NEIGHBOUR, READER, HELPER)
    )
    for page in (asker, neighbour):
        read_all(page)
    path = by_request.ask_question(asker, "防災", TITLE, BODY)
    by_request.answer_question(neighbour, path, ADVICE)

    expect_waiting(asker, 1)
    bell(asker).click()
    told = asker.get_by_role("main").get_by_role("listitem").filter(has_text=answered(TITLE))
    expect(told).to_contain_text("未読")
    asker.get_by_role("link", name=answered(TITLE)).click()
    expect(asker.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(bell(asker)).to_have_text("お知らせ 0件未読")

    before, neighbours = chosen(asker), chosen(neighbour)
    set_to(asker, ANSWERED, OFF)
    assert sorted(chosen(asker)) == sorted([*before[1:], OFF])
    expect(option(asker, ANSWERED, OFF)).to_be_checked()
    assert chosen(neighbour) == neighbours

    by_request.answer_question(helper, path, "様式に番号を振っておきます。")
    expect_waiting(asker, 0)
    expect(notices(asker, answered(TITLE))).to_have_count(1)
    expect_waiting(neighbour, 1)

    set_to(asker, ANSWERED, AT_ONCE)
    assert chosen(asker) == before
    by_request.answer_question(helper, path, "番号は窓口ごとに変えます。")
    expect_waiting(asker, 1)
    expect(notices(asker, answered(TITLE))).to_have_count(2)
    expect_waiting(neighbour, 2)
    assert chosen(neighbour) == neighbours


def be_accepted(reader: Page, neighbour: Page, title: str) -> str:
    """Let a question of the neighbour be solved by an answer of the reader; returns its path."""
    path = by_request.ask_question(neighbour, "防災", title, BODY)
    by_request.answer_question(reader, path, ADVICE)
    by_request.accept_answer(neighbour, path, ADVICE)
    return path


def text_of(mail: EmailMessage) -> str:
    """Return what a mail says."""
    text: str = mail.get_content()
    return text.replace("\r\n", "\n")


def numbers(mail: EmailMessage) -> list[str]:
    """Return the numbers of the notices to which a mail leads."""
    return re.findall(r"/notices/(\d+)$", text_of(mail), re.MULTILINE)


def expect_mail(mail: EmailMessage, subject: str, text: str, base: str) -> None:
    """Expect a mail to say this, word for word, and its head to name nobody but its two ends."""
    assert text_of(mail) == text.format(*numbers(mail), base=base)
    head = dict(mail.items())
    assert re.fullmatch(r"<[0-9a-f]{32}@127\.0\.0\.1>", head.pop("Message-ID"))
    assert head == {
        "Subject": f"【にわり】{subject}",
        "From": f"にわり <{SENDER}>",
        "To": ADDRESS,
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "base64",
    }


def open_as_stranger(visitors: Visitors, login: str, address: str) -> Page:
    """Follow an address from a mail before signing in; returns the window after it."""
    page = visitors.visitor()
    page.goto(address)
    page.get_by_role("link", name="サインインする").click()
    page.locator("input[name=username]").fill(login)
    page.get_by_role("button", name="サインイン", exact=True).click()
    page.locator(".shell").wait_for()
    return page


def test_one_mail_a_day_tells_of_three_and_another_kind_comes_at_once(
    town_folk: Visitors, office: PostOffice
) -> None:
    base = town_folk.address
    reader, neighbour = town_folk.person(READER), town_folk.person(NEIGHBOUR)
    read_all(reader)
    expect_sound(town_folk, reader)
    choose(reader, ANSWERED, DAILY)
    expect(option(reader, ANSWERED, DAILY)).to_be_checked()
    expect(option(reader, ACCEPTED, AT_ONCE)).to_be_checked()
    expect(reader.get_by_text("メールアドレスが登録されていない")).to_have_count(0)
    expect_sound(town_folk, reader)
    neighbour.goto("/notices/settings")
    expect(neighbour.get_by_text("メールアドレスが登録されていない")).to_be_visible()
    expect_sound(town_folk, neighbour)

    paths = [by_request.ask_question(reader, "防災", title, BODY) for title in QUESTIONS]
    for path in paths:
        by_request.answer_question(neighbour, path, ADVICE)
    expect_waiting(reader, 3)
    solved = be_accepted(reader, neighbour, TITLE)
    # What is due first leaves first: had one of the three left at once, it would be here.
    (at_once,) = office.wait_for(1, ADDRESS, WORKER)
    expect_mail(at_once, f"あなたの回答で「{TITLE}」が解決しました。", MAIL_AT_ONCE, base)

    by_request.move_clock(neighbour, "2026-11-11")
    _, days = office.wait_for(2, ADDRESS, WORKER)
    expect_mail(days, "11月11日のお知らせ（3件）", DAYS_MAIL, base)
    be_accepted(reader, neighbour, "備蓄の入替え")
    *_, last = office.wait_for(3, ADDRESS, WORKER)
    assert last["Subject"] == "【にわり】あなたの回答で「備蓄の入替え」が解決しました。"
    assert len(office.arrived) == 3

    expect_waiting(reader, 5)
    first, *others = numbers(days)
    page = open_as_stranger(town_folk, READER, f"{base}/notices/{first}")
    opened = [steps.path_of(page)]
    for number in [*others, *numbers(at_once)]:
        page.goto(f"{base}/notices/{number}")
        opened.append(steps.path_of(page))
    assert opened == [*paths, solved]
    expect_waiting(page, 1)
    answer = neighbour.goto(f"{base}/notices/{first}")
    assert answer is not None
    assert answer.status == 404
    page.goto("/notices/")
    expect_sound(town_folk, page)
