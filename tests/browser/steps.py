"""What people do on the pages, in the words that the pages have.

The steps work without scripts, but for ``wait_for_row``. What only has to have happened is done by
``by_request``.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Locator, Page, expect

# Asks for a list once a second, which costs a tenth of opening it, until it has the row.
_HAS_ROW = r"""async ([path, words, patience]) => {
  const until = Date.now() + patience;
  do {
    const text = await (await fetch(path)).text();
    const rows = new DOMParser().parseFromString(text, "text/html").querySelectorAll("main li");
    const has = (row) => words.every((word) => row.textContent.replace(/\s+/g, " ").includes(word));
    if ([...rows].some(has)) return true;
    await new Promise((goOn) => setTimeout(goOn, 1000));
  } while (Date.now() < until);
  return false;
}"""


def says(page: Page, sentence: str) -> None:
    """Expect the page to say a sentence after an action."""
    expect(page.locator("#messages")).to_contain_text(sentence)
    # What stands below has to be there before anybody says that something is not.
    page.wait_for_load_state()


def every(found: Locator) -> list[Locator]:
    """Return each element of a page once it has loaded: ``all`` takes what has arrived by now."""
    found.page.wait_for_load_state()
    return found.all()


def path_of(page: Page) -> str:
    """Return the path of the page that is open."""
    return path_of_url(page.url)


def path_of_url(url: str) -> str:
    """Return the path of an address."""
    return urlsplit(url).path


def ask_for_minutes(page: Page, day: str, minutes: int, purpose: str) -> str:
    """Ask for 20% time of a length alone, on a day like 2026-11-18; returns the request's path."""
    page.goto("/ledger/requests/new")
    page.get_by_label("すること").fill(purpose)
    page.get_by_label("日にち").fill(day)
    page.get_by_role("radio", name="長さだけ").check()
    page.get_by_role("spinbutton", name="長さ").fill(str(minutes))
    page.get_by_role("button", name="申し込む", exact=True).click()
    says(page, "申し込みました。所属長の了承を待ちます。")
    return path_of(page)


def ask_after_fact(page: Page, day: str, minutes: int, purpose: str) -> str:
    """Ask for time that is over, with its tick; returns the request's path."""
    page.goto("/ledger/requests/new")
    page.get_by_label("すること").fill(purpose)
    page.get_by_label("日にち").first.fill(day)
    page.get_by_role("checkbox", name="事後の申込みにします").check()
    page.get_by_role("spinbutton", name="長さ").fill(str(minutes))
    page.get_by_role("button", name="申し込む", exact=True).click()
    says(page, "申し込みました。所属長の了承を待ちます。")
    return path_of(page)


def take_after_fact(page: Page) -> None:
    """Let the municipality take requests for time that is over, as HR."""
    page.goto("/ledger/rules")
    page.get_by_label("事後の申込みを使う").check()
    page.get_by_role("button", name="保存する", exact=True).click()
    says(page, "決まりを保存しました。")


def make_token(page: Page, address: str, label: str) -> None:
    """Make a token on the page at ``address``, with the first thing that it can do."""
    page.goto(address)
    page.locator("input[name=label]").fill(label)
    page.locator("input[name=scopes]").first.check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#token")).to_be_visible()


def make_address(page: Page) -> str:
    """Make an address for subscribing to one's calendar, and return it: it is shown this once."""
    page.goto("/calendar/subscription/new")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#calendar-address")).to_be_visible()
    return page.locator("#calendar-address").inner_text()


def keep_transfers(page: Page, data: bytes) -> None:
    """Let the municipality plan transfers ahead, and keep two files; the second is withdrawn."""
    page.goto("/admin/transfers/settings")
    page.get_by_label("「異動の予定」を使う").check()
    page.get_by_role("button", name="保存する", exact=True).click()
    says(page, "設定を保存しました。")
    for name in ("april.csv", "mistaken.csv"):
        page.goto("/admin/transfers")
        send_transfers(page, data, name)
        page.get_by_label("内示の日").fill("2027-03-19")
        page.get_by_label("内示の時刻").fill("10:00")
        page.get_by_role("button", name="内示の日時まで預ける", exact=True).click()
        says(page, "異動のファイルを預かりました。")
    page.get_by_role("link", name="mistaken.csv").click()
    page.get_by_role("button", name="取り下げてファイルを消す", exact=True).click()
    says(page, "異動を取り下げ、預かったファイルを消しました。")


def send_transfers(page: Page, data: bytes, name: str) -> None:
    """Send a file of transfers on the page that is open, and see its preview."""
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": data}
    page.locator("input[type=file]").set_input_files(files=[file])
    page.get_by_role("button", name="内容を確かめる", exact=True).click()
    expect(page.get_by_role("button", name="預けずにファイルを消す", exact=True)).to_be_visible()


def agree(page: Page, purpose: str) -> None:
    """Agree to a request with one tap in the head's list."""
    page.goto("/ledger/approvals")
    row = page.get_by_role("listitem").filter(has_text=purpose)
    row.get_by_role("button", name="了承する").click()
    says(page, "了承しました。")


def open_waiting(page: Page, purpose: str) -> None:
    """Open a request from the head's list."""
    page.goto("/ledger/approvals")
    page.get_by_role("link", name=purpose).click()
    expect(page.get_by_role("heading", name="この申込みに答える")).to_be_visible()


def withdraw(page: Page) -> None:
    """Take back the own request whose page is open."""
    page.locator("summary").filter(has_text="取り下げる").click()
    page.get_by_role("button", name="取り下げる").click()
    says(page, "取り下げました。")


def decide(page: Page, answer: str, note: str = "", minutes: int | None = None) -> None:
    """Answer the request whose page is open, with the button of that name."""
    page.get_by_role("spinbutton", name="了承する長さ").fill(str(minutes or ""))
    page.get_by_role("textbox", name="一言").fill(note)
    page.get_by_role("button", name=answer, exact=True).click()


def record(page: Page, path: str, minutes: int) -> None:
    """Record what was done, on the request's page."""
    page.goto(path)
    page.get_by_label("実際の長さ").fill(str(minutes))
    page.get_by_role("button", name="記録する", exact=True).click()
    says(page, "記録しました。")


def move_clock(page: Page, day: str) -> None:
    """Let the demo go on at 9:00 on a later day."""
    page.goto("/demo/clock")
    page.get_by_label("日にち").fill(day)
    page.get_by_role("button", name="この日に進める").click()
    says(page, "見本の日付を進めました。")


def ask_question(page: Page, topic: str, title: str, body: str) -> str:
    """Ask the region a question written freely; returns its path."""
    page.goto("/consult/")
    page.get_by_role("main").get_by_role("link", name="相談する").first.click()
    page.get_by_label("分野").select_option(label=topic)
    page.get_by_label("聞きたいことを一行で").fill(title)
    page.get_by_role("radio", name="自由に書く").check()
    page.get_by_label("相談の内容").fill(body)
    page.get_by_role("button", name="相談を投稿する").click()
    says(page, "相談しました。")
    return path_of(page)


def answer_question(page: Page, path: str, body: str) -> None:
    """Answer a question."""
    page.goto(path)
    page.get_by_role("textbox", name="回答").fill(body)
    page.get_by_role("button", name="回答を投稿する").click()
    says(page, "回答しました。ありがとうございます。")


def accept_answer(page: Page, path: str, body: str, said: str = "解決にしました。") -> None:
    """Say that an answer solved the question; ``said`` is what the page answers."""
    page.goto(path)
    post = page.get_by_role("article").filter(has_text=body)
    post.get_by_text("この回答で解決にする").click()
    post.get_by_role("button", name="解決にする").click()
    says(page, said)


def wait_for_row(page: Page, path: str, *words: str, seconds: float = 90) -> Locator:
    """Open a list once the worker has put a row with these words into it; returns the row."""
    page.goto(path)
    assert page.evaluate(_HAS_ROW, [path, words, seconds * 1000]), f"{path} shows no {words}"
    page.goto(path)
    found = page.get_by_role("main").get_by_role("listitem")
    for one in words:
        found = found.filter(has_text=one)
    return found.first


def switch_off(page: Page, feature: str, reason: str = "") -> None:
    """Switch a feature off for the own municipality, as its IT."""
    open_feature(page, f"{feature}を使わない設定にする")
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name="使わない設定にする").click()
    says(page, f"{feature}を使わない設定にしました。データは残っています。")


def open_feature(page: Page, action: str) -> None:
    """Follow a link under 使う機能の設定, as 相談を休止する, to the page that asks before it is done."""
    page.goto("/admin/features")
    page.get_by_role("link", name=action, exact=True).click()


def switch_on(page: Page, feature: str) -> None:
    """Switch a feature on for the own municipality, as its IT."""
    open_feature(page, f"{feature}を使えるようにする")
    page.get_by_role("button", name="使えるようにする").click()
    says(page, f"{feature}を使えるようにしました。")


def pause(page: Page, feature: str, reason: str = "") -> None:
    """Pause a feature for the own municipality, as its IT."""
    open_feature(page, f"{feature}を休止する")
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name="休止する").click()
    says(page, f"{feature}を休止しました。再開すると、続きから使えます。")


def go_on(page: Page, feature: str) -> None:
    """Let a paused feature go on in the own municipality, as its IT."""
    open_feature(page, f"{feature}を再開する")
    page.get_by_role("button", name="再開する").click()
    says(page, f"{feature}を再開しました。")


def withdraw_shared(page: Page, feature: str) -> None:
    """Hide from other towns what the own one shared through a feature that is not on, as its IT."""
    page.goto("/admin/features")
    card = page.get_by_role("listitem").filter(has_text=feature)
    card.locator("summary").filter(has_text="見せた内容も隠す").click()
    card.get_by_role("button", name="隠す").click()
    says(page, f"「{feature}」でほかの市町村に見せた内容を隠しました。")


def tick_permissions(page: Page, area: str, **roles: str) -> None:
    """Give or take what an area lets one do, as the town's IT: each tick that is named changes."""
    page.goto("/admin/permissions")
    page.get_by_role("link", name=f"「{area}」の権限を変更する").click()
    for ability, role in roles.items():
        page.get_by_role("group", name=ability).get_by_label(role, exact=True).click()
    page.get_by_role("button", name="保存する").click()
    says(page, f"「{area}」の権限を保存しました。すぐに反映されます。")


def switch_digest_on(page: Page) -> None:
    """Let the region have its digest every week, as the secretariat."""
    page.goto("/digest/settings")
    page.get_by_role("radio", name="毎週月曜日").check()
    page.get_by_role("button", name="保存する").click()
    says(page, "広域通信を毎週出すことにしました。")


def name_official(page: Page, who: str) -> None:
    """Name an official for openings, as the secretariat: the first of those found."""
    page.goto(f"/vault/officials?text={who}")
    page.get_by_role("main").get_by_role("link", name="開示担当にする").first.click()
    page.get_by_label("理由").fill("輪番のため")
    page.get_by_role("button", name="開示担当にする").click()
    says(page, "さんを開示担当にしました。")


def ask_opening(page: Page, reason: str) -> str:
    """Ask for the opening of the first whisper; returns the path of the request."""
    page.goto("/vault/openings/new")
    page.get_by_label("種類").select_option("whisper.whisper")
    page.get_by_label("番号").fill("1")
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name="開示を求める").click()
    says(page, "開示を求めました。")
    return path_of(page)


def report_post(page: Page, path: str, words: str, reason: str, text: str = "") -> None:
    """Report the post in which ``words`` stand, on the page at ``path``."""
    page.goto(path)
    post = page.get_by_role("article").filter(has_text=words).last
    post.get_by_role("link", name="この投稿を報告する").click()
    page.get_by_role("radio", name=reason).check()
    page.get_by_label("気になるところ").fill(text)
    page.get_by_role("button", name="報告する", exact=True).click()
    says(page, "報告を受け付けました。")


def open_reported(page: Page, queue: str = "/moderation/queue") -> str:
    """Open the latest case of a queue, as its moderator; returns its path."""
    page.goto(queue)
    page.get_by_role("main").get_by_role("listitem").get_by_role("link", name="番").last.click()
    expect(page.get_by_role("heading", name="投稿の内容")).to_be_visible()
    return path_of(page)


def decide_post(page: Page, outcome: str, reason: str) -> None:
    """Decide about the post whose case is open."""
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name=outcome, exact=True).click()


def own_post(page: Page) -> str:
    """Open the latest post of one's own that was held back; returns the path with its query."""
    page.goto("/moderation/mine")
    page.get_by_role("main").get_by_role("listitem").get_by_role("link", name="番").first.click()
    expect(page.get_by_role("heading", name="投稿の内容")).to_be_visible()
    return f"{path_of(page)}?{urlsplit(page.url).query}"


def import_file(page: Page, kind: str, *lines: str) -> None:
    """Import a file of lines, the header first, as HR."""
    page.goto("/admin/import")
    page.get_by_role("radio", name=kind).check()
    data = "\n".join(lines).encode()
    file: FilePayload = {"name": "lines.csv", "mimeType": "text/csv", "buffer": data}
    page.locator("input[type=file]").set_input_files(files=[file])
    page.get_by_role("button", name="内容を確かめる", exact=True).click()
    page.get_by_role("button", name="この内容で取り込む", exact=True).click()
    expect(page.locator("#messages")).not_to_be_empty()


def avoid(page: Page, reason: str, first: str, last: str) -> None:
    """Name days that a section should avoid, as its head."""
    page.goto("/ledger/heads/avoid")
    page.get_by_label("理由").fill(reason)
    page.get_by_label("始まりの日").fill(first)
    page.get_by_label("終わりの日").fill(last)
    page.get_by_role("button", name="決める", exact=True).click()
    says(page, "避けてほしい期間を決めました。")
